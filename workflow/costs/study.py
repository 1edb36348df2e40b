"""What a study costs before it runs: jobs, memory and disk of every rule.

Memory is an upper estimate of the largest job from the sizes of the arrays it holds at once; the
rules ask for it (mem_mb) and `snakemake plan` prints it. benchmarks/<study>/ has what jobs took.
"""

import math
import os

from costs.denoiser import DenoiserCosts
from costs.libraries import NUMPY, PANDAS, TORCH
from costs.manifold import ManifoldCosts
from costs.molrg import MolrgCosts
from gaussianity.networks.adm_layout import adm_parameters

IMAGE_BYTES = {"uint8": 1, "float32": 4}
# The two Snakemakes of 240 MB each that stand around a job in SLURM's allocation.
SNAKEMAKE = 500e6
LOCAL = ("configuration", "workflow_report", "report")  # rules beside Snakemake itself


class Costs(MolrgCosts, ManifoldCosts):
    """Sizes of a Study's arrays and what follows from them."""

    def __init__(self, study):
        self.study, self.config = study, study.config
        self.pixels = math.prod(study.image_shape)
        # Length of the rows of all statistics and classifiers.
        self.d = self.pixels if study.features is None else study.features.size
        self.classes = len(study.classes)

    def jobs(self):
        """Number of jobs of each rule, in the order of the data flow; rules without jobs are left
        out."""
        study = self.study
        shards = {s: self.classes * len(study.shards(s)) for s in study.sources}
        counts = {
            "dataset": int(study.uses_dataset),
            "denoiser": int(study.uses_denoiser),
            "sampling": shards.get("diffusion", 0),
            "contraction": len(study.contractions),
            "data": shards.get("data", 0),
            "features": 0 if study.features is None else sum(shards.values()),
            "moments": self.classes * len(study.origins),
            "gaussian": 2 * sum(shards.values()),
            "spectra": len(study.spectra),
            "gram": len(study.grams),
            "base_samples": len(study.bases),
            "concentration": len(study.concentrations),
            "assumptions": len(study.grams) if "assumptions" in study.figures else 0,
            "classifier": len(study.scores),
            "prediction": len(study.predictions) if study.uses_least_squares else 0,
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
        if rule.endswith("_figure") or rule in LOCAL:
            return PANDAS + self._tables(rule)
        return getattr(self, f"_{rule}_memory")()

    def mem_mb(self, rule):
        """`memory` and Snakemake's in MB, rounded up to whole hundreds: for a rule's resources."""
        return 100 * math.ceil((self.memory(rule) + SNAKEMAKE) / 1e8)

    def disk(self, rule):
        """Bytes that all jobs of a rule leave under results/; 0 where it is less than 1 MB."""
        held = {
            "dataset": self._dataset_bytes(),
            "denoiser": self._network_bytes(),
            "sampling": self._sampling_disk(),
            "data": self._images("data") * self._bytes("data") * self.pixels,
            "features": self._feature_bytes(),
            "moments": self.classes * len(self.study.origins) * 8 * self.d * (self.d + 1),
            "gaussian": 2 * sum(self._images(s) for s in self.study.sources) * 4 * self.d,
            "base_samples": len(self.study.bases) * self._base_images() * 4 * self.pixels,
        }
        return held.get(rule, 0)

    def network_evaluations(self):
        """Evaluations D(x) of single images that all sampling takes: 2 N - 1 for each."""
        images = self._images("diffusion") + len(self.study.bases) * self._base_images()
        return images * (2 * self.config["sampling"]["steps"] - 1)

    def _base_images(self):
        return self.config["concentration"]["images"]

    def _images(self, source):
        held = self.study.sources.get(source, {"images_per_class": 0})
        return self.classes * held["images_per_class"]

    def _bytes(self, source):
        """Bytes per pixel as stored."""
        if source == "diffusion":
            return IMAGE_BYTES[self.config["sampling"]["stored_as"]]
        return 4 if self.config["dataset"]["reader"] in ("digits", "npz") else 1

    def _shard(self, source):
        held = self.study.sources.get(source, {"images_per_class": 0})
        return min(self.config["shard_size"], held["images_per_class"])

    def _largest(self, size):
        """The largest of size(source, n) over the sources, n images per class."""
        return max(size(name, s["images_per_class"]) for name, s in self.study.sources.items())

    def _dataset_bytes(self):
        images = sum(self.study.class_counts.values())
        return images * self.pixels * self._bytes("data") if self.study.uses_dataset else 0

    def _network_bytes(self):
        if not self.study.uses_denoiser or self.config["denoiser"]["kind"] == "gaussian":
            return 8 * len(self.study.class_names) * self.pixels * (self.pixels + 2)
        source = self.study.denoiser_source
        if source is not None and source.weights and os.path.isfile(source.weights):
            return os.path.getsize(source.weights)
        size = (*self.study.image_shape[:2], self.study.label_dim)
        return 4 * adm_parameters(*size, **self.config["denoiser"]["network"])

    def _sampling_disk(self):
        sampling, images = self.config["sampling"], self._images("diffusion")
        kept = len(sampling["snapshot_steps"]) * sampling["snapshot_images"] * 8 * self.pixels
        trajectories = images * (sampling["steps"] + 1) * 30
        snapshots = self.jobs().get("sampling", 0) * kept
        return images * self.pixels * self._bytes("diffusion") + trajectories + snapshots

    def _dataset_memory(self):
        return NUMPY + 3 * self._dataset_bytes()

    def _data_memory(self):
        return NUMPY + 2 * self._dataset_bytes()

    def _denoiser_memory(self):
        data = 6 * 8 * sum(self.study.class_counts.values()) * self.pixels
        training = 0
        if self.config["denoiser"]["kind"] == "unet":
            batch = self.config["denoiser"]["training"]["batch_size"]
            training = 5 * self._network_bytes() + 3 * batch * self._denoiser.activations
        return TORCH + 3 * self._network_bytes() + data + training

    def _sampling_memory(self):
        sampling, shard = self.config["sampling"], self._shard("diffusion")
        batch = min(sampling["batch_size"], shard)
        images = shard * self.pixels * (2 * self._bytes("diffusion"))
        state = batch * (self._denoiser.activations + 12 * 8 * self.pixels)
        shown = len(sampling["snapshot_steps"]) * sampling["snapshot_images"] * 2 * 8 * self.pixels
        tables = 2 * shard * (sampling["steps"] + 1) * 60
        return TORCH + 2 * self._network_bytes() + images + state + 3 * shown + tables

    def _base_samples_memory(self):
        images = self._base_images()
        batch = min(self.config["sampling"]["batch_size"], images)
        state = batch * (self._denoiser.activations + 12 * 8 * self.d)
        return TORCH + 2 * self._network_bytes() + 3 * images * 4 * self.d + state

    @property
    def _denoiser(self):
        """The study's own, as a network of the configuration."""
        network = self.config["denoiser"]["network"]
        return DenoiserCosts.of_unet(self.study.image_shape, network, self._network_bytes())

    def _contraction_memory(self):
        given = self.config["contraction"]
        vectors = given["singular_values"]
        columns = 8 * vectors * given["iterations"]
        whole = 256  # as contraction.WHOLE, whose import is slow
        return TORCH + self._denoiser.jacobian(whole, given["images"], vectors, columns)

    def _feature_bytes(self):
        """Of all features, float32."""
        if self.study.features is None:
            return 0
        return 4 * self.d * sum(self._images(source) for source in self.study.sources)

    def _features_memory(self):
        held = max(
            self._shard(source) * (2 * self._bytes(source) * self.pixels + 3 * 4 * self.d)
            for source in self.study.sources
        )
        return TORCH + self._network_of_features(self.config["features"]["batch_size"]) + held

    def _network_of_features(self, batch_size):
        """64 numbers at once per pixel that the network is given: the first layers of a ResNet."""
        channels, *sides = self.study.image_shape
        area = max(math.prod(sides), self.study.features.side**2)
        return 3 * self.study.features.weights_bytes + 4 * batch_size * (channels + 64) * area

    def _moments_memory(self):
        """Those of Gaussian data take most: float32, of which copies in float64 are made."""
        strip = 4 * 1024 * self.d * 3
        return NUMPY + self._largest(
            lambda source, n: 8 * self.d**2 + strip + 32 * self._shard(source) * self.d
        )

    def _gaussian_memory(self):
        def size(source, n):
            samples = 4 * self._shard(source) * self.d
            if n > max(self.d, self.d**2 // 1024):  # as gaussian.uses_rows, whose import is slow
                return 8 * (5 * self.d**2 + 3 * self._shard(source) * self.d) + samples
            tile = min(2048, self._shard(source))
            if self.config["gaussian"]["covariance"] == "ledoit_wolf":  # more normals, a copy
                samples += 4 * tile * (n + 3 * self.d)
            stored = 4 * self._shard(source) * self.d  # where it is Gaussian data that are matched
            return samples + 4 * tile * (n + self.d) + stored + 3 * 4 * 512 * self.d

        return NUMPY + self._largest(size)

    def _spectra_memory(self):
        def size(source, n):
            smaller = min(n, self.d)
            held = 3 * 8 * self._shard(source) * self.d if n > self.d else 3 * 8 * n * self.d
            return held + 3 * 8 * smaller**2

        return NUMPY + self._largest(size)

    def _gram_memory(self):
        rows = max(
            len(subset["classes"]) * subset["gram_images_per_class"]
            for subset in self.study.subsets.values()
        )
        shard = max(self._shard(source) for source in self.study.sources)
        return NUMPY + 2 * 8 * rows * self.d + 3 * 8 * min(rows, self.d) ** 2 + 8 * shard * self.d

    def _concentration_memory(self):
        settings = self.config["concentration"]
        most = max(s["images_per_class"] for s in self.study.sources.values())
        shard = self.config["shard_size"]
        if self.study.bases:
            most, shard = max(most, settings["images"]), max(shard, settings["images"])
        kept = settings["anchors"] + 2 * settings["projections"] + 4 * 64  # the weights' factors
        covariance = 5 * min(self.d, 1024) ** 2
        # As concentration.variance_proxies: samples drawn, exponentials at 120 levels and squares.
        bootstrap = most * (2 * settings["bootstrap"] + 5 * 120 + 4 * kept)
        rows = 2 * 4 * min(shard, most) * self.d + 4 * 8 * 512 * self.d
        return NUMPY + rows + 8 * (kept * self.d + covariance + bootstrap)

    def _assumptions_memory(self):
        settings = self.config["assumptions"]

        def size(name, n):
            images = min(n, settings["images_per_class"])
            shard = self._shard(name) * self.d * 4
            levels = 6 * 8 * images * self.d  # rows, resolutions of them, and one at work
            square = 4 * 8 * min(images, self.d) ** 2
            kept = min(settings["gram_images"], self.d // 2 + 1)
            return levels + square + shard + (4 * 8 * 2 * 3 + 8) * kept * self.d + 4 * 8 * kept**2

        return NUMPY + self._largest(size)

    def _classifier_memory(self):
        most = max(len(subset["classes"]) for subset in self.study.subsets.values())
        selection = self.config["classifier"]["selection"]

        def size(name, n):
            source = self.study.sources[name]
            largest = max(source["train_sizes"])
            rows = most * (largest + source["validation_size"] + source["test_size"])
            rows += most * source[f"{selection}_size"]  # their copy, which every epoch reads
            held = 4 * self.d * (rows + 3 * self._shard(name) + min(8192, most * largest))
            if "two_layer" in self.study.losses:
                held += self._two_layer_bytes(source, most, rows=most * source[f"{selection}_size"])
            if "least_squares" in self.study.losses:  # float64 copies that the factorisation takes
                held += 3 * 8 * self.d * most * largest
            return held

        return TORCH + self._largest(size)

    def _prediction_memory(self):
        classes = max(len(subset["classes"]) for subset in self.study.subsets.values())
        matrix = 8 * self.d**2
        if self.d <= 3072:  # as second_moments.IN_MEMORY, whose import is slow
            return PANDAS + (2 * classes + 5) * matrix
        probes = (classes + 3) * 8 * 512 * self.d  # of deterministic_equivalent
        return PANDAS + 7 * matrix + probes

    def _controls_memory(self):
        return PANDAS

    def _estimation_gap_memory(self):
        return PANDAS + 8 * 8 * 4 * 64 * max(self.config["controls"]["fit_sizes"])

    def _two_layer_bytes(self, source, classes, rows):
        """Parameters of all sizes and rates, in use, best, at an epoch's end, their gradient and
        the float64 that they start from; hidden units of the rows that choose, thrice."""
        classifier = self.config["classifier"]
        networks = len(source["train_sizes"]) * len(classifier["learning_rates"])
        units = networks * classifier["hidden"]
        return 4 * units * (6 * (self.d + classes) + 3 * min(8192, rows))

    def _tables(self, rule):
        """Bytes of the tables and images that a figure's job reads."""
        sampling = self.config["sampling"]
        shard = 3 * 70 * self._shard("diffusion") * (sampling["steps"] + 1)
        if rule == "norm_contraction_figure":
            shown = (
                len(self.study.trajectory_classes)
                * self.config["figures"]["trajectories_per_class"]
            )
            return shard + 3 * 70 * shown * (sampling["steps"] + 1)
        if rule == "contraction_figure":
            given, classes = self.config["contraction"], len(self.study.trajectory_classes)
            columns = 11 + given["singular_values"]
            return 6 * 8 * columns * classes * given["images"] * sampling["steps"]
        if rule == "norm_evolution_figure":
            return shard + 3 * 40 * self._images("diffusion") * len(sampling["snapshot_steps"])
        if rule == "quantisation_figure":
            base = self._base_images() if self.study.bases else 0
            images = base or max(self._shard(source) for source in self.study.sources)
            return 6 * 8 * images * self.d + 6 * 8 * min(images, self.d) ** 2
        if rule == "sample_grid_figure":
            return 4 * 4 * max(self._shard(source) for source in self.study.sources) * self.pixels
        if rule == "class_agreement_figure":
            real = sum(self.study.class_counts.values())
            return 3 * 8 * (self._shard("diffusion") + real) * self.pixels + self._dataset_bytes()
        if rule == "norms_figure":
            norms = 8 * len(self.study.origins) * self.classes * self._largest(lambda _, n: n)
            shard = max(self._shard(source) for source in self.study.sources)
            return 3 * norms + (4 + 1) * shard * self.d + 3 * 8 * 512 * self.d
        if rule == "real_transition_times_figure":
            given = self.config["manifold"]["real_data"]
            rows = given["times"] * given["noisy_images"] + given["clone_times"] * given["clones"]
            return TORCH - PANDAS + 12 * 8 * self.d**2 + 3 * 10 * 8 * 3 * rows
        if rule in ("clone_agreement_figure", "collapse_figure"):
            return TORCH - PANDAS
        if rule == "eigenfaces_figure":
            return 3 * 8 * self.d**2
        return 0
