"""The direction in which the images depart most from normal.

It is found on one half and measured on the other. Each half is whitened by itself, so that the
halves of normal images are independent Haar scores. The direction that one half finds is a fixed
one for the other, and its null distribution is that of a single direction of as many images.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.distribution.haar import whitened
from gaussianity.distribution.limits import FEWEST
from gaussianity.distribution.statistics import squared_distances

PER_DIRECTION = 50  # images for each direction that is searched
SHARE = 0.9  # of the variance, within which a direction can be seen in the images
ITERATIONS = 30
NULL_DRAWS = 1999  # the least p value is 2 / (NULL_DRAWS + 1)
BLOCK = 2_000_000  # numbers of the null in memory at a time


@dataclass(frozen=True)
class WorstDirection:
    """The better of the two halves' directions.

    theta - (k,), length 1, in whitened coordinates, 0 beyond the searched ones; delta - distance of
    the held-out scores to N(0, 1), in their standard deviation; p_value - of both halves; scores -
    (n // 2,), the held-out scores, mean 0 and variance 1.
    """

    theta: np.ndarray
    delta: float
    p_value: float
    scores: np.ndarray


def visible(principal):
    """Number of the leading directions that together hold 90 % of the images' variance.

    Trailing directions, such as single pixels that are nearly always black, are less normal than
    any other, and no picture shows them.
    """
    shares = np.cumsum(principal.variances) / principal.total
    return min(len(shares), 1 + int(np.searchsorted(shares, SHARE)))


def worst_direction(W, generator):
    """Searches the leading n // 50 of the standardised principal scores W (n, k).

    Returns: WorstDirection; p = 2 min of the halves' p values (Bonferroni), at most 1. Of an odd
             number of images one is left out, so that both halves have the same null distribution.
    Raises:  ValueError - n < 20 or k = 0.
    """
    n, k = W.shape
    if n < FEWEST or k == 0:
        raise ValueError(
            f"expected at least {FEWEST} images and one direction, found {n} images and {k} "
            "directions"
        )
    searched, order = max(1, min(k, n // PER_DIRECTION)), generator.permutation(n)
    halves = [whitened(W[rows][:, :searched]) for rows in order[: n // 2 * 2].reshape(2, -1)]
    null = one_direction(n // 2, NULL_DRAWS, generator)
    found = [_held_out(_searched(a), b) for a, b in (halves, halves[::-1])]
    theta, squared, scores = max(found, key=lambda one: one[1])
    p_value = min(1.0, 2 * (1 + int((null >= squared).sum())) / (NULL_DRAWS + 1))
    return WorstDirection(np.pad(theta, (0, k - searched)), squared**0.5, p_value, scores)


def one_direction(n, draws, generator):
    """Squared distances (draws,) to N(0, 1) of one direction of n exactly normal images."""
    size = max(1, BLOCK // n)
    blocks = [min(size, draws - at) for at in range(0, draws, size)]
    return np.concatenate([_null_block(n, block, generator) for block in blocks])


def _null_block(n, draws, generator):
    rows = generator.standard_normal((n, draws))
    rows -= rows.mean(axis=0)
    return squared_distances(rows / rows.std(axis=0))


def pattern(theta, principal):
    """What images gain on average one standard deviation along theta: (d,), their unit."""
    return (theta * np.sqrt(principal.variances)) @ principal.directions


def filter_of(theta, principal):
    """The filter (d,) whose product with a centred image is its score along theta."""
    return (theta / np.sqrt(principal.variances)) @ principal.directions


def _held_out(theta, half):
    scores = half @ theta
    return theta, float(squared_distances(scores[:, None])[0]), scores


def _searched(half):
    """The direction (k,) of a whitened half (n, k) with the largest distance to N(0, 1).

    Candidates are the axes, the eigenvectors of FOBI, and what fixed points of the contrasts log
    cosh and of the cube make of these.
    Source: Hyvaerinen (1999), IEEE Transactions on Neural Networks 10(3); Cardoso (1989), ICASSP.
    """
    rows = half.astype(np.float32)
    fourth = (half * (half * half).sum(axis=1, keepdims=True)).T @ half
    start = np.concatenate([np.eye(half.shape[1]), np.linalg.eigh(fourth)[1]], axis=1)
    start = start.astype(np.float32)
    even, odd = start, start
    for _ in range(ITERATIONS):
        slopes = np.tanh(rows @ even)
        decrease = 1 - (slopes * slopes).mean(axis=0)
        even = _unit(rows.T @ slopes / len(rows) - even * decrease)
        odd = _unit(rows.T @ (rows @ odd) ** 2)
    tried = np.concatenate([start, even, odd], axis=1)
    best = tried[:, squared_distances(rows @ tried).argmax()].astype(np.float64)
    return best / np.linalg.norm(best)


def _unit(columns):
    """Columns of length 1. A column of zeros, which has no next iterate, stays."""
    lengths = np.linalg.norm(columns, axis=0)
    return columns / np.where(lengths > 0, lengths, 1)
