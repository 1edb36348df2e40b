"""Eigenvalues of covariance and Gram matrices, and their power law."""

import numpy as np

from gaussianity.moments.moments import stream_moments


def covariance_eigenvalues(batches, count):
    """Eigenvalues of the covariance of `count` rows, largest first.

    The non-zero ones of the (d, d) covariance are those of the (n, n) matrix X_c X_c^T / (n - 1).

    Args:    batches - the rows (n_i, d), streamed; count - their number n, at least 2.
    Returns: float64 (min(n - 1, d),), in squared units of the rows.
    Raises:  ValueError - the batches do not have `count` rows.
    """
    batches = iter(batches)
    first = next(batches)
    everything = _chain(first, batches)
    if count > first.shape[1]:
        moments = stream_moments(everything)
        found, matrix = moments.count, moments.covariance
    else:
        rows = np.concatenate(list(everything))
        rows -= rows.mean(axis=0)
        found, matrix = len(rows), rows @ rows.T / (len(rows) - 1)
    if found != count:
        raise ValueError(f"expected {count} rows, found {found}")
    return _descending(matrix)[: min(count - 1, first.shape[1])]


def gram_eigenvalues(rows):
    """Eigenvalues of the Gram matrix X X^T of rows (N, d), largest first: float64 (min(N, d),)."""
    rows = np.asarray(rows, dtype=np.float64)
    smaller = rows @ rows.T if len(rows) <= rows.shape[1] else rows.T @ rows
    return _descending(smaller)


def power_law(eigenvalues, ranks):
    """Least-squares line of log eigenvalue against log rank: lambda_i ~ i^(-exponent).

    Args:    eigenvalues - largest first; ranks - first and last rank fitted as fractions of the
             numerical rank (eigenvalues above the largest times n machine epsilons).
    Returns: dict of exponent, first_rank and last_rank (1-based, inclusive), r_squared.
    Raises:  ValueError - fewer than 3 eigenvalues lie in the range.
    >>> round(power_law(np.arange(1.0, 101.0) ** -1.5, (0.1, 0.9))["exponent"], 6)
    1.5
    """
    values = np.asarray(eigenvalues, dtype=np.float64)
    rank = numerical_rank(values)
    first, last = max(1, round(ranks[0] * rank)), round(ranks[1] * rank)
    if last - first < 2:
        raise ValueError(f"a power law needs at least 3 eigenvalues, found {last - first + 1}")
    x = np.log(np.arange(first, last + 1))
    y = np.log(values[first - 1 : last])
    slope, intercept = np.polyfit(x, y, 1)
    residual = ((y - slope * x - intercept) ** 2).sum()
    r_squared = 1 - residual / ((y - y.mean()) ** 2).sum()
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


def _chain(first, rest):
    yield first
    yield from rest


def _descending(matrix):
    return np.linalg.eigvalsh(matrix)[::-1].clip(min=0)
