"""Reader of IDX files, MNIST's format, packed by gzip or not.

Source:  the MNIST pages of LeCun, Cortes and Burges: 0, 0, type code, number of dimensions, then
         the sizes as big-endian 32-bit integers, then the values.
"""

import contextlib
import gzip
import math
import os
import struct
import zlib
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.arrays.reader import ArrayReader
from gaussianity.data.readers.reader import sorted_classes
from gaussianity.errors import InputError
from gaussianity.io.files import require_memory

# Magic numbers: two bytes of zero, code of the type, number of dimensions.
IMAGES = (0x803, 0x804)
LABELS = (0xC01, 0xC02, 0x801)
TYPES = {0x08: np.dtype("u1"), 0x0C: np.dtype(">i4")}
CODES = range(0x08, 0x0F)  # of all types of the format
PACKED = b"\x1f\x8b"  # gzip


class Idx(ArrayReader):
    """An IDX file of images (n, H, W) or (n, C, H, W), and one of labels.

    Labels are bytes (n,), or 32-bit integers (n,) or (n, k) with the class in the first column, as
    in QMNIST.
    """

    takes: ClassVar = {"path": "an IDX file of images", "labels": "an IDX file of labels"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        with _opened(path, cls.takes["path"]) as file:
            first = file.read(4)
        return len(first) == 4 and first[:2] == bytes(2) and first[2] in CODES and 0 < first[3] < 5

    def array(self):
        """See `ArrayReader.array`."""
        return read_idx(self.argument("path"), IMAGES, self.takes["path"])

    def labels(self):
        """See `Reader.labels`."""
        given = read_idx(self.argument("labels"), LABELS, self.takes["labels"])
        return sorted_classes(given if given.ndim == 1 else given[:, 0])

    def header(self):
        """See `ArrayReader.header`."""
        return idx_header(self.argument("path"), IMAGES, self.takes["path"])


def read_idx(path, magics, expected):
    """The array of an IDX file. It stays on disk until it is used, unless it is packed.

    Args:    path - of a file that is packed by gzip or not; magics - allowed magic numbers;
             expected - the file's content in words, for errors.
    Raises:  InputError - missing, damaged gzip, wrong magic number or length, larger than memory.
    """
    with _opened(path, expected) as file:
        shape, dtype = _header(path, file, magics, expected)
        size = math.prod(shape) * dtype.itemsize
        if not isinstance(file, gzip.GzipFile):
            start = file.tell()
            _require_size(path, shape, size, os.path.getsize(path) - start)
            return np.memmap(path, dtype, "r", start, shape) if size else np.empty(shape, dtype)
        require_memory(path, size)
        content = file.read(size)
        rest = len(file.read(2**20))
    _require_size(path, shape, size, len(content) + rest, " or more" * (rest == 2**20))
    return np.frombuffer(content, dtype).reshape(shape)


def idx_header(path, magics, expected):
    """Shape and type of an IDX file's array, from its first bytes; see `read_idx`."""
    with _opened(path, expected) as file:
        return _header(path, file, magics, expected)


def _require_size(path, shape, size, found, more=""):
    if found != size:
        raise InputError(
            f"{path}: expected {size} bytes for the shape {shape}, found {found}{more}; the file "
            "is cut off or damaged"
        )


def _header(path, file, magics, expected):
    """Shape and type."""
    magic = file.read(4)
    if len(magic) < 4 or int.from_bytes(magic, "big") not in magics:
        allowed = ", ".join(f"0x{number:08x}" for number in magics[:-1])
        raise InputError(
            f"{path}: expected {expected} with magic number {allowed} or 0x{magics[-1]:08x}, "
            f"found 0x{magic.hex()}"
        )
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise InputError(
            f"{path}: expected a header of {4 + 4 * magic[3]} bytes, found {4 + len(sizes)}; the "
            "file is cut off"
        )
    return struct.unpack(f">{magic[3]}I", sizes), TYPES[magic[2]]


@contextlib.contextmanager
def _opened(path, expected):
    """The unpacked bytes as a file. Errors of reading it become an InputError."""
    try:
        with open(path, "rb") as file:
            is_packed = file.read(2) == PACKED
        with (gzip.open if is_packed else open)(path, "rb") as file:
            yield file
    except FileNotFoundError:
        raise InputError(f"{path}: expected {expected}, found no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: expected a whole gzip file: {error}; fetch the file again"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: expected {expected}: {error.strerror}") from None
