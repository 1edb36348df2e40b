"""Distributions that are known not to be normal, and how often the test rejects them.

Each has mean 0 in d = 64 dimensions and the variance 1 / j along direction j, but for the
subspaces. They are the scale of a class that is not rejected: what the same number of images would
have shown.
"""

import numpy as np

from gaussianity.distribution.power.power import rejections

DIMENSIONS = 64
DEVIATIONS = np.arange(1, DIMENSIONS + 1) ** -0.5
# Orthonormal bases (64, 8) of the four subspaces, whose seeds are a part of the distribution.
BASES = [
    np.linalg.qr(np.random.default_rng(s).standard_normal((DIMENSIONS, 8)))[0] for s in range(4)
]
NOISE = 0.05  # standard deviation around the subspaces
FIRST = 20  # sets that are always drawn; no more where all of them are rejected
LEVEL = 0.05


def normal(n, generator):
    """Normal rows (n, 64): the null hypothesis, which is not one of the alternatives."""
    return generator.standard_normal((n, DIMENSIONS)) * DEVIATIONS


def modes(n, generator, *, offset, axis):
    """Two normal modes at +-offset standard deviations of one direction, with variance 1.

    The excess kurtosis of that direction is -2 offset^4.

    Args:    offset - below 1; axis - number of the direction from 0.
    """
    standard = generator.standard_normal((n, DIMENSIONS))
    standard[:, axis] *= np.sqrt(1 - offset**2)
    standard[:, axis] += offset * generator.choice([-1.0, 1.0], n)
    return standard * DEVIATIONS


def two_modes(n, generator):
    """Two modes at 0.8 standard deviations of the first direction."""
    return modes(n, generator, offset=0.8, axis=0)


def two_modes_tenth(n, generator):
    """Two modes at 0.9 standard deviations of the tenth direction."""
    return modes(n, generator, offset=0.9, axis=9)


def skewed(n, generator):
    """A gamma distribution of shape 4, skewness 1, along the first direction."""
    standard = generator.standard_normal((n, DIMENSIONS))
    standard[:, 0] = (generator.gamma(4, 1, n) - 4) / 2
    return standard * DEVIATIONS


def uniform(n, generator):
    """A uniform distribution along every direction."""
    return generator.uniform(-np.sqrt(3), np.sqrt(3), (n, DIMENSIONS)) * DEVIATIONS


def heavy_tails(n, generator):
    """Student's t distribution with 3 degrees of freedom, one radius for all directions."""
    return normal(n, generator) / np.sqrt(generator.chisquare(3, n) / 3)[:, None]


def subspaces(n, generator):
    """A mixture of normal distributions on four subspaces of 8 dimensions, with little noise."""
    chosen, standard = generator.integers(len(BASES), size=n), generator.standard_normal((n, 8))
    rows = NOISE * generator.standard_normal((n, DIMENSIONS))
    for number, basis in enumerate(BASES):
        rows[chosen == number] += standard[chosen == number] @ basis.T
    return rows


ALTERNATIVES = dict(
    two_modes=two_modes,
    two_modes_tenth=two_modes_tenth,
    skewed=skewed,
    uniform=uniform,
    heavy_tails=heavy_tails,
    subspaces=subspaces,
)
# Images that the test at level .05 needs to reject 80 % of the sets; tests/unit/distribution/
# test_alternatives.py measures the power at these numbers: pytest -m slow.
NEEDED = dict(
    two_modes=450, two_modes_tenth=1240, skewed=130, uniform=75, heavy_tails=50, subspaces=50
)


def known_power(null, generator, sets=50):
    """Share of sets of null.images images that the test at level .05 rejects, per alternative.

    Where all of the first 20 sets are rejected no more are drawn.

    Args:    null - Null of that number of images; generator - NumPy generator; sets - at most so
             many sets of each alternative.
    Returns: dict of columns, a row per alternative: alternative, images, sets (drawn), rejected.
    """
    found = [_rejections(draw, null, generator, sets) for draw in ALTERNATIVES.values()]
    return dict(
        alternative=np.array(list(ALTERNATIVES)),
        images=np.full(len(found), null.images),
        sets=np.array([len(rejected) for rejected in found]),
        rejected=np.array([rejected.mean() for rejected in found]),
    )


def _rejections(draw, null, generator, sets):
    """Whether each drawn set is rejected: (sets,) bool."""
    first = rejected(draw, null, generator, min(sets, FIRST))
    if sets <= FIRST or first.all():
        return first
    return np.concatenate([first, rejected(draw, null, generator, sets - len(first))])


def rejected(draw, null, generator, sets):
    """Whether the test at level .05 rejects each of some sets of null.images images: (sets,) bool.

    Args:    draw - function of n and a generator that returns rows (n, d).
    """
    return rejections((draw(null.images, generator) for _ in range(sets)), null, LEVEL)
