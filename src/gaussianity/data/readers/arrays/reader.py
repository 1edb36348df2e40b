"""What readers of arrays share: the forms of arrays of images."""

import numpy as np

from gaussianity.data.readers.arrays.rows import Rows
from gaussianity.data.readers.reader import Reader, batch_size
from gaussianity.errors import InputError


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

    def image_shape(self, classes=None):
        """See `Reader.image_shape`."""
        shape, dtype = self.header()
        if len(shape) == 2 and dtype.kind != "f":
            raise InputError(
                f"{self.given['path']}: images must have the shape (n, C, H, W), (n, H, W, C) or "
                f"(n, H, W), and features (n, F) must be floats, found {dtype} of shape "
                f"(n, {shape[1]})"
            )
        return (shape[3], *shape[1:3]) if has_channels_last(shape) else shape[1:]


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
