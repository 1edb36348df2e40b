"""Datasets of labelled images, from the user's files or from an .npz artifact.

Functions that read the user's files take the keys of the section dataset of a study by name.
"""

import contextlib
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gaussianity.data.pixels import CHANNELS, Pixels
from gaussianity.data.readers.arrays.cifar import Cifar
from gaussianity.data.readers.arrays.csv import Csv
from gaussianity.data.readers.arrays.digits import Digits
from gaussianity.data.readers.arrays.features import Features
from gaussianity.data.readers.arrays.idx import Idx
from gaussianity.data.readers.arrays.mat import Mat
from gaussianity.data.readers.arrays.npy import Npy
from gaussianity.data.readers.arrays.npz import Npz
from gaussianity.data.readers.arrays.torch_file import TorchFile
from gaussianity.data.readers.image_files.archive import Archive
from gaussianity.data.readers.image_files.folder import Folder
from gaussianity.data.readers.image_files.parquet import Parquet
from gaussianity.data.readers.image_files.webdataset import WebDataset
from gaussianity.data.unknown import what_is
from gaussianity.errors import InputError
from gaussianity.io.files import Streamed, map_artifact, read_npz, require_finite
from gaussianity.io.images import equal_images, require_images

AUTO = "auto"
READERS = {
    "digits": Digits,
    "idx": Idx,
    "npz": Npz,
    "npy": Npy,
    "folder": Folder,
    "zip": Archive,
    "mat": Mat,
    "cifar": Cifar,
    "parquet": Parquet,
    "webdataset": WebDataset,
    "csv": Csv,
    "features": Features,
    "torch": TorchFile,
}


@dataclass(frozen=True)
class Dataset:
    """Labelled images.

    images - an array or `Streamed` (n, C, H, W), uint8 or float32 with black at 0 and white at 1;
    of features float32 (n, F, 1, 1); labels - int64 (n,), positions in class_names; class_names -
    tuple of str.
    """

    images: np.ndarray
    labels: np.ndarray
    class_names: tuple

    def of_class(self, name):
        """Images of one class, in file order."""
        return self.images[self.labels == self.class_names.index(name)]

    def fields(self):
        """The arrays of its .npz artifact. The reader npz can read the artifact too."""
        names = np.array(self.class_names, dtype=np.str_)
        return dict(images=self.images, labels=self.labels, class_names=names)


def find_reader(path, labels=None):
    """Name of the reader of a file or folder, by what it is.

    Raises:  InputError - there is no such file, or no reader knows it.
    """
    path = Path("" if path is None else path).expanduser()
    if not path.exists():
        raise InputError(f"{path}: expected a file or folder of images, found none")
    for name, reader in READERS.items():
        with contextlib.suppress(InputError, OSError):  # of another kind, or damaged
            if reader.recognises(str(path), labels):
                return name
    raise InputError(
        f"{path}: expected images in a form that is known (a folder with one folder of images per "
        f"class, or a file with labels: docs/configuration.md), found {what_is(path)}"
    )


