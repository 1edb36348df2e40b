"""What every reader of a dataset has."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from gaussianity.errors import InputError


class Reader:
    """A dataset on disk. Each kind of dataset is a subclass, and an entry of `datasets.READERS`.

    takes - dict of the arguments that this kind needs, `path` or `labels`, to what they name.

    Args:    path - of the images; labels - path of the labels.
    """

    takes: ClassVar = {}

    def __init__(self, path=None, labels=None):
        self.given = dict(path=path, labels=labels)

    def argument(self, name):
        """The argument `path` or `labels`; InputError where it is None."""
        if self.given[name] is None:
            raise InputError(f"{name}: expected the path of {self.takes[name]}, found None")
        return self.given[name]

    def images(self):
        """All images (n, C, H, W), uint8 or float32 with black at 0 and white at 1."""
        raise NotImplementedError

    def labels(self):
        """Class names, a tuple, and the position of each image's class among them, int64 (n,)."""
        raise NotImplementedError

    def image_shape(self):
        """Shape of one image, (C, H, W) or (H, W), without reading all images."""
        raise NotImplementedError

    def class_counts(self):
        """Number of images of each class, from the labels alone: dict of class name to count."""
        names, positions = self.labels()
        return dict(zip(names, np.bincount(positions, minlength=len(names)).tolist(), strict=True))

    def files(self):
        """The files that the dataset is read from, which must exist.

        Raises:  InputError - a file is missing.
        """
        files = [file for file in self.given.values() if file is not None]
        for file in files:
            if not Path(file).is_file():
                raise InputError(
                    f"{file}: expected a file of the dataset, found no such file; put it there or "
                    "name the path where it is"
                )
        return files


def sorted_classes(values):
    """Class names in sorted order, and the position of each value's class: int64 (n,)."""
    names, positions = np.unique(values, return_inverse=True)
    return tuple(str(name) for name in names), positions.astype(np.int64)
