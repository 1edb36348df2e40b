"""Seals: a checksum and a name inside a file, which reveal a damaged or misplaced file.

A seal is the text `gaussianity-seal:<digits>:<name>;` inside the file: the comment of an .npz, the
metadata of parquet and safetensors, a key of JSON. The digits are the XXH3-128 checksum of all
other bytes. The name is the path under which the file was written. A seal reveals damage but not
forgery, because anyone can seal a changed file again.
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
    """The seal, with zeros as digits, that a file to be written under `path` must contain once."""
    return f"{MARK.decode()}{'0' * DIGITS}:{recorded_name(path)};"


def close_seal(path):
    """Write the checksum of a file into the open seal that the file contains."""
    with open(path, "r+b") as file:
        start, _ = _find(file)
        checksum = _checksum(file, start)
        file.seek(start)
        file.write(checksum)


def require_seal(path, *, named=True):
    """Raise an InputError unless a file is unchanged and was written under this name.

    Args:    path - the file; named - whether the name is checked too; a copy has another name.
    Raises:  InputError - missing, without a seal, changed since it was written, or another file.
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
    """The checksum that a file's seal records, not verified; empty where the file has no seal."""
    with open(path, "rb") as file:
        return _find(file)[1][:DIGITS].decode("ascii", "replace")


def file_checksum(path):
    """Checksum of all bytes of a file without a seal."""
    digest = _digest()
    digest.update(Path(path).read_bytes())
    return digest.hexdigest()


def recorded_name(path):
    """The name in a seal: a relative path so that the project can move; else the file name."""
    path = Path(path)
    inside = not path.is_absolute() and ".." not in path.parts
    return quote(os.fsencode(path if inside else path.name))


def is_at(path, name):
    """Is `name` the recorded name of this path?"""
    return f"/{quote(os.fsencode(Path(path).absolute()))}".endswith(f"/{name}")


def _find(file):
    """Position of the seal's digits, and its bytes from there to its end; 0 and b"" without a
    seal."""
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
    import xxhash  # not at the top: Snakemake's own environment may lack it

    return xxhash.xxh3_128()


def _checksum(file, start):
    """Checksum, as digits, of all bytes but those at `start`; one block in memory at a time."""
    digest = _digest()
    for position, size in ((0, start), (start + DIGITS, sys.maxsize)):
        file.seek(position)
        while block := file.read(min(BLOCK, size)):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest().encode()
