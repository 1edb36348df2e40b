"""The configuration of a study: checked once, then asked for names and paths of files.

The only place that turns the configuration into a list of jobs; the rules call its methods.
"""

import itertools
import os
import zlib

from configuration import manifold, molrg
from configuration.checks import check_study, check_subsets
from configuration.given_denoiser import GIVEN, DenoiserSource, require_made
from configuration.given_features import feature_source
from configuration.labels import product
from configuration.pages import headings
from configuration.schema import check_schema
from gaussianity.data.datasets import READERS, class_counts, dataset_files, image_shape
from gaussianity.errors import InputError

# Where a stage's file stands, by the name that `Study.files` takes.
FILES = {
    "classifier": "classifier/{subset}/{origin}/{seed}.parquet",
    "prediction": "prediction/{subset}/{source}.parquet",
    "spectra": "spectra/{origin}/{image_class}.parquet",
    "gram": "gram/{subset}/{origin}.parquet",
    "assumptions": "assumptions/{subset}/{origin}.parquet",
    "trajectory": "sampling/{image_class}/{shard}.parquet",
    "contraction": "contraction/{image_class}.parquet",
    "concentration": "concentration/{population}/{image_class}.parquet",
    "survival": "concentration/{population}/{image_class}.survival.parquet",
    "control": "controls/{control}.parquet",
    **molrg.FILES,
    **manifold.FILES,
}
CONTROLS = (
    "gaussian",
    "uniform",
    "two_modes",
)  # as gaussianity.universality.controls, whose import is slow
IMAGES_OF_SOURCE = {"diffusion": "sampling", "data": "data"}
GAUSSIAN, REFIT = "-gaussian", "-refit"


def has_gpu(device):
    """Will jobs of this config device compute on a GPU, as far as one can tell without torch?"""
    return device == "cuda" or (device == "auto" and os.path.exists("/dev/nvidia0"))


