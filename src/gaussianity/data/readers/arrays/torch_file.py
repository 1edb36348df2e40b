"""Reader of tensors that torch.save wrote; nothing in the file is executed."""

import warnings
import zipfile
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.arrays.npz import NAMES
from gaussianity.data.readers.arrays.reader import ArrayReader
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.errors import InputError

OLD = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"


class TorchFile(ArrayReader):
    """A dict with images and labels under one of the names of `npz.NAMES`, or a pair of both."""

    takes: ClassVar = {"path": "a file of torch.save with images and labels"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        return _is_of_torch(path) and len(_read(path)) == 2

    def array(self):
        """See `ArrayReader.array`."""
        return _read(self.argument("path"))[0]

    def labels(self):
        """See `Reader.labels`."""
        path = self.argument("path")
        return classes_of(path, _read(path)[1])


def _is_of_torch(path):
    """Is it an archive with torch's pickle, or does it begin with the number of the old format?"""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith("/data.pkl") for name in archive.namelist())
    with open(path, "rb") as file:
        return file.read(len(OLD)) == OLD


def _read(path):
    """Images and labels of the file, as arrays. They stay on disk until they are used, where the
    file is in torch's newer format."""
    found = _loaded(path)
    if isinstance(found, dict):
        names = next((pair for pair in NAMES if set(pair) <= found.keys()), ())
        found = tuple(found[name] for name in names) or found
    if not isinstance(found, list | tuple) or len(found) != 2 or not all(map(_is_array, found)):
        raise InputError(
            f"{path}: expected the tensors images and labels in a dict, or a pair of both, found "
            f"{_described(found)}"
        )
    return tuple(map(_array, found))


def _loaded(path):
    import torch

    try:
        with warnings.catch_warnings(action="ignore"):  # typed storages are of the old format
            return torch.load(
                path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
            )
    except FileNotFoundError:
        raise InputError(f"{path}: expected a file of torch.save, found no such file") from None
    except Exception as error:  # a damaged file raises errors of many kinds
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{path}: expected tensors that torch.save wrote: {said}") from None


def _is_array(item):
    import torch

    return torch.is_tensor(item) or (isinstance(item, list) and len(item) > 0)


def _array(item):
    import torch

    if not torch.is_tensor(item):
        return np.array(item)
    return (item.float() if item.dtype == torch.bfloat16 else item).detach().numpy()


def _described(found):
    if isinstance(found, dict):
        return f"a dict of {', '.join(map(str, list(found)[:8])) or 'nothing'}"
    if isinstance(found, list | tuple):
        return f"a {type(found).__name__} of {len(found)} items"
    return f"a {type(found).__name__}"
