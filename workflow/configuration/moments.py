"""Moments of every class and origin, their spectra, and Gram spectra of every subset."""

from typing import ClassVar

from configuration.topic import Topic, product
from gaussianity.errors import InputError


class Moments(Topic):
    """config["gaussian"] and config["spectra"]."""

    FILES: ClassVar = {
        "spectra": "spectra/{origin}/{image_class}.parquet",
        "gram": "gram/{subset}/{origin}.parquet",
        "moments": "moments/{origin}/{image_class}.npz",
    }

    def check(self):
        first, last = self.config["spectra"]["fit_ranks"]
        if first >= last:
            raise InputError(f"config: spectra.fit_ranks must rise, found {[first, last]}")
        check_gram_images(self.study.subsets, self.study.sources)

    def of(self, origin, classes):
        """The moments of an origin's classes."""
        return self.files("moments", product(origin=[origin], image_class=classes))

    def of_subset(self, origin, subset):
        """The moments of an origin's classes that are in a subset."""
        return self.of(origin, self.study.subsets[subset]["classes"])

    def shrunk(self, origin, subset):
        """The moments from which an origin's images were drawn, if their covariance was shrunk.

        The list is empty for a source, and without shrinkage.
        """
        fitted = self.study.fitted_by(origin)
        if fitted is None or self.config["gaussian"]["covariance"] == "sample":
            return []
        return self.of_subset(fitted, subset)

    @property
    def of_classes(self):
        """The moments of each (class, source)."""
        labels = product(image_class=self.study.classes, origin=self.study.sources)
        files = self.files("moments", labels)
        return {tuple(label.values()): file for label, file in zip(labels, files, strict=True)}

    @property
    def spectra(self):
        """Labels of the spectra: class and origin."""
        return product(image_class=self.study.classes, origin=self.study.origins)

    @property
    def grams(self):
        """Labels of the Gram spectra: subset and origin."""
        return product(subset=self.study.subsets, origin=self.study.origins)

    @property
    def images(self):
        """All shard files of each (class, origin)."""
        return {tuple(label.values()): self.study.shard_files(**label) for label in self.spectra}

    @property
    def eigenface_classes(self):
        """Classes whose eigenvectors are drawn: those of the norm figures, or all; at most ten."""
        study = self.study
        chosen = study.sampling.trajectory_classes if study.sampled else study.classes
        return chosen[:10]


def check_gram_images(subsets, sources):
    """Gram matrices are of images that there are."""
    for name, source in sources.items():
        for subset in subsets.values():
            if subset["gram_images_per_class"] > source["images_per_class"]:
                raise InputError(
                    f"config: subsets: {subset['name']}: gram_images_per_class must be at most "
                    f"{source['images_per_class']}, as many as {name} has, found "
                    f"{subset['gram_images_per_class']}"
                )
