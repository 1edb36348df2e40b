"""JSON descriptions of saved denoisers, read without torch, so before any job starts."""

import json
from pathlib import Path

from gaussianity.errors import InputError
from gaussianity.io.seals import require_seal

FORMAT = "gaussianity-denoiser/1"


def read_description(path, *, named=False):
    """The JSON description of a saved denoiser.

    Args:    path - of the .safetensors or the .json file; named - whether the file must be at the
             path where it was written.
    Returns: dict of format, kind, class_names, arguments.
    Raises:  InputError - the file is missing or not a denoiser's description.
    """
    path = Path(path).with_suffix(".json")
    if not path.is_file():
        raise InputError(
            f"{path}: expected a denoiser's description (.json beside .safetensors), "
            "found no such file"
        )
    require_seal(path, named=named)
    try:
        description = json.loads(path.read_text())
    except ValueError as error:
        raise InputError(f"{path}: expected JSON: {error}") from None
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise InputError(f'{path}: expected a description with "format": "{FORMAT}"')
    missing = {"kind", "class_names", "arguments"} - set(description)
    if missing:
        raise InputError(f"{path}: the description lacks {', '.join(sorted(missing))}")
    return description
