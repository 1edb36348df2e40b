"""Labels in the forms that people store them in."""

import numpy as np

from gaussianity.data.readers.reader import sorted_classes
from gaussianity.errors import InputError


def classes_of(path, given, names=None):
    """Class names, and the position of each label's class among them: int64 (n,).

    Args:    path - of the labels, for errors; given - labels: integers or texts (n,) or (n, 1), or
             one-hot rows (n, K); names - of the classes (K,), of which labels are positions, or
             None.
    Raises:  InputError - the labels have another form.
    """
    found = flat_labels(path, given)
    if names is None:
        return sorted_classes(found)
    names = np.asarray(names)
    if names.ndim != 1:
        raise InputError(f"{path}: class_names must have the shape (classes,), found {names.shape}")
    if found.dtype.kind == "U" or not 0 <= found.min() <= found.max() < len(names):
        raise InputError(f"{path}: labels must be positions in class_names, 0 to {len(names) - 1}")
    names = tuple(str(_text(name)) for name in names)
    if len(set(names)) < len(names):
        raise InputError(f"{path}: class_names must differ, found {', '.join(names)}")
    return names, found.astype(np.int64)


def flat_labels(path, given):
    """Labels as integers or texts (n,)."""
    given = np.asarray(given)
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.ndim == 2 and _is_one_hot(given):
        return given.argmax(axis=1)
    if given.dtype.kind == "S":
        given = _decoded(path, given)
    if given.dtype.kind == "f" and given.size and (given == np.round(given)).all():
        given = given.astype(np.int64)
    if given.ndim != 1 or not len(given) or given.dtype.kind not in "iuUb":
        raise InputError(
            f"{path}: labels must be integers or strings of shape (n,), found {given.dtype} of "
            f"shape {given.shape}"
        )
    return given.astype(np.int64) if given.dtype.kind in "iub" else given


def _is_one_hot(given):
    """Is there a single 1 in each row, and else 0?"""
    return given.dtype.kind in "iufb" and bool(
        np.isin(given, (0, 1)).all() and (given.sum(axis=1) == 1).all()
    )


def _decoded(path, given):
    try:
        return np.char.decode(given, "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: labels must be text in UTF-8: {error}") from None


def _text(name):
    return name.decode() if isinstance(name, bytes) else name
