"""Expectations over a standard normal variable, also of functions with kinks and jumps.

Gauss-Hermite rules lose their accuracy at a kink and overflow beyond about 180 nodes. These rules
use Gauss-Legendre panels that end at the kinks and become smaller towards them.
"""

import functools

import numpy as np

LIMIT = 12.0  # deviations; the normal density beyond is below 1e-31
WIDTH = 0.5  # of a panel, deviations
HALVINGS = 24  # of the panels towards a break
ORDER = 16  # nodes in a panel


@functools.cache
def legendre(order):
    """Nodes and weights of Gauss and Legendre on [-1, 1]; leggauss is stable for any order."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    nodes.flags.writeable = weights.flags.writeable = False
    return nodes, weights


def panels(edges, order):
    """Nodes and weights (..., (k - 1) * order) of panels between rising edges (..., k)."""
    nodes, weights = legendre(order)
    half = np.diff(edges)[..., None] / 2
    middle = edges[..., :-1, None] + half
    shape = (*edges.shape[:-1], -1)
    return (middle + half * nodes).reshape(shape), (half * weights).reshape(shape)


def normal_density(x):
    """Density of N(0, 1)."""
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


def normal_rule(breaks=()):
    """Nodes and weights (m,) of E f(g), g ~ N(0, 1), for f that is smooth except at the breaks.

    >>> nodes, weights = normal_rule(breaks=[0.0])
    >>> print(f"{weights @ np.abs(nodes):.12f} {np.sqrt(2 / np.pi):.12f}")
    0.797884560803 0.797884560803
    """
    even = np.arange(-LIMIT, LIMIT + WIDTH / 2, WIDTH)
    closer = WIDTH * 0.5 ** np.arange(HALVINGS + 1)
    near = [np.concatenate([b - closer, [b], b + closer]) for b in breaks]
    edges = np.unique(np.clip(np.concatenate([even, *near]), -LIMIT, LIMIT))
    nodes, weights = panels(edges, ORDER)
    return nodes, weights * normal_density(nodes)
