"""Reader of CIFAR-10 and CIFAR-100 as they are downloaded, as pickles or in binary form.

Source:  Krizhevsky (2009); the layout is described on the page of the dataset.
"""

import contextlib
import functools
import os
import re
import tarfile
import zlib
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.reader import Reader, batch_size
from gaussianity.errors import InputError
from gaussianity.io.remembered import remembered
from gaussianity.io.restricted_pickle import load_pickle

SHAPE, VALUES = (3, 32, 32), 3072
TRAINING = re.compile(r"(data_batch_\d+|train)(\.bin)?")
PART = re.compile(rf"{TRAINING.pattern}|(test_batch|test)(\.bin)?")
# Files with the names of the classes, and the key in those that are pickles.
NAMES = {
    "batches.meta": "label_names",
    "meta": "fine_label_names",
    "batches.meta.txt": None,
    "fine_label_names.txt": None,
}


class Cifar(Reader):
    """An archive, its unpacked folder, or one file of it. Pickles are read without running them.

    Of an archive or a folder, the training images are read, file by file in the order of their
    names. The classes of CIFAR-100 are the 100 fine ones.
    """

    takes: ClassVar = {"path": "an archive, a folder or a file of CIFAR-10 or CIFAR-100"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        if _is_archive(path):
            with _guarded(path), tarfile.open(path) as archive:
                first = [archive.next() for _ in range(4)]
            return any(PART.fullmatch(os.path.basename(m.name)) for m in first if m is not None)
        with _opened(path) as held:
            return any(_is_part(name, opening) for name, opening in held.items())

    def batches(self, numbers):
        """See `Reader.batches`."""
        first, numbers = 0, np.asarray(numbers)
        for images, labels in self._parts():
            here = numbers[(numbers >= first) & (numbers < first + len(labels))] - first
            size = batch_size(SHAPE, 1)
            for start in range(0, len(here), size):
                yield images[here[start : start + size]]
            first += len(labels)
            if not (numbers >= first).any():
                return

    def labels(self):
        """See `Reader.labels`. Kept between runs, as an archive must be unpacked for them."""
        path = self.argument("path")
        stats = [(file, os.stat(file)) for file in self.files()]
        stamp = [(file, stat.st_size, stat.st_mtime_ns) for file, stat in stats]
        found, names = remembered(["cifar", stamp], self._labels_and_names)
        return classes_of(path, found, names)

    def image_shape(self, classes=None):
        """See `Reader.image_shape`."""
        self.files()
        return SHAPE

    def files(self):
        """See `Reader.files`."""
        path = self.argument("path")
        if not os.path.isdir(path):
            return super().files()
        held = sorted(name for name in os.listdir(path) if name in NAMES or PART.fullmatch(name))
        return [os.path.join(path, name) for name in held]

    def _labels_and_names(self):
        labels = [label for _, labels in self._parts() for label in labels]
        with _opened(self.argument("path")) as held:
            return labels, _class_names(held)

    def _parts(self):
        """Images, uint8 (n, C, H, W), and labels, a list, of each file."""
        path = self.argument("path")
        with _opened(path) as held:
            names = sorted(filter(PART.fullmatch, held))
            if os.path.isdir(path) or len(names) > 1:
                names = sorted(filter(TRAINING.fullmatch, held))
            if not names:
                raise InputError(
                    f"{path}: expected {self.takes['path']}, with data_batch_1 or train, found "
                    f"{', '.join(sorted(held)[:5]) or 'nothing'}"
                )
            for name in names:
                with held[name]() as file:
                    yield _part(f"{path}: {name}", name, file)


def _part(called, name, file):
    """Images and labels of one file."""
    images, labels = (_binary if name.endswith(".bin") else _pickled)(called, name, file)
    if images.dtype != np.uint8 or images.shape != (len(labels), VALUES):
        raise InputError(
            f"{called}: expected uint8 of shape ({len(labels)}, {VALUES}), found {images.dtype} "
            f"of shape {images.shape}"
        )
    return images.reshape(-1, *SHAPE), labels


def _binary(called, name, file):
    """Records of one label in CIFAR-10, of a coarse and a fine one in CIFAR-100, and the image."""
    labels = 2 if name in ("train.bin", "test.bin") else 1
    content, size = file.read(), labels + VALUES
    if not content or len(content) % size:
        raise InputError(
            f"{called}: expected records of {size:,} bytes, found {len(content):,} bytes"
        )
    records = np.frombuffer(content, dtype=np.uint8).reshape(-1, size)
    return records[:, labels:], records[:, labels - 1].tolist()


def _pickled(called, name, file):
    batch = _named(load_pickle(called, file, "latin1"))
    try:
        labels = batch["fine_labels"] if "fine_labels" in batch else batch["labels"]
        return batch["data"].array, [int(label) for label in labels]
    except (TypeError, KeyError, AttributeError, ValueError):
        raise InputError(
            f"{called}: expected a pickle of CIFAR, with an array data and a list labels or "
            "fine_labels, found another"
        ) from None


def _class_names(held):
    """Names of the classes; None where there is no file of them."""
    for name, key in NAMES.items():
        if name in held:
            with held[name]() as file:
                if key is None:
                    return file.read().decode().split()
                return _named(load_pickle(name, file, "latin1"))[key]
    return None


def _named(found):
    """A dict with texts as keys, which are bytes where Python 3 wrote them again."""
    if not isinstance(found, dict):
        return {}
    return {key.decode("latin1") if isinstance(key, bytes) else key: found[key] for key in found}


def _is_part(name, opening):
    """Is a file a pickle, or binary records, of CIFAR?"""
    if not PART.fullmatch(name):
        return False
    with opening() as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        is_pickle = file.read(1) == b"\x80"
    width = VALUES + (2 if name in ("train.bin", "test.bin") else 1)
    return size > 0 and size % width == 0 if name.endswith(".bin") else is_pickle


def _is_archive(path):
    """A file of zeros would pass as an empty archive."""
    is_named_part = PART.fullmatch(os.path.basename(path))
    return os.path.isfile(path) and not is_named_part and tarfile.is_tarfile(path)


@contextlib.contextmanager
def _opened(path):
    """Names of the files of a folder or an archive, with the function that opens each.

    A file alone has those with names of classes beside it.
    """
    with _guarded(path), contextlib.ExitStack() as stack:
        if _is_archive(path):
            archive = stack.enter_context(tarfile.open(path))
            found = ((member.name, member) for member in archive if member.isfile())
            yield {
                os.path.basename(name): functools.partial(archive.extractfile, member)
                for name, member in found
            }
            return
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        names = os.listdir(path) if os.path.isdir(path) else [os.path.basename(path), *NAMES]
        paths = {name: os.path.join(folder, name) for name in names}
        yield {
            name: functools.partial(open, file, "rb")
            for name, file in paths.items()
            if os.path.isfile(file)
        }


@contextlib.contextmanager
def _guarded(path):
    """Errors of reading files and archives become an InputError."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: expected {Cifar.takes['path']}, found no such file") from None
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise InputError(f"{path}: expected {Cifar.takes['path']}: {error}") from None
