"""The smallest singular value of X X^T, of rows X of a balanced mixture of classes."""

import numpy as np

from gaussianity.trends import Measure

SHARE = 0.5  # of d: well below the threshold n = d, where independent coordinates give 0 too


def row_counts(dimensions, at_most, available):
    """Rows n at each dimension d, in one proportion to it: the regime of the theorem.

    Args:    dimensions - (s,), rising; at_most - rows at the largest one; available - rows that
             there are, twice as many as are taken, so that sets of them are nearly independent.
    Returns: list of int, at least 1.
    >>> row_counts([16, 64, 256], 100, 1000)
    [6, 25, 100]
    """
    largest = dimensions[-1]
    share = min(SHARE, at_most / largest, available / 2 / largest)
    return [max(1, round(share * d)) for d in dimensions]


def marchenko_pastur(counts, dimensions):
    """Limit (1 - sqrt(n / d))^2 of the smallest eigenvalue of X X^T for independent entries of
    variance 1 / d, n rows: Bai and Yin (1993), Annals of Probability 21(3)."""
    return (1 - np.sqrt(np.asarray(counts) / np.asarray(dimensions))) ** 2


def of_mixture(levels, traces, counts, generator, *, replicates):
    """The smallest singular values of X X^T as d and n grow together, and as n grows alone.

    Each replicate takes other rows, without replacement and as many of each class, so that its
    spread is that of one set of n rows.

    Args:    levels - rows (classes, m, d) at each of s dimensions; traces - (s,), of the covariance
             within a class, by which rows are normalised; counts - rows n taken at each, rising;
             generator - NumPy's; replicates - number of sets.
    Returns: dict of quantity to Measure, whose first values are the mean of all sets: gram and
             gram_nonzero against d, gram_n at the largest d against n.
    """
    levels = [rows / np.sqrt(trace) for rows, trace in zip(levels, traces, strict=True)]
    found = np.array([_of_one_set(levels, counts, generator) for _ in range(replicates)])
    values = np.concatenate([found.mean(axis=0, keepdims=True), found])  # (1 + b, 3, s)
    dimensions = np.array([rows.shape[-1] for rows in levels])
    in_proportion = marchenko_pastur(counts, dimensions)
    return dict(
        gram=Measure(dimensions, values[:, 0], in_proportion),
        gram_nonzero=Measure(dimensions, values[:, 1], in_proportion),
        gram_n=Measure(np.array(counts), values[:, 2], marchenko_pastur(counts, dimensions[-1])),
    )


def _of_one_set(levels, counts, generator):
    """Singular values of one set of rows: (3, s) of gram, gram_nonzero and gram_n."""
    classes, available = levels[0].shape[:2]
    order = generator.permuted(np.tile(np.arange(available), (classes, 1)), axis=1)
    # In turns, so that the first n rows of the set are balanced for every n.
    chosen = np.tile(np.arange(classes), available), order.T.ravel()
    products = []
    for rows, count in zip(levels, counts, strict=True):
        taken = rows[chosen[0][:count], chosen[1][:count]].astype(np.float64)
        products.append(taken @ taken.T)
    in_d = [smallest(product) for product in products]
    in_n = [smallest(products[-1][:count, :count]) for count in counts]
    return np.array([*zip(*in_d, strict=True), [value for value, _ in in_n]])


def smallest(matrix):
    """The smallest eigenvalue of a positive semidefinite matrix, 0 where it has not its full rank,
    and the smallest one that is not 0."""
    values = np.linalg.eigvalsh(matrix)
    above = values[values > values[-1] * len(values) * np.finfo(np.float64).eps]
    if not len(above):
        return 0.0, 0.0
    return (above[0] if len(above) == len(values) else 0.0), above[0]
