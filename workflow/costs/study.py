"""What a study costs before it runs: jobs, memory and disk of every rule, page by page.

The rules request the memory (mem_mb) and `snakemake plan` prints it. The measured time and memory
of the jobs are in benchmarks/<study>/.
"""

import math
import os

from costs import pages
from costs.memory import Memory
from gaussianity.networks.adm_layout import adm_parameters

IMAGE_BYTES = {"uint8": 1, "float32": 4}
# In a SLURM job, two Snakemake processes of 240 MB each run beside the script.
SNAKEMAKE = 500e6
LOCAL = ("configuration", "workflow_report", "report")  # localrule: not in a SLURM job


class Costs:
    """Sizes of a Study's files, and the number and memory of its jobs."""

    def __init__(self, study):
        self.study, self.config = study, study.config
        self.pixels = math.prod(study.image_shape)
        self.d = study.dimension
        self.classes = len(study.classes)
        self._memory = Memory(study, self.d, self.network_bytes())

    def jobs(self, page="report"):
        """Number of jobs of each rule, in the order of the data flow; rules without jobs are left
        out.

        Args:    page - of another page than the report the jobs that it adds to the report's.
        """
        if page != "report":
            return pages.added(self.study, page)
        study, classifiers = self.study, self.study.classifiers
        counts = {
            **pages.sources(study),
            "contraction": sum(len(each.contractions) for each in study.samplings.values()),
            "linear_measures": len(study.denoiser_answers),
            "moments": self.classes * len(study.sources),
            "gaussian": sum(pages.shards(study).values()),
            "spectra": len(study.moments.spectra),
            "gram": len(study.moments.grams),
            "normality_null": len(study.normality.sizes),
            "normality": len(study.normality.classes),
            "base_samples": len(study.universality.bases),
            "concentration": len(study.universality.concentrations),
            "assumptions": len(study.moments.grams) if "assumptions" in study.figures else 0,
            "classifier": len(classifiers.scores),
            "prediction": len(classifiers.predictions) if classifiers.uses_least_squares else 0,
            "controls": int(study.is_classified),
            "estimation_gap": int(study.is_classified),
            **pages.figures(study.figures),
            "configuration": 1,
            "workflow_report": 1,
            "report": 1,
        }
        return {rule: count for rule, count in counts.items() if count}

    def alone(self, page):
        """Number of jobs of each rule where a page is made without the report."""
        return pages.alone(self.study, page)

    def trainings(self, page="report"):
        """List of `pages.Training` of a page."""
        return pages.trainings(self.study, page)

    def memory(self, rule):
        """Upper estimate of the peak memory of one job of a rule, bytes."""
        return self._memory.of(rule)

    def mem_mb(self, rule):
        """`memory` and Snakemake's in MB, rounded up to whole hundreds: for a rule's resources."""
        return 100 * math.ceil((self.memory(rule) + SNAKEMAKE) / 1e8)

    def disk(self, rule):
        """Bytes that all jobs of a rule leave under results/; 0 where it is less than 1 MB."""
        held = {
            "dataset": self._dataset_bytes(),
            "denoiser": self.network_bytes(),
            "sampling": self._sampling_disk(),
            "data": sum(
                self._images(part.name) * self._dataset_bytes_per_pixel(part.section) * self.pixels
                for part in self.study.parts.values()
                if not part.is_sampled
            ),
            "features": self._feature_bytes(),
            "moments": self.classes * len(self.study.sources) * 8 * self.d * (self.d + 1),
            "gaussian": sum(self._images(s) for s in self.study.sources) * 4 * self.d,
            "normality": len(self.study.normality.classes) * 4 * 8 * self.d,
            "base_samples": self._base_images() * 4 * self.pixels,
            **self._disk_of_trainings(),
        }
        return held.get(rule, 0)

    def network_evaluations(self):
        """Evaluations D(x) of single images that all sampling takes: 2 N - 1 for each, or fewer
        after a start at a given level in closed form."""
        samplings = self.study.samplings.values()
        of_bases = self._base_images() * self.study.sampling.evaluations
        return of_bases + sum(self._images(each.part.name) * each.evaluations for each in samplings)

    def _base_images(self):
        """Samples of all bases."""
        return len(self.study.universality.bases) * self.config["concentration"]["images"]

    def _images(self, source):
        held = self.study.sources.get(source, {"images_per_class": 0})
        return self.classes * held["images_per_class"]

    @staticmethod
    def _dataset_bytes_per_pixel(section):
        """Bytes per pixel of a dataset as stored, at most."""
        return 1 if section["reader"] in ("idx", "folder", "zip", "webdataset", "cifar") else 4

    def _dataset_bytes(self):
        return sum(
            sum(self.study.counts[home].values())
            * self.pixels
            * self._dataset_bytes_per_pixel(section)
            for home, section in self.study.datasets.items()
        )

    def _feature_bytes(self):
        """Of all features, float32."""
        if self.study.features is None:
            return 0
        return 4 * self.d * sum(self._images(source) for source in self.study.sources)

    def network_bytes(self):
        """Size of the study's largest denoiser."""
        used = [denoiser for denoiser in self.study.denoisers.values() if denoiser.is_used]
        return max((self._network_bytes(each) for each in used), default=self._gaussian_bytes())

    def _gaussian_bytes(self):
        return 8 * len(self.study.class_names) * self.pixels * (self.pixels + 2)

    def _network_bytes(self, denoiser):
        if denoiser.kind == "gaussian":
            return self._gaussian_bytes()
        given = denoiser.given
        if given is not None and given.weights and os.path.isfile(given.weights):
            return os.path.getsize(given.weights)
        size = (*self.study.image_shape[:2], denoiser.label_dim)
        return 4 * adm_parameters(*size, **denoiser.section["network"])

    def _disk_of_trainings(self):
        """Weights after each length of training, at most."""
        molrg = self.config["molrg"]
        mixtures, images = molrg["mixture_denoisers"], molrg["generalisation"]["images"]
        of_mixture = self._memory.song_bytes(mixtures, mixtures["image_shape"])
        of_images = self._memory.song_bytes(images, self.study.image_shape)
        return {
            "mixture_denoiser": len(self.study.molrg.mixture_labels)
            * len(mixtures["training"]["lengths"])
            * of_mixture,
            "image_subset": len(self.study.molrg.image_subsets)
            * len(images["training"]["lengths"])
            * of_images,
            "unconditional_denoiser": self.network_bytes(),
        }

    def _sampling_disk(self):
        return sum(map(self._disk_of_sampled, self.study.sampled))

    def _disk_of_sampled(self, part):
        sampling, images = part.sampling, self._images(part.name)
        kept = len(sampling["snapshot_steps"]) * sampling["snapshot_images"] * 8 * self.pixels
        trajectories = images * (sampling["steps"] + 1) * 30
        snapshots = self.classes * len(self.study.shards(part.name)) * kept
        stored = images * self.pixels * IMAGE_BYTES[sampling["stored_as"]]
        return stored + trajectories + snapshots
