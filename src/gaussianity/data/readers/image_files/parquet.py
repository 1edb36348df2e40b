"""Reader of the parquet files of Hugging Face's datasets of images."""

import contextlib
import functools
import json
from typing import ClassVar

import numpy as np

from gaussianity.data.readers.image_files.reader import ImageFiles, Listing
from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.shards import shards
from gaussianity.errors import InputError

LABELS = ("label", "labels", "fine_label", "class", "target", "cls")
ROWS = 256  # of images that are held in memory at a time
SAMPLED = 100  # images from which the common shape is taken, at the begin of the first file


class Parquet(ImageFiles):
    """A column of images, struct {bytes, path}, and one of labels.

    Names of classes come from the ClassLabel in the metadata, where there is one.

    Source:  datasets.Features of Hugging Face, stored in the key `huggingface` of the schema.
    """

    takes: ClassVar = {"path": "a parquet file with columns image and label, or a folder of them"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        return image_column(cls(path)._schema()) is not None

    def files(self):
        """See `Reader.files`."""
        return self._files

    def sample(self, numbers):
        """See `ImageFiles.sample`."""
        return numbers[:SAMPLED]

    def listing(self):
        """See `ImageFiles.listing`."""
        import pyarrow.parquet

        path, (_, label) = self.argument("path"), self._columns
        with _guarded(path):
            columns = [pyarrow.parquet.read_table(f, columns=[label])[label] for f in self._files]
        if any(column.null_count for column in columns):
            raise InputError(f"{path}: expected a label in every row, found rows without")
        given = np.concatenate([column.to_numpy() for column in columns])
        given = given.astype(np.str_) if given.dtype == object else given
        names = [f"row {number}" for number in range(len(given))]
        return Listing(names, *classes_of(path, given, class_names(self._schema(), label)))

    def contents(self, numbers):
        """See `ImageFiles.contents`."""
        first, wanted = 0, np.asarray(numbers)
        for images in self._batches():
            here = wanted[(wanted >= first) & (wanted < first + len(images))] - first
            for number, row in zip(here + first, images.take(here).to_pylist(), strict=True):
                content = row["bytes"] if isinstance(row, dict) else row
                if content is None:
                    raise InputError(f"{self.name_of(number)}: expected the bytes of an image")
                yield content
            first += len(images)
            if not (wanted >= first).any():
                return

    def _batches(self):
        """The column of images, some rows at a time."""
        import pyarrow.parquet

        column, _ = self._columns
        for file in self._files:
            with _guarded(file), pyarrow.parquet.ParquetFile(file) as parquet:
                for batch in parquet.iter_batches(ROWS, columns=[column]):
                    yield batch.column(0)

    @functools.cached_property
    def _files(self):
        return shards(self.argument("path"), (".parquet",), self.takes["path"])

    @functools.cached_property
    def _columns(self):
        """Names of the columns of images and of labels."""
        schema = self._schema()
        label = next((name for name in LABELS if name in schema.names), None)
        image = image_column(schema)
        if image is None or label is None:
            raise InputError(
                f"{self.argument('path')}: expected columns of images (bytes and path) and of "
                f"labels ({', '.join(LABELS)}), found {', '.join(schema.names)}"
            )
        return image, label

    def _schema(self):
        import pyarrow.parquet

        with _guarded(self._files[0]):
            return pyarrow.parquet.read_schema(self._files[0])


def image_column(schema):
    """Name of the first column of images: a struct with bytes, or bytes alone."""
    import pyarrow

    for field in schema:
        kind = field.type
        if pyarrow.types.is_struct(kind) and kind.get_field_index("bytes") >= 0:
            return field.name
        if pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind):
            return field.name
    return None


def class_names(schema, label):
    """Names of the ClassLabel of a column; None where there are none."""
    try:
        known = json.loads((schema.metadata or {})[b"huggingface"])
        return known["info"]["features"][label]["names"]
    except (KeyError, TypeError, ValueError):
        return None


@contextlib.contextmanager
def _guarded(path):
    """Errors of pyarrow become an InputError."""
    import pyarrow

    try:
        yield
    except (OSError, pyarrow.ArrowException) as error:
        said = str(error).splitlines()[0]
        raise InputError(f"{path}: expected a readable parquet file: {said}") from None
