"""Eigenvalues of covariance and Gram matrices, and their power law."""

import numpy as np

from gaussianity.arguments import require_array, require_whole
from gaussianity.errors import InputError
from gaussianity.moments.moments import stream_moments


def covariance_eigenvalues(batches, count):
    """Eigenvalues of the covariance of `count` rows, largest first.

    The non-zero ones of the (d, d) covariance are those of the (n, n) matrix X_c X_c^T / (n - 1).

    Args:    batches - list or iterable of the rows (n_i, d), streamed; count - their number n, at
             least 2.
    Returns: float64 (min(n - 1, d),), in squared units of the rows.
    Raises:  InputError - the batches are no arrays (n_i, d) of finite numbers of one d; ValueError
             - they do not have `count` rows.
    """
    require_whole(2, count=count)
    everything = _checked(batches)
    first = next(everything, None)
    if first is None:
        raise ValueError(f"expected {count} rows, found 0")
    everything = _chain(first, everything)
    if count > first.shape[1]:
        moments = stream_moments(everything)
        found, matrix = moments.count, moments.scatter
    else:
        rows = np.concatenate(list(everything), dtype=np.float64)
        rows -= rows.mean(axis=0)
        found, matrix = len(rows), rows @ rows.T
    if found != count:
        raise ValueError(f"expected {count} rows, found {found}")
    return _descending(matrix / (count - 1))[: min(count - 1, first.shape[1])]


def gram_eigenvalues(rows):
    """Eigenvalues of the Gram matrix X X^T of rows (N, d), largest first: float64 (min(N, d),).

    Raises:  InputError - the rows are no array (N, d) of finite numbers.
    """
    rows = np.asarray(require_array("rows", rows, ("N", "d")), dtype=np.float64)
    smaller = rows @ rows.T if len(rows) <= rows.shape[1] else rows.T @ rows
    return _descending(smaller)


def power_law(eigenvalues, ranks):
    """Least-squares line of log eigenvalue against log rank: lambda_i ~ i^(-exponent).

    Args:    eigenvalues - largest first; ranks - first and last rank fitted as fractions of the
             numerical rank (eigenvalues above the largest times n machine epsilons).
    Returns: dict of exponent, first_rank and last_rank (1-based, inclusive), r_squared (NaN
             where all eigenvalues in the range are equal).
    Raises:  InputError - no list of eigenvalues, largest first, or no such ranks; ValueError -
             fewer than 3 eigenvalues lie in the range.
    >>> round(power_law(np.arange(1.0, 101.0) ** -1.5, (0.1, 0.9))["exponent"], 6)
    1.5
    """
    values = np.asarray(require_array("eigenvalues", eigenvalues, ("m",)), dtype=np.float64)
    ranks = require_array("ranks", ranks, (2,))
    if (np.diff(values) > 0).any() or values[-1] < 0:
        raise InputError("eigenvalues: expected numbers of at least 0, largest first")
    if not 0 <= ranks[0] < ranks[1] <= 1:
        raise InputError(
            "ranks: expected two fractions of the numerical rank, such as (0.05, 0.5), found "
            f"{tuple(ranks.tolist())}"
        )
    rank = numerical_rank(values)
    first, last = max(1, round(ranks[0] * rank)), round(ranks[1] * rank)
    if last - first < 2:
        raise ValueError(f"a power law needs at least 3 eigenvalues, found {last - first + 1}")
    x = np.log(np.arange(first, last + 1))
    y = np.log(values[first - 1 : last])
    slope, intercept = np.polyfit(x, y, 1)
    residual = ((y - slope * x - intercept) ** 2).sum()
    flat = y[0] == y[-1]
    r_squared = np.nan if flat else 1 - residual / ((y - y.mean()) ** 2).sum()
    return dict(
        exponent=float(-slope), first_rank=first, last_rank=last, r_squared=float(r_squared)
    )


def numerical_rank(eigenvalues):
    """Number of eigenvalues above the largest times n machine epsilons."""
    values = np.asarray(eigenvalues)
    return int((values > values.max() * len(values) * np.finfo(np.float64).eps).sum())


def within_numerical_rank(eigenvalues, keys):
    """The rows of a DataFrame whose eigenvalue lies within its group's numerical rank.

    Args:    eigenvalues - DataFrame with the columns rank, eigenvalue and `keys`; keys - names of
             the columns that name a group.
    """
    ranks = eigenvalues.groupby(keys, sort=False)["eigenvalue"].transform(numerical_rank)
    return eigenvalues[eigenvalues["rank"] <= ranks].reset_index(drop=True)


def _checked(batches):
    """The batches that have rows, each checked to be of one shape (n_i, d)."""
    if isinstance(batches, np.ndarray) and batches.ndim == 2:
        raise InputError(
            "batches: expected a list of arrays (n_i, d), found one array of shape "
            f"{batches.shape}; write [array]"
        )
    if not hasattr(batches, "__iter__"):
        raise InputError(
            f"batches: expected a list of arrays (n_i, d), found a {type(batches).__name__}"
        )
    width = "d"
    for batch in batches:
        rows = require_array("batches", batch, ("n_i", width), least=0)
        width = rows.shape[1]
        if len(rows):
            yield rows


def _chain(first, rest):
    yield first
    yield from rest


def _descending(matrix):
    return np.linalg.eigvalsh(matrix)[::-1].clip(min=0)
