"""Known distances of two sets, against closed forms, slow sums and linear assignment."""

import numpy as np
import pytest
from scipy import linalg
from scipy.optimize import linear_sum_assignment
from scipy.stats import wasserstein_distance

from gaussianity.distribution.distances import known_distances
from gaussianity.distribution.distances.known_distances import (
    frechet,
    kernel_distance,
    sliced,
    squared_wasserstein,
)


def sets(n, m, d, seed=0, shift=0.0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)), shift + rng.standard_normal((m, d))


def by_square_roots(rows, others):
    """Frechet distance by matrix square roots."""
    first, second = np.cov(rows.T), np.cov(others.T)
    root = linalg.sqrtm(first)
    shared = linalg.sqrtm(root @ second @ root).real
    shift = rows.mean(axis=0) - others.mean(axis=0)
    return shift @ shift + np.trace(first + second - 2 * shared)


def by_assignment(rows, others):
    """Squared W2 of two sets of equally many points."""
    costs = ((rows[:, None] - others[None]) ** 2).sum(axis=2)
    return costs[linear_sum_assignment(costs)].mean()


def by_double_loop(rows, others):
    """Unbiased squared MMD, a pair at a time."""
    d = rows.shape[1]

    def mean(a, b, pairs):
        return np.mean([(a[i] @ b[j] / d + 1) ** 3 for i, j in pairs])

    def distinct(n):
        return [(i, j) for i in range(n) for j in range(n) if i != j]

    n, m = len(rows), len(others)
    every = [(i, j) for i in range(n) for j in range(m)]
    within = mean(rows, rows, distinct(n)) + mean(others, others, distinct(m))
    return within - 2 * mean(rows, others, every)


@pytest.mark.parametrize(("n", "m"), [(60, 80), (60, 20), (12, 60), (9, 14)])
def test_frechet_is_that_of_matrix_square_roots(n, m):
    """Of 16 pixels, with more and fewer images than pixels in either set."""
    rows, others = sets(n, m, 16, shift=0.3)
    others = others * np.linspace(0.5, 2, 16)
    # The roots of singular covariances are exact to about the root of the machine's accuracy.
    expected = by_square_roots(rows, others)
    assert frechet(rows, others) == pytest.approx(expected, rel=1e-9 if min(n, m) > 16 else 1e-5)
    assert frechet(others, rows) == pytest.approx(frechet(rows, others), rel=1e-12)


def test_frechet_of_commuting_covariances_is_that_of_the_deviations():
    rows = sets(50, 50, 6)[0]
    rows -= rows.mean(axis=0)
    rows = np.linalg.svd(rows, full_matrices=False)[0] * 7  # covariance I
    scales = np.array([1.0, 2, 3, 4, 5, 6])
    assert frechet(rows, rows * scales) == pytest.approx(((scales - 1) ** 2).sum(), rel=1e-12)


def test_frechet_of_a_shifted_set_is_the_squared_shift():
    for d in (5, 90):
        rows = sets(40, 2, d)[0]
        assert frechet(rows, rows + 0.2) == pytest.approx(d * 0.04, rel=1e-9)
        assert frechet(rows, rows) == pytest.approx(0, abs=1e-10)


def test_frechet_is_never_negative():
    equal = [sets(9, 2, 4, seed)[0] for seed in range(40)]
    assert min(frechet(rows, rows) for rows in equal) == 0


def test_more_pixels_without_variance_do_not_change_frechet():
    rows, others = sets(30, 25, 8)
    wide = [np.pad(x, [(0, 0), (0, 60)]) for x in (rows, others)]
    assert frechet(*wide) == pytest.approx(frechet(rows, others), rel=1e-9)


@pytest.mark.parametrize("block", [4, 256])
def test_kernel_distance_is_that_of_a_double_loop(monkeypatch, block):
    monkeypatch.setattr(known_distances, "BLOCK", block)
    rows, others = sets(13, 10, 5, shift=0.4)
    assert kernel_distance(rows, others) == pytest.approx(by_double_loop(rows, others), rel=1e-10)


def test_kernel_distance_of_equal_distributions_has_mean_zero():
    found = [kernel_distance(*sets(30, 40, 4, seed)) for seed in range(400)]
    error = np.std(found) / np.sqrt(400)
    assert abs(np.mean(found)) < 3 * error
    assert min(found) < 0


