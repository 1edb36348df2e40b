"""What a study costs before it runs: jobs, memory and disk of every rule.

Memory is an upper estimate of the largest job from the sizes of the arrays it holds at once; the
rules ask for it (mem_mb) and `snakemake plan` prints it. benchmarks/<study>/ has what jobs took.
"""

import math
import os

IMAGE_BYTES = {"uint8": 1, "float32": 4}
# Resident memory of a process with the libraries of its stage, before it holds any data, bytes.
NUMPY, TORCH, PANDAS = 150e6, 600e6, 350e6
# The two Snakemakes of 240 MB each that stand around a job in SLURM's allocation.
SNAKEMAKE = 500e6


class Costs:
    """Sizes of a Study's arrays and what follows from them."""

    def __init__(self, study):
        self.study, self.config = study, study.config
        self.d = math.prod(study.image_shape)
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
            "data": shards.get("data", 0),
            "moments": self.classes * len(study.sources),
            "gaussian": sum(shards.values()),
            "spectra": len(study.spectra),
            "gram": len(study.grams),
            "assumptions": len(study.grams),
            "classifier": len(study.scores),
            **{f"{name}_figure": 1 for name in study.figures},
            "configuration": 1,
            "report": 1,
        }
        return {rule: count for rule, count in counts.items() if count}

    def memory(self, rule):
        """Upper estimate of the peak memory of one job of a rule, bytes."""
        if rule.endswith("_figure") or rule in ("report", "configuration"):
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
            "data": self._images("data") * self._bytes("data") * self.d,
            "moments": self.classes * len(self.study.sources) * 8 * self.d * (self.d + 1),
            "gaussian": sum(self._images(s) for s in self.study.sources) * 4 * self.d,
        }
        return held.get(rule, 0)

    def network_evaluations(self):
        """Evaluations D(x) of single images that sampling takes: 2 N - 1 for each."""
        return self._images("diffusion") * (2 * self.config["sampling"]["steps"] - 1)

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
        return images * self.d * self._bytes("data") if self.study.uses_dataset else 0

    def _network_bytes(self):
        if not self.study.uses_denoiser or self.config["denoiser"]["kind"] == "gaussian":
            return 8 * len(self.study.class_names) * self.d * (self.d + 2)
        source = self.study.denoiser_source
        if source is not None and source.weights and os.path.isfile(source.weights):
            return os.path.getsize(source.weights)
        size = (*self.study.image_shape[:2], self.study.label_dim)
        return 4 * adm_parameters(*size, **self.config["denoiser"]["network"])

    def _sampling_disk(self):
        sampling, images = self.config["sampling"], self._images("diffusion")
        kept = len(sampling["snapshot_steps"]) * sampling["snapshot_images"] * 8 * self.d
        trajectories = images * (sampling["steps"] + 1) * 30
        snapshots = self.jobs().get("sampling", 0) * kept
        return images * self.d * self._bytes("diffusion") + trajectories + snapshots

    def _dataset_memory(self):
        return NUMPY + 3 * self._dataset_bytes()

    def _data_memory(self):
        return NUMPY + 2 * self._dataset_bytes()

    def _denoiser_memory(self):
        data = 6 * 8 * sum(self.study.class_counts.values()) * self.d
        training = 0
        if self.config["denoiser"]["kind"] == "unet":
            batch = self.config["denoiser"]["training"]["batch_size"]
            training = 5 * self._network_bytes() + 3 * batch * self._activations()
        return TORCH + 3 * self._network_bytes() + data + training

    def _sampling_memory(self):
        sampling, shard = self.config["sampling"], self._shard("diffusion")
        batch = min(sampling["batch_size"], shard)
        images = shard * self.d * (2 * self._bytes("diffusion"))
        state = batch * (self._activations() + 12 * 8 * self.d)
        shown = len(sampling["snapshot_steps"]) * sampling["snapshot_images"] * 2 * 8 * self.d
        tables = 2 * shard * (sampling["steps"] + 1) * 60
        return TORCH + 2 * self._network_bytes() + images + state + 3 * shown + tables

    def _activations(self):
        """Bytes that one image holds in the network at once: its kept levels and some in work."""
        network, (_, height, _) = self.config["denoiser"]["network"], self.study.image_shape
        widths = [network["model_channels"] * factor for factor in network["channel_mult"]]
        areas = [(height >> level) ** 2 for level in range(len(widths))]
        kept = sum((network["num_blocks"] + 1) * w * a for w, a in zip(widths, areas, strict=True))
        return 4 * (kept + 12 * max(w * a for w, a in zip(widths, areas, strict=True)))

    def _moments_memory(self):
        strip = 4 * 1024 * self.d * 3
        return NUMPY + self._largest(
            lambda source, n: (
                8 * self.d**2
                + strip
                + self._shard(source) * self.d * (2 * self._bytes(source))
                + (0 if self._bytes(source) == 1 else 3 * 8 * self._shard(source) * self.d)
            )
        )

    def _gaussian_memory(self):
        def size(source, n):
            samples = 4 * self._shard(source) * self.d
            if n > max(self.d, self.d**2 // 1024):  # as gaussian.uses_rows, whose import is slow
                return 8 * (5 * self.d**2 + 3 * self._shard(source) * self.d) + samples
            tile = min(2048, self._shard(source))
            stored = self._shard(source) * self.d * self._bytes(source)
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

    def _assumptions_memory(self):
        settings = self.config["assumptions"]

        def size(name, n):
            images = min(n, settings["images_per_class"])
            shard = self._shard(name) * self.d * self._bytes(name)
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
            if "least_squares" in self.study.losses:  # float64 copies that the factorisation takes
                held += 3 * 8 * self.d * most * largest
            return held

        return TORCH + self._largest(size)

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
        if rule == "norm_evolution_figure":
            return shard + 3 * 40 * self._images("diffusion") * len(sampling["snapshot_steps"])
        if rule == "sample_grid_figure":
            return 4 * 4 * max(self._shard(source) for source in self.study.sources) * self.d
        if rule == "class_agreement_figure":
            real = sum(self.study.class_counts.values())
            return 3 * 8 * (self._shard("diffusion") + real) * self.d + self._dataset_bytes()
        if rule == "norms_figure":
            norms = 8 * len(self.study.origins) * self.classes * self._largest(lambda _, n: n)
            shard = max(self._shard(source) for source in self.study.sources)
            return 3 * norms + (4 + 1) * shard * self.d + 3 * 8 * 512 * self.d
        if rule == "eigenfaces_figure":
            return 3 * 8 * self.d**2
        return 0


def adm_parameters(
    channels,
    resolution,
    label_dim,
    *,
    model_channels,
    channel_mult,
    num_blocks,
    attention_resolutions,
    channels_per_head,
    dropout=0.0,
):
    """Number of parameters of gaussianity.adm_unet.ADMUNet, counted without torch."""
    e = 4 * model_channels
    widths = [model_channels * factor for factor in channel_mult]

    def block(inputs, outputs, attends=False):
        count = 2 * inputs + 9 * inputs * outputs + outputs + 2 * outputs * (e + 1)
        count += 2 * outputs + 9 * outputs**2 + outputs
        if inputs != outputs:
            count += inputs * outputs + outputs
        if attends and outputs >= channels_per_head:
            count += 2 * outputs + 4 * outputs * (outputs + 1)
        return count

    def here(level):
        return resolution >> level in attention_resolutions

    total = (model_channels + 1) * e + (e + 1) * e + label_dim * e
    total += 9 * channels * widths[0] + widths[0]
    kept, width = [widths[0]], widths[0]
    for level, target in enumerate(widths):
        if level:
            total += block(width, width)
            kept.append(width)
        for _ in range(num_blocks):
            total += block(width, target, attends=here(level))
            width = target
            kept.append(width)
    total += block(width, width, attends=True) + block(width, width)
    for level, target in reversed(list(enumerate(widths))):
        if level < len(widths) - 1:
            total += block(width, width)
        for _ in range(num_blocks + 1):
            total += block(width + kept.pop(), target, attends=here(level))
            width = target
    return total + 2 * width + 9 * width * channels + channels
