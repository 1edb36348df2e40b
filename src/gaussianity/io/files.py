"""Artifacts on disk: npz, parquet and CSV files.

A file appears under its name only after it is complete. It is checked when it is read.
"""

import contextlib
import errno
import glob
import os
import platform
import struct
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.seals import close_seal, open_seal, require_seal

FULL = {number: os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT)}


@contextlib.contextmanager
def replacing(path):
    """A temporary name beside `path`: renamed to `path` on success, removed on failure.

    Temporary files that a killed process left behind are removed too.

    Raises:  InputError - the disk is full.
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with replacing(f"{folder}/example.txt") as temporary:
    ...         size = temporary.write_text("whole")
    ...     Path(folder, "example.txt").read_text()
    'whole'
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
            left.unlink(missing_ok=True)
        temporary = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.part")
        try:
            yield temporary
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except Exception as error:  # each library raises its own
        said = str(error)
        if getattr(error, "errno", None) in FULL or any(words in said for words in FULL.values()):
            raise InputError(
                f"{path}: expected room for it on the disk, found none left; free some and run "
                "the workflow again"
            ) from None
        raise


@dataclass(frozen=True)
class Streamed:
    """An array that is written part by part, so that it is never in memory as a whole.

    shape, dtype - of the array; parts - arrays that are joined along the first axis.
    """

    shape: tuple
    dtype: np.dtype
    parts: Iterable


def write_npz(path, **arrays):
    """Write named arrays, uncompressed and sealed. The same arrays and path give the same bytes.

    Args:    arrays - arrays or `Streamed`. The bytes of both are the same.
    """
    with replacing(path) as temporary:
        with zipfile.ZipFile(temporary, "w") as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                    _write_array(file, array)
            archive.comment = open_seal(path).encode()
        close_seal(temporary)


def _write_array(file, array):
    if not isinstance(array, Streamed):
        np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)
        return
    description = np.lib.format.dtype_to_descr(np.dtype(array.dtype))
    header = dict(descr=description, fortran_order=False, shape=tuple(array.shape))
    np.lib.format.write_array_header_1_0(file, header)
    for part in array.parts:
        file.write(np.ascontiguousarray(part, dtype=array.dtype).data)


def read_artifact(path, *names):
    """Read a file that `write_npz` wrote under this name; see `read_npz`."""
    require_seal(path)
    return read_npz(path, *names)


def npz_names(path):
    """Names of the arrays in an .npz; InputError as `read_npz`."""
    with _opened(path) as archive:
        return tuple(archive.files)


def npz_header(path, name):
    """Shape and type of one array of an .npz, from its first bytes; InputError as `read_npz`."""
    with _opened(path) as archive:
        _require_array(path, archive, name)
        with archive.zip.open(f"{name}.npy") as file:
            shape, _, dtype = _header(np.lib.format.read_magic(file))(file)
            return shape, dtype


def read_npz(path, *names):
    """Read arrays by name; floating-point arrays must be finite.

    Args:    path - the file; names - of the arrays to read; all arrays where no name is given.
    Returns: dict of name to array.
    Raises:  InputError - the file is missing, damaged, holds objects, lacks a name, or holds NaN.
    """
    with _opened(path) as archive:
        missing = sorted(set(names) - set(archive.files))
        if missing:
            raise InputError(
                f"{path}: expected the arrays {', '.join(names)}, found "
                f"{', '.join(archive.files)}; {', '.join(missing)} is missing"
            )
        names = names or archive.files
        require_memory(path, sum(archive.zip.getinfo(f"{name}.npy").file_size for name in names))
        arrays = {name: archive[name] for name in names}
    for name, array in arrays.items():
        require_finite(path, name, array)
    return arrays


def map_artifact(path, name):
    """One array of a file that `write_npz` wrote under this name; it stays on disk until used.

    Raises:  InputError - missing, damaged, another file, or without the array.
    """
    require_seal(path)
    return map_npz(path, name)


def map_npz(path, name):
    """One array of an .npz; it stays on disk until used, unless it is compressed.

    Raises:  InputError - as `read_npz`.
    """
    with _opened(path) as archive:
        _require_array(path, archive, name)
        member = archive.zip.getinfo(f"{name}.npy")
        if member.compress_type != zipfile.ZIP_STORED:
            require_memory(path, member.file_size)
            return archive[name]
        with open(path, "rb") as file:
            file.seek(member.header_offset + 26)  # the lengths of the member's name and extra field
            file.seek(sum(struct.unpack("<HH", file.read(4))), os.SEEK_CUR)
            shape, fortran, dtype = _header(np.lib.format.read_magic(file))(file)
            if dtype.hasobject:
                raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
            order = "F" if fortran else "C"
            return np.memmap(path, dtype, "r", file.tell(), shape, order)


def stream_npz(path, name):
    """A packed array of an .npz as an open file, to be unpacked as it is read.

    Returns: the file, at the first value; dtype; shape. None where the array is not packed or not
             in C order.
    Raises:  InputError - as `read_npz`.
    """
    with _opened(path) as archive:
        _require_array(path, archive, name)
        member = archive.zip.getinfo(f"{name}.npy")
        if member.compress_type == zipfile.ZIP_STORED:
            return None
        file = zipfile.ZipFile(path).open(member)  # noqa: SIM115 - the caller reads it
        shape, fortran, dtype = _header(np.lib.format.read_magic(file))(file)
        if dtype.hasobject:
            raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
        return None if fortran else (file, dtype, shape)


def _require_array(path, archive, name):
    if name not in archive.files:
        raise InputError(f"{path}: expected the array {name}, found {', '.join(archive.files)}")


def _header(version):
    """NumPy's function that reads an array's header of this format version."""
    names = {(1, 0): "read_array_header_1_0", (2, 0): "read_array_header_2_0"}
    return getattr(np.lib.format, names[version])


@contextlib.contextmanager
def _opened(path):
    """The open archive. Any error while it is open becomes an InputError that names the file."""
    try:
        with open(path, "rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as archive:
            yield archive
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: expected an .npz file, found no such file") from None
    except Exception as error:  # a damaged zip raises errors of many kinds
        raise InputError(
            f"{path}: expected a readable .npz file of plain arrays: {error}"
        ) from None


def require_memory(path, size):
    """Raise an InputError where a file's content of `size` bytes exceeds the machine's memory."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if size > memory:
        raise InputError(
            f"{path}: expected at most {memory:,} bytes when unpacked, the memory of this machine, "
            f"found {size:,}"
        )


