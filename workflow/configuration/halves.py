"""Two denoisers on disjoint halves of the dataset, a part of the page linear."""

from typing import ClassVar

from configuration.topic import Topic, only
from gaussianity.errors import InputError
from gaussianity.linear.halves.dataset_halves import TRAININGS

FEWEST = 4  # images of a class, two in each half
NOISE_LEVELS = ("sigma_min", "sigma_max", "rho", "batch_size")  # the source's sampler's


class Halves(Topic):
    """config["linear"]["halves"], for one source that is sampled.

    Args:    part - the Source; None in a study without one, where only patterns are asked for.
    """

    FILES: ClassVar = {
        "half_denoiser": "{own}linear/halves/{half}.safetensors",
        "half_description": "{own}linear/halves/{half}.json",
        "half_training": "{own}linear/halves/{half}_training.parquet",
        "products": "{own}linear/halves/products.parquet",
        "distances": "{own}linear/halves/distances.parquet",
        "spectra": "{own}linear/halves/spectra.parquet",
        "pictures": "{own}linear/halves/pictures.npz",
    }

    def __init__(self, study, part):
        super().__init__(study)
        self.part, self.section = part, self.config["linear"]["halves"]

    def check(self):
        """The denoiser is a network that is trained on the dataset, whose classes can be halved."""
        if not self.section["train"] or self.part is None:
            return
        denoiser = self.study.denoisers[self.part.home]
        if not denoiser.is_made or denoiser.kind != "unet":
            raise InputError(
                "config: linear.halves.train must be false where the denoiser is not trained on "
                f"the dataset (denoiser.kind: unet), found kind {denoiser.kind} for the source "
                f"{self.part.name}"
            )
        few = {c: n for c, n in self.study.class_counts.items() if n < FEWEST}
        if few:
            name, count = next(iter(few.items()))
            raise InputError(
                f"config: linear.halves.train must be false where a class of the dataset has fewer "
                f"than {FEWEST} images, found {count} of the class {name}"
            )

    @property
    def is_shown(self):
        """Twins of the halves cost nothing: they are compared wherever a dataset has enough images,
        with or without networks."""
        study = self.study
        counts = [study.class_counts[c] for c in study.classes]
        return self.part is not None and study.uses_dataset and min(counts) >= FEWEST

    @property
    def trainings(self):
        """The networks that are trained on halves; none where they are not asked for."""
        return TRAININGS if self.section["train"] else ()

    def networks(self, name):
        """A file of FILES of every training."""
        labels = [dict(own=self.part.folder, half=half) for half in self.trainings]
        return self.files(name, labels)

    @property
    def denoiser_settings(self):
        """Settings of a training on a half: those of the source's denoiser, with other steps."""
        settings = self.study.denoisers[self.part.home].settings
        training = settings["training"] | dict(steps=self.section["training_steps"])
        return only(settings, "sigma_data", "network") | dict(training=training)

    @property
    def settings(self):
        """Settings of the images: the source's noise levels, without churn."""
        sampling = self.study.samplings[self.part.folder].settings
        return only(self.section, "images", "steps") | only(sampling, *NOISE_LEVELS)

    @property
    def detector(self):
        """The file of the copy detector, which the page molrg uses too; a list of one or none."""
        path = self.config["molrg"]["generalisation"]["images"]["copy_detector"]
        return [path] if path else []
