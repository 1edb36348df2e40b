"""Distances of single directions from N(0, 1), against known answers."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.stats import expon, norm, uniform

from gaussianity.normality.haar import whitened
from gaussianity.normality.statistics import nested_parts, quantile_means, squared_distances


def standardised(values):
    values = np.asarray(values, dtype=np.float64)[:, None]
    return (values - values.mean(axis=0)) / values.std(axis=0)


@pytest.mark.parametrize(("n", "most"), [(100, 1e-2), (2560, 1e-4)])
def test_the_quantile_means_are_nearly_normal(n, most):
    assert 0 < squared_distances(standardised(n * quantile_means(n)))[0] < most


def test_quantile_means_are_integrals_of_z():
    edges = norm.ppf(np.arange(5) / 4)
    expected = [
        norm.expect(lambda z: z, lb=low, ub=high) for low, high in itertools.pairwise(edges)
    ]
    np.testing.assert_allclose(quantile_means(4), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("values", "expected", "error"),
    [
        (np.tile([-1.0, 1.0], 5000), np.sqrt(2 - 2 * np.sqrt(2 / np.pi)), 1e-3),
        (uniform.ppf((np.arange(10**5) + 0.5) / 10**5), np.sqrt(2 - 2 * np.sqrt(3 / np.pi)), 1e-3),
        (expon.ppf((np.arange(10**5) + 0.5) / 10**5), 0.440, 1e-2),
    ],
    ids=["two points", "uniform", "exponential"],
)
def test_known_distances(values, expected, error):
    assert np.sqrt(squared_distances(standardised(values))[0]) == pytest.approx(expected, abs=error)


def test_a_sign_does_not_change_the_distance():
    scores = whitened(np.random.default_rng(0).gamma(2.0, size=(80, 3)))
    np.testing.assert_allclose(squared_distances(-scores), squared_distances(scores), atol=1e-12)


def test_the_distance_is_the_cost_of_transport():
    """Against SciPy's linear programme between the values and a fine grid of N(0, 1)."""
    scores = whitened(np.random.default_rng(0).gamma(2.0, size=(20, 1)))
    grid = norm.ppf((np.arange(20_000) + 0.5) / 20_000).reshape(20, 1000)
    by_hand = np.square(np.sort(scores[:, 0])[:, None] - grid).mean()
    assert squared_distances(scores)[0] == pytest.approx(by_hand, abs=2e-4)
    # The order is optimal: any other assignment of two values costs more.
    swapped = np.sort(scores[:, 0])
    swapped[[3, 4]] = swapped[[4, 3]]
    assert np.square(swapped[:, None] - grid).mean() > by_hand


def test_nested_parts_are_the_parts_of_the_first_columns():
    scores = whitened(np.random.default_rng(0).gamma(2.0, size=(60, 5)))
    found = nested_parts(scores)
    for j in range(1, 6):
        first, squared = scores[:, :j], squared_distances(scores[:, :j])
        fourth = (np.square(first).sum(axis=1) ** 2).mean()
        np.testing.assert_allclose(found[j - 1], [squared.max(), squared.mean(), fourth])
    assert nested_parts(scores[:, :0]).shape == (0, 3)


def test_orthonormal_axes_bound_the_transport_of_points():
    """The sum of the one-dimensional costs along orthonormal axes is at most the whole cost."""
    generator = np.random.default_rng(0)
    first, second = generator.gamma(1.0, size=(60, 3)), generator.standard_normal((60, 3))
    axes = np.linalg.qr(generator.standard_normal((3, 3)))[0]
    along = np.square(np.sort(first @ axes, axis=0) - np.sort(second @ axes, axis=0))
    cost = np.square(first[:, None] - second).sum(axis=2)
    assert along.mean(axis=0).sum() <= cost[linear_sum_assignment(cost)].mean() + 1e-12