def require_finite(path, name, array):
    """Raise an InputError that names the file where a float array contains NaN or infinity."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        where = np.argwhere(~np.isfinite(array))[0]
        raise InputError(
            f"{path}: array {name} must be finite, found {array[tuple(where)]} at index "
            f"{tuple(int(i) for i in where)}"
        )


def write_table(path, columns, **labels):
    """Write a sealed parquet table.

    Args:    columns - dict of equally long columns of numbers or of texts; labels - names and
             values of columns that are constant, a text or a number, to identify the table.
    """
    import pyarrow
    import pyarrow.parquet

    arrays = [np.ascontiguousarray(column) for column in columns.values()]
    if any(array.dtype.kind not in "iufU" for array in arrays):
        found = [str(array.dtype) for array in arrays]
        raise ValueError(f"columns must be numbers or texts, found {found}")
    constants = [pyarrow.repeat(pyarrow.scalar(value), len(arrays[0])) for value in labels.values()]
    varying = [_column(pyarrow, array) for array in arrays]
    table = pyarrow.Table.from_arrays([*constants, *varying], names=[*labels, *columns])
    with replacing(path) as temporary:
        with pyarrow.parquet.ParquetWriter(temporary, table.schema) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata({"seal": open_seal(path)})
        close_seal(temporary)


def _column(pyarrow, array):
    """A pyarrow column. `pyarrow.array` would import pandas, a third of a second in every job."""
    if array.dtype.kind == "U":
        return pyarrow.concat_arrays([pyarrow.repeat(pyarrow.scalar(str(t)), 1) for t in array])
    kind = pyarrow.from_numpy_dtype(array.dtype)
    return pyarrow.Array.from_buffers(kind, len(array), [None, pyarrow.py_buffer(array)])


def write_csv(path, frame):
    """Write a pandas DataFrame as text, floats with 10 significant digits."""
    with replacing(path) as temporary:
        frame.to_csv(temporary, index=False, float_format="%.10g")


def read_tables(paths, *columns):
    """Read parquet files that `write_table` wrote into one pandas DataFrame, in the order given.

    Args:    columns - names of the columns to read; all columns where no name is given.
    Raises:  InputError - a file is missing, damaged, another file, or lacks a column.
    """
    import pandas
    import pyarrow

    frames = []
    for path in paths:
        require_seal(path)
        try:
            frames.append(pandas.read_parquet(path, columns=list(columns) or None))
        except (OSError, pyarrow.ArrowException) as error:
            raise InputError(f"{path}: expected a readable parquet table: {error}") from None
    return pandas.concat(frames, ignore_index=True)
