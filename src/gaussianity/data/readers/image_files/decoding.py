"""One image file as an array of pixels, as a viewer shows it.

The orientation that a camera wrote beside the pixels (EXIF) is applied. Grey images in palettes
are grey. Transparent pixels need a background.
"""

import contextlib
import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from gaussianity.errors import InputError

ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)  # the EXIF tag, and its values that swap the sides


def decoded(name, content, background=None, channels=3):
    """An image of Pillow in the mode L (1 channel) or RGB, and whether it is grey.

    Args:    name - of the image, for errors; content - its bytes, or the path of its file;
             background - colour (3,), 0 to 255, below transparent pixels; channels - 1 or 3.
    Raises:  InputError - the image is damaged, has more than 8 bits per channel or several frames,
             or is transparent without a background.
    """
    with _opened(name, content, is_whole=True) as image:
        is_grey = _is_grey(image, background)
        if ORIENTATION in image.getexif():
            image = ImageOps.exif_transpose(image)
        if image.has_transparency_data:
            image = _composed(name, image.convert("RGBA"), background)
        mode = "L" if channels == 1 else "RGB"
        if image.mode != mode:
            image = image.convert(mode)
        image.load()
    return image, is_grey


def fill(pixels, images):
    """Write images of one size and mode into an array of pixels, uint8 (n, channels, H, W).

    Several images are put into one first, because each conversion of an image to an array takes
    time of its own. Each channel is converted by itself: half the time of sorting the bytes later.
    """
    count, channels, height, width = pixels.shape
    whole = images[0]
    if count > 1:
        whole = Image.new(whole.mode, (width, height * count))
        for number, image in enumerate(images):
            whole.paste(image, (0, height * number))
    for channel in range(channels):
        pixels[:, channel] = np.asarray(whole.getchannel(channel)).reshape(count, height, width)


def header(name, content, background=None):
    """Channels (1 for a grey image, else 3), height and width, without decoding the pixels."""
    with _opened(name, content) as image:
        width, height = image.size
        if image.getexif().get(ORIENTATION) in TURNED:
            width, height = height, width
        return (1 if _is_grey(image, background) else 3), height, width


@contextlib.contextmanager
def _opened(name, content, *, is_whole=False):
    """The image of Pillow. Errors of reading it become an InputError.

    Args:    is_whole - read a file at once, which is faster if the pixels are needed.
    """
    try:
        if is_whole and not isinstance(content, bytes):
            content = _whole(content)
        with Image.open(io.BytesIO(content) if isinstance(content, bytes) else content) as image:
            _require_few_pixels(image)
            _require_one(name, image)
            yield image
    except InputError:
        raise
    except UnidentifiedImageError:
        raise InputError(f"{name}: expected a readable image: its format is not known") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise InputError(f"{name}: expected a readable image: {error}") from None


def _whole(path):
    with open(path, "rb", buffering=0) as file:
        return file.read()


def _require_few_pixels(image):
    """Pillow only warns of an image that is up to twice as large as its limit."""
    pixels, most = image.size[0] * image.size[1], Image.MAX_IMAGE_PIXELS
    if most is not None and pixels > most:
        raise ValueError(f"{pixels} pixels exceeds limit of {most}, could be a decompression bomb")


def _require_one(name, image):
    if image.mode[0] in "IF":  # 16 or 32 bits, which convert() would clip
        raise InputError(
            f"{name}: expected an image of 8 bits per channel, found mode {image.mode}"
        )
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format != "MPO":  # photographs with a preview
        raise InputError(
            f"{name}: expected one image, found {frames} frames of an animation; save the frame "
            "that you mean as an image of its own"
        )


def _is_grey(image, background):
    if background is not None and len(set(background)) > 1 and image.has_transparency_data:
        return False
    if image.mode in ("1", "L", "LA"):
        return True
    if image.mode != "P":
        return False
    colours = np.array(image.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    used = colours[np.unique(np.asarray(image))] if len(colours) else colours
    return bool((used == used[:, :1]).all())


def _composed(name, image, background):
    """A transparent image on its background; one that is opaque everywhere needs none."""
    if image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    if background is None:
        raise InputError(
            f"{name}: expected an image without transparent pixels; set dataset.background to the "
            "colour below them, for example [255, 255, 255]"
        )
    below = Image.new("RGBA", image.size, (*background, 255))
    return Image.alpha_composite(below, image).convert("RGB")
