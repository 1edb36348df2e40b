"""What every reader of a dataset has."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.rows import Rows
from gaussianity.errors import InputError

BATCH_BYTES = 32e6  # of the images of a batch


class Reader:
    """A dataset on disk. Each kind of dataset is a subclass, and an entry of `datasets.READERS`.

    takes - dict of the arguments that this kind needs, `path` or `labels`, to what they name;
    may_take - arguments that it can do without.

    Args:    path - of the images; labels - path of the labels; background - colour (3,), 0 to 255,
             below transparent pixels, None where they are refused. Only readers of image files use
             it.
    """

    takes: ClassVar = {}
    may_take: ClassVar = ()

    def __init__(self, path=None, labels=None, background=None):
        self.given = {
            name: None if value is None else str(Path(value).expanduser())
            for name, value in dict(path=path, labels=labels).items()
        }
        self.background = background

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

    def image_shape(self):
        """Shape of one image, (C, H, W) or (H, W), or (F,) of features, without reading all."""
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


class ArrayReader(Reader):
    """A dataset whose images are one array of numbers. A subclass has `array`."""

    def array(self):
        """The images as they are stored: an array, a memory map, or Rows."""
        raise NotImplementedError

    def header(self):
        """Shape and type of `array`, where possible without reading it."""
        array = self.array()
        return array.shape, array.dtype

    def batches(self, numbers):
        """See `Reader.batches`."""
        array, labels = self.array(), len(self.labels()[1])
        if len(array) != labels:
            of = self.given["labels"] or self.given["path"]
            raise InputError(
                f"{self.given['path']}: expected as many images as labels, found {len(array)} "
                f"images and {labels} labels in {of}"
            )
        size = batch_size(array.shape[1:], array.dtype.itemsize)
        for start in range(0, len(numbers), size):
            yield plain(channels_first(array[numbers[start : start + size]]))
        if isinstance(array, Rows):
            array.finish()

    def image_shape(self):
        """See `Reader.image_shape`."""
        shape, dtype = self.header()
        if len(shape) == 2 and dtype.kind != "f":
            raise InputError(
                f"{self.given['path']}: images must have the shape (n, C, H, W), (n, H, W, C) or "
                f"(n, H, W), and features (n, F) must be floats, found {dtype} of shape "
                f"(n, {shape[1]})"
            )
        return (shape[3], *shape[1:3]) if has_channels_last(shape) else shape[1:]


def batch_size(shape, itemsize):
    """Number of images of a shape in a batch."""
    return max(1, int(BATCH_BYTES // (max(1, np.prod(shape)) * itemsize)))


def channels_first(array):
    """Images (n, H, W), (n, H, W, C) or (n, C, H, W) as (n, C, H, W); features (n, F) as they are.

    See `has_channels_last`.
    """
    if array.ndim == 3:
        return array[:, None]
    return np.moveaxis(array, 3, 1) if has_channels_last(array.shape) else array


def has_channels_last(shape):
    """Is it (n, H, W, C)? The last axis has 1, 3 or 4 numbers, and the second has not.

    >>> has_channels_last((5, 8, 8, 3)), has_channels_last((5, 3, 8, 8))
    (True, False)
    """
    counts = (1, 3, 4)
    return len(shape) == 4 and shape[3] in counts and shape[1] not in counts


def plain(array):
    """An array in the machine's byte order: uint8 as it is, floats of any size as float32."""
    if array.dtype.kind == "f":
        return np.ascontiguousarray(array, dtype=np.float32)
    return np.ascontiguousarray(array).astype(array.dtype.newbyteorder("="), copy=False)


def sorted_classes(values):
    """Class names in sorted order, and the position of each value's class: int64 (n,)."""
    names, positions = np.unique(values, return_inverse=True)
    return tuple(str(name) for name in names), positions.astype(np.int64)
