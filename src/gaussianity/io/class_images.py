"""The images of several classes as rows: of files, one batch in memory at a time, or of arrays."""

from dataclasses import dataclass

import numpy as np

from gaussianity.io.images import read_chosen_rows, read_rows

ROWS = 2048  # in a batch


class ClassImages:
    """Images of several classes, as `batches` of rows and the `chosen` ones together."""

    def selected(self, k, numbers):
        """The rows of class k with the rising numbers (n,), in batches."""
        start = 0
        for batch in self.batches(k):
            first, last = np.searchsorted(numbers, [start, start + len(batch)])
            if first < last:
                yield batch[numbers[first:last] - start]
            start += len(batch)


@dataclass(frozen=True)
class ImageFiles(ClassImages):
    """Images in .npz artifacts; paths - a list of files for each class."""

    paths: list

    def __len__(self):
        """Number of classes."""
        return len(self.paths)

    def batches(self, k):
        """All rows of class k: float32 (n_i, d)."""
        return read_rows(self.paths[k], np.float32, ROWS)

    def chosen(self, k, numbers):
        """The rows of class k with the numbers (n,), which differ: float32 (n, d)."""
        order = np.argsort(numbers)
        found = read_chosen_rows(self.paths[k], numbers[order], np.float32)
        found[order] = found.copy()
        return found


@dataclass(frozen=True)
class ImageArrays(ClassImages):
    """Images in memory; rows - an array (n, d) in [0, 1] units for each class."""

    rows: list

    def __len__(self):
        """Number of classes."""
        return len(self.rows)

    def batches(self, k):
        """All rows of class k in one batch."""
        yield self.rows[k]

    def chosen(self, k, numbers):
        """The rows of class k with the numbers (n,): (n, d)."""
        return self.rows[k][numbers]
