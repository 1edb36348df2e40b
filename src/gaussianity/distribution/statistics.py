"""Statistics of standardised scores W (n, k), whose columns have mean 0 and variance 1."""

import functools

import numpy as np
from scipy.special import ndtri


def squared_distances(scores):
    """Squared Wasserstein distance W2 between each column and the standard normal distribution.

    delta_j^2 = 2 - 2 sum_i w_(i) c_i with the sorted w_(i), c_i = phi(z_{i-1}) - phi(z_i) and
    z_i = Phi^{-1}(i/n). It is exact for the n values: the optimal map sorts them.

    Args:    scores - (n, k), each column with mean 0 and variance 1.
    Returns: float64 (k,), in squared standard deviations.
    """
    scores = np.asarray(scores)
    ordered = np.sort(np.ascontiguousarray(scores.T), axis=1)
    return 2 - 2 * ordered @ quantile_means(len(scores))


@functools.lru_cache(maxsize=64)
def quantile_means(n):
    """Integrals of z over the n quantile intervals of equal weight of N(0, 1): float64 (n,)."""
    z = ndtri(np.arange(1, n) / n)
    density = np.concatenate([[0.0], np.exp(-z * z / 2) / np.sqrt(2 * np.pi), [0.0]])
    return density[:-1] - density[1:]


def nested_parts(scores):
    """The three parts of the test for every number of leading directions.

    The first j columns of a Haar frame are a Haar frame. So one draw serves every j.

    Args:    scores - (n, k).
    Returns: float64 (k, 3): the largest delta^2, the mean delta^2, and the mean of |w|^4 (Mardia's
             kurtosis) of the first j columns, j = 1 to k.
    """
    return parts_of(squared_distances(scores), scores)


def parts_of(squared, scores):
    """`nested_parts` where the squared distances (k,) are known."""
    count = np.arange(1, len(squared) + 1)
    radius = np.cumsum(np.square(scores), axis=1)
    fourth = np.einsum("nk,nk->k", radius, radius) / len(scores)
    return np.stack(
        [np.maximum.accumulate(squared), np.cumsum(squared) / count, fourth], axis=1
    ).reshape(len(squared), 3)
