"""Rows of an array in a packed file, which is unpacked as far as they are asked for."""

import math
import zipfile
import zlib

import numpy as np

from gaussianity.errors import InputError

BLOCK_BYTES = 2**24  # unpacked at a time


class Rows:
    """The rows of an array, asked for in rising order.

    Args:    path - for errors; file - open at the first value, in C order; dtype, shape - of the
             array.
    """

    def __init__(self, path, file, dtype, shape):
        self.path, self.file, self.dtype, self.shape = path, file, dtype, shape
        self.ndim, self._next = len(shape), 0

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, numbers):
        """The rows with these numbers (m,), which rise and come after those of the last call."""
        found, numbers = [np.empty((0, *self.shape[1:]), self.dtype)], np.asarray(numbers)
        while len(numbers):
            self._read_before(numbers[0])
            first = self._next
            block = self._read(min(self._block(), numbers[-1] + 1 - first))
            here = numbers[numbers < self._next] - first
            found.append(block[here])
            numbers = numbers[len(here) :]
        return np.concatenate(found)

    def finish(self):
        """Unpack the rest, at whose end the checksum of the archive is compared."""
        self._read_before(len(self))
        self._read_bytes(1)

    def _read_before(self, number):
        while self._next < number:
            self._read(min(self._block(), number - self._next))

    def _read(self, count):
        """The next rows: (count, ...)."""
        size = count * math.prod(self.shape[1:]) * self.dtype.itemsize
        content = self._read_bytes(size)
        if len(content) < size:
            raise InputError(
                f"{self.path}: expected an array of shape {self.shape}, found its end at row "
                f"{self._next}; the file is cut off"
            )
        self._next += count
        return np.frombuffer(content, self.dtype).reshape(count, *self.shape[1:])

    def _read_bytes(self, size):
        try:
            return self.file.read(size)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise InputError(f"{self.path}: expected a readable file: {error}") from None

    def _block(self):
        return max(1, BLOCK_BYTES // max(1, math.prod(self.shape[1:]) * self.dtype.itemsize))
