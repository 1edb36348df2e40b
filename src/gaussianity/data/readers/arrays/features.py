"""Reader of parquet tables of features."""

import contextlib
import functools
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.arrays.csv import LABELS
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.reader import Reader
from gaussianity.data.readers.shards import shards
from gaussianity.errors import InputError

MAGIC = b"PAR1"
ROWS = 4096  # that are held in memory at a time


class Features(Reader):
    """A column of labels, and a column of lists of F floats, or F columns of floats."""

    takes: ClassVar = {
        "path": "a parquet file with a column label and columns of floats, or a folder of them"
    }

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        with open(cls(path).files()[0], "rb") as file:
            is_parquet = file.read(len(MAGIC)) == MAGIC
        return is_parquet and bool(cls(path)._columns())

    def files(self):
        """See `Reader.files`."""
        return self._files

    def batches(self, numbers):
        """See `Reader.batches`."""
        _, columns = self._columns()
        first, width, numbers = 0, self.image_shape()[0], np.asarray(numbers)
        for part in self._parts(columns):
            here = numbers[(numbers >= first) & (numbers < first + part.num_rows)] - first
            if len(here):
                yield self._values(part, width)[here].astype(np.float32)
            first += part.num_rows

    def labels(self):
        """See `Reader.labels`."""
        label, _ = self._columns()
        given = [item for part in self._parts([label]) for item in part.column(0).to_pylist()]
        if None in given:
            raise InputError(f"{self.given['path']}: expected a label in every row")
        return classes_of(self.given["path"], np.array(given))

    def image_shape(self, classes=None):
        """See `Reader.image_shape`: (F,)."""
        _, columns = self._columns()
        first = next(self._parts(columns, rows=1), None)
        if first is None:
            raise InputError(f"{self.given['path']}: expected rows of features, found none")
        return (sum(_width(column) for column in first.columns),)

    def _values(self, part, width):
        """Floats (rows, F)."""
        for column in part.columns:
            if column.null_count or _flat(column).null_count:
                raise InputError(f"{self.given['path']}: expected a number in every cell")
        if _is_list(part.column(0).type):
            lengths = np.unique(part.column(0).value_lengths().to_numpy())
            if lengths.tolist() != [width]:
                raise InputError(
                    f"{self.given['path']}: expected {width} features in every row, as the first "
                    f"has, found rows of {', '.join(map(str, lengths))}"
                )
            return _flat(part.column(0)).to_numpy().reshape(-1, width)
        return np.stack([column.to_numpy() for column in part.columns], axis=1)

    def _columns(self):
        """Name of the column of labels, and those of the features."""
        with _guarded(self._files[0]) as parquet:
            schema = parquet.schema_arrow
        label = next((name for name in schema.names if name.lower() in LABELS), None)
        lists = [field.name for field in schema if _is_list(field.type)]
        floats = [field.name for field in schema if _is_float(field.type) and field.name != label]
        if label is None or not (len(lists) == 1 or (floats and not lists)):
            raise InputError(
                f"{self.given['path']}: expected a column {LABELS[0]}, and one column of lists of "
                f"floats or columns of floats, found {', '.join(schema.names[:8])}"
            )
        return label, lists or floats

    def _parts(self, columns, rows=ROWS):
        """Parts of the table, with these columns."""
        for file in self._files:
            with _guarded(file) as parquet:
                yield from parquet.iter_batches(rows, columns=columns)

    @functools.cached_property
    def _files(self):
        return shards(self.argument("path"), (".parquet",), self.takes["path"])


def _width(column):
    return len(_flat(column)) if _is_list(column.type) else 1


def _flat(column):
    return column.flatten() if _is_list(column.type) else column


def _is_float(kind):
    import pyarrow

    return pyarrow.types.is_floating(kind)


def _is_list(kind):
    """Is it a type of lists of floats?"""
    import pyarrow.types as types

    is_list = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return is_list and types.is_floating(kind.value_type)


@contextlib.contextmanager
def _guarded(path):
    """The open parquet file. Errors of reading it become an InputError."""
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(path) as parquet:
            yield parquet
    except FileNotFoundError:
        raise InputError(f"{path}: expected a parquet file, found no such file") from None
    except (OSError, pyarrow.ArrowException) as error:
        said = str(error).splitlines()[0]
        raise InputError(f"{path}: expected a readable parquet file: {said}") from None
