"""The three forms of images, and images of .npz artifacts.

Network form: float, black -1, white 1. Stored form: uint8 0..255, or float32 with black 0 and white
1, unclipped. Rows: (n, d) of float in [0, 1] units, which all statistics use.
"""

import math

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.files import map_artifact, read_artifact


def to_uint8(x):
    """Network form to 8 bits as the paper does: clip(x * 127.5 + 128, 0, 255), truncated."""
    return (np.asarray(x) * 127.5 + 128).clip(0, 255).astype(np.uint8)


def to_unit(x):
    """Network form to float32 with black at 0 and white at 1, unclipped."""
    return ((np.asarray(x) + 1) / 2).astype(np.float32)


def rows(images, dtype=np.float64):
    """Stored images (n, C, H, W) to rows (n, C*H*W) with black at 0 and white at 1."""
    images = np.asarray(images)
    flat = images.reshape(len(images), math.prod(images.shape[1:]))
    if flat.dtype == np.uint8:
        return np.divide(flat, dtype(255), dtype=dtype)
    return flat.astype(dtype)


def array_rows(images):
    """Rows (n, d), float32 in [0, 1] units, of a user's array of images (n, ...).

    Raises:  InputError - the array is neither uint8 nor of floats, or not finite.
    """
    if images.dtype != np.uint8 and images.dtype.kind != "f":
        raise InputError(f"images: expected uint8 or floats, found {images.dtype}")
    if not images[:1].size:
        raise InputError(f"images: expected pixels, found an array of shape {images.shape}")
    found = rows(images, np.float32)
    if not np.isfinite(found).all():
        raise InputError("images: expected finite numbers, found NaN or infinity")
    return found


def to_network(images, dtype=np.float32):
    """Stored images (n, C, H, W) to the network form, black at -1 and white at 1."""
    return (rows(images, dtype) * 2 - 1).reshape(np.shape(images))


def require_images(path, images):
    """Raise an InputError unless images are uint8 or float32 of shape (n, C, H, W)."""
    if images.ndim != 4 or images.dtype not in (np.uint8, np.float32):
        raise InputError(
            f"{path}: images must be uint8 or float32 of shape (n, C, H, W), found "
            f"{images.dtype} of shape {images.shape}"
        )


def require_different(what, images):
    """Raise an InputError that names what the images are where all of several are equal."""
    if len(images) > 1 and (images == images[0]).all():
        raise equal_images(what, len(images))


def equal_images(what, count):
    """The InputError of images without variance."""
    return InputError(f"{what}: expected images that differ, found {count:,} equal ones")


def read_images(path):
    """Stored images of an .npz artifact, (n, C, H, W)."""
    images = read_artifact(path, "images")["images"]
    require_images(path, images)
    return images


def image_shape(path):
    """Shape (C, H, W) of the stored images of an .npz artifact, which stay on disk."""
    images = map_artifact(path, "images")
    require_images(path, images)
    return images.shape[1:]


def read_rows(paths, dtype=np.float64, at_most=None):
    """Rows (n, d) of each file in turn, one file in memory at a time.

    Args:    at_most - largest number of rows in a batch; None for a file's rows at once.
    """
    for path in paths:
        images = read_images(path)
        size = at_most or len(images)
        for start in range(0, len(images), size):
            yield rows(images[start : start + size], dtype)


def rows_after(count, batches):
    """Batches of rows without the first `count` rows.

    >>> [len(batch) for batch in rows_after(3, [np.zeros((2, 1)), np.zeros((4, 1))])]
    [3]
    """
    for batch in batches:
        if count < len(batch):
            yield batch[count:]
        count = max(0, count - len(batch))


def in_batches(batches, size):
    """The same rows in new arrays of `size` rows, the last one with fewer, wherever batches end.

    >>> [len(batch) for batch in in_batches([np.zeros((2, 1)), np.zeros((3, 1))], 4)]
    [4, 1]
    """
    waiting, count = [], 0
    for batch in batches:
        while len(batch):
            part, batch = batch[: size - count], batch[size - count :]
            waiting.append(part)
            count += len(part)
            if count == size:
                yield np.concatenate(waiting)
                waiting, count = [], 0
    if count:
        yield np.concatenate(waiting)


def read_chosen_rows(paths, chosen, dtype=np.float64):
    """Rows of all files together by their numbers `chosen`, which rise: (len(chosen), d)."""
    gathered, start = None, 0
    for path in paths:
        images = read_images(path)
        if gathered is None:
            shape = images.shape[1:]
            gathered = np.empty((len(chosen), math.prod(shape)), dtype)
        if images.shape[1:] != shape:
            raise InputError(
                f"{path}: expected images of the shape {shape} as {paths[0]} has, found "
                f"{images.shape[1:]}"
            )
        first, last = np.searchsorted(chosen, [start, start + len(images)])
        gathered[first:last] = rows(images[chosen[first:last] - start], dtype)
        start += len(images)
    if len(chosen) and chosen[-1] >= start:
        raise InputError(
            f"{paths[-1]}: expected at least {chosen[-1] + 1} images up to this file, found {start}"
        )
    return gathered
