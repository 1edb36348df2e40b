"""Names of files for classes, whose own names may have any signs."""

import re
import unicodedata

ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def file_names(classes):
    """A name of files for each class: dict of class to name, all different.

    A class whose name has letters, digits, _ and - alone keeps it. In other names these signs stay,
    accents are left out, and each run of other signs becomes one -.

    >>> file_names(["cat", "fire salamander", "Löwe", "_"])
    {'cat': 'cat', 'fire salamander': 'fire-salamander', 'Löwe': 'Lowe', '_': 'class'}
    """
    kept = {name: name for name in classes if ALLOWED.fullmatch(name)}
    found, taken = {}, {name.lower() for name in kept}
    for name in classes:
        found[name] = kept.get(name) or _free(_plain(name), taken)
        taken.add(found[name].lower())
    return found


def _plain(name):
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", ascii_name).strip("-_") or "class"


def _free(name, taken):
    """The name, or with the first number that makes it differ from those that are taken."""
    number, free = 1, name
    while free.lower() in taken:
        number += 1
        free = f"{name}-{number}"
    return free
