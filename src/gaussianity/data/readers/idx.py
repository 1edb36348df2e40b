"""Reader of IDX files of unsigned bytes, MNIST's format, packed by gzip or not.

Source:  the MNIST pages of LeCun, Cortes and Burges: 0, 0, type code, number of dimensions, then
         the sizes as big-endian 32-bit integers, then the values.
"""

import contextlib
import gzip
import math
import struct
import zlib
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.reader import ArrayReader, sorted_classes
from gaussianity.errors import InputError
from gaussianity.io.files import require_memory


class Idx(ArrayReader):
    """An IDX file of images (n, H, W) or (n, C, H, W), and one of labels (n,)."""

    takes: ClassVar = {"path": "an IDX file of images", "labels": "an IDX file of labels"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        idx_shape(path, (3, 4), cls.takes["path"])
        return True

    def array(self):
        """See `ArrayReader.array`."""
        return read_idx(self.argument("path"), (3, 4), self.takes["path"])

    def labels(self):
        return sorted_classes(read_idx(self.argument("labels"), (1,), self.takes["labels"]))

    def array_shape(self):
        """See `ArrayReader.array_shape`."""
        return idx_shape(self.argument("path"), (3, 4), self.takes["path"])


def read_idx(path, dimensions, expected):
    """The array of an IDX file: uint8.

    Args:    path - ends in .gz for a packed file; dimensions - allowed numbers of dimensions;
             expected - the file's content in words, for errors.
    Raises:  InputError - missing, damaged gzip, wrong magic number or length, larger than memory.
    """
    with _opened(path, expected) as file:
        shape = _shape(path, file, dimensions, expected)
        count = math.prod(shape)
        require_memory(path, count)
        raw = file.read(count)
        rest = len(file.read(2**20))
    if len(raw) + rest != count:
        found = f"{len(raw) + rest}{' or more' if rest == 2**20 else ''}"
        raise InputError(
            f"{path}: expected {count} bytes for the shape {shape}, found {found}; the file is cut "
            "off or damaged"
        )
    return np.frombuffer(raw, dtype=np.uint8).reshape(shape)


def idx_shape(path, dimensions, expected):
    """Shape of an IDX file's array, from its first bytes; arguments and errors as `read_idx`."""
    with _opened(path, expected) as file:
        return _shape(path, file, dimensions, expected)


def _shape(path, file, dimensions, expected):
    magic = file.read(4)
    allowed = " or ".join(f"0x0000080{n}" for n in dimensions)
    if len(magic) < 4 or magic[:3] != b"\0\0\x08" or magic[3] not in dimensions:
        raise InputError(
            f"{path}: expected {expected} with magic number {allowed}, found 0x{magic.hex()}"
        )
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise InputError(
            f"{path}: expected a header of {4 + 4 * magic[3]} bytes, found {4 + len(sizes)}; the "
            "file is cut off"
        )
    return struct.unpack(f">{magic[3]}I", sizes)


@contextlib.contextmanager
def _opened(path, expected):
    """The unpacked bytes as a file. Errors of reading it become an InputError."""
    try:
        with (gzip.open if str(path).endswith(".gz") else open)(path, "rb") as file:
            yield file
    except FileNotFoundError:
        raise InputError(f"{path}: expected {expected}, found no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(
            f"{path}: expected a whole gzip file: {error}; fetch the file again"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: expected {expected}: {error.strerror}") from None
