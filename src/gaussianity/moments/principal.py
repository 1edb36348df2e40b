"""Mean, largest eigenvalues and eigenvectors of a covariance from rows that are read repeatedly."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.sparse.linalg import LinearOperator, eigsh

from gaussianity.moments.moments import stream_moments

DENSE = 1024  # up to this dimension all eigenvectors cost less than Lanczos' iterations
TOLERANCE = 1e-8  # Lanczos' residual over the eigenvalue; the eigenvalue's error is of its square


@dataclass(frozen=True)
class Principal:
    """Leading principal components of a class, in the unit of its rows.

    count - number of rows; mean (d,); variances (k,), the largest eigenvalues of the unbiased
    covariance, largest first; directions (k, d), their unit eigenvectors, whose largest element is
    positive.
    """

    count: int
    mean: np.ndarray
    variances: np.ndarray
    directions: np.ndarray


def principal_components(batches, count, generator):
    """The `count` leading principal components; there are at most n - 1 and d of n rows.

    Args:    batches - function without arguments that returns a new stream of the rows (n_i, d);
             count - k; generator - NumPy generator that draws the start of Lanczos' method.
    Returns: Principal.
    Raises:  ValueError - fewer than 2 rows, or rows that do not differ.
    """
    n, mean = _mean(batches())
    if n < 2:
        raise ValueError(f"principal components need at least 2 rows, found {n}")
    k = min(count, n - 1, len(mean))
    if len(mean) <= DENSE:
        variances, directions = _of_covariance(batches, k)
    else:
        start = generator.standard_normal(len(mean))
        variances, directions = _by_lanczos(batches, n, mean, k, start)
    if variances[0] <= (np.finfo(np.float64).eps * np.linalg.norm(mean)) ** 2:
        raise ValueError(f"principal components need rows that differ, found {n} equal ones")
    return Principal(n, mean, variances.clip(min=0), signed(directions))


def _mean(batches):
    total, count = 0.0, 0
    for rows in batches:
        total, count = total + rows.sum(axis=0, dtype=np.float64), count + len(rows)
    return count, total / max(count, 1)


def _of_covariance(batches, k):
    matrix = stream_moments(batches()).covariance
    values, vectors = _largest_of_dense(matrix, k)
    return values[::-1], np.ascontiguousarray(vectors.T[::-1])


def _largest_of_dense(matrix, k):
    """The k largest eigenvalues, rising, and their eigenvectors in columns."""
    return eigh(matrix, subset_by_index=[len(matrix) - k, len(matrix) - 1])


def _by_lanczos(batches, n, mean, k, start):
    """Lanczos' method, with one pass over the rows per product of covariance and vector."""

    def product(vector):
        vector = vector.ravel()
        total = np.zeros(len(mean))
        for rows in batches():
            along = (rows - mean) @ vector
            total += along @ rows - along.sum() * mean
        return total / (n - 1)

    if not product(start).any():  # ARPACK would raise an error of its own
        return np.zeros(k), np.eye(k, len(mean))
    operator = LinearOperator((len(mean),) * 2, matvec=product, dtype=np.float64)
    values, vectors = eigsh(operator, k, v0=start, tol=TOLERANCE)
    order = np.argsort(values)[::-1]
    return values[order], np.ascontiguousarray(vectors.T[order])


def leading_eigenvectors(covariance, count):
    """The largest eigenvalues of a covariance and their eigenvectors.

    The sign of an eigenvector is arbitrary: the entry of largest modulus is made positive.

    Args:    covariance - (d, d), symmetric; count - number of eigenvalues, at most d.
    Returns: eigenvalues float64 (k,), largest first; eigenvectors (k, d) of unit length.
    """
    d = len(covariance)
    count = min(count, d)
    if d <= DENSE or count > d // 2:
        values, vectors = _largest_of_dense(covariance, count)
    else:
        # A fixed start, because ARPACK's random one would change the last digits in each run.
        start = np.random.default_rng(0).standard_normal(d)
        values, vectors = eigsh(covariance, count, which="LA", v0=start)
    order = np.argsort(values)[::-1]
    vectors = vectors[:, order].T
    return values[order].clip(min=0), signed(vectors)


def signed(vectors):
    """Vectors (k, d) with the signs for which the entry of largest modulus is positive."""
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=1)[:, None], axis=1)
    return vectors * np.where(largest < 0, -1, 1)
