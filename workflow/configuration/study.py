"""The configuration of a study, checked once. The rules take names and paths of files from it.

Study has the classes, the origins and the shards. Its topics have everything else.
"""

import functools
import itertools
import math
import os
import zlib

from configuration.checks import check_images_per_class, check_subsets, classified
from configuration.class_files import file_names
from configuration.classifiers import Classifiers, completed
from configuration.denoiser import Denoiser
from configuration.given_features import given_features
from configuration.linear import Linear
from configuration.manifold import Manifold
from configuration.molrg import Molrg
from configuration.moments import Moments
from configuration.normality import Normality
from configuration.pages import figure_file, headings
from configuration.sampling import Sampling
from configuration.schema import check_schema, normalise
from configuration.sources import STANDARD, Source, dataset_key, datasets_of
from configuration.topic import in_source
from configuration.universality import Universality
from gaussianity.data.datasets import GivenDataset
from gaussianity.errors import InputError, prefixed

GAUSSIAN, MIXED = "-gaussian", "-mixed"


def has_gpu(device):
    """Will jobs of this config device compute on a GPU, as far as one can tell without torch?"""
    return device == "cuda" or (device == "auto" and os.path.exists("/dev/nvidia0"))


class Study:
    """A checked configuration.

    denoiser, sampling, moments, normality, classifiers, universality, molrg, manifold, linear - its
    topics, each with the files, labels and settings of its own; denoisers, samplings, linears -
    by `Source.home` and `Source.folder`; datasets - by `Source.home`.

    Args:    config - as Snakemake merged it; needs_files - must the user's files exist?
    Raises:  InputError - the configuration does not fit the schema or the data.
    """

    def __init__(self, config, *, needs_files=True):
        normalise(config)
        check_schema(config)
        self.config = config
        self.name = config["study"]
        self.is_classified = classified(config)
        self.sources = {each["name"]: completed(config, each) for each in config["sources"]}
        self.subsets = {
            subset["name"]: dict(subset, classes=[str(c) for c in subset["classes"]])
            for subset in config["subsets"]
        }
        self.parts = {name: Source(config, entry) for name, entry in self.sources.items()}
        self.sampled = [part for part in self.parts.values() if part.is_sampled]
        self.denoisers = self._denoisers()
        self.denoiser = self.denoisers[""]
        self.uses_denoiser = "diffusion" in self.sources
        is_made = any(denoiser.is_made for denoiser in self.denoisers.values())
        self.datasets = datasets_of(config, self.parts.values(), is_made)
        self.uses_dataset = "" in self.datasets
        asked = {c for subset in self.subsets.values() for c in subset["classes"]}
        self._find_classes(asked)
        check_subsets(config, self.sources, self.subsets, self.class_names)
        self.classes = [name for name in self.class_names if name in asked]
        self.class_files = file_names(self.class_names)
        self.named_by_files = {file: name for name, file in self.class_files.items()}
        for home, denoiser in self.denoisers.items():
            with in_source(home):
                denoiser.find_labels(self.class_names, self.classes)
        self.labels = self.denoiser.class_labels
        self._check_datasets()
        self._compose(needs_files)

    def _denoisers(self):
        """The study's own denoiser, and those that sources have of their own, by their home."""
        own = any(not part.home for part in self.sampled)
        found = {"": Denoiser(self, self.config["denoiser"], "", own)}
        for part in self.sampled:
            if part.home:
                with in_source(part.home):
                    found[part.home] = Denoiser(self, part.section, part.home, True)
        return found

    def _find_classes(self, asked):
        """Class names in the order of their labels, and the images of each class by dataset."""
        self.given_datasets, self.dataset_inputs, self.counts = {}, {}, {}
        for home, section in self.datasets.items():
            with prefixed(f"{dataset_key(home)}: "):
                given = self.given_datasets[home] = GivenDataset(**section)
                self.dataset_inputs[home] = given.files()
                self.counts[home] = given.class_counts()
        if self.counts:
            self.class_counts = next(iter(self.counts.values()))
        else:
            given = self.denoisers[self.sampled[0].home].given
            self.class_counts = dict.fromkeys(given.labels(asked), 0)
        self.class_names = list(self.class_counts)

    def _check_datasets(self):
        """Every dataset has the classes, and as many images of them as its sources take."""
        for home, counts in self.counts.items():
            missing = [name for name in self.classes if name not in counts]
            if missing:
                raise InputError(
                    f"{dataset_key(home)}: expected images of the classes "
                    f"{', '.join(self.classes)}, found none of {', '.join(missing)}"
                )
        for part in self.parts.values():
            if not part.is_sampled:
                of_classes = {name: self.counts[part.home][name] for name in self.classes}
                check_images_per_class(part.name, part.entry["images_per_class"], of_classes)
            self._check_shape(part)
        self.has_images = not self._are_features()
        self.has_pixels = self.has_images and self.config["features"]["module"] is None

    def _check_shape(self, part):
        """A source's images have the shape of the study's."""
        if part.is_sampled:
            given = self.denoisers[part.home].given if part.home else None  # else see Denoiser
            found = self.image_shape if given is None else tuple(given.image_shape)
        else:
            home = part.home
            found = self.given_datasets[home].image_shape(self.read_classes(home))
        if found != self.image_shape:
            raise InputError(
                f"config: sources: {part.name}: expected images of the shape {self.image_shape} "
                f"as the other sources have, found {found}"
            )

    def _are_features(self):
        """Are the datasets of features? Then all sources are."""
        found = {home: given.is_features() for home, given in self.given_datasets.items()}
        if any(found.values()) and (self.sampled or not all(found.values())):
            home = next(home for home, features in found.items() if features)
            raise InputError(
                f"{dataset_key(home)} holds features, not images: then all sources must be "
                "datasets of features"
            )
        if any(found.values()) and self.config["features"]["module"] is not None:
            raise InputError(
                "config: features.module must be null where the dataset holds features already"
            )
        return any(found.values())

    def _compose(self, needs_files):
        self.classifiers = Classifiers(self)
        self.moments = Moments(self)
        self.normality = Normality(self)
        self.samplings = {part.folder: Sampling(self, part) for part in self.sampled}
        self.sampling = self.samplings.get("") or next(
            iter(self.samplings.values()), Sampling(self, None)
        )
        self.linears = {part.folder: Linear(self, part) for part in self.sampled}
        self.linear = next(iter(self.linears.values()), Linear(self, None))
        self.universality = Universality(self)
        self.molrg = Molrg(self)
        self.manifold = Manifold(self)
        topics = [self.classifiers, self.moments, self.normality, *self.samplings.values()]
        topics += [*self.linears.values(), self.universality, *self.denoisers.values()]
        topics += [self.molrg, self.manifold]
        self.features = given_features(self.config["features"])
        for topic in topics:
            topic.check()
        self.feature_files = self.features.files if self.features and needs_files else []
        for topic in topics if needs_files else ():
            topic.find_files()

    def read_classes(self, home):
        """The classes whose images a dataset.npz has; None for all. A denoiser that is made from
        the study's dataset, and figures that compare with its images, need all."""
        is_part = set(self.classes) != set(self.counts[home])
        return self.classes if is_part and (home or not self.sampled) else None

    @property
    def whole_dataset(self):
        """The file with the images of all classes of the study's dataset."""
        is_part = self.uses_dataset and self.read_classes("") is not None
        return self.path("whole_dataset.npz" if is_part else "dataset.npz")

    def dataset_part(self, folder):
        """The source that comes from a dataset and has its files in this folder."""
        return next(p for p in self.parts.values() if p.folder == folder and not p.is_sampled)

    @property
    def feature_settings(self):
        """Arguments of the features' network; none where statistics are of pixels."""
        return self.features.settings if self.features else {}

    @functools.cached_property
    def image_shape(self):
        """(C, H, W) of the study's images; (F, 1, 1) where they are features."""
        if self.datasets:
            home = next(iter(self.datasets))
            return self.given_datasets[home].image_shape(self.read_classes(home))
        return self.denoisers[self.sampled[0].home].given.image_shape

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
        standard = [s + kind for kind in ("", GAUSSIAN) for s in STANDARD]
        return standard.index(origin) if origin in standard else zlib.crc32(origin.encode())

    def class_index(self, image_class):
        """Number that names the class's random streams: its position among the dataset's classes,
        without a dataset its label, 0 where it has none."""
        if self.datasets:
            return self.class_names.index(image_class)
        return self.denoisers[self.sampled[0].home].class_labels[image_class] or 0

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
        folder = f"gaussian/{fitted}" if fitted else self.parts[origin].images
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
        in_files = self.class_files[image_class]
        return [self.path(f"{folder}/{in_files}/{shard}.npz") for shard in shards]

    @property
    def shown_class(self):
        """The class that figures of one class show."""
        return self.sampling.trajectory_classes[0] if self.sampled else self.classes[0]

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
    def denoiser_answers(self):
        """The tables of sentences on what mean and covariance decide, of each denoiser."""
        return [file for each in self.linears.values() for file in each.answer]

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
            self.path(figure_file(name, suffix))
            for name in self.figures_of(page)
            for suffix in ("pdf", "png", "csv")
        ]
        return [*figures, self.path("config.yaml")]
