"""One image file of the user in the shape of a study's images."""

import os

import numpy as np

from gaussianity.data.pixels import GREY, RGB, Pixels
from gaussianity.data.readers.image_files.decoding import decoded, fill
from gaussianity.errors import InputError


def read_one_image(path, image_shape):
    """Stored image (1, C, H, W), uint8, of an image file.

    It is read in grey or in colour as the shape has 1 or 3 channels. For square images the central
    square is scaled; other images must have the right size.

    Args:    image_shape - (C, H, W).
    Raises:  InputError - there is no such file, it is no image, or it does not fit.
    """
    if not os.path.isfile(path):
        raise InputError(f"{path}: expected the file of an image, found no such file")
    channels, height, width = image_shape
    if channels not in (1, 3):
        raise InputError(
            f"{path}: expected a study of images of 1 or 3 channels, found {channels} channels"
        )
    drawn, _ = decoded(path, path, channels=channels)
    image = np.empty((1, channels, drawn.height, drawn.width), dtype=np.uint8)
    fill(image, [drawn])
    pixels = Pixels(resize=height if height == width else None, channels=[GREY, RGB][channels == 3])
    image = pixels.applied(path, image)
    if image.shape[1:] != tuple(image_shape):
        found = " x ".join(str(side) for side in image.shape[2:])
        raise InputError(f"{path}: expected {height} x {width} pixels, found {found}")
    return image
