"""Datasets of labelled images, from the user's files or from an .npz artifact."""

from dataclasses import dataclass

import numpy as np

from gaussianity.data.readers.digits import Digits
from gaussianity.data.readers.folder import Folder
from gaussianity.data.readers.idx import Idx
from gaussianity.data.readers.npz import Npz
from gaussianity.errors import InputError
from gaussianity.io.files import map_artifact, read_npz
from gaussianity.io.images import require_images

READERS = {"digits": Digits, "idx": Idx, "npz": Npz, "folder": Folder}


@dataclass(frozen=True)
class Dataset:
    """Labelled images.

    images - (n, C, H, W), uint8 or float32 with black at 0 and white at 1; labels - int64 (n,),
    positions in class_names; class_names - tuple of str.
    """

    images: np.ndarray
    labels: np.ndarray
    class_names: tuple

    def of_class(self, name):
        """Images of one class, in file order."""
        return self.images[self.labels == self.class_names.index(name)]


def read_dataset(reader, path=None, labels=None):
    """Read a whole dataset.

    Args:    reader - a key of READERS; path - of the images; labels - path of the labels, for the
             readers that take it.
    Raises:  InputError - a file is missing, damaged or not what the reader expects.
    """
    source = READERS[reader](path, labels)
    names, positions = source.labels()
    images = source.images()
    if len(images) != len(positions):
        raise InputError(
            f"{path}: expected as many images as labels, found {len(images)} images and "
            f"{len(positions)} labels in {labels or path}"
        )
    require_images(path, images)
    if images.shape[1] not in (1, 3):
        raise InputError(
            f"{path}: images must have 1 or 3 channels, found {images.shape[1]} in the shape "
            f"{images.shape}; if that is (n, H, W, C), transpose it to (n, C, H, W)"
        )
    if images.dtype == np.float32 and not -1 <= images.min() <= images.max() <= 2:
        raise InputError(
            f"{path}: float32 images must have black at 0 and white at 1, found values from "
            f"{images.min():g} to {images.max():g}"
        )
    return Dataset(images, positions, names)


def class_counts(reader, path=None, labels=None):
    """Number of images of each class, from the labels alone: dict of class name to count.

    Raises:  InputError - as `read_dataset`, for the labels.
    """
    return READERS[reader](path, labels).class_counts()


def image_shape(reader, path=None):
    """Shape (C, H, W) of a dataset's images, from a header or the first image alone.

    Raises:  InputError - as `read_dataset`, for what is read.
    """
    shape = tuple(READERS[reader](path).image_shape())
    if len(shape) not in (2, 3):
        raise InputError(
            f"{path}: images must have the shape (n, C, H, W) or (n, H, W), found "
            f"(n, {', '.join(str(size) for size in shape)})"
        )
    return shape if len(shape) == 3 else (1, *shape)


def dataset_files(reader, path=None, labels=None):
    """The files that a dataset is read from, which must exist.

    Raises:  InputError - a file is missing.
    """
    return READERS[reader](path, labels).files()


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
