"""What a study computes for its page molrg, mixtures of low-rank Gaussians."""

import math
import os
from typing import ClassVar

from configuration.topic import Topic, only, product, without
from gaussianity.errors import InputError
from gaussianity.sampling.limits import HIGHEST, LOWEST


class Molrg(Topic):
    """config["molrg"]."""

    FILES: ClassVar = {
        "phase_transition": "molrg/phase_transition/{method}-{components}.parquet",
        "mixture_denoiser": "molrg/denoisers/{dimension}/{samples}/{steps}.safetensors",
        "mixture_description": "molrg/denoisers/{dimension}/{samples}/{steps}.json",
        "mixture": "molrg/denoisers/{dimension}/{samples}/mixture.npz",
        "numerical_rank": "molrg/numerical_rank/{image_class}.parquet",
        "class_subspaces": "molrg/class_subspaces/{source}.parquet",
        "class_clusters": "molrg/class_subspaces/{source}.clusters.parquet",
        "image_subset": "molrg/image_subsets/{images}/{steps}.safetensors",
        "image_subset_description": "molrg/image_subsets/{images}/{steps}.json",
    }

    def __init__(self, study):
        super().__init__(study)
        self.section = self.config["molrg"]

    def check(self):
        check_phase_transition(self.section["phase_transition"])
        check_ranked(self.section["numerical_rank"]["mixture"])
        check_mixtures(self.section["mixture_denoisers"], self.ranked_mixture)
        check_edits(self.section["semantic_directions"], self.study)

    def find_files(self):
        """The user's image must exist."""
        for path in self.own_images:
            if not os.path.isfile(path):
                raise InputError(
                    f"{path}: expected the file of an image "
                    "(molrg.semantic_directions.inversion.path), found no such file"
                )

    @property
    def phase_transitions(self):
        """Labels of the tables of learnt subspaces: method and components."""
        return [
            dict(method=method, components=components)
            for components in self.section["phase_transition"]["components"]
            for method in (("svd",) if components == 1 else ("clustering", "orthogonal")) + ("sgd",)
        ]

    def phase_transition_design(self, method):
        """Settings of the maps of one method."""
        descent = ("start", "learning_rate", "steps")
        own = {"svd": (), "sgd": descent}.get(method, ("restarts",))
        keys = ("ambient_dimension", "dimensions", "samples", "trials", *own)
        return only(self.section["phase_transition"], *keys)

    @property
    def mixture_labels(self):
        """Labels of the mixtures that U-Nets are trained on: dimension and samples per subspace."""
        given = self.section["mixture_denoisers"]
        pairs = product(dimension=given["dimensions"], ratio=given["samples_per_dimension"])
        return [dict(dimension=d["dimension"], samples=d["dimension"] * d["ratio"]) for d in pairs]

    @property
    def last_mixture_denoisers(self):
        """Labels of the mixtures' U-Nets that were trained to the end."""
        last = max(self.section["mixture_denoisers"]["training"]["lengths"])
        return [mixture | dict(steps=last) for mixture in self.mixture_labels]

    @property
    def mixture_denoiser_settings(self):
        """Settings of one training on a mixture."""
        given = self.section["mixture_denoisers"]
        return only(given, "image_shape", "subspaces") | song_training(given)

    @property
    def mixture_sampling_settings(self):
        """Settings of the samples of the mixtures' U-Nets."""
        return only(self.section["generalisation"], "samples", "steps", "batch_size")

    @property
    def image_subsets(self):
        """Labels of the U-Nets trained on parts of the dataset: images and steps.

        A size is left out if fewer than `held_out` other images would remain for the scores.
        """
        given = self.section["generalisation"]["images"]
        spare = sum(self.study.class_counts.values()) - given["held_out"]
        sizes = [n for n in given["sizes"] if n <= spare] if self.study.uses_dataset else []
        return product(images=sorted(sizes), steps=[max(given["training"]["lengths"])])

    @property
    def image_subset_settings(self):
        """Settings of one training on a part of the dataset."""
        given = self.section["generalisation"]["images"]
        return only(given, "held_out", "sigma_data") | song_training(given)

    @property
    def image_generalisation(self):
        """The table of the scores of `image_subsets`; an empty list if there are none."""
        return [self.study.path("molrg/image_generalisation.parquet")] if self.image_subsets else []

    @property
    def image_generalisation_settings(self):
        """Settings of the samples of the U-Nets of `image_subsets`."""
        given = self.section["generalisation"]
        return dict(held_out=given["images"]["held_out"]) | only(given, "steps", "batch_size")

    @property
    def copy_detector_files(self):
        """Files of the study's features, and the file of the copy detector."""
        path = self.section["generalisation"]["images"]["copy_detector"]
        return [*self.study.feature_files, *filter(None, [path])]

    @property
    def ranked_mixture(self):
        """Label of the mixture for which the numerical rank is measured.

        Unless the section names one, it is the mixture with the most dimensions and, among these,
        the most samples.
        """
        named = self.section["numerical_rank"]["mixture"]
        if named["dimension"] is not None:
            return named
        return max(self.mixture_labels, key=lambda label: tuple(label.values()))

    @property
    def ranked_denoisers(self):
        """Labels of the U-Nets of `ranked_mixture`, one per length of training."""
        lengths = self.section["mixture_denoisers"]["training"]["lengths"]
        return [self.ranked_mixture | dict(steps=steps) for steps in lengths]

    @property
    def rank_settings(self):
        """Settings of the numerical rank, without the numbers of images."""
        return without(self.section["numerical_rank"], "class_images", "mixture_images", "mixture")

    @property
    def numerical_ranks(self):
        """Labels of the tables of the study's denoiser: class."""
        measured = self.study.uses_denoiser and self.section["numerical_rank"]["class_images"] > 0
        return product(image_class=self.study.sampling.trajectory_classes if measured else [])

    @property
    def edits(self):
        """Dict of each denoiser whose images are edited to the name of its results.

        It is empty in a study of one class, which has no classifier that the edits could move.
        """
        if not self.section["semantic_directions"]["images"] or not self.study.is_classified:
            return {}
        own = {"study": "semantic_directions"} if self.study.uses_denoiser else {}
        return own | {"mixture": "mixture_directions"}

    @property
    def edit_settings(self):
        """Settings of the edits; the class of the user's image is its number among the classes."""
        given = self.section["semantic_directions"]
        own = given["inversion"]["image_class"]
        number = 0 if own is None else self.study.classes.index(str(own))
        inversion = without(given["inversion"], "image_class") | dict(class_number=number)
        return given | dict(inversion=inversion)

    @property
    def inverts_images(self):
        """Are given images edited?"""
        return bool(self.own_images or self.section["semantic_directions"]["inversion"]["images"])

    @property
    def own_images(self):
        """The user's image among those that are edited: a list of one file or none."""
        path = self.section["semantic_directions"]["inversion"]["path"]
        return [path] if path is not None else []

    @property
    def edit_files(self):
        """Shards of images from which the classifier of edited images is fitted, class by class.

        The images are real if the study has the source `data`, else those of `diffusion`, else of
        its first source.
        """
        sources = self.study.sources
        origin = next(
            (name for name in ("data", "diffusion") if name in sources), next(iter(sources))
        )
        images = self.section["semantic_directions"]["classifier_images"]
        return self.study.first_files(origin, self.study.classes, images, of=self.study.image_files)

    @property
    def edited_classes(self):
        """Name, class of the image seeds, number of the random streams and label of every class."""
        study = self.study
        return [
            dict(
                name=image_class,
                seeds=study.image_seed_class(image_class),
                index=study.class_index(image_class),
                label=study.labels.get(image_class),  # none without a denoiser
            )
            for image_class in study.classes
        ]

    @property
    def subspace_sources(self):
        """Labels of the tables of learnt subspaces: source; none in a study of one class."""
        return product(source=self.study.sources if self.study.is_classified else [])

    def subspace_images(self, source):
        """Images per class that subspaces are learnt from."""
        return min(
            self.section["class_subspaces"]["images_per_class"], self.study.per_class(source)
        )

    def subspace_files(self, source):
        """The shard files that contain these images, class by class."""
        images = self.subspace_images(source)
        return self.study.first_files(source, self.study.classes, images)

    def class_subspace_settings(self, source):
        """Settings of the learnt subspaces, with as many images as a source's classes have."""
        return self.section["class_subspaces"] | dict(images_per_class=self.subspace_images(source))

    def class_subspace_streams(self, source):
        """Indices of the random streams: of all classes together, and of each."""
        numbers = [0, *(1 + self.study.class_index(name) for name in self.study.classes)]
        return [(self.study.origin_index(source), number) for number in numbers]


