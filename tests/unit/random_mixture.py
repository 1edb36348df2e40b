"""A random mixture of low-rank Gaussians."""

from gaussianity.molrg.mixture import LowRankMixture, random_bases


def random_mixture(generator, n, dimensions, weights=(), *, orthogonal=True):
    """A LowRankMixture of random bases; arguments as `random_bases` and LowRankMixture."""
    drawn = random_bases([generator], n, dimensions, orthogonal=orthogonal)
    return LowRankMixture(tuple(basis[0] for basis in drawn), tuple(weights))
