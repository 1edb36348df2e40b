"""The classes of image files, from their folders or from EDM's dataset.json."""

import json
import posixpath

import numpy as np

from gaussianity.data.readers.image_files.reader import Listing
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.reader import sorted_classes
from gaussianity.errors import InputError

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
DATASET_JSON = "dataset.json"


def is_image(name):
    """Is a file of this name an image? Hidden files, such as macOS's ._0.png, are not."""
    return name.lower().endswith(IMAGE_SUFFIXES)


def is_hidden(name):
    """Is a file or a folder on the way to it hidden, or macOS's own in an archive?"""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def by_folder(path, names):
    """The Listing of images whose classes are the first folders of their names.

    Files are sorted by class, folder and name, as torchvision's ImageFolder does.

    Args:    path - of the dataset, for errors; names - of images, with / between folders.
    """
    sorted_names = sorted((name for name in names if "/" in name), key=class_folder_file)
    if not sorted_names:
        raise InputError(
            f"{path}: expected one folder of images per class, found no image "
            f"({', '.join(IMAGE_SUFFIXES)}) in any folder of it"
        )
    classes = [name.partition("/")[0] for name in sorted_names]
    return Listing(sorted_names, *sorted_classes(np.array(classes)))


def class_folder_file(name):
    """The class of a name, all folders of it, and the name in them.

    >>> class_folder_file("cat/2023/0.png")
    ('cat', 'cat/2023', '0.png')
    """
    folder, _, file = name.rpartition("/")
    return folder.partition("/")[0], folder, file


def without_common_folder(names):
    """How many characters of every name are folders that hold all images and all classes.

    >>> without_common_folder(["set/cat/0.png", "set/dog/0.png"])
    4
    >>> without_common_folder(["cat/0.png"])
    0
    """
    common = posixpath.commonpath(names) + "/" if names else "/"
    is_deeper = all("/" in name[len(common) :] for name in names)
    return len(common) if names and common != "/" and is_deeper else 0


def by_json(path, content, names):
    """The Listing of images whose classes are in a file dataset.json, as EDM's dataset_tool.py
    writes it.

    Files are sorted by name, as EDM reads them.

    Args:    path - of the file, for errors; content - its bytes; names - of the images.
    Raises:  InputError - the file is of another form, or has no label for an image.
    """
    try:
        labels = json.loads(content)["labels"]
        labels = None if labels is None else dict(labels)
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f'{path}: expected {{"labels": [[name, label], ...]}}, found another content'
        ) from None
    if labels is None:
        raise InputError(
            f"{path}: expected a label for each image, found labels: null; make the dataset with "
            "labels, or put the images of each class into a folder of its own"
        )
    names = sorted(names)
    missing = [name for name in names if name not in labels]
    if missing or not names:
        found = f"none for {missing[0]}" if missing else "no image"
        raise InputError(f"{path}: expected images with labels, found {found}")
    return Listing(names, *classes_of(path, [labels[name] for name in names]))
