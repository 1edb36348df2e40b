"""Reader of an .npy file of images or features, with one of labels."""

from typing import ClassVar

import numpy as np

from gaussianity.data.readers.arrays.npz import label_file
from gaussianity.data.readers.arrays.reader import ArrayReader
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.errors import InputError

MAGIC = b"\x93NUMPY"


class Npy(ArrayReader):
    """path - an array as in `Npz`, which stays on disk until it is used; labels - .npy or .npz."""

    takes: ClassVar = {"path": "an .npy file", "labels": "an .npy or .npz file of labels"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        with open(path, "rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    def array(self):
        """See `ArrayReader.array`."""
        path = self.argument("path")
        try:
            return np.load(path, mmap_mode="r", allow_pickle=False)
        except FileNotFoundError:
            raise InputError(f"{path}: expected an .npy file, found no such file") from None
        except (OSError, ValueError) as error:
            raise InputError(f"{path}: expected an .npy file of numbers: {error}") from None

    def labels(self):
        """See `Reader.labels`."""
        path = self.argument("labels")
        return classes_of(path, label_file(path))
