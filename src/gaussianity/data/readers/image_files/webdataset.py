"""Reader of WebDataset's tar archives."""

import contextlib
import functools
import json
import tarfile
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.image_files.classes import is_hidden, is_image
from gaussianity.data.readers.image_files.reader import ImageFiles, Listing, files_stamp
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.shards import shards
from gaussianity.errors import InputError
from gaussianity.io.remembered import remembered

SUFFIXES = (".tar", ".tar.gz", ".tgz")
CLASS, JSON = "cls", "json"
KEYS = ("label", "cls", "class", "class_name")  # of the class in a .json file
SAMPLED = 100  # images from which the common shape is taken, at the begin of the first file


class WebDataset(ImageFiles):
    """Files of one sample have one name and differ in what follows its first dot.

    A sample has an image, and its class as a number or text in a .cls file or in a .json file,
    under the key label, cls, class or class_name.

    Source:  the format of the library webdataset.
    """

    takes: ClassVar = {
        "path": "a .tar file of images with their classes (.cls), or a folder of them"
    }

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        file = shards(path, SUFFIXES, cls.takes["path"])[0]
        with _guarded(file), tarfile.open(file) as archive:
            first = [archive.next() for _ in range(8)]
        suffixes = {_parts(member.name)[1] for member in first if member is not None}
        return bool(suffixes & {CLASS, JSON}) and any(is_image(f".{s}") for s in suffixes)

    def files(self):
        """See `Reader.files`."""
        return self._files

    def sample(self, numbers):
        """See `ImageFiles.sample`."""
        return numbers[:SAMPLED]

    def listing(self):
        """See `ImageFiles.listing`. Kept between runs, as all files of an archive must be looked
        at."""
        path = self.argument("path")
        key = ["webdataset", files_stamp(self._files)]
        names, classes = remembered(key, self._samples)
        return Listing(names, *classes_of(path, _numbers(classes)))

    def contents(self, numbers):
        """See `ImageFiles.contents`."""
        wanted = {self.name_of(number) for number in numbers}
        for file, name, read in self._members():
            if f"{file}: {name}" in wanted:
                wanted.remove(f"{file}: {name}")
                yield read()
            if not wanted:
                return

    def _samples(self):
        """Names of the images, and their classes."""
        images, classes = {}, {}
        for file, member, read in self._members():
            key, suffix = _parts(member)
            key, name = (file, key), f"{file}: {member}"
            if is_image(f".{suffix}"):
                images[key] = name
            elif suffix in (CLASS, JSON) and (suffix == CLASS or key not in classes):
                classes[key] = _class_of(name, suffix, read())
        missing = [name for key, name in images.items() if classes.get(key) is None]
        if missing or not images:
            found = f"none for {missing[0]}" if missing else "no image"
            raise InputError(
                f"{self.argument('path')}: expected images with their classes in .{CLASS} or "
                f".{JSON} files, found {found}"
            )
        return [list(images.values()), [classes[key] for key in images]]

    def _members(self):
        """Archive and name of each file in the archives, and a function that reads it."""
        for file in self._files:
            with _guarded(file), tarfile.open(file) as archive:
                for member in archive:
                    if member.isfile() and not is_hidden(member.name.removeprefix("./")):
                        opened = functools.partial(archive.extractfile, member)
                        yield file, member.name, lambda opened=opened: opened().read()
                    archive.members = []  # tarfile keeps them all

    def name_of(self, number):
        """See `ImageFiles.name_of`."""
        return self.known().names[number]

    @functools.cached_property
    def _files(self):
        return shards(self.argument("path"), SUFFIXES, self.takes["path"])


def _parts(name):
    """Key of the sample, and suffix, of a file."""
    folder, slash, base = name.rpartition("/")
    key, _, suffix = base.partition(".")
    return folder + slash + key, suffix.lower()


def _class_of(name, suffix, content):
    """The class in a file: text, or a whole number; None where a .json file has none."""
    try:
        text = content.decode()
        if suffix == JSON:
            known = json.loads(text)
            found = next((known[key] for key in KEYS if key in known), None)
        else:
            found = text.strip()
    except (ValueError, TypeError) as error:
        raise InputError(f"{name}: expected the class of an image: {error}") from None
    return found


def _numbers(classes):
    """Classes as an array, of integers where all are."""
    texts = [str(image_class) for image_class in classes]
    if all(text.isdecimal() and str(int(text)) == text for text in texts):
        return np.array(texts, dtype=np.int64)
    return np.array(texts)


@contextlib.contextmanager
def _guarded(path):
    """Errors of reading a tar archive become an InputError."""
    try:
        yield
    except (OSError, EOFError, tarfile.TarError) as error:
        raise InputError(f"{path}: expected a readable .tar file: {error}") from None
