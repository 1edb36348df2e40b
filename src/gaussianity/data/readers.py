"""Readers of image files: one entry of READERS for each kind of dataset."""

import warnings
from pathlib import Path

import numpy as np

from gaussianity.data.idx_files import idx_shape, read_idx
from gaussianity.errors import InputError
from gaussianity.io.files import npz_names, npz_shape, read_npz

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
IDX_IMAGES = (3, 4), "an IDX file of images"
# Images of each digit in scikit-learn's dataset: every start of Snakemake asks, and the import of
# scikit-learn would be a third of it.
DIGITS = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)


def _classes(values):
    """Class names in sorted order, and the position of each value's class."""
    names, indices = np.unique(values, return_inverse=True)
    return tuple(str(name) for name in names), indices.astype(np.int64)


def _digits_images(path):
    """scikit-learn's 1,797 digits of 8x8 pixels; 0..16 becomes float32 0..1."""
    from sklearn.datasets import load_digits

    return (load_digits().images[:, None] / 16).astype(np.float32)


def _digits_labels(path, labels):
    from sklearn.datasets import load_digits

    return _classes(load_digits().target)


def _idx_images(path):
    images = read_idx(path, *IDX_IMAGES)
    return images[:, None] if images.ndim == 3 else images


def _idx_labels(path, labels):
    if labels is None:
        raise InputError(
            "dataset.labels: expected the path of an IDX file of labels, found null; "
            "set it in the study"
        )
    return _classes(read_idx(labels, (1,), "an IDX file of labels"))


def _npz_images(path):
    images = read_npz(path, "images")["images"]
    return images[:, None] if images.ndim == 3 else images


def _npz_labels(path, labels):
    if path is None:
        raise InputError("dataset.path: expected the path of an .npz, found null; set it")
    given = read_npz(path, "labels")["labels"]
    if given.ndim != 1 or not len(given) or given.dtype.kind not in "iuU":
        raise InputError(
            f"{path}: labels must be integers or strings of shape (n,), found {given.dtype} of "
            f"shape {given.shape}"
        )
    if "class_names" not in npz_names(path):
        return _classes(given)
    return _named(path, read_npz(path, "class_names")["class_names"], given)


def _named(path, names, given):
    if names.ndim != 1:
        raise InputError(f"{path}: class_names must have the shape (classes,), found {names.shape}")
    if given.dtype.kind == "U" or not 0 <= given.min() <= given.max() < len(names):
        raise InputError(f"{path}: labels must be positions in class_names, 0 to {len(names) - 1}")
    return tuple(str(name) for name in names), given.astype(np.int64)


def _folder_files(path):
    """Image files and their class, the name of the folder that holds them, sorted by name."""
    if path is None or not Path(path).is_dir():
        raise InputError(
            f"dataset.path: expected a folder with one folder of images per class, found {path}"
        )
    files = [
        (file, folder.name)
        for folder in sorted(Path(path).iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in IMAGE_SUFFIXES
    ]
    if not files:
        raise InputError(
            f"{path}: expected one folder of images per class, found no image "
            f"({', '.join(IMAGE_SUFFIXES)}) in any folder of it"
        )
    return files


def _folder_labels(path, labels):
    return _classes(np.array([name for _, name in _folder_files(path)]))


def _folder_images(path):
    files = [file for file, _ in _folder_files(path)]
    images = [_read_image(file) for file in files]
    for file, image in zip(files, images, strict=True):
        if image.shape != images[0].shape:
            raise InputError(
                f"{file}: expected images of one shape, {images[0].shape} as {files[0]} has, "
                f"found {image.shape}"
            )
    return np.stack(images)


def _read_image(file):
    """One image file as uint8 (C, H, W): C = 1 for grey images, 3 otherwise."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                if image.mode[0] in "IF":  # 16 or 32 bits, which convert() would clip
                    raise InputError(
                        f"{file}: expected an image of 8 bits per channel, found mode {image.mode}"
                    )
                mode = "L" if image.mode in ("1", "L", "LA") else "RGB"
                pixels = np.asarray(image.convert(mode))
    except (OSError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise InputError(f"{file}: expected a readable image: {error}") from None
    return pixels[None] if mode == "L" else pixels.transpose(2, 0, 1)


# reader: images(path); labels(path, labels), the class names and each image's position in them;
# shape(path) of one image
READERS = {
    "digits": (_digits_images, _digits_labels, lambda path: (1, 8, 8)),
    "idx": (_idx_images, _idx_labels, lambda path: (1, *idx_shape(path, *IDX_IMAGES)[1:])[-3:]),
    "npz": (_npz_images, _npz_labels, lambda path: npz_shape(path, "images")[1:]),
    "folder": (
        _folder_images,
        _folder_labels,
        lambda path: _read_image(_folder_files(path)[0][0]).shape,
    ),
}