def test_kernel_distance_of_two_points():
    """Of points a and b, (a^2 + 1)^3 + (b^2 + 1)^3 - 2 (a b + 1)^3."""
    rows, others = np.full((5, 1), 1.0), np.full((4, 1), 2.0)
    assert kernel_distance(rows, others) == pytest.approx(8 + 125 - 2 * 27, rel=1e-12)


def test_kernel_distance_does_not_see_two_symmetric_modes():
    rng = np.random.default_rng(0)
    modes = 0.8 * rng.choice([-1.0, 1.0], 2000) + 0.6 * rng.standard_normal(2000)
    skewed = (rng.gamma(4, 1, 4000) - 4) / 2
    normal = rng.standard_normal((2000, 1))
    assert kernel_distance(normal, skewed[:, None]) > 0.3
    assert abs(kernel_distance(normal, modes[:, None])) < 0.1


@pytest.mark.parametrize(("n", "m"), [(50, 50), (30, 47), (40, 20), (3, 2)])
def test_wasserstein_distance_is_that_of_repeated_points(n, m):
    """Sets of unequal numbers, by repeating each point so that the numbers are equal."""
    rows, others = sets(n, m, 3, shift=0.5)
    together = np.lcm(n, m)
    repeated = [np.sort(np.repeat(x, together // len(x), axis=0), axis=0) for x in (rows, others)]
    expected = ((repeated[0] - repeated[1]) ** 2).mean(axis=0)
    np.testing.assert_allclose(squared_wasserstein(rows, others), expected, rtol=1e-12)


def test_wasserstein_distance_is_at_least_that_of_the_first_order():
    rows, others = sets(30, 47, 1, shift=0.5)
    first = wasserstein_distance(rows[:, 0], others[:, 0])
    assert first < np.sqrt(squared_wasserstein(rows, others)[0]) < 2 * first


def test_sliced_in_one_dimension_is_the_wasserstein_distance():
    rows, others = sets(40, 40, 1, shift=0.5)
    expected = np.sqrt(((np.sort(rows[:, 0]) - np.sort(others[:, 0])) ** 2).mean())
    found = sliced(rows, others, np.random.default_rng(0), directions=3)
    assert found == pytest.approx(expected, rel=1e-12)


def test_sliced_of_a_shifted_set_is_the_projected_shift():
    """The mean square of a unit vector's product with a shift is its square over d."""
    rows = sets(20, 2, 12)[0]
    found = sliced(rows, rows + 0.3, np.random.default_rng(0), directions=4000)
    assert found == pytest.approx(0.3, rel=0.05)
    assert sliced(rows, rows, np.random.default_rng(0)) == 0


def test_sliced_follows_its_generator():
    rows, others = sets(20, 30, 6)
    first, second, third = (sliced(rows, others, np.random.default_rng(s)) for s in (0, 0, 1))
    assert first == second != third


def test_distances_along_orthonormal_axes_add_to_at_most_the_distance():
    rows, others = sets(200, 200, 5)
    others = others**2 - 1
    axes = np.linalg.qr(np.random.default_rng(1).standard_normal((5, 5)))[0]
    whole = by_assignment(rows, others)
    for basis in (np.eye(5), axes):
        along = squared_wasserstein(rows @ basis, others @ basis).sum()
        assert 0.05 * whole < along <= whole
    # Axes that are not orthonormal break the bound.
    assert squared_wasserstein(rows * 3, others * 3).sum() > whole


@pytest.mark.parametrize(
    "distance", [frechet, kernel_distance, lambda a, b: sliced(a, b, np.random.default_rng(0))]
)
def test_sets_that_do_not_match_are_refused(distance):
    with pytest.raises(ValueError, match=r"rows \(n, d\) .* found \(4, 2\) and \(4, 3\)"):
        distance(np.ones((4, 2)), np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"rows \(n, d\) .* found \(4,\) and \(4, 3\)"):
        distance(np.ones(4), np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"at least two rows .* found \(4, 3\) and \(1, 3\)"):
        distance(np.ones((4, 3)), np.ones((1, 3)))
    rows = np.arange(12).reshape(4, 3).astype(np.uint8)
    assert distance(rows, rows.astype(float) + 1) == distance(rows.astype(float), rows + 1.0)


def test_two_rows_are_enough():
    """Sets that are shifted copies have the squared shift as their Frechet distance."""
    rows, _ = sets(2, 2, 3)
    shift = np.array([1.0, -2.0, 2.0])
    assert frechet(rows, rows + shift) == pytest.approx(9)
    assert sliced(rows, rows, np.random.default_rng(0)) == 0
