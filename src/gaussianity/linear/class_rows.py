"""The images that define a class's mean and covariance, and the references that follow from it."""

import functools

import numpy as np

from gaussianity.data.datasets import load_dataset
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.io.images import read_rows, rows
from gaussianity.linear.limits import MOST_OF_MIXTURE
from gaussianity.linear.references import References

DATASET, GENERATED = "the dataset's images", "generated images"


class ClassRows:
    """Images by class, as rows in the network form, one class at a time.

    Args:    dataset_path - of dataset.npz, or None; generated - dict of class to the files of
             generated images, which define the moments where there is no dataset; most - images of
             a class that define its moments.
    """

    def __init__(self, dataset_path, generated, *, most, image_shape):
        self.origin = GENERATED if dataset_path is None else DATASET
        self._dataset = None if dataset_path is None else load_dataset(dataset_path)
        self._generated, self._most, self.image_shape = generated, most, image_shape
        self.references = functools.lru_cache(maxsize=2)(self._references)  # a class and the next

    def of_moments(self, name):
        """The images that define mean and covariance: float64 (n, d)."""
        if self._dataset is None:
            return self.generated(name, self._most)
        return 2 * rows(self._dataset.of_class(name)[: self._most]) - 1

    def generated(self, name, count):
        """The first generated images of a class: float64 (at most count, d)."""
        found, held = [], 0
        for batch in read_rows(self._generated[name], at_most=count):
            found.append(batch[: count - held])
            held += len(found[-1])
            if held == count:
                break
        return 2 * np.concatenate(found) - 1

    @functools.cached_property
    def mixture(self):
        """GaussianDenoiser of all classes; None for one class or too many pixels."""
        d = self.image_shape[0] * self.image_shape[1] * self.image_shape[2]
        if len(self._generated) < 2 or d > MOST_OF_MIXTURE:
            return None
        classes = [self.of_moments(name) for name in self._generated]
        return GaussianDenoiser.of_classes(classes, self.image_shape)

    def _references(self, name):
        return References(self.of_moments(name), self.image_shape, self.mixture)
