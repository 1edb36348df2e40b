"""Small results that are slow to find, kept between runs in files of their own."""

import hashlib
import json
from pathlib import Path

from gaussianity.errors import InputError
from gaussianity.io.files import replacing

_folder = None


def remember_in(folder):
    """Keep results in this folder from now on; None: keep nothing, as at first."""
    global _folder
    _folder = None if folder is None else Path(folder)


def remembered(key, find):
    """The result of find(), kept under the key.

    Args:    key - what the result depends on, of plain values; find - function without arguments
             whose result json can hold.
    """
    if _folder is None:
        return find()
    digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    path = _folder / f"{digest[:32]}.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        found = find()
    try:
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(found))
    except (OSError, InputError):
        pass  # a folder that cannot be written, or a full disk, costs only time
    return found
