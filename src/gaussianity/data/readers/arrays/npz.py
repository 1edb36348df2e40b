"""Reader of an .npz archive with an array of images or features, and one of labels."""

import zipfile
from pathlib import Path
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.arrays.reader import ArrayReader
from gaussianity.data.readers.arrays.rows import Rows
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.errors import InputError
from gaussianity.io.files import map_npz, npz_header, npz_names, read_npz, stream_npz

# Names of images and labels: ours; of OpenAI's samplers; of MedMNIST; of Keras; others in use.
NAMES = (
    ("images", "labels"),
    ("arr_0", "arr_1"),
    ("train_images", "train_labels"),
    ("x_train", "y_train"),
    ("features", "labels"),
    ("X", "y"),
    ("x", "y"),
    ("data", "labels"),
    ("data", "targets"),
)
CLASS_NAMES = "class_names"


class Npz(ArrayReader):
    """images - (n, H, W), (n, C, H, W) or (n, H, W, C), or features (n, F); labels - see
    `label_arrays.classes_of`. Labels may be in a file of their own, .npz or .npy. Of a dataset
    with parts for training and test, the training part is read."""

    takes: ClassVar = {"path": "an .npz file"}
    may_take: ClassVar = ("labels",)

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(".npy") for name in archive.namelist())

    def array(self):
        """See `ArrayReader.array`."""
        path, name = self.argument("path"), self._names()[0]
        packed = stream_npz(path, name)
        return map_npz(path, name) if packed is None else Rows(path, *packed)

    def header(self):
        """See `ArrayReader.header`."""
        return npz_header(self.argument("path"), self._names()[0])

    def labels(self):
        """See `Reader.labels`."""
        if self.given["labels"] is not None:
            return classes_of(self.given["labels"], label_file(self.given["labels"]))
        path, (_, labels) = self.argument("path"), self._names()
        named = CLASS_NAMES in npz_names(path)
        names = read_npz(path, CLASS_NAMES)[CLASS_NAMES] if named else None
        return classes_of(path, read_npz(path, labels)[labels], names)

    def _names(self):
        """Names of the arrays of images and labels."""
        path = self.argument("path")
        held, apart = npz_names(path), self.given["labels"] is not None
        for images, labels in NAMES:
            if images in held and (apart or labels in held):
                return images, labels
        raise InputError(
            f"{path}: expected arrays of images and labels ({_pairs()}), found "
            f"{', '.join(held[:8])}{', ...' * (len(held) > 8)}{_missing(held)}"
        )


def _pairs():
    return "; ".join(", ".join(pair) for pair in NAMES[:4])


def _missing(held):
    """What an archive lacks that has one array of a pair."""
    for images, labels in NAMES:
        if images in held:
            return f"; {labels} is missing: name a file of labels in dataset.labels"
        if labels in held:
            return f"; {images} is missing"
    return ""


def label_file(path):
    """The array of labels in a file of its own: .npy, or an .npz of one array.

    Raises:  InputError - it is neither.
    """
    if zipfile.is_zipfile(path):
        names = npz_names(path)
        if len(names) != 1:
            raise InputError(f"{path}: expected one array of labels, found {', '.join(names)}")
        return read_npz(path, *names)[names[0]]
    if not Path(path).is_file():
        raise InputError(f"{path}: expected a file of labels, found no such file")
    try:
        return np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected an .npy or .npz file of labels: {error}") from None
