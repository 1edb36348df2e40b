"""What every reader of a dataset has."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from gaussianity.errors import InputError

BATCH_BYTES = 32e6  # of the images of a batch


class Reader:
    """A dataset on disk. Each kind of dataset is a subclass, and an entry of `datasets.READERS`.

    takes - dict of the arguments that this kind needs, `path` or `labels`, to what they name;
    may_take - arguments that it can do without.

    Args:    path - of the images; labels - path of the labels. Only readers of image files use the
             others: background - colour (3,), 0 to 255, below transparent pixels, None where they
             are refused; side - pixels of both sides, to which each image's central square is
             scaled, None where all images have one size; channels - grey or rgb, or None: grey if
             all images are.
    """

    takes: ClassVar = {}
    may_take: ClassVar = ()

    def __init__(self, path=None, labels=None, background=None, side=None, channels=None):
        self.given = {
            name: None if value is None else str(Path(value).expanduser())
            for name, value in dict(path=path, labels=labels).items()
        }
        self.background, self.side, self.channels = background, side, channels

    @classmethod
    def recognises(cls, path, labels=None):
        """Is this what the reader reads? It looks at the content, cheaply.

        Args:    path - an existing file or folder; labels - path of the labels, or None.
        """
        return False

    def argument(self, name):
        """The argument `path` or `labels`; InputError where it is None."""
        if self.given[name] is None:
            raise InputError(f"{name}: expected the path of {self.takes[name]}, found None")
        return self.given[name]

    def batches(self, numbers):
        """The images with these numbers, which rise, in arrays of at most about 32 MB.

        Yields:  (m, C, H, W), or (m, F) of features, in the file's own values: uint8 or floats.
        """
        raise NotImplementedError

    def images(self):
        """All images (n, C, H, W), or features (n, F), in the file's own values."""
        _, positions = self.labels()
        return np.concatenate(list(self.batches(np.arange(len(positions)))))

    def labels(self):
        """Class names, a tuple, and the position of each image's class among them, int64 (n,)."""
        raise NotImplementedError

    def image_shape(self, classes=None):
        """Shape of one image, (C, H, W) or (H, W), or (F,) of features, without reading all.

        Args:    classes - names of the classes that count, where images can have several shapes;
                 None for all.
        """
        raise NotImplementedError

    def class_counts(self):
        """Number of images of each class, from the labels alone: dict of class name to count."""
        names, positions = self.labels()
        return dict(zip(names, np.bincount(positions, minlength=len(names)).tolist(), strict=True))

    def unlisted(self):
        """What changes where files do that `files` does not name, plain values; None if it names
        all."""
        return None

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


def batch_size(shape, itemsize):
    """Number of images of a shape in a batch."""
    return max(1, int(BATCH_BYTES // (max(1, np.prod(shape)) * itemsize)))


def sorted_classes(values):
    """Class names in sorted order, and the position of each value's class: int64 (n,)."""
    names, positions = np.unique(values, return_inverse=True)
    return tuple(str(name) for name in names), positions.astype(np.int64)