def song_training(given):
    """Network and training of a section, without the lengths, which are in the files' names."""
    network = given["network"] | dict(architecture="song")
    return dict(network=network, training=without(given["training"], "lengths"))


def check_phase_transition(given):
    """Orthogonal subspaces fit into the space around them."""
    needed = max(given["components"]) * max(given["dimensions"])
    if needed > given["ambient_dimension"]:
        raise InputError(
            f"config: molrg.phase_transition.ambient_dimension must be at least {needed} for "
            f"{max(given['components'])} orthogonal subspaces of {max(given['dimensions'])} "
            f"dimensions, found {given['ambient_dimension']}"
        )


def check_ranked(mixture):
    """The mixture whose rank is measured is named by both numbers or by none."""
    if (mixture["dimension"] is None) != (mixture["samples"] is None):
        raise InputError(
            "config: molrg.numerical_rank.mixture must have a dimension and a number of samples, "
            f"or null for both, found {mixture}"
        )


def check_mixtures(given, ranked):
    """Orthogonal subspaces fit into the images of the mixtures and of the ranked mixture."""
    needed = given["subspaces"] * max(*given["dimensions"], ranked["dimension"])
    if needed > math.prod(given["image_shape"]):
        raise InputError(
            f"config: molrg.mixture_denoisers.image_shape must have at least {needed} pixels for "
            f"{given['subspaces']} orthogonal subspaces of {needed // given['subspaces']} "
            f"dimensions, found {given['image_shape']}"
        )


def check_edits(given, study):
    """The sampler passes the noise levels of the edits, and the user's image has a class."""
    name = "config: molrg.semantic_directions"
    for key, levels in (("sigma", [given["sigma"]]), ("levels", given["levels"])):
        for level in levels:
            if not LOWEST <= level <= HIGHEST:
                raise InputError(
                    f"{name}.{key} must be {LOWEST} to {HIGHEST}, the sampler's noise levels, "
                    f"found {level}"
                )
    own = given["inversion"]
    if own["path"] is None and own["image_class"] is not None:
        raise InputError(
            f"{name}.inversion.image_class must be null without an image, found "
            f"{own['image_class']!r}; set inversion.path to the file of an image"
        )
    if own["path"] is not None and str(own["image_class"]) not in study.classes:
        raise InputError(
            f"{name}.inversion.image_class must be the class of {own['path']}, one of "
            f"{', '.join(study.classes)}, found {own['image_class']!r}"
        )
