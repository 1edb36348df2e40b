"""Reader of a folder that holds one folder of image files for each class."""

import os
from pathlib import Path
from typing import ClassVar

from gaussianity.data.readers.decoding import IMAGE_SUFFIXES
from gaussianity.data.readers.image_files import Entry, ImageFiles
from gaussianity.errors import InputError

MOST_FILES = 1000  # of a rule's input; with more the folder itself stands for them


class Folder(ImageFiles):
    """Image files in <path>/<class>/, at any depth, as torchvision's ImageFolder reads them.

    Classes are sorted by name, files by name within a class. Hidden files and folders are skipped.
    """

    takes: ClassVar = {"path": "a folder with one folder of images per class"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        folders = (e for e in os.scandir(path) if e.is_dir()) if os.path.isdir(path) else ()
        return any(next(_images_below(folder.path), None) for folder in folders)

    def entries(self):
        """See `ImageFiles.entries`."""
        path = self.argument("path")
        if not os.path.isdir(path):
            raise InputError(f"expected {self.takes['path']}, found {path}")
        found = []
        for folder in sorted(_visible(path), key=lambda entry: entry.name):
            if folder.is_dir():
                images = sorted(
                    _images_below(folder.path), key=lambda image: image[0].split(os.sep)
                )
                found += [Entry(name, folder.name, stamp) for name, stamp in images]
        if not found:
            raise InputError(
                f"{path}: expected one folder of images per class, found no image "
                f"({', '.join(IMAGE_SUFFIXES)}) in any folder of it"
            )
        return found

    def content(self, entry):
        """The path of an image's file."""
        return entry.name

    def files(self):
        """See `Reader.files`; the folder where it has more than 1,000 files."""
        names = [entry.name for entry in self.known()]
        return names if len(names) <= MOST_FILES else [self.argument("path")]


def _visible(path):
    """Entries of a folder whose names do not begin with a dot."""
    with os.scandir(path) as entries:
        return [entry for entry in entries if not entry.name.startswith(".")]


def _images_below(path):
    """Path of every image file in a folder or below it, with its size and time."""
    for entry in _visible(path):
        if entry.is_dir():
            yield from _images_below(entry.path)
        elif Path(entry.name).suffix.lower() in IMAGE_SUFFIXES:
            stat = entry.stat()
            yield entry.path, (stat.st_size, stat.st_mtime_ns)
