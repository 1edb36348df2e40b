"""Reader of a folder that holds one folder of image files for each class."""

import warnings
from pathlib import Path
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.reader import Reader, sorted_classes
from gaussianity.errors import InputError

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")


class Folder(Reader):
    """Image files in <path>/<class>/. Classes are sorted by name, files by name within a class."""

    takes: ClassVar = {"path": "a folder with one folder of images per class"}

    def images(self):
        files = [file for file, _ in self._classed_files()]
        images = [_read_image(file) for file in files]
        for file, image in zip(files, images, strict=True):
            if image.shape != images[0].shape:
                raise InputError(
                    f"{file}: expected images of one shape, {images[0].shape} as {files[0]} has, "
                    f"found {image.shape}"
                )
        return np.stack(images)

    def labels(self):
        return sorted_classes(np.array([name for _, name in self._classed_files()]))

    def image_shape(self):
        return _read_image(self._classed_files()[0][0]).shape

    def files(self):
        return [str(file) for file, _ in self._classed_files()]

    def _classed_files(self):
        """Image files, each with its class, sorted by name."""
        path = Path(self.argument("path"))
        if not path.is_dir():
            raise InputError(f"expected {self.takes['path']}, found {path}")
        files = [
            (file, folder.name)
            for folder in sorted(path.iterdir())
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
