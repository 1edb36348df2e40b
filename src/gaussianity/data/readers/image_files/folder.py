"""Reader of a folder that holds one folder of image files for each class."""

import functools
import os
from typing import ClassVar

from gaussianity.data.readers.image_files.classes import (
    DATASET_JSON,
    by_folder,
    by_json,
    is_hidden,
    is_image,
)
from gaussianity.data.readers.image_files.reader import ImageFiles, files_stamp
from gaussianity.errors import InputError

MOST_FILES = 1000  # of a rule's input; with more the folder itself stands for them


class Folder(ImageFiles):
    """Image files in <path>/<class>/, at any depth, as torchvision's ImageFolder reads them.

    Classes are sorted by name; files of a class by folder, then by name. Hidden files and folders
    are skipped. Classes come from a file dataset.json, as EDM's dataset_tool.py writes it, where
    there is one.
    """

    takes: ClassVar = {"path": "a folder with one folder of images per class"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        if not os.path.isdir(path):
            return False
        with os.scandir(path) as found:
            folders = [e.path for e in found if e.is_dir() and not is_hidden(e.name)]
        has_json = os.path.isfile(os.path.join(path, DATASET_JSON))
        return any(next(images_below(folder), None) for folder in [path] * has_json + folders)

    def listing(self):
        """See `ImageFiles.listing`."""
        path, names = self.argument("path"), [name for name, _ in self._found]
        if self._json is None:
            return by_folder(path, names)
        with open(self._json, "rb") as file:
            return by_json(self._json, file.read(), names)

    def contents(self, numbers):
        """The paths of the files."""
        return map(self.name_of, numbers)

    def name_of(self, number):
        """See `ImageFiles.name_of`."""
        return f"{self.given['path']}/{self.known().names[number]}"

    def stamp(self):
        """See `ImageFiles.stamp`."""
        import xxhash

        found = "\n".join(f"{name}/{stat}" for name, stat in sorted(self._found))
        given = files_stamp([self._json] if self._json else [])
        return [xxhash.xxh3_128_hexdigest(found.encode("utf-8", "surrogateescape")), given]

    def unlisted(self):
        """See `Reader.unlisted`."""
        return self.stamp() if len(self._found) > MOST_FILES else None

    def files(self):
        """See `Reader.files`; the folder where it has more than 1,000 files."""
        apart = [self._json] if self._json else []
        if len(self._found) > MOST_FILES:
            return [self.argument("path"), *apart]
        return [*map(self.name_of, range(len(self.known().names))), *apart]

    @property
    def _json(self):
        path = os.path.join(self.argument("path"), DATASET_JSON)
        return path if os.path.isfile(path) else None

    @functools.cached_property
    def _found(self):
        """Every image's name, and its size and time."""
        path = self.argument("path")
        if not os.path.isdir(path):
            raise InputError(f"expected {self.takes['path']}, found {path}")
        return list(images_below(path))


def images_below(path, prefix=""):
    """Name of every image file in a folder or below it, with / between folders, and size and time
    of the file as text."""
    folders = []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if is_image(entry.name) and not entry.is_dir():
                stat = entry.stat()
                yield prefix + entry.name, f"{stat.st_size} {stat.st_mtime_ns}"
            elif entry.is_dir():
                folders.append(entry)
    for entry in folders:
        yield from images_below(entry.path, f"{prefix}{entry.name}/")
