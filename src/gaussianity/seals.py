"""Seals: what a file says of itself, so that a damaged or misplaced one is found where it enters.

A seal is text inside the file, `gaussianity-seal:<digits>:<name>;`, where the format keeps text for
its users: the comment of an .npz, the metadata of parquet and safetensors, a key of JSON. The
digits are the XXH3-128 checksum of all other bytes, the name is the path that the file was written
under. It finds damage, not forgery: whoever can change a file can seal it again.
"""

import mmap
from pathlib import Path
from urllib.parse import quote

import xxhash

from gaussianity.errors import InputError

MARK = b"gaussianity-seal:"
DIGITS = 32
EDGE = 65536  # a seal stands within so many bytes of the file's start or end
AGAIN = "delete it and run the workflow again"


def open_seal(path):
    """The text that a file to be written under `path` must contain once, without its digits."""
    return f"{MARK.decode()}{'0' * DIGITS}:{recorded_name(path)};"


def close_seal(path):
    """Compute the checksum of a file that contains an open seal and enter it there."""
    with open(path, "r+b") as file:
        with _content(file) as content:
            start = _digits(content)
            checksum = _checksum(content, start)
        file.seek(start)
        file.write(checksum)


def require_seal(path, *, named=True):
    """Raise an InputError unless a file is as it was written, and under this name.

    Args:    path - the file; named - whether its name counts, which changes when a user copies it.
    Raises:  InputError - missing or empty, without a seal, changed since, or another file.
    """
    try:
        with open(path, "rb") as file, _content(file) as content:
            start = _digits(content)
            if start is not None:
                end = start + DIGITS
                whole = content[start:end] == _checksum(content, start)
                name = content[end + 1 : end + EDGE].split(b";")[0].decode("ascii", "replace")
    except FileNotFoundError:
        raise InputError(f"{path}: expected a file of the study, found no such file") from None
    except (OSError, ValueError) as error:  # a folder; an empty file
        raise InputError(f"{path}: expected a readable file: {error}; {AGAIN}") from None
    if start is None:
        raise InputError(
            f"{path}: expected a file that this package wrote, found none of its seals: the file "
            f"is cut off, damaged or another program's; {AGAIN}"
        )
    if not whole:
        raise InputError(
            f"{path}: expected the file as it was written, found another checksum: the file is "
            f"damaged or was edited; {AGAIN}"
        )
    if named and not is_at(path, name):
        raise InputError(f"{path}: expected the file that was written here, found {name}; {AGAIN}")


def file_checksum(path):
    """Checksum of all bytes of a file whose format has no place for a seal."""
    return xxhash.xxh3_128(Path(path).read_bytes()).hexdigest()


def recorded_name(path):
    """A relative path whole, so that the folder around all results can move; else the file name."""
    path = Path(path)
    return quote(path.name if path.is_absolute() or ".." in path.parts else path.as_posix())


def is_at(path, name):
    """Is this the place that `recorded_name` gave a name?"""
    return f"/{quote(str(Path(path).absolute()))}".endswith(f"/{name}")


def _content(file):
    """The file's bytes, not copied. Raises ValueError where there are none."""
    return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _digits(content):
    """Where the seal's digits start; None where there is no seal."""
    start = content.rfind(MARK, max(0, len(content) - EDGE))
    if start < 0:
        start = content.find(MARK, 0, EDGE)
    return None if start < 0 else start + len(MARK)


def _checksum(content, start):
    """Checksum of everything but the digits, as digits."""
    with memoryview(content) as view:
        digest = xxhash.xxh3_128(view[:start])
        digest.update(view[start + DIGITS :])
    return digest.hexdigest().encode()
