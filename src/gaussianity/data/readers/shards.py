"""The files of a dataset that is stored in several: shards."""

import os

from gaussianity.errors import InputError

TRAINING = "train"


def shards(path, suffixes, expected):
    """The file `path`, or the shards in the folder `path` and below it, sorted by name.

    Where the names of some begin with `train`, or their folder is `train`, only these are read.

    Args:    suffixes - of the shards; expected - their kind in words, for errors.
    Raises:  InputError - there is none.
    """
    if os.path.isfile(path):
        return [path]
    if not os.path.isdir(path):
        raise InputError(f"{path}: expected {expected}, found no such file or folder")
    found = sorted(_below(path, suffixes))
    if not found:
        raise InputError(f"{path}: expected {expected}, found no file {' or '.join(suffixes)}")
    return [file for file in found if _is_training(path, file)] or found


def _below(path, suffixes):
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield os.path.join(folder, name)


def _is_training(path, file):
    parts = os.path.relpath(file, path).split(os.sep)
    return parts[-1].startswith(TRAINING) or TRAINING in parts[:-1]
