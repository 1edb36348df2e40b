"""Samples of a diffusion model, their trajectories, and how steps of the sampler contract."""

import math
from typing import ClassVar

from configuration.topic import Topic, in_source, only, product, without
from gaussianity.errors import InputError
from gaussianity.sampling.sampler_variance import SETTINGS, levels_of

START = ("start", "start_level", "start_bound")
# Steps of a trajectory whose images are kept if the study names none, in twelfths of all steps.
TWELFTHS = (0, 2, 4, 5, 6, 7, 8, 9, 12)


class Sampling(Topic):
    """config["sampling"], with what a source changes of it, and config["contraction"].

    Args:    part - the Source that is sampled; None in a study without one, where nothing is
             sampled and only settings are asked for.
    """

    FILES: ClassVar = {
        "trajectory": "{own}sampling/{image_class}/{shard}.parquet",
        "contraction": "{own}contraction/{image_class}.parquet",
        "gaussian": "{own}start/gaussian.safetensors",
        "description": "{own}start/gaussian.json",
        "levels": "{own}start/levels.parquet",
    }

    def __init__(self, study, part):
        super().__init__(study)
        self.part = part
        self.section = part.sampling if part else with_snapshot_steps(self.config["sampling"])

    def check(self):
        with in_source(self.part.folder if "sampling" in self.part.entry else ""):
            check_sampling(self.section)
            check_start(self.section, self.study.datasets)
        check_trajectory_classes(self.trajectory_classes, self.study.classes)
        images, pixels = self.part.entry["images_per_class"], math.prod(self.study.image_shape)
        check_contraction(self.config["contraction"], self.part.name, images, pixels)

    @property
    def denoiser(self):
        """The Denoiser that the source comes from."""
        return self.study.denoisers[self.part.home]

    @property
    def settings(self):
        """Sampling settings without `seeds`, which decides the image seeds, and without the start,
        which is in files of its own."""
        return without(self.section, "seeds", *START)

    @property
    def trajectory_settings(self):
        """The sampling settings that change the trajectory of an image."""
        computed = ("precision", "compile", "batch_size")
        stored = ("stored_as", "snapshot_steps", "snapshot_images")
        return without(self.settings, *computed, *stored)

    @property
    def schedule(self):
        """Noise levels and stochasticity of the sampler."""
        return only(self.section, *SETTINGS)

    @property
    def starts_late(self):
        """Are the sampler's first states in closed form?"""
        return self.section["start"] == "gaussian"

    @property
    def start_files(self):
        """What `gaussian_start` makes: the moments, their description, the levels; none without."""
        if not self.starts_late:
            return []
        label = [dict(own=self.part.folder)]
        return [self.files(name, label)[0] for name in ("gaussian", "description", "levels")]

    @property
    def start_step(self):
        """First step of the network after a start at a given level; None where there is no start,
        or where the job `gaussian_start` finds the level."""
        level = self.section["start_level"] if self.starts_late else None
        return None if level is None else step_at(self.section, level)

    @property
    def evaluations(self):
        """Evaluations of the denoiser for an image, at most: the start's level may be unknown."""
        return 2 * (self.section["steps"] - (self.start_step or 0)) - 1

    @property
    def start_settings(self):
        """Settings of the start: its level and the sampler's levels."""
        return self.schedule | only(self.section, "precision", "batch_size", *START)

    @property
    def base_settings(self):
        """Sampling settings for another latent distribution, without `base`."""
        return without(self.settings, "base", "stored_as", "snapshot_steps", "snapshot_images")

    @property
    def trajectory_classes(self):
        """Classes whose trajectories are shown."""
        return [str(c) for c in self.config["figures"]["trajectory_classes"]]

    @property
    def trajectories(self):
        """Labels of the trajectory tables: class and shard."""
        if self.part is None:
            return []
        classes, shards = self.study.classes, self.study.shards(self.part.name)
        return product(own=[self.part.folder], image_class=classes, shard=shards)

    @property
    def contractions(self):
        """Labels of the contraction tables: class."""
        if self.part is None or self.config["contraction"]["images"] == 0:
            return []
        return product(own=[self.part.folder], image_class=self.trajectory_classes)

    @property
    def images(self):
        """The images of the diffusion model, class by class."""
        study, name = self.study, self.part.name
        return [file for c in study.classes for file in study.image_files(name, c)]

    @property
    def dataset(self):
        """The file of the dataset with whose images generated ones are compared; none without."""
        homes = list(self.study.datasets)
        return [self.study.path(f"{homes[0]}dataset.npz")] if homes else []

    @property
    def first_images(self):
        """The first file of each class's images."""
        return self.study.first_files(
            self.part.name, self.study.classes, 1, of=self.study.image_files
        )

    @property
    def snapshots(self):
        """Images along the sampler of the class that the norm evolution figure shows."""
        folder, shown = self.part.images, self.study.class_files[self.trajectory_classes[0]]
        return self.study.path(f"{folder}/{shown}/0.snapshots.npz")


def step_at(sampling, level):
    """The last step of a sampler whose noise level is at least `level`.

    >>> step_at(dict(steps=3, sigma_min=1, sigma_max=4, rho=1), 2.4)
    1
    """
    noise = (sampling[key] for key in ("steps", "sigma_min", "sigma_max", "rho"))
    return sum(sigma >= level * (1 - 1e-9) for sigma in levels_of(*noise)) - 1


def with_snapshot_steps(sampling):
    """The section with the steps that are kept: where it says null, the nearest to TWELFTHS.

    >>> with_snapshot_steps(dict(steps=12, snapshot_steps=None))["snapshot_steps"]
    [0, 2, 4, 5, 6, 7, 8, 9, 12]
    """
    steps = sampling["snapshot_steps"]
    if steps is None:
        nearest = {(sampling["steps"] * twelfths + 6) // 12 for twelfths in TWELFTHS}
        steps = sorted(nearest)
    return sampling | dict(snapshot_steps=steps)


def check_sampling(sampling):
    """Steps and noise levels fit together."""
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


def check_start(sampling, datasets):
    """A start in closed form has a dataset, and a level among the sampler's."""
    if sampling["start"] == "noise":
        return
    if not datasets:
        raise InputError(
            "config: sampling.start: gaussian needs the mean and covariance of the classes, "
            "expected a dataset, found none; add a source with a dataset, or set it to noise"
        )
    level, low, high = (sampling[key] for key in ("start_level", "sigma_min", "sigma_max"))
    if level is not None and not low <= level <= high:
        raise InputError(
            f"config: sampling.start_level: expected a noise level from {low:g} "
            f"(sampling.sigma_min) to {high:g} (sampling.sigma_max), found {level:g}"
        )


def check_trajectory_classes(shown, classes):
    """Raise an InputError if a class with trajectories is in no subset."""
    for image_class in shown:
        if image_class not in classes:
            raise InputError(
                f"config: figures.trajectory_classes must be among the subsets' classes "
                f"{', '.join(classes)}, found {image_class!r}"
            )


def check_contraction(contraction, source, images, pixels):
    """The images are sampled, and there are no more singular values than pixels."""
    most = {
        "images": (images, f"sources: {source}: images_per_class"),
        "singular_values": (pixels, "the pixels of an image"),
    }
    for key, (largest, of) in most.items():
        if contraction[key] > largest:
            raise InputError(
                f"config: contraction.{key} must be at most {largest}, {of}, found "
                f"{contraction[key]}"
            )
