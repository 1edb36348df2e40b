"""Seals: what a file says of itself, so that a damaged or misplaced one is found where it enters.

A seal is text inside the file, `gaussianity-seal:<digits>:<name>;`, where the format keeps text for
its users: the comment of an .npz, the metadata of parquet and safetensors, a key of JSON. The
digits are the XXH3-128 checksum of all other bytes, the name is the path that the file was written
under. It finds damage, not forgery: whoever can change a file can seal it again.
"""

import os
import sys
from pathlib import Path
from urllib.parse import quote

from gaussianity.errors import InputError

MARK = b"gaussianity-seal:"
DIGITS = 32
EDGE = 65536  # a seal stands within so many bytes of the file's start or end
BLOCK = 2**20
AGAIN = "delete it and run the workflow again"


def open_seal(path):
    """The text that a file to be written under `path` must contain once, without its digits."""
    return f"{MARK.decode()}{'0' * DIGITS}:{recorded_name(path)};"


def close_seal(path):
    """Compute the checksum of a file that contains an open seal and enter it there."""
    with open(path, "r+b") as file:
        start, _ = _find(file)
        checksum = _checksum(file, start)
        file.seek(start)
        file.write(checksum)


def require_seal(path, *, named=True):
    """Raise an InputError unless a file is as it was written, and under this name.

    Args:    path - the file; named - whether its name counts, which changes when a user copies it.
    Raises:  InputError - missing or empty, without a seal, changed since, or another file.
    """
    try:
        with open(path, "rb") as file:
            start, seal = _find(file)
            whole = seal and seal[:DIGITS] == _checksum(file, start)
    except FileNotFoundError:
        raise InputError(f"{path}: expected a file of the study, found no such file") from None
    except OSError as error:
        raise InputError(f"{path}: expected a readable file: {error.strerror}; {AGAIN}") from None
    remedy = AGAIN if named else "take a whole copy, or save it again"
    if not seal:
        raise InputError(
            f"{path}: expected a file that this package wrote, found none of its seals: the file "
            f"is cut off, damaged or another program's; {remedy}"
        )
    if not whole:
        raise InputError(
            f"{path}: expected the file as it was written, found another checksum: the file is "
            f"damaged or was edited; {remedy}"
        )
    name = seal[DIGITS + 1 :].decode("ascii", "replace")
    if named and not is_at(path, name):
        raise InputError(f"{path}: expected the file that was written here, found {name}; {AGAIN}")


def recorded_checksum(path):
    """The checksum that a file's seal records, unchecked; nothing where it has no seal."""
    with open(path, "rb") as file:
        return _find(file)[1][:DIGITS].decode("ascii", "replace")


def file_checksum(path):
    """Checksum of all bytes of a file whose format has no place for a seal."""
    digest = _digest()
    digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def recorded_name(path):
    """A relative path whole, so that the folder around all results can move; else the file name."""
    path = Path(path)
    inside = not path.is_absolute() and ".." not in path.parts
    return quote(os.fsencode(path if inside else path.name))


def is_at(path, name):
    """Is this the place that `recorded_name` gave a name?"""
    return f"/{quote(os.fsencode(Path(path).absolute()))}".endswith(f"/{name}")


def _find(file):
    """Where the seal's digits start, and its bytes from there to its end; 0 and nothing where there
    is none."""
    size = file.seek(0, os.SEEK_END)
    for edge in (max(0, size - EDGE), 0):
        file.seek(edge)
        content = file.read(EDGE)
        found = content.rfind(MARK)
        if found >= 0:
            start = found + len(MARK)
            return edge + start, content[start:].partition(b";")[0]
    return 0, b""


def _digest():
    import xxhash  # not above: Snakemake's own environment, which reads no results, may lack it

    return xxhash.xxh3_128()


def _checksum(file, start):
    """Checksum of everything but the digits at `start`, as digits; a block in memory at a time."""
    digest = _digest()
    for position, size in ((0, start), (start + DIGITS, sys.maxsize)):
        file.seek(position)
        while block := file.read(min(BLOCK, size)):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest().encode()
