"""Reader of the .mat files of SVHN: Street View House Numbers, cropped digits."""

from typing import ClassVar

import numpy as np

from gaussianity.data.readers.arrays.reader import ArrayReader
from gaussianity.data.readers.label_arrays import classes_of
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
            is_mat = file.read(6) == b"MATLAB"
        return is_mat and bool(_header(path, "X") and _header(path, "y"))

    def array(self):
        """See `ArrayReader.array`."""
        return _read(self.argument("path"), "X").transpose(3, 2, 0, 1)

    def header(self):
        """See `ArrayReader.header`."""
        height, width, channels, n = _header(self.argument("path"), "X")
        return (n, channels, height, width), np.dtype(np.uint8)

    def labels(self):
        """See `Reader.labels`."""
        path = self.argument("path")
        digits = _read(path, "y").ravel()
        return classes_of(path, np.where(digits == 10, 0, digits))


def _header(path, name):
    """Shape of an array of the file."""
    from scipy.io import whosmat

    found = {held: shape for held, shape, _ in _guarded(path, whosmat)}
    expected = 4 if name == "X" else 2
    if len(found.get(name, ())) != expected:
        raise InputError(
            f"{path}: expected the arrays X (H, W, C, n) and y (n, 1), found "
            f"{', '.join(f'{held} {shape}' for held, shape in found.items()) or 'none'}"
        )
    return found[name]


def _read(path, name):
    from scipy.io import loadmat

    _header(path, name)
    return _guarded(path, lambda file: loadmat(file, variable_names=[name]))[name]


def _guarded(path, read):
    """The result of a function of scipy.io. Its errors become an InputError."""
    try:
        return read(path)
    except FileNotFoundError:
        raise InputError(f"{path}: expected a .mat file, found no such file") from None
    except NotImplementedError:
        raise InputError(
            f"{path}: expected a .mat file of version 7 or older, found HDF5 of version 7.3; save "
            "it with -v7"
        ) from None
    except Exception as error:  # a damaged file raises errors of many kinds
        raise InputError(f"{path}: expected a readable .mat file: {error}") from None
