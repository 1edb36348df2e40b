"""Reader of a table of pixels as text: Kaggle's MNIST and the like."""

import contextlib
import math
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.reader import Reader
from gaussianity.errors import InputError

LABELS = ("label", "class", "target", "y")
FEWEST_PIXELS = 4


class Csv(Reader):
    """A column `label` and one column per pixel of a square grey image, row by row.

    The images are uint8 where all pixels are whole numbers from 0 to 255, and floats otherwise.
    """

    takes: ClassVar = {"path": "a .csv file with a column label and a column per pixel"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        with open(path, "rb") as file:
            first = file.readline(2**20)
        names = first.decode("utf-8-sig", "replace").strip().split(",")
        is_label = [name.strip('"').lower() in LABELS for name in names]
        return len(names) > FEWEST_PIXELS and any(is_label)

    def batches(self, numbers):
        """See `Reader.batches`. The table is read in parts."""
        _, pixels = self._columns()
        side, kind = self.image_shape()[0], "uint8" if self._is_bytes() else "float32"
        first, numbers = 0, np.asarray(numbers)
        for part in self._parts(pixels, kind):
            here = numbers[(numbers >= first) & (numbers < first + part.num_rows)] - first
            values = np.stack([column.to_numpy() for column in part.take(here).columns], axis=1)
            if len(here):
                yield values.reshape(-1, 1, side, side)
            first += part.num_rows

    def labels(self):
        """See `Reader.labels`."""
        label, _ = self._columns()
        columns = [part.column(0) for part in self._parts([label])]
        if any(column.null_count for column in columns):
            raise InputError(f"{self.given['path']}: expected a label in every row")
        given = np.concatenate([np.array(column.to_pylist()) for column in columns])
        return classes_of(self.given["path"], given)

    def image_shape(self, classes=None):
        """See `Reader.image_shape`."""
        _, pixels = self._columns()
        side = math.isqrt(len(pixels))
        if side**2 != len(pixels):
            raise InputError(
                f"{self.given['path']}: expected the pixels of a square grey image, found "
                f"{len(pixels)} columns beside the labels"
            )
        return side, side

    def _columns(self):
        """Name of the column of labels, and of those of pixels."""
        names = next(self._parts([])).schema.names
        label = next((name for name in names if name.lower() in LABELS), None)
        if label is None:
            found = ", ".join(names[:5]) + ", ..." * (len(names) > 5)
            raise InputError(
                f"{self.given['path']}: expected a first row with the names of the columns, one of "
                f"them {LABELS[0]}, found {found}"
            )
        return label, [name for name in names if name != label]

    def _is_bytes(self):
        import pyarrow

        path = self.argument("path")
        try:
            for _ in _read(path, self._columns()[1], "uint8"):
                pass
        except pyarrow.ArrowInvalid:
            return False
        return True

    def _parts(self, columns, kind=None):
        """Parts of the table, with these columns, or all for []; kind - of numbers, or None."""
        import pyarrow

        path = self.argument("path")
        try:
            yield from _read(path, columns, kind)
        except FileNotFoundError:
            raise InputError(f"{path}: expected a .csv file, found no such file") from None
        except (OSError, pyarrow.ArrowException) as error:
            said = str(error).splitlines()[0]
            raise InputError(f"{path}: expected a table of numbers: {said}") from None


def _read(path, columns, kind):
    """Parts of a table. pyarrow takes an empty cell of numbers as missing, which is refused."""
    import pyarrow
    import pyarrow.csv

    types = dict.fromkeys(columns, kind) if kind else None
    convert = pyarrow.csv.ConvertOptions(
        include_columns=columns, column_types=types, null_values=[], strings_can_be_null=False
    )
    with contextlib.closing(pyarrow.csv.open_csv(path, convert_options=convert)) as reader:
        yield from reader
