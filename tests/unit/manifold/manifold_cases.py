"""Distributions of data on manifolds that several test files share."""

from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.distribution import ManifoldDistribution


def distribution(d=40, p=20, activation="linear", **options):
    """The ManifoldDistribution of an activation's name."""
    return ManifoldDistribution(d, p, ACTIVATIONS[activation], **options)
