"""The configuration of a study: checked once, then asked for names and paths of files.

The only place that turns the configuration into a list of jobs; the rules call its methods.
"""

import itertools
import math
import os

from denoiser_source import GIVEN, DenoiserSource, require_made
from gaussianity.datasets import class_counts, dataset_files, image_shape
from gaussianity.errors import InputError
from schema import check_schema

# Where a stage's file stands, by the name that `Study.files` takes.
FILES = {
    "classifier": "classifier/{subset}/{origin}/{loss}/{seed}.parquet",
    "spectra": "spectra/{origin}/{image_class}.parquet",
    "gram": "gram/{subset}/{origin}.parquet",
    "trajectory": "sampling/{image_class}/{shard}.parquet",
    "contraction": "contraction/{image_class}.parquet",
}
IMAGES_OF_SOURCE = {"diffusion": "sampling", "data": "data"}


def has_gpu(device):
    """Will jobs of this config device compute on a GPU, as far as one can tell without torch?"""
    return device == "cuda" or (device == "auto" and os.path.exists("/dev/nvidia0"))


class Study:
    """A checked configuration.

    Args:    config - as Snakemake merged it; needs_files - must the given denoiser's files exist?
    Raises:  InputError - the schema refuses it, or it asks for what the data do not have.
    """

    def __init__(self, config, *, needs_files=True):
        check_schema(config)
        self.config = config
        self.name = config["study"]
        self.sources = {source["name"]: source for source in config["sources"]}
        self.subsets = {
            subset["name"]: dict(subset, classes=[str(c) for c in subset["classes"]])
            for subset in config["subsets"]
        }
        self.losses = config["classifier"]["losses"]
        self.seeds = list(range(config["classifier"]["seeds"]))
        self.uses_denoiser = "diffusion" in self.sources
        given = self.uses_denoiser and config["denoiser"]["kind"] in GIVEN
        if self.uses_denoiser and not given:
            require_made(config["denoiser"])
        self.denoiser_source = DenoiserSource(config["denoiser"]) if given else None
        self.trains_on_data = self.uses_denoiser and not given
        self.uses_dataset = "data" in self.sources or self.trains_on_data
        asked = {c for subset in self.subsets.values() for c in subset["classes"]}
        self.class_counts = counts = self._class_counts(asked)
        self.class_names = list(counts)
        self._check_subsets()
        self.classes = [name for name in self.class_names if name in asked]
        self.labels = self._labels()
        if "data" in self.sources:
            self._check_images_per_class(counts)
        self._check_sizes()
        self._check_figures()
        if given and self.uses_dataset:
            self._check_image_shape()
        if self.uses_denoiser:
            self._check_contraction()
        self.denoiser_inputs = [self.path("dataset.npz")]
        if given:
            self.denoiser_inputs = self.denoiser_source.files if needs_files else []

    @property
    def image_shape(self):
        """(C, H, W) of the study's images."""
        if self.uses_dataset:
            dataset = self.config["dataset"]
            return image_shape(dataset["reader"], dataset["path"])
        return self.denoiser_source.image_shape

    @property
    def label_dim(self):
        """Number of labels of a denoiser that does not say it itself: those of the configuration,
        whichever the subsets use."""
        return max((self.config["denoiser"]["labels"] or self.labels).values()) + 1

    @property
    def denoiser_code(self):
        """Files that a denoiser reads by itself when it samples, so that a change counts."""
        by_itself = self.config["denoiser"]["kind"] in ("callable", "diffusers")
        return self.denoiser_inputs if by_itself else []

    @property
    def origins(self):
        """diffusion, diffusion-gaussian, data, data-gaussian: those that the study has."""
        return [origin for source in self.sources for origin in (source, f"{source}-gaussian")]

    def _class_counts(self, asked):
        """Class names, in the order of their labels, with their number of images."""
        dataset = self.config["dataset"]
        takes = {"digits": (), "idx": ("path", "labels")}.get(dataset["reader"], ("path",))
        for key in ("path", "labels"):
            if self.uses_dataset and key not in takes and dataset[key] is not None:
                raise InputError(
                    f"config: dataset.{key} must be null for the reader {dataset['reader']}, found "
                    f"{dataset[key]!r}"
                )
        if self.uses_dataset:
            self.dataset_files = dataset_files(**dataset)
            return class_counts(**dataset)
        self.dataset_files = []
        return dict.fromkeys(self.denoiser_source.labels(asked), 0)

    def _labels(self):
        """The denoiser's label of each class: as a given denoiser says, else its position among the
        dataset's classes."""
        if self.denoiser_source is None:
            return {name: self.class_names.index(name) for name in self.classes}
        known = self.denoiser_source.labels(self.classes)
        unknown = [name for name in self.classes if name not in known]
        if unknown:
            raise InputError(
                f"{self.denoiser_source.path or 'config: denoiser.labels'}: expected a denoiser of "
                f"the classes {', '.join(self.classes)}, found no {', '.join(unknown)} among "
                f"{', '.join(known)}"
            )
        labels = {name: known[name] for name in self.classes}
        if len(set(labels.values())) < len(labels):
            raise InputError(f"config: denoiser.labels must differ between classes, found {labels}")
        return labels

    def _check_subsets(self):
        config = self.config
        for part, found in (("sources", self.sources), ("subsets", self.subsets)):
            if len(found) != len(config[part]):
                names = ", ".join(entry["name"] for entry in config[part])
                raise InputError(f"config: {part} must have names that differ, found {names}")
        for name, subset in self.subsets.items():
            for image_class in subset["classes"]:
                if image_class == "all":
                    raise InputError(
                        f"config: subsets: {name} asks for the class 'all', which stands for all "
                        "classes in the tables; give it another name in the dataset"
                    )
                if image_class not in self.class_names:
                    raise InputError(
                        f"config: subsets: {name} asks for the class {image_class!r}; the classes "
                        f"are {', '.join(self.class_names)}"
                    )

    def _check_images_per_class(self, counts):
        fewest = min(self.classes, key=counts.get)
        asked = self.sources["data"]["images_per_class"]
        if asked > counts[fewest]:
            raise InputError(
                f"config: sources: data: images_per_class must be at most {counts[fewest]}, "
                f"as many as the class {fewest} has, found {asked}"
            )

    def _check_image_shape(self):
        denoised = tuple(self.denoiser_source.image_shape)
        if denoised != self.image_shape:
            raise InputError(
                f"config: denoiser.image_shape must be {list(self.image_shape)} as the dataset's "
                f"images are, found {list(denoised)}"
            )

    def _check_sizes(self):
        for name, source in self.sources.items():
            held = source["validation_size"] + source["test_size"]
            pool = source["images_per_class"] - held
            if max(source["train_sizes"]) > pool:
                raise InputError(
                    f"config: sources: {name}: train_sizes must be at most {pool} "
                    f"(images_per_class {source['images_per_class']} less validation and test "
                    f"{held}), found {max(source['train_sizes'])}"
                )
            for subset in self.subsets.values():
                if subset["gram_images_per_class"] > source["images_per_class"]:
                    raise InputError(
                        f"config: subsets: {subset['name']}: gram_images_per_class must be at most "
                        f"{source['images_per_class']}, as many as {name} has, found "
                        f"{subset['gram_images_per_class']}"
                    )

    def _check_figures(self):
        sampling = self.config["sampling"]
        if max(sampling["snapshot_steps"]) > sampling["steps"]:
            raise InputError(
                f"config: sampling.snapshot_steps must be at most {sampling['steps']} "
                f"(sampling.steps), found {max(sampling['snapshot_steps'])}"
            )
        if min(sampling["snapshot_steps"]) == sampling["steps"]:
            raise InputError(
                f"config: sampling.snapshot_steps must hold a step below {sampling['steps']}, "
                "the end point, which has no denoised image"
            )
        for low, high in (("sigma_min", "sigma_max"), ("S_min", "S_max")):
            if sampling[low] >= sampling[high]:
                raise InputError(
                    f"config: sampling.{low} must be below sampling.{high} = {sampling[high]}, "
                    f"found {sampling[low]}"
                )
        first, last = self.config["spectra"]["fit_ranks"]
        if first >= last:
            raise InputError(f"config: spectra.fit_ranks must rise, found {[first, last]}")
        if self.uses_denoiser:
            for image_class in self.trajectory_classes:
                if image_class not in self.classes:
                    raise InputError(
                        f"config: figures.trajectory_classes must be among the subsets' classes "
                        f"{', '.join(self.classes)}, found {image_class!r}"
                    )

    def _check_contraction(self):
        given, pixels = self.config["contraction"], math.prod(self.image_shape)
        most = {
            "images": (self.per_class("diffusion"), "sources: diffusion: images_per_class"),
            "singular_values": (pixels, "the pixels of an image"),
        }
        for key, (largest, of) in most.items():
            if given[key] > largest:
                raise InputError(
                    f"config: contraction.{key} must be at most {largest}, {of}, found {given[key]}"
                )

    @property
    def trajectory_classes(self):
        return [str(c) for c in self.config["figures"]["trajectory_classes"]]

    @staticmethod
    def source_of(origin):
        """The source that an origin is, or whose Gaussian data it is."""
        return origin.removesuffix("-gaussian")

    def source_index(self, source):
        """A number of the source that does not depend on which others the study has."""
        return list(IMAGES_OF_SOURCE).index(source)

    def class_index(self, image_class):
        """Number that names the class's random streams: its position among the dataset's classes,
        without a dataset its label."""
        if self.uses_dataset:
            return self.class_names.index(image_class)
        return self.labels[image_class]

    def image_seed_class(self, image_class):
        """Number that names the class's image seeds: 0 for all where classes share them."""
        shared = self.config["sampling"]["seeds"] == "shared"
        return 0 if shared else self.class_index(image_class)

    def per_class(self, origin):
        """Images per class of an origin."""
        return self.sources[self.source_of(origin)]["images_per_class"]

    def shard_bounds(self, origin, shard):
        """First image and end of a shard."""
        size = self.config["shard_size"]
        return int(shard) * size, min((int(shard) + 1) * size, self.per_class(origin))

    def shards(self, origin):
        """Shard numbers of each class of an origin."""
        return range(-(-self.per_class(origin) // self.config["shard_size"]))

    def shard_files(self, origin, image_class):
        """The .npz files that hold the images of one class of an origin, in order."""
        source = self.source_of(origin)
        folder = IMAGES_OF_SOURCE[source] if origin == source else f"gaussian/{source}"
        return [
            f"results/{self.name}/{folder}/{image_class}/{shard}.npz"
            for shard in self.shards(origin)
        ]

    def subset_files(self, origin, subset):
        """The shard files of all classes of a subset, class by class."""
        return [
            file
            for image_class in self.subsets[subset]["classes"]
            for file in self.shard_files(origin, image_class)
        ]

    def path(self, name):
        """A file or folder of the study."""
        return f"results/{self.name}/{name}"

    def files(self, kind, labels):
        """The file of a kind in FILES for each label, a dict of its wildcards."""
        return [self.path(FILES[kind].format(**label)) for label in labels]

    @property
    def scores(self):
        """Labels of the classifier tables: subset, loss, origin, seed."""
        return _product(subset=self.subsets, loss=self.losses, origin=self.origins, seed=self.seeds)

    @property
    def spectra(self):
        """Labels of the spectra: class and origin."""
        return _product(image_class=self.classes, origin=self.origins)

    @property
    def grams(self):
        """Labels of the Gram spectra: subset and origin."""
        return _product(subset=self.subsets, origin=self.origins)

    @property
    def trajectories(self):
        """Labels of the trajectory tables: class and shard."""
        return _product(image_class=self.classes, shard=self.shards("diffusion"))

    @property
    def contractions(self):
        """Labels of the contraction tables: class."""
        measured = self.uses_denoiser and self.config["contraction"]["images"] > 0
        return _product(image_class=self.trajectory_classes) if measured else []

    @property
    def first_shards(self):
        """The first shard of each class and origin, in the order of `spectra`."""
        return [
            self.shard_files(label["origin"], label["image_class"])[0] for label in self.spectra
        ]

    @property
    def generated_files(self):
        """The images of the diffusion model, class by class."""
        return [file for c in self.classes for file in self.shard_files("diffusion", c)]

    @property
    def snapshots(self):
        """Images along the sampler of the class that the norm evolution figure shows."""
        return self.path(f"sampling/{self.trajectory_classes[0]}/0.snapshots.npz")

    @property
    def figures(self):
        """Names of the figures that the study draws."""
        names = ["accuracy", "spectra", "gram", "sample_grid"]
        if self.uses_denoiser:
            names += ["norm_contraction", "norm_evolution"]
        if self.contractions:
            names += ["contraction"]
        if self.uses_denoiser and self.uses_dataset:
            names += ["class_agreement"]
        return names

    @property
    def results(self):
        """Everything that the report shows."""
        figures = [
            self.path(f"figures/{name}.{suffix}")
            for name in self.figures
            for suffix in ("pdf", "png", "csv")
        ]
        return [*figures, self.path("config.yaml")]


def _product(**domains):
    """All combinations as dicts, the last name varying fastest."""
    values = itertools.product(*domains.values())
    return [dict(zip(domains, combination, strict=True)) for combination in values]
