"""What is at a path that no reader knows, for the message."""

import itertools
from collections import Counter
from pathlib import Path

LOOKED_AT = 10_000  # files of a folder
SHOWN = 3  # kinds of files
VIDEOS = {".avi", ".mkv", ".mov", ".mp4", ".webm"}


def what_is(path):
    """A file or folder in words.

    Args:    path - of an existing one.
    """
    path = Path(path)
    if path.is_file():
        size = path.stat().st_size
        return f"a file of another form ({size:,} bytes)" if size else "an empty file"
    looked_at = itertools.islice(path.rglob("*"), LOOKED_AT)
    files = [file for file in looked_at if file.is_file() and not _is_hidden(file, path)]
    if not files:
        return "an empty folder"
    kinds = Counter(file.suffix.lower() or "no suffix" for file in files)
    most = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
    shown = ", ".join(f"{count:,} {kind}" for kind, count in most)
    said = f"a folder of {len(files):,} file{'' if len(files) == 1 else 's'} ({shown})"
    if all(file.parent == path for file in files):
        said += " without a folder for each class"
    return f"{said}; take videos apart into images" if VIDEOS & set(kinds) else said


def _is_hidden(file, folder):
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
