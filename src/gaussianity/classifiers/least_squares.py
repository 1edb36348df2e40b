"""Least squares on one-hot labels in closed form: the minimum-norm interpolator and ridge.

Source: eqs. 4 and 5 of Ghane et al. (2025), arXiv 2501.07741, with initial weights W_0 = 0.
"""

import numpy as np

from gaussianity.arguments import require_array, require_between
from gaussianity.classifiers.arguments import LARGEST, require_problem
from gaussianity.classifiers.sgd import PARTS


def solve(rows, targets, ridge=0.0):
    """The minimiser of |X W - Y|^2 + ridge |W|^2 of least norm.

    Args:    rows - X (n, d); targets - Y (n, K); ridge - at least 0.
    Returns: float64 W (d, K): without ridge X^+ Y, which interpolates where X has rank n.
    Source:  eq. 5, W = W_0 + X^T (X X^T)^-1 (Y - X W_0).
    >>> solve(np.array([[1.0, 1.0]]), np.array([[2.0]])).ravel()
    array([1., 1.])
    """
    rows = np.asarray(rows)
    # Smaller singular values come from the rounding of the stored rows.
    cut = 8 * np.finfo(np.float32).eps if rows.dtype == np.float32 else None
    rows, targets = rows.astype(np.float64), np.asarray(targets, dtype=np.float64)
    if not ridge:
        return np.linalg.lstsq(rows, targets, rcond=cut)[0]
    n, d = rows.shape
    if n < d:  # X^T (X X^T + ridge)^-1 Y is the same W from a smaller matrix
        return rows.T @ np.linalg.solve(rows @ rows.T + ridge * np.eye(n), targets)
    return np.linalg.solve(rows.T @ rows + ridge * np.eye(d), rows.T @ targets)


def least_squares_classifiers(rows, one_hot, split, *, ridge=0.0):
    """A least-squares classifier for each training size.

    Args:    rows - (n, d); one_hot - (n, classes); split - Split; ridge - see `solve`.
    Returns: list of dicts, one per training size, smallest first, with the keys of
             `sgd_classifiers`: learning_rate is NaN, rate_at_edge is False, epochs and best_epoch
             are 0, a loss is the mean squared error per output, and parameters is a tuple of the
             weights (classes, d).
    Raises:  InputError - arrays, split or ridge that do not fit.
    """
    rows = require_array("rows", rows, ("n", "d"))
    one_hot = require_array("one_hot", one_hot, ("n", "classes"))
    require_problem(rows, one_hot, split)
    require_between(0, LARGEST, ridge=ridge)
    results = []
    for size, train in sorted(split.train.items()):
        weights = solve(rows[train], one_hot[train], ridge)
        row = dict(train_size=size, learning_rate=np.nan, rate_at_edge=False)
        row |= dict(epochs=0, best_epoch=0)
        for part, chosen in zip(PARTS, (train, split.validation), strict=True):
            scores = rows[chosen] @ weights
            row[f"{part}_loss"] = float(((scores - one_hot[chosen]) ** 2).mean())
            agree = scores.argmax(axis=1) == one_hot[chosen].argmax(axis=1)
            row[f"{part}_accuracy"] = float(agree.mean())
        row["parameters"] = (weights.T,)
        results.append(row)
    return results
