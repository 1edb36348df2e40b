"""The configuration of a study, checked once. The rules take names and paths of files from it.

Study has the classes, the origins and the shards. Its topics have everything else.
"""

import itertools
import math
import os

from configuration.checks import check_images_per_class, check_subsets
from configuration.classifiers import Classifiers
from configuration.denoiser import Denoiser
from configuration.given_features import given_features
from configuration.manifold import Manifold
from configuration.molrg import Molrg
from configuration.moments import Moments
from configuration.normality import Normality
from configuration.pages import headings
from configuration.sampling import Sampling
from configuration.schema import check_schema, normalise
from configuration.universality import Universality
from gaussianity.data.datasets import READERS, class_counts, dataset_files, image_shape
from gaussianity.errors import InputError, prefixed

IMAGES_OF_SOURCE = {"diffusion": "sampling", "data": "data"}
GAUSSIAN, MIXED = "-gaussian", "-mixed"


def has_gpu(device):
    """Will jobs of this config device compute on a GPU, as far as one can tell without torch?"""
    return device == "cuda" or (device == "auto" and os.path.exists("/dev/nvidia0"))


class Study:
    """A checked configuration.

    denoiser, sampling, moments, normality, classifiers, universality, molrg, manifold - its topics,
    each with the files, labels and settings of its own.

    Args:    config - as Snakemake merged it; needs_files - must the user's files exist?
    Raises:  InputError - the configuration does not fit the schema or the data.
    """

    def __init__(self, config, *, needs_files=True):
        normalise(config)
        check_schema(config)
        self.config = config
        self.name = config["study"]
        self.sources = {source["name"]: source for source in config["sources"]}
        self.subsets = {
            subset["name"]: dict(subset, classes=[str(c) for c in subset["classes"]])
            for subset in config["subsets"]
        }
        self.denoiser = Denoiser(self)
        self.uses_denoiser = self.denoiser.is_used
        self.uses_dataset = "data" in self.sources or self.denoiser.is_made
        asked = {c for subset in self.subsets.values() for c in subset["classes"]}
        self.class_counts = self._class_counts(asked)
        self.class_names = list(self.class_counts)
        check_subsets(config, self.sources, self.subsets, self.class_names)
        self.classes = [name for name in self.class_names if name in asked]
        self.labels = self.denoiser.labels(self.class_names, self.classes)
        if "data" in self.sources:
            counts = {name: self.class_counts[name] for name in self.classes}
            check_images_per_class(self.sources["data"]["images_per_class"], counts)
        self._compose(needs_files)

    def _compose(self, needs_files):
        self.classifiers = Classifiers(self)
        self.moments = Moments(self)
        self.normality = Normality(self)
        self.sampling = Sampling(self)
        self.universality = Universality(self)
        self.molrg = Molrg(self)
        self.manifold = Manifold(self)
        topics = [self.classifiers, self.moments, self.normality, self.sampling]
        topics += [self.universality, self.denoiser, self.molrg, self.manifold]
        self.features = given_features(self.config["features"])
        for topic in topics:
            topic.check()
        self.feature_files = self.features.files if self.features and needs_files else []
        for topic in topics if needs_files else ():
            topic.find_files()

    @property
    def feature_settings(self):
        """Arguments of the features' network; none where statistics are of pixels."""
        return self.features.settings if self.features else {}

    @property
    def image_shape(self):
        """(C, H, W) of the study's images."""
        if self.uses_dataset:
            dataset = self.config["dataset"]
            return image_shape(dataset["reader"], dataset["path"])
        return self.denoiser.given.image_shape

    @property
    def dimension(self):
        """Length of the rows of all statistics and classifiers: pixels, or features."""
        return math.prod(self.image_shape) if self.features is None else self.features.size

    @property
    def origins(self):
        """diffusion, diffusion-gaussian, data, data-gaussian: those that the study has."""
        return [origin for source in self.sources for origin in (source, source + GAUSSIAN)]

    @property
    def classified(self):
        """The origins that classifiers are trained on: each source, its Gaussian data, and its
        mixed images, which are Gaussian data without a fit."""
        kinds = ("", GAUSSIAN, MIXED)
        return [source + kind for source in self.sources for kind in kinds]

    @property
    def image_origins(self):
        """The origins that are images: features have no images of their Gaussian data."""
        return self.origins if self.features is None else list(self.sources)

    def _class_counts(self, asked):
        """Class names, in the order of their labels, with their number of images."""
        dataset = self.config["dataset"]
        takes = READERS[dataset["reader"]].takes
        for key in ("labels", "path") if self.uses_dataset else ():
            if key not in takes and dataset[key] is not None:
                raise InputError(
                    f"config: dataset.{key} must be null for the reader {dataset['reader']}, found "
                    f"{dataset[key]!r}"
                )
            if key in takes and dataset[key] is None:
                raise InputError(
                    f"config: dataset.{key}: expected the path of {takes[key]}, found null; set it "
                    "in the study"
                )
        if self.uses_dataset:
            with prefixed("config: dataset: "):
                self.dataset_files = dataset_files(**dataset)
            return class_counts(**dataset)
        self.dataset_files = []
        return dict.fromkeys(self.denoiser.given.labels(asked), 0)

    @staticmethod
    def source_of(origin):
        """The source that an origin is, or that its Gaussian data come from."""
        return origin.removesuffix(GAUSSIAN).removesuffix(MIXED)

    def fitted_by(self, origin):
        """The source whose mean and covariance an origin's images were drawn with; None for images
        and mixed images."""
        return self.source_of(origin) if origin.endswith(GAUSSIAN) else None

    @staticmethod
    def origin_index(origin):
        """The number of an origin, which is the same in every study."""
        return [s + kind for kind in ("", GAUSSIAN) for s in IMAGES_OF_SOURCE].index(origin)

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
        """First image of a shard, and the one after its last image."""
        size = self.config["shard_size"]
        return int(shard) * size, min((int(shard) + 1) * size, self.per_class(origin))

    def shards(self, origin):
        """Shard numbers of each class of an origin."""
        return range(-(-self.per_class(origin) // self.config["shard_size"]))

    def image_files(self, origin, image_class):
        """The .npz files that hold the images of one class of an origin, in order."""
        fitted = self.fitted_by(origin)
        folder = f"gaussian/{fitted}" if fitted else IMAGES_OF_SOURCE[origin]
        return self._shard_files(folder, image_class, origin)

    def shard_files(self, origin, image_class):
        """The .npz files of one class of an origin that all statistics read, in order: images, or
        their features where the study has features. Mixed images are made by the jobs that use
        them, from those of their source."""
        origin = origin.removesuffix(MIXED)
        if self.features is None or origin not in self.sources:
            return self.image_files(origin, image_class)
        return self._shard_files(f"features/{origin}", image_class, origin)

    def _shard_files(self, folder, image_class, origin):
        shards = self.shards(origin)
        return [self.path(f"{folder}/{image_class}/{shard}.npz") for shard in shards]

    @property
    def shown_class(self):
        """The class that figures of one class show."""
        return self.sampling.trajectory_classes[0] if self.uses_denoiser else self.classes[0]

    def subset_files(self, origin, subset):
        """The shard files of each class of a subset; an empty dict if the origin is None."""
        classes = self.subsets[subset]["classes"] if origin else []
        return {image_class: self.shard_files(origin, image_class) for image_class in classes}

    def first_files(self, origin, classes, images, *, of=None):
        """The shard files with the first images of each class, class by class.

        Args:    images - of each class; of - `shard_files`, else `image_files`.
        """
        needed = -(-images // self.config["shard_size"])
        return [file for c in classes for file in (of or self.shard_files)(origin, c)[:needed]]

    @property
    def largest_subset(self):
        """The subset with the most classes; the first one if several have as many."""
        return max(self.subsets, key=lambda name: len(self.subsets[name]["classes"]))

    def path(self, name):
        """A file or folder of the study."""
        return f"results/{self.name}/{name}"

    @property
    def first_shards(self):
        """The first shard of each (class, origin) of images."""
        return {
            (image_class, origin): self.image_files(origin, image_class)[0]
            for image_class in self.classes
            for origin in self.image_origins
        }

    @property
    def figures(self):
        """Names of the figures of the report, in its order."""
        return self.figures_of("report")

    def figures_of(self, page):
        """Names of the figures of a page, in its order."""
        return list(itertools.chain(*headings(self, page).values()))

    @property
    def results(self):
        """Everything that the report shows."""
        return self.shown_on("report")

    def shown_on(self, page):
        """Everything that a page shows: its figures with their tables, and the configuration."""
        figures = [
            self.path(f"figures/{name}.{suffix}")
            for name in self.figures_of(page)
            for suffix in ("pdf", "png", "csv")
        ]
        return [*figures, self.path("config.yaml")]
