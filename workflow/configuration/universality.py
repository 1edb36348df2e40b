"""Concentration and the assumptions of the theorem: what a study measures besides accuracies."""

import zlib
from typing import ClassVar

from configuration.topic import Topic, only, product
from gaussianity.errors import InputError


class Universality(Topic):
    """config["concentration"], config["assumptions"] and config["verdict"]."""

    FILES: ClassVar = {
        "concentration": "concentration/{population}/{image_class}.parquet",
        "survival": "concentration/{population}/{image_class}.survival.parquet",
        "assumptions": "assumptions/{subset}/{origin}.parquet",
    }

    def check(self):
        images = self.config["concentration"]["images"] if self.study.sampled else None
        check_concentration(self.config["concentration"]["anchors"], self.study.sources, images)
        check_verdict(self.config["verdict"], self.config["classifier"]["losses"])
        check_looks(self.config["verdict"]["looks"], self.study.sources)

    @property
    def bases(self):
        """Distributions of the latent whose samples are compared.

        The list is empty if the study has no diffusion model, or compares features.
        """
        compared = bool(self.study.sampled) and self.study.has_pixels
        return self.config["concentration"]["bases"] if compared else []

    @property
    def populations(self):
        """Populations whose concentration is measured: origins, and base-<name> of each base."""
        return [*self.study.origins, *(f"base-{base}" for base in self.bases)]

    @staticmethod
    def population_index(population):
        """The number of a population, which is the same in every study."""
        return zlib.crc32(population.encode())

    def population_files(self, population, image_class):
        """The .npz files that hold the images of one class of a population."""
        study = self.study
        if population in study.origins:
            return study.shard_files(population, image_class)
        folder = study.sampling.part.folder
        base = population.removeprefix("base-")
        in_files = study.class_files[image_class]
        return [study.path(f"{folder}base_samples/{base}/{in_files}.npz")]

    @property
    def concentrations(self):
        """Labels of the tables of concentration: population and class; bases have one class."""
        study = self.study
        bases = [name for name in self.populations if name not in study.origins]
        return [
            *product(population=study.origins, image_class=study.classes),
            *product(population=bases, image_class=[study.shown_class]),
        ]

    @property
    def concentration_settings(self):
        """Settings of the measurement of concentration, without the samples it reads."""
        return only(self.config["concentration"], "anchors", "projections", "bootstrap")

    @property
    def float_samples(self):
        """Samples before any storage in 8 bits: of the diffusion model, else Gaussian data."""
        study = self.study
        if study.sampled:
            return self.population_files("base-gaussian", study.shown_class)[0]
        return study.shard_files(f"{next(iter(study.sources))}-gaussian", study.shown_class)[0]

    def assumption_images(self, origin):
        """Images per class on which the theorem's assumptions are measured."""
        return min(self.config["assumptions"]["images_per_class"], self.study.per_class(origin))

    def assumption_files(self, origin, subset):
        """The shard files that hold them, of each class of a subset."""
        needed = -(-self.assumption_images(origin) // self.config["shard_size"])
        files = self.study.subset_files(origin, subset)
        return {image_class: shards[:needed] for image_class, shards in files.items()}

    @property
    def assumption_settings(self):
        """Settings that decide what is measured of the assumptions."""
        keys = ("sizes", "smallest_size", "directions", "replicates", "gram_images")
        return only(self.config["assumptions"], *keys)

    @property
    def assumption_rule(self):
        """Settings that decide whether an assumption holds."""
        given = only(self.config["assumptions"], "confidence", "tolerance")
        return dict(fit_ranks=self.config["spectra"]["fit_ranks"], **given)

    def assumption_streams(self, origin, subset):
        """Study seed and the numbers of origin, subset and classes that name the random streams."""
        return (
            self.config["seed"],
            self.study.origin_index(origin),
            zlib.crc32(subset.encode()),  # whichever other subsets there are
            [self.study.class_index(c) for c in self.study.subsets[subset]["classes"]],
        )

    @property
    def comparison(self):
        """The sentences of the comparison of sources; none if there is one source or one class."""
        compared = self.study.is_classified and len(self.study.sources) > 1
        return [self.study.path("figures/comparison_sentences.csv")] if compared else []

    @property
    def verdict(self):
        """Table and sentences of the verdict; none in a study of one class."""
        if not self.study.is_classified:
            return []
        names = ("verdict", "verdict_sentences")
        return [self.study.path(f"figures/{name}.csv") for name in names]


def check_concentration(anchors, sources, base_images):
    """At least two images remain to be measured when the anchors are left out.

    Args:    base_images - samples of each base, None where there are none.
    """
    sizes = {
        f"sources: {name}: images_per_class": source["images_per_class"]
        for name, source in sources.items()
    }
    if base_images is not None:
        sizes["concentration.images"] = base_images
    key = min(sizes, key=sizes.get)
    if anchors > sizes[key] - 2:
        raise InputError(
            f"config: concentration.anchors must be at most {sizes[key] - 2} ({key} "
            f"{sizes[key]} less 2), found {anchors}"
        )


def check_verdict(verdict, losses):
    """The classifiers of the primary cells are trained."""
    if verdict["primary_loss"] not in losses:
        raise InputError(
            "config: verdict.primary_loss must be one of classifier.losses "
            f"({', '.join(losses)}), found {verdict['primary_loss']}"
        )


def check_looks(looks, sources):
    """The looks increase, and the pools of each source are one of them; one pool has one look."""
    if looks is None:
        return
    if looks != sorted(looks):
        raise InputError(f"config: verdict.looks must increase, found {looks}")
    for name, source in sources.items():
        if source["pools"] > 1 and source["pools"] not in looks:
            raise InputError(
                f"config: verdict.looks must contain the pools of each source ({name}: "
                f"{source['pools']}), found {looks}"
            )
