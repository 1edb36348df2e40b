"""Reader of a table of pixels as text: Kaggle's MNIST and the like."""

import math
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.reader import ArrayReader
from gaussianity.errors import InputError

LABELS = ("label", "class", "target", "y")


class Csv(ArrayReader):
    """A column `label` and one column per pixel of a square grey image, row by row."""

    takes: ClassVar = {"path": "a .csv file with a column label and a column per pixel"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        with open(path, "rb") as file:
            first = file.readline(2**20)
        names = first.decode("utf-8-sig").strip().split(",")
        return len(names) > 4 and any(name.strip('"').lower() in LABELS for name in names)

    def array(self):
        """See `ArrayReader.array`."""
        names, table = self._table()
        pixels = np.stack([table[name].to_numpy() for name in names], axis=1)
        if pixels.dtype.kind in "iu" and 0 <= pixels.min() <= pixels.max() <= 255:
            pixels = pixels.astype(np.uint8)
        side = math.isqrt(len(names))
        if side**2 != len(names):
            raise InputError(
                f"{self.given['path']}: expected the pixels of a square image, found "
                f"{len(names)} columns beside the labels"
            )
        return pixels.reshape(-1, side, side)

    def labels(self):
        """See `Reader.labels`."""
        _, table = self._table()
        return classes_of(self.given["path"], table[self._label_column(table)].to_numpy())

    def _label_column(self, table):
        for name in table.column_names:
            if name.lower() in LABELS:
                return name
        raise InputError(
            f"{self.given['path']}: expected a column {LABELS[0]}, found "
            f"{', '.join(table.column_names[:5])}, ..."
        )

    def _table(self):
        """Names of the columns of pixels, and the table."""
        import pyarrow
        import pyarrow.csv

        path = self.argument("path")
        try:
            table = pyarrow.csv.read_csv(path)
        except FileNotFoundError:
            raise InputError(f"{path}: expected a .csv file, found no such file") from None
        except pyarrow.ArrowException as error:
            raise InputError(f"{path}: expected a table of numbers: {error}") from None
        own = self._label_column(table)
        return [name for name in table.column_names if name != own], table
