"""Reader of the .mat files of SVHN: Street View House Numbers, cropped digits."""

from typing import ClassVar

import numpy as np

from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.reader import ArrayReader
from gaussianity.errors import InputError


class Mat(ArrayReader):
    """X - uint8 (H, W, C, n); y - (n, 1), where 10 is the digit 0, which is called 0 here.

    Source:  Netzer et al. (2011), format 2; torchvision calls the class 0 as well.
    """

    takes: ClassVar = {"path": "a .mat file with the arrays X and y"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        with open(path, "rb") as file:
            return file.read(6) == b"MATLAB" and {"X", "y"} <= _shapes(path).keys()

    def array(self):
        """See `ArrayReader.array`."""
        return np.moveaxis(_read(self.argument("path"), "X")["X"], 3, 0)

    def array_shape(self):
        """See `ArrayReader.array_shape`."""
        *image, n = _shapes(self.argument("path"))["X"]
        return (n, *image)

    def labels(self):
        """See `Reader.labels`."""
        path = self.argument("path")
        digits = _read(path, "y")["y"].astype(np.int64)
        return classes_of(path, np.where(digits == 10, 0, digits))


def _shapes(path):
    """Shape of every array of the file."""
    from scipy.io import whosmat

    return {name: shape for name, shape, _ in _guarded(path, whosmat)}


def _read(path, name):
    from scipy.io import loadmat

    found = _guarded(path, lambda file: loadmat(file, variable_names=[name]))
    if name not in found:
        raise InputError(f"{path}: expected the arrays X and y, found no {name}")
    return found


def _guarded(path, read):
    """The result of a function of scipy.io. Its errors become an InputError."""
    try:
        return read(path)
    except FileNotFoundError:
        raise InputError(f"{path}: expected a .mat file, found no such file") from None
    except Exception as error:  # a damaged file raises errors of many kinds
        raise InputError(f"{path}: expected a readable .mat file: {error}") from None
