"""Checks of the arguments of the functions that train classifiers, by their names."""

import numpy as np

from gaussianity.arguments import require_between, require_whole
from gaussianity.errors import InputError

SELECTIONS = ("validation", "test")
LARGEST = float(np.finfo(np.float64).max)


def require_problem(rows, one_hot, split):
    """Raise an InputError unless rows (n, d) of floats, one_hot (n, K) and the split fit together.

    The arrays can be of any library.
    """
    for name, array in (("rows", rows), ("one_hot", one_hot)):
        shape = tuple(getattr(array, "shape", ()))
        if len(shape) != 2 or 0 in shape:
            raise InputError(f"{name}: expected an array of two axes, found the shape {shape}")
    if "float" not in str(rows.dtype):
        raise InputError(f"rows: expected floats, 0 to 1 as a rule, found {rows.dtype}")
    if len(rows) != len(one_hot):
        raise InputError(f"one_hot: expected {len(rows)} rows, as rows has, found {len(one_hot)}")
    if not (hasattr(split, "train") and hasattr(split, "validation")):
        raise InputError(f"split: expected a Split of split_rows, found a {type(split).__name__}")
    used = 1 + max(np.max(part, initial=-1) for part in (*split.train.values(), split.validation))
    if used > len(rows):
        raise InputError(f"rows: expected at least {used}, which the split uses, found {len(rows)}")


def require_sgd(sgd):
    """Raise an InputError unless the settings of an SGD are in their ranges."""
    rates = sgd.learning_rates
    if isinstance(rates, str) or not np.ndim(rates) or not len(rates):
        raise InputError(f"learning_rates: expected a list of numbers above 0, found {rates!r}")
    for rate in rates:
        require_between(0, LARGEST, ends=False, learning_rates=rate)
    require_whole(epochs=sgd.epochs, batch_size=sgd.batch_size, min_steps=sgd.min_steps)
    if sgd.patience is not None:
        require_whole(patience=sgd.patience)
    if sgd.selection not in SELECTIONS:
        raise InputError(f"selection: expected {' or '.join(SELECTIONS)}, found {sgd.selection!r}")
