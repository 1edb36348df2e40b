"""Reader of an .npz archive with the arrays images and labels, and class_names where given."""

from typing import ClassVar

import numpy as np

from gaussianity.data.readers.reader import Reader, sorted_classes
from gaussianity.errors import InputError
from gaussianity.io.files import npz_names, npz_shape, read_npz


class Npz(Reader):
    """images - (n, H, W) or (n, C, H, W); labels - integers or strings (n,), or positions in
    class_names (classes,)."""

    takes: ClassVar = {"path": "an .npz file"}

    def images(self):
        images = read_npz(self.argument("path"), "images")["images"]
        return images[:, None] if images.ndim == 3 else images

    def labels(self):
        path = self.argument("path")
        given = read_npz(path, "labels")["labels"]
        if given.ndim != 1 or not len(given) or given.dtype.kind not in "iuU":
            raise InputError(
                f"{path}: labels must be integers or strings of shape (n,), found {given.dtype} of "
                f"shape {given.shape}"
            )
        if "class_names" not in npz_names(path):
            return sorted_classes(given)
        return _named(path, read_npz(path, "class_names")["class_names"], given)

    def image_shape(self):
        return npz_shape(self.argument("path"), "images")[1:]


def _named(path, names, given):
    if names.ndim != 1:
        raise InputError(f"{path}: class_names must have the shape (classes,), found {names.shape}")
    if given.dtype.kind == "U" or not 0 <= given.min() <= given.max() < len(names):
        raise InputError(f"{path}: labels must be positions in class_names, 0 to {len(names) - 1}")
    return tuple(str(name) for name in names), given.astype(np.int64)
