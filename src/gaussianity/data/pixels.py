"""What a study does to the pixels of a dataset: their range, size and channels."""

from dataclasses import dataclass

import numpy as np

from gaussianity.errors import InputError

GREY, RGB = "grey", "rgb"
CHANNELS = {GREY: 1, RGB: 3}
LUMA = (19595, 38470, 7471)  # 0.299, 0.587 and 0.114


@dataclass(frozen=True)
class Pixels:
    """Options of the section dataset.

    range - values of black and white, None for uint8 and for floats from 0 to 1; resize -
    pixels of both sides, None to keep them; channels - grey, rgb, or None to keep them.

    Raises:  InputError - the two values of range are equal.
    """

    range: tuple | None = None
    resize: int | None = None
    channels: str | None = None

    def __post_init__(self):
        if self.range is not None and self.range[0] == self.range[1]:
            raise InputError(
                f"dataset.range must be two different values, found {list(self.range)}"
            )

    def shape(self, shape):
        """Shape (C, H, W) that images of a shape get."""
        channels, *sides = shape
        if self.resize is not None:
            sides = [self.resize] * 2
        return (CHANNELS.get(self.channels, channels), *sides)

    def applied(self, path, images):
        """Images (n, C, H, W) in stored form: uint8, or float32 with black 0 and white 1.

        Raises:  InputError - another kind of number, or values of another range.
        """
        images = self._in_channels(self._in_range(path, images))
        if self.resize is not None and images.shape[2:] != (self.resize,) * 2:
            images = resized(images, self.resize)
        return images

    def _in_range(self, path, images):
        if images.dtype == np.uint8:
            if self.range is not None:
                raise InputError(
                    f"{path}: images are uint8, 0 for black and 255 for white; set dataset.range "
                    "to null"
                )
            return images
        if images.dtype != np.float32 and self.range is None:
            raise InputError(
                f"{path}: images must be uint8 or floats, found {images.dtype} from "
                f"{images.min()} to {images.max()}; set dataset.range to the values of black and "
                "white"
            )
        if self.range is not None:
            black, white = self.range
            images = (
                (images.astype(np.float32) - np.float32(black)) / np.float32(white - black)
            ).astype(np.float32)
        require_unit_range(path, images, self.range)
        return images

    def _in_channels(self, images):
        if self.channels == GREY and images.shape[1] == 3:
            return luma(images)
        if self.channels == RGB and images.shape[1] == 1:
            return np.repeat(images, 3, axis=1)
        return images


def luma(images):
    """Grey images (n, 1, H, W) of colour ones (n, 3, H, W), as Pillow's mode L.

    Source:  ITU-R 601-2; Pillow's weights are in units of 2^-16, with 2^15 to round.
    """
    if images.dtype != np.uint8:
        grey = np.tensordot(images, np.float32(LUMA) / 2**16, axes=(1, 0))
        return grey[:, None].astype(images.dtype)
    red, green, blue = (images[:, k].astype(np.uint32) * LUMA[k] for k in range(3))
    return ((red + green + blue + 2**15) >> 16).astype(np.uint8)[:, None]


def require_unit_range(path, images, declared=None):
    """Raise an InputError unless floats are from 0 to 1; a sampler may leave them by 1."""
    low, high = float(images.min()), float(images.max())
    scaled = "" if declared is None else f" after dataset.range {list(declared)}"
    is_bytes = declared is None and low >= 0 and 128 < high <= 255
    remedy = "; if white is 255, set dataset.range to [0, 255]" if is_bytes else ""
    if not -1 <= low <= high <= 2:
        raise InputError(
            f"{path}: float32 images must have black at 0 and white at 1{scaled}, found values "
            f"from {low:g} to {high:g}{remedy}"
        )
    if declared is None and is_symmetric(low, high):
        raise InputError(
            f"{path}: float32 images must have black at 0 and white at 1, found values from "
            f"{low:g} to {high:g}; if black is -1, set dataset.range to [-1, 1]"
        )


def is_symmetric(low, high):
    """Do values look like those of images from -1 to 1?

    >>> is_symmetric(-1.0, 1.0), is_symmetric(-0.2, 1.1), is_symmetric(0.0, 1.0)
    (True, False, False)
    """
    return low < -0.5 and high < 1.5


def resized(images, side):
    """Square images of another size by Pillow's antialiased bicubic filter.

    An image that is not square is cropped to its central square first. Every channel is resized by
    itself, uint8 in 8 bits, floats in 32.

    Args:    images - (n, C, H, W), uint8 or float32; side - pixels.
    Source:  Parmar, Zhang and Zhu (2022): other filters change a Frechet distance more than many
             models do.
    """
    from PIL import Image

    found = np.empty((*images.shape[:2], side, side), dtype=images.dtype)
    for target, image in zip(found, images, strict=True):
        for channel, pixels in enumerate(image):
            whole = Image.fromarray(np.ascontiguousarray(pixels))
            target[channel] = np.asarray(scaled_square(whole, side))
    return found


def scaled_square(image, side):
    """The central square of one image of Pillow, scaled as in `resized`."""
    from PIL import Image

    width, height = image.size
    least = min(width, height)
    left, top = (width - least) // 2, (height - least) // 2
    square = image.crop((left, top, left + least, top + least))
    return square.resize((side, side), Image.Resampling.BICUBIC)
