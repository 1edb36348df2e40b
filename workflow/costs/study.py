"""What a study costs before it runs: jobs, memory and disk of every rule.

The rules request the memory (mem_mb) and `snakemake plan` prints it. The measured time and memory
of the jobs are in benchmarks/<study>/.
"""

import math
import os

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

    def jobs(self):
        """Number of jobs of each rule, in the order of the data flow; rules without jobs are left
        out."""
        study, classifiers = self.study, self.study.classifiers
        shards = {s: self.classes * len(study.shards(s)) for s in study.sources}
        counts = {
            "dataset": int(study.uses_dataset),
            "denoiser": int(study.uses_denoiser),
            "sampling": shards.get("diffusion", 0),
            "contraction": len(study.sampling.contractions),
            "data": shards.get("data", 0),
            "features": 0 if study.features is None else sum(shards.values()),
            "moments": self.classes * len(study.sources),
            "gaussian": sum(shards.values()),
            "spectra": len(study.moments.spectra),
            "gram": len(study.moments.grams),
            "normality_null": len(study.normality.sizes),
            "normality": len(study.normality.classes),
            "base_samples": len(study.universality.bases),
            "concentration": len(study.universality.concentrations),
            "assumptions": len(study.moments.grams) if "assumptions" in study.figures else 0,
            "classifier": len(classifiers.scores),
            "prediction": len(classifiers.predictions) if classifiers.uses_least_squares else 0,
            "controls": 1,
            "estimation_gap": 1,
            **{f"{name}_figure": 1 for name in study.figures},
            "configuration": 1,
            "workflow_report": 1,
            "report": 1,
        }
        return {rule: count for rule, count in counts.items() if count}

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
            "data": self._images("data") * self._bytes("data") * self.pixels,
            "features": self._feature_bytes(),
            "moments": self.classes * len(self.study.sources) * 8 * self.d * (self.d + 1),
            "gaussian": sum(self._images(s) for s in self.study.sources) * 4 * self.d,
            "normality": len(self.study.normality.classes) * 4 * 8 * self.d,
            "base_samples": self._base_images() * 4 * self.pixels,
        }
        return held.get(rule, 0)

    def network_evaluations(self):
        """Evaluations D(x) of single images that all sampling takes: 2 N - 1 for each."""
        images = self._images("diffusion") + self._base_images()
        return images * (2 * self.config["sampling"]["steps"] - 1)

    def _base_images(self):
        """Samples of all bases."""
        return len(self.study.universality.bases) * self.config["concentration"]["images"]

    def _images(self, source):
        held = self.study.sources.get(source, {"images_per_class": 0})
        return self.classes * held["images_per_class"]

    def _bytes(self, source):
        """Bytes per pixel as stored."""
        if source == "diffusion":
            return IMAGE_BYTES[self.config["sampling"]["stored_as"]]
        return 4 if self.config["dataset"]["reader"] in ("digits", "npz") else 1

    def _dataset_bytes(self):
        images = sum(self.study.class_counts.values())
        return images * self.pixels * self._bytes("data") if self.study.uses_dataset else 0

    def _feature_bytes(self):
        """Of all features, float32."""
        if self.study.features is None:
            return 0
        return 4 * self.d * sum(self._images(source) for source in self.study.sources)

    def network_bytes(self):
        """Size of the study's denoiser."""
        if not self.study.uses_denoiser or self.config["denoiser"]["kind"] == "gaussian":
            return 8 * len(self.study.class_names) * self.pixels * (self.pixels + 2)
        source = self.study.denoiser.given
        if source is not None and source.weights and os.path.isfile(source.weights):
            return os.path.getsize(source.weights)
        size = (*self.study.image_shape[:2], self.study.denoiser.label_dim)
        return 4 * adm_parameters(*size, **self.config["denoiser"]["network"])

    def _sampling_disk(self):
        sampling, images = self.study.sampling.section, self._images("diffusion")
        kept = len(sampling["snapshot_steps"]) * sampling["snapshot_images"] * 8 * self.pixels
        trajectories = images * (sampling["steps"] + 1) * 30
        snapshots = self.jobs().get("sampling", 0) * kept
        return images * self.pixels * self._bytes("diffusion") + trajectories + snapshots