class GivenDataset:
    """A dataset as its user has it. Its files are listed once, and read when they are needed.

    Args:    reader - auto, or a key of READERS; path - of the images; labels - path of the labels,
             for the readers that take it; range, resize, channels - see `pixels.Pixels`; background
             - colour (3,) below transparent pixels.
    Raises:  InputError - the name of the reader or an option is not known.
    """

    def __init__(
        self,
        reader,
        path=None,
        labels=None,
        *,
        range=None,
        background=None,
        resize=None,
        channels=None,
    ):
        self.name = find_reader(path, labels) if reader == AUTO else reader
        if self.name not in READERS:
            known = f"{AUTO} or one of {', '.join(READERS)}"
            raise InputError(f"reader must be {known}, found {reader!r}")
        self.path = path
        self.reader = READERS[self.name](path, labels, background, resize, channels)
        self.pixels = Pixels(range, resize, channels)

    def class_counts(self):
        """Number of images of each class, from the labels alone: dict of class name to count."""
        return self.reader.class_counts()

    def files(self):
        """The files that it is read from, which must exist; a folder where they are many."""
        return self.reader.files()

    def is_features(self):
        """Are its rows features, not pixels?"""
        return len(self.reader.image_shape()) == 1

    def image_shape(self, classes=None):
        """Shape (C, H, W) of the images of some classes or of all, from headers alone; (F, 1, 1) of
        features."""
        shape = tuple(int(size) for size in self.reader.image_shape(classes))
        if len(shape) == 1:
            return (*shape, 1, 1)
        shape = (1, *shape) if len(shape) == 2 else shape
        require_channels(self.path, shape)
        return self.pixels.shape(shape)

    def read(self, classes=None):
        """The Dataset of the images of some classes or of all. The class names are always all.

        Raises:  InputError - a file is missing, damaged or not what the reader expects.
        """
        found = self.streamed(classes)
        images, start = np.empty(found.images.shape, dtype=found.images.dtype), 0
        for part in found.images.parts:
            images[start : start + len(part)] = part
            start += len(part)
        return replace(found, images=images)

    def streamed(self, classes=None, *, varied=()):
        """As `read`. The images are `Streamed`, so that few are in memory.

        Args:    classes - as of `read`; varied - names of classes whose images must differ.
        """
        names, labels = self.reader.labels()
        wanted = [k for k, name in enumerate(names) if classes is None or name in classes]
        numbers = np.flatnonzero(np.isin(labels, wanted))
        batches = (stored(self.path, b, self.pixels) for b in self.reader.batches(numbers))
        first = next(batches)
        parts = require_variance(
            self.path, names, labels[numbers], itertools.chain([first], batches), varied
        )
        images = Streamed((len(numbers), *first.shape[1:]), first.dtype, parts)
        return Dataset(images, labels[numbers], tuple(names))


def stored(path, batch, pixels):
    """A reader's batch in stored form.

    Raises:  InputError - it is not of images or features, or its values are not as declared.
    """
    if batch.ndim == 2 and batch.dtype.kind == "f":  # features, of any range
        require_finite(path, "features", batch)
        return batch.astype(np.float32)[:, :, None, None]
    require_channels(path, batch.shape[1:], f"{batch.dtype} of shape ")
    require_finite(path, "images", batch)
    return pixels.applied(path, batch)


def require_channels(path, shape, found=""):
    """Raise an InputError unless the shape is (1 or 3, H, W)."""
    if len(shape) != 3 or shape[0] not in CHANNELS.values():
        raise InputError(
            f"{path}: images must have the shape (n, C, H, W), (n, H, W, C) or (n, H, W) with 1 or "
            f"3 channels, found {found}(n, {', '.join(str(size) for size in shape)})"
        )


def require_variance(path, names, labels, batches, classes):
    """The batches, and after the last one an InputError where all images of a class are equal.

    Args:    names - of all classes; labels - of the images in all batches; classes - names of those
             whose images must differ.
    """
    first, open_classes, start = {}, {names.index(name) for name in classes}, 0
    for batch in batches:
        of_batch = labels[start : start + len(batch)]
        for k in open_classes & set(of_batch.tolist()):
            images = batch[of_batch == k]
            first.setdefault(k, images[:1].copy())
            if (images != first[k]).any():
                open_classes.remove(k)
        start += len(batch)
        yield batch
    for k in sorted(open_classes):
        raise equal_images(f"{path}: class {names[k]}", np.count_nonzero(labels == k))


def read_dataset(reader, path=None, labels=None, *, classes=None, **options):
    """Read a whole dataset, or the images of some of its classes.

    Args:    reader, path, labels, options - as of `GivenDataset`; classes - names of the classes
             whose images are read, None for all. The class names are always all.
    Raises:  InputError - a file is missing, damaged or not what the reader expects.
    """
    return GivenDataset(reader, path, labels, **options).read(classes)


def load_dataset(path):
    """A dataset from the .npz artifact that holds its `fields`. The images stay on disk until
    they are used."""
    arrays = read_npz(path, "labels", "class_names")
    images = map_artifact(path, "images")
    require_images(path, images)
    return Dataset(images, arrays["labels"], tuple(arrays["class_names"].tolist()))
