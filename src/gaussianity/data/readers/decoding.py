"""One image file as an array of pixels, as a viewer shows it.

The orientation that a camera wrote beside the pixels (EXIF) is applied. Grey images in palettes
are grey. Transparent pixels need a background.
"""

import contextlib
import io
import warnings

import numpy as np

from gaussianity.errors import InputError

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)  # the EXIF tag, and its values that swap the sides


def decoded(name, content, background=None, channels=3):
    """Pixels of an image: uint8 (channels, H, W).

    Args:    name - of the image, for errors; content - its bytes, or the path of its file;
             background - colour (3,), 0 to 255, below transparent pixels; channels - 1 for a grey
             image, 3 for any.
    Raises:  InputError - the image is damaged, has more than 8 bits per channel or several frames,
             or is transparent without a background.
    """
    from PIL import ImageOps

    with _opened(name, content) as image:
        _require_one(name, image)
        image = ImageOps.exif_transpose(image)
        if image.has_transparency_data:
            image = _composed(name, image.convert("RGBA"), background)
        pixels = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    return pixels[None] if channels == 1 else pixels.transpose(2, 0, 1)


def header(name, content):
    """Channels (1 for a grey image, else 3), height and width, without decoding the pixels."""
    with _opened(name, content) as image:
        _require_one(name, image)
        width, height = image.size
        if image.getexif().get(ORIENTATION) in TURNED:
            width, height = height, width
        return (1 if _is_grey(image) else 3), height, width


@contextlib.contextmanager
def _opened(name, content):
    """The image of Pillow. Errors of reading it become an InputError."""
    from PIL import Image

    source = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source) as image:
                yield image
    except InputError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise InputError(f"{name}: expected a readable image: {error}") from None


def _require_one(name, image):
    if image.mode[0] in "IF":  # 16 or 32 bits, which convert() would clip
        raise InputError(
            f"{name}: expected an image of 8 bits per channel, found mode {image.mode}"
        )
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        raise InputError(
            f"{name}: expected one image, found {frames} frames of an animation; save the frame "
            "that you mean as an image of its own"
        )


def _is_grey(image):
    if image.mode in ("1", "L", "LA"):
        return True
    if image.mode != "P":
        return False
    colours = np.array(image.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    used = colours[np.unique(np.asarray(image))] if len(colours) else colours
    return bool((used == used[:, :1]).all())


def _composed(name, image, background):
    """A transparent image on its background; one that is opaque everywhere needs none."""
    from PIL import Image

    if image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    if background is None:
        raise InputError(
            f"{name}: expected an image without transparent pixels; set dataset.background to the "
            "colour below them, for example [255, 255, 255]"
        )
    below = Image.new("RGBA", image.size, (*background, 255))
    return Image.alpha_composite(below, image).convert("RGB")
