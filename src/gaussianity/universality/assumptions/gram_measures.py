"""The smallest singular value of X X^T, where X has rows of all classes in equal numbers."""

import numpy as np
from scipy.linalg import eigvalsh_tridiagonal

from gaussianity.universality.assumptions.trends import Measure

SHARE = 0.5  # n / d at most; at n = d independent coordinates also give 0
POOL = 8  # rows kept, as a multiple of the largest n: random sets then share few rows
DRAWS = 200  # matrices of independent entries for the mean of the smallest eigenvalue


def row_counts(dimensions, at_most, available):
    """Numbers of rows n in one proportion to the dimensions d, as the theorem has them.

    At most half of the available rows are taken, so that random sets are nearly independent.

    Args:    dimensions - (s,), rising; at_most - rows at the largest dimension; available - number
             of rows.
    Returns: list of int, at least 1.
    >>> row_counts([16, 64, 256], 100, 1000)
    [6, 25, 100]
    """
    largest = dimensions[-1]
    share = min(SHARE, at_most / largest, available / 2 / largest)
    return [max(1, round(share * d)) for d in dimensions]


def smallest_of_independent(count, dimension, generator):
    """Mean smallest eigenvalue of X X^T for n rows of d independent normal entries, variance 1 / d.

    X X^T has the eigenvalues of B B^T with a bidiagonal B of chi variables, so that a draw costs
    n^2 operations. The smallest one tends to (1 - sqrt(n / d))^2 for large n (Bai and Yin, 1993).

    Source:  Dumitriu and Edelman (2002), J. Math. Phys. 43(11), beta = 1.
    """
    if count > dimension:
        return 0.0
    steps = np.arange(count)
    found = []
    for _ in range(DRAWS):
        diagonal = generator.chisquare(dimension - steps)  # a_i^2
        below = generator.chisquare(count - steps[1:])  # b_i^2
        on = diagonal + np.concatenate([[0.0], below])
        off = np.sqrt(diagonal[:-1] * below)
        found.append(eigvalsh_tridiagonal(on, off, select="i", select_range=(0, 0))[0])
    return np.mean(found) / dimension


def measure_gram(levels, traces, counts, generator, *, replicates):
    """The smallest singular values of X X^T as d and n grow together, and as n grows alone.

    The mean over random sets of rows is measured. A set has as many rows of each class, drawn
    without replacement.

    Args:    levels - rows (classes, m, d) at each of s dimensions, the mean of their class
             subtracted; traces - (s,), of the covariance within a class, which normalises the rows;
             counts - number of rows n at each dimension, rising; generator - NumPy generator;
             replicates - number of sets.
    Returns: dict of quantity to Measure, whose first values are the mean of all sets: gram and
             gram_nonzero against d; gram_n, at the largest d, against n.
    """
    roots = np.sqrt(traces).astype(levels[0].dtype)  # float32 rows stay so
    levels = [rows / root for rows, root in zip(levels, roots, strict=True)]
    found = np.array([_of_one_set(levels, counts, generator) for _ in range(replicates)])
    mean = found.mean(axis=0, keepdims=True)
    shared = np.array(counts) / np.prod(levels[0].shape[:2])
    values = np.concatenate([mean, mean + (found - mean) * spread_of_mean(shared, replicates)])
    dimensions = np.array([rows.shape[-1] for rows in levels])

    def reference(of_counts, of_dimensions):
        sizes = zip(of_counts, of_dimensions, strict=True)
        return np.array([smallest_of_independent(n, d, generator) for n, d in sizes])

    in_proportion = reference(counts, dimensions)
    alone = reference(counts, [dimensions[-1]] * len(counts))
    return dict(
        gram=Measure(dimensions, values[:, 0], in_proportion),
        gram_nonzero=Measure(dimensions, values[:, 1], in_proportion),
        gram_n=Measure(np.array(counts), values[:, 2], alone),
    )


def spread_of_mean(shared, sets):
    """Standard deviation of the mean over sets, divided by the standard deviation among the sets.

    Sets that each hold a share r of all rows have a correlation of about r; for means of rows it
    is exactly r. With b sets of variance v, var(mean) = v (r + (1 - r) / b), and the variance
    among the sets is v (1 - r).

    Args:    shared - r; sets - b.
    """
    return np.sqrt((shared + (1 - shared) / sets) / (1 - shared))


def _of_one_set(levels, counts, generator):
    """Values (3, s) of gram, gram_nonzero and gram_n for one set of rows."""
    classes, available = levels[0].shape[:2]
    order = generator.permuted(np.tile(np.arange(available), (classes, 1)), axis=1)
    # The classes take turns, so that the first n rows are balanced for every n.
    chosen = np.tile(np.arange(classes), available), order.T.ravel()
    products = []
    for rows, count in zip(levels, counts, strict=True):
        taken = rows[chosen[0][:count], chosen[1][:count]].astype(np.float64)
        products.append(taken @ taken.T)
    in_d = [smallest(product) for product in products]
    in_n = [smallest(products[-1][:count, :count]) for count in counts]
    return np.array([*zip(*in_d, strict=True), [value for value, _ in in_n]])


def smallest(matrix):
    """The smallest eigenvalue of a positive semidefinite matrix, and the smallest that is not 0.

    The first is exactly 0 where the matrix is singular up to rounding.
    """
    values = np.linalg.eigvalsh(matrix)
    above = values[values > values[-1] * len(values) * np.finfo(np.float64).eps]
    if not len(above):
        return 0.0, 0.0
    return (above[0] if len(above) == len(values) else 0.0), above[0]
