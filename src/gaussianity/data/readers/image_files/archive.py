"""Reader of a zip archive of image files: EDM's datasets, or one folder for each class."""

import functools
import zipfile
import zlib
from typing import ClassVar

from gaussianity.data.readers.image_files.classes import (
    DATASET_JSON,
    by_folder,
    by_json,
    is_hidden,
    is_image,
    without_common_folder,
)
from gaussianity.data.readers.image_files.reader import ImageFiles
from gaussianity.errors import InputError


class Archive(ImageFiles):
    """A .zip with a file dataset.json, as EDM's dataset_tool.py writes it, or with one folder of
    images for each class, which may be in a folder that holds all of them."""

    takes: ClassVar = {"path": "a .zip file of images"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return any(is_image(name) and not is_hidden(name) for name in archive.namelist())

    def listing(self):
        """See `ImageFiles.listing`."""
        path = self.argument("path")
        held = self._archive.namelist()
        names = [name for name in held if is_image(name) and not is_hidden(name)]
        if DATASET_JSON in held:
            content = self._read(DATASET_JSON)
            return by_json(f"{path}: {DATASET_JSON}", content, names)
        cut = without_common_folder(names)
        listing = by_folder(path, [name[cut:] for name in names])
        folder = names[0][:cut]
        return listing._replace(names=[folder + name for name in listing.names])

    def contents(self, numbers):
        """See `ImageFiles.contents`."""
        names = self.known().names
        return (self._read(names[number]) for number in numbers)

    @functools.cached_property
    def _archive(self):
        path = self.argument("path")
        try:
            return zipfile.ZipFile(path)
        except FileNotFoundError:
            raise InputError(f"{path}: expected a .zip file, found no such file") from None
        except (OSError, zipfile.BadZipFile) as error:
            raise InputError(f"{path}: expected a readable .zip file: {error}") from None

    def _read(self, name):
        try:
            return self._archive.read(name)
        except (OSError, RuntimeError, ValueError, zlib.error, zipfile.BadZipFile) as error:
            raise InputError(
                f"{self.given['path']}: {name}: expected a readable file in the archive: {error}"
            ) from None