class Study(molrg.Molrg, manifold.Manifold):
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
        self.class_counts = self._class_counts(asked)
        self.class_names = list(self.class_counts)
        check_subsets(self)
        self.classes = [name for name in self.class_names if name in asked]
        self.labels = self._labels()
        check_study(self)
        self.denoiser_inputs = [self.path("dataset.npz")]
        if given:
            self.denoiser_inputs = self.denoiser_source.files if needs_files else []
        self.features = feature_source(config["features"])
        reads = self.features is not None and needs_files
        self.feature_files = self.features.files if reads else []
        self.activation_code = self.code_of_activations() if needs_files else {}

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
        return [origin for source in self.sources for origin in (source, source + GAUSSIAN)]

    @property
    def classified(self):
        """The origins that classifiers are trained on: each source, its Gaussian data, and the
        control, Gaussian data matched to those Gaussian data."""
        kinds = ("", GAUSSIAN, REFIT)
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

    @property
    def trajectory_classes(self):
        return [str(c) for c in self.config["figures"]["trajectory_classes"]]

    @staticmethod
    def source_of(origin):
        """The source that an origin is, or that its Gaussian data come from."""
        return origin.removesuffix(GAUSSIAN).removesuffix(REFIT)

    def fitted_by(self, origin):
        """The origin whose mean and covariance an origin's images were drawn with; None for a
        source."""
        if origin.endswith(REFIT):
            return self.source_of(origin) + GAUSSIAN
        return self.source_of(origin) if origin.endswith(GAUSSIAN) else None

    @staticmethod
    def origin_index(origin):
        """A number of the origin that does not depend on which others the study has."""
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
        """First image and end of a shard."""
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
        their features where the study has features."""
        if self.features is None or origin not in self.sources:
            return self.image_files(origin, image_class)
        return self._shard_files(f"features/{origin}", image_class, origin)

    def _shard_files(self, folder, image_class, origin):
        shards = self.shards(origin)
        return [self.path(f"{folder}/{image_class}/{shard}.npz") for shard in shards]

    @property
    def shown_class(self):
        """The class of which figures of one class show it."""
        return self.trajectory_classes[0] if self.uses_denoiser else self.classes[0]

    @property
    def bases(self):
        """Laws of the latent whose samples are compared: none without a diffusion model, and none
        beside features, which are no images."""
        compared = self.uses_denoiser and self.features is None
        return self.config["concentration"]["bases"] if compared else []

    @property
    def populations(self):
        """What concentration is measured of: every origin, and base-<law> for every base."""
        return [*self.origins, *(f"base-{base}" for base in self.bases)]

    @staticmethod
    def population_index(population):
        """A number of the population that does not depend on which others the study has."""
        return zlib.crc32(population.encode())

    def population_files(self, population, image_class):
        """The .npz files that hold the images of one class of a population."""
        if population in self.origins:
            return self.shard_files(population, image_class)
        return [self.path(f"base_samples/{population.removeprefix('base-')}/{image_class}.npz")]

    @property
    def float_samples(self):
        """Samples before any storage in 8 bits: of the diffusion model, else Gaussian data."""
        if self.uses_denoiser:
            return self.population_files("base-gaussian", self.shown_class)[0]
        return self.shard_files(f"{next(iter(self.sources))}-gaussian", self.shown_class)[0]

    def subset_files(self, origin, subset):
        """The shard files of each class of a subset; none of no origin."""
        classes = self.subsets[subset]["classes"] if origin else []
        return {image_class: self.shard_files(origin, image_class) for image_class in classes}

    def assumption_images(self, origin):
        """Images per class on which the theorem's assumptions are measured."""
        return min(self.config["assumptions"]["images_per_class"], self.per_class(origin))

    def assumption_files(self, origin, subset):
        """The shard files that hold them, of each class of a subset."""
        needed = -(-self.assumption_images(origin) // self.config["shard_size"])
        files = self.subset_files(origin, subset)
        return {image_class: shards[:needed] for image_class, shards in files.items()}

    @property
    def origin_files(self):
        """All shard files of each (class, origin)."""
        return {
            (image_class, origin): self.shard_files(origin, image_class)
            for image_class in self.classes
            for origin in self.origins
        }

    @property
    def class_moments(self):
        """The moments of each (class, source)."""
        return {
            (image_class, source): self.path(f"moments/{source}/{image_class}.npz")
            for image_class in self.classes
            for source in self.sources
        }

    @property
    def largest_subset(self):
        """The subset of most classes, the first of them."""
        return max(self.subsets, key=lambda name: len(self.subsets[name]["classes"]))

    @property
    def eigenface_classes(self):
        """Classes whose eigenvectors are drawn: those of the norm figures, else the first ten."""
        chosen = self.trajectory_classes if self.uses_denoiser else self.classes
        return chosen[:10]

    def path(self, name):
        """A file or folder of the study."""
        return f"results/{self.name}/{name}"

    def files(self, kind, labels):
        """The file of a kind in FILES for each label, a dict of its wildcards."""
        return [self.path(FILES[kind].format(**label)) for label in labels]

    @staticmethod
    def pattern(kind):
        """The path of a kind in FILES with its wildcards, which the rule of the file takes."""
        return f"results/{{study}}/{FILES[kind]}"

    @property
    def scores(self):
        """Labels of the classifier tables: subset, origin, seed."""
        return product(subset=self.subsets, origin=self.classified, seed=self.seeds)

    @property
    def uses_least_squares(self):
        """Is there a classifier whose accuracy can be predicted?"""
        return "least_squares" in self.losses

    @property
    def predictions(self):
        """Labels of the predicted accuracies: subset and source."""
        return product(subset=self.subsets, source=self.sources)

    @property
    def predicted_scores(self):
        """Labels of the classifier tables that predictions are held against: all but the control's,
        which has moments of its own."""
        return product(subset=self.subsets, origin=self.origins, seed=self.seeds)

    @property
    def spectra(self):
        """Labels of the spectra: class and origin."""
        return product(image_class=self.classes, origin=self.origins)

    @property
    def grams(self):
        """Labels of the Gram spectra: subset and origin."""
        return product(subset=self.subsets, origin=self.origins)

    @property
    def concentrations(self):
        """Labels of the tables of concentration: population and class; bases have one class."""
        bases = [population for population in self.populations if population not in self.origins]
        return [
            *product(population=self.origins, image_class=self.classes),
            *product(population=bases, image_class=[self.shown_class]),
        ]

    @property
    def trajectories(self):
        """Labels of the trajectory tables: class and shard."""
        return product(image_class=self.classes, shard=self.shards("diffusion"))

    @property
    def contractions(self):
        """Labels of the contraction tables: class."""
        measured = self.uses_denoiser and self.config["contraction"]["images"] > 0
        return product(image_class=self.trajectory_classes) if measured else []

    @property
    def controls(self):
        """Labels of the tables of synthetic cases."""
        return product(control=CONTROLS)

    @property
    def first_shards(self):
        """The first shard of each (class, origin) of images."""
        return {
            (image_class, origin): self.image_files(origin, image_class)[0]
            for image_class in self.classes
            for origin in self.image_origins
        }

    @property
    def generated_files(self):
        """The images of the diffusion model, class by class."""
        return [file for c in self.classes for file in self.image_files("diffusion", c)]

    @property
    def snapshots(self):
        """Images along the sampler of the class that the norm evolution figure shows."""
        return self.path(f"sampling/{self.trajectory_classes[0]}/0.snapshots.npz")

    @property
    def figures(self):
        """Names of the figures of the report, in its order."""
        return self.figures_of("report")

    def figures_of(self, page):
        """Names of the figures of a page, in its order."""
        return list(itertools.chain(*headings(self, page).values()))

    @property
    def verdict(self):
        """Table and sentences of the verdict."""
        return [self.path(f"figures/{name}.csv") for name in ("verdict", "verdict_sentences")]

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
