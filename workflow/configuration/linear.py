"""What a study computes for its page linear: mean and covariance in the denoiser of a source."""

from typing import ClassVar

from configuration.topic import Topic, only


class Linear(Topic):
    """config["linear"], for one source that is sampled.

    Args:    part - the Source; None in a study without one, where only patterns are asked for.
    """

    FILES: ClassVar = {
        "levels": "{own}linear/levels.parquet",
        "twins": "{own}linear/twins.parquet",
        "directions": "{own}linear/directions.parquet",
        "pictures": "{own}linear/pictures.npz",
        "sentences": "{own}linear/sentences.csv",
        "split": "{own}linear/split.parquet",
        "shrinkage": "{own}linear/shrinkage.parquet",
        "filters": "{own}linear/filters.npz",
    }

    def __init__(self, study, part):
        super().__init__(study)
        self.part, self.section = part, self.config["linear"]

    @property
    def is_shown(self):
        """`images: 0` leaves the page, and its answer on the report's first screen, out."""
        return self.part is not None and self.section["images"] > 0

    def file(self, name):
        """The file of a name in FILES."""
        return self.files(name, [dict(own=self.part.folder)])[0]

    @property
    def answer(self):
        """The table of sentences, whose first row answers on the report's first screen."""
        return [self.file("sentences")] if self.is_shown else []

    @property
    def sampling(self):
        """The Sampling of the source."""
        return self.study.samplings[self.part.folder]

    @property
    def uses_dataset(self):
        """Do the study's dataset's images define mean and covariance? Else generated images do."""
        return self.study.uses_dataset

    @property
    def dataset(self):
        """The file with the images that define mean and covariance; none of generated ones."""
        return [self.study.path("dataset.npz")] if self.uses_dataset else []

    @property
    def images(self):
        """The files of the generated images that are used, by class."""
        study, name = self.study, self.part.name
        needed = self.measured if self.uses_dataset else self.section["moments_images"]
        return {
            c: study.first_files(name, [c], needed, of=study.image_files) for c in study.classes
        }

    @property
    def measured(self):
        """Images per class that are measured: no more than there are."""
        return min(self.section["images"], self.part.entry["images_per_class"])

    @property
    def settings(self):
        """Settings of the measures."""
        given = only(self.section, "moments_images", "sigmas", "directions")
        return dict(images=self.measured, **given)

    @property
    def labels(self):
        """The denoiser's label, the number of the image seeds, and that of the random stream, of
        each class."""
        study = self.study
        return {
            c: (
                self.sampling.denoiser.class_labels[c],
                study.image_seed_class(c),
                study.class_index(c),
            )
            for c in study.classes
        }
