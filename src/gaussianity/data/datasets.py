"""Datasets of labelled images, from the user's files or from an .npz artifact.

Functions that read the user's files take the keys of the section dataset of a study by name.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaussianity.data.pixels import Pixels
from gaussianity.data.readers.cifar import Cifar
from gaussianity.data.readers.csv import Csv
from gaussianity.data.readers.digits import Digits
from gaussianity.data.readers.features import Features
from gaussianity.data.readers.folder import Folder
from gaussianity.data.readers.idx import Idx
from gaussianity.data.readers.image_files import ImageFiles
from gaussianity.data.readers.mat import Mat
from gaussianity.data.readers.npy import Npy
from gaussianity.data.readers.npz import Npz
from gaussianity.data.readers.torch_file import TorchFile
from gaussianity.errors import InputError
from gaussianity.io.files import map_artifact, read_npz, require_finite
from gaussianity.io.images import require_images

AUTO = "auto"
READERS = {
    "digits": Digits,
    "idx": Idx,
    "npz": Npz,
    "npy": Npy,
    "folder": Folder,
    "mat": Mat,
    "cifar": Cifar,
    "csv": Csv,
    "features": Features,
    "torch": TorchFile,
}


@dataclass(frozen=True)
class Dataset:
    """Labelled images.

    images - (n, C, H, W), uint8 or float32 with black at 0 and white at 1; of features float32
    (n, F, 1, 1); labels - int64 (n,), positions in class_names; class_names - tuple of str.
    """

    images: np.ndarray
    labels: np.ndarray
    class_names: tuple

    def of_class(self, name):
        """Images of one class, in file order."""
        return self.images[self.labels == self.class_names.index(name)]


def find_reader(path, labels=None):
    """Name of the reader of a file or folder, by what it is.

    Raises:  InputError - there is no such file, or no reader knows it.
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise InputError(f"{path}: expected a file or folder of images, found none")
    for name, reader in READERS.items():
        with contextlib.suppress(InputError, OSError):  # of another kind, or damaged
            if reader.recognises(str(path), labels):
                return name
    readers = "; ".join(f"{name} - {of.takes['path']}" for name, of in READERS.items() if of.takes)
    raise InputError(f"{path}: expected images in a form that is known ({readers}), found another")


def reader_of(reader, path=None, labels=None, background=None, resize=None):
    """The Reader of a dataset; the arguments are keys of the section dataset.

    Raises:  InputError - the name of the reader is not known.
    """
    name = find_reader(path, labels) if reader == AUTO else reader
    if name not in READERS:
        raise InputError(f"reader must be {AUTO} or one of {', '.join(READERS)}, found {reader!r}")
    of_images = dict(side=resize) if issubclass(READERS[name], ImageFiles) else {}
    return READERS[name](path, labels, background, **of_images)


def read_dataset(
    reader,
    path=None,
    labels=None,
    *,
    range=None,
    background=None,
    resize=None,
    channels=None,
    classes=None,
):
    """Read a whole dataset, or the images of some of its classes.

    Args:    reader - auto, or a key of READERS; path - of the images; labels - path of the labels,
             for the readers that take it; range, resize, channels - see `pixels.Pixels`; background
             - colour (3,) below transparent pixels; classes - names of the classes whose images are
             read, None for all. The class names are always all.
    Raises:  InputError - a file is missing, damaged or not what the reader expects.
    """
    source = reader_of(reader, path, labels, background, resize)
    names, positions = source.labels()
    wanted = [k for k, name in enumerate(names) if classes is None or name in classes]
    numbers = np.flatnonzero(np.isin(positions, wanted))
    pixels, images, start = Pixels(range, resize, channels), None, 0
    for batch in source.batches(numbers):
        batch = stored(path, batch, pixels)
        if images is None:
            images = np.empty((len(numbers), *batch.shape[1:]), dtype=batch.dtype)
        images[start : start + len(batch)] = batch
        start += len(batch)
    return Dataset(images, positions[numbers], names)


def stored(path, batch, pixels):
    """A reader's batch in stored form.

    Raises:  InputError - it is not of images or features, or its values are not as declared.
    """
    if batch.ndim == 2 and batch.dtype.kind == "f":  # features, of any range
        require_finite(path, "features", batch)
        return batch.astype(np.float32)[:, :, None, None]
    if batch.ndim != 4 or batch.shape[1] not in (1, 3):
        raise InputError(
            f"{path}: images must have the shape (n, C, H, W), (n, H, W, C) or (n, H, W) with 1 or "
            f"3 channels, found {batch.dtype} of shape (n, "
            f"{', '.join(str(size) for size in batch.shape[1:])})"
        )
    require_finite(path, "images", batch)
    return pixels.applied(path, batch)


def class_counts(
    reader, path=None, labels=None, *, range=None, background=None, resize=None, channels=None
):
    """Number of images of each class, from the labels alone: dict of class name to count.

    Raises:  InputError - as `read_dataset`, for the labels.
    """
    return reader_of(reader, path, labels, background, resize).class_counts()


def image_shape(
    reader,
    path=None,
    labels=None,
    *,
    range=None,
    background=None,
    resize=None,
    channels=None,
    classes=None,
):
    """Shape (C, H, W) of a dataset's images, from headers alone; (F, 1, 1) of features.

    Args:    as of `read_dataset`.
    Raises:  InputError - as `read_dataset`, for what is read.
    """
    source = reader_of(reader, path, labels, background, resize)
    of_classes = dict(classes=classes) if isinstance(source, ImageFiles) else {}
    shape = tuple(int(size) for size in source.image_shape(**of_classes))
    if len(shape) == 1:
        return (*shape, 1, 1)
    if len(shape) not in (2, 3):
        raise InputError(
            f"{path}: images must have the shape (n, C, H, W) or (n, H, W), found "
            f"(n, {', '.join(str(size) for size in shape)})"
        )
    return Pixels(range, resize, channels).shape(shape if len(shape) == 3 else (1, *shape))


def is_features(
    reader, path=None, labels=None, *, range=None, background=None, resize=None, channels=None
):
    """Are the rows of a dataset features, not pixels?"""
    return len(reader_of(reader, path, labels).image_shape()) == 1


def dataset_files(
    reader, path=None, labels=None, *, range=None, background=None, resize=None, channels=None
):
    """The files that a dataset is read from, which must exist; a folder where they are many.

    Raises:  InputError - a file is missing.
    """
    return reader_of(reader, path, labels, background, resize).files()


def save_fields(dataset):
    """The arrays of a dataset's .npz artifact. The reader npz can read the artifact too."""
    return dict(
        images=dataset.images,
        labels=dataset.labels,
        class_names=np.array(dataset.class_names, dtype=np.str_),
    )


def load_dataset(path):
    """A dataset from the .npz artifact that holds its `save_fields`. The images stay on disk until
    they are used."""
    arrays = read_npz(path, "labels", "class_names")
    images = map_artifact(path, "images")
    require_images(path, images)
    return Dataset(images, arrays["labels"], tuple(arrays["class_names"].tolist()))
