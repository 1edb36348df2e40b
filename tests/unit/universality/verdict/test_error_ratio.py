"""Ratios of error rates, against the tests that they invert and simulations."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.universality.verdict.equivalence import interval
from gaussianity.universality.verdict.error_ratio import p_apart, p_near, ratio_interval


def errors(trials, ratio, units=5, reference=0.016, deviation=0.003, seed=0):
    """Correlated error rates of units: (trials, units) on the images, and of Gaussian data."""
    g = np.random.default_rng(seed)
    shared, one, other = deviation * g.standard_normal((3, trials, units))
    return ratio * reference + one + shared / 2, reference + other + shared / 2


@pytest.mark.parametrize("units", [2, 3, 5])
@pytest.mark.parametrize("deviation", [0.003, 0.012])
def test_the_interval_has_the_ratios_whose_contrast_is_not_significant(units, deviation):
    """From the first ratio on a grid that is not significant to the last one."""
    grid = np.r_[0, np.geomspace(0.001, 1e6, 300)]
    for x, y in zip(*errors(60, 1.2, units, deviation=deviation), strict=True):
        contrasts = x - grid[:, None] * y
        reach = stats.t.isf(0.05, units - 1) * stats.sem(contrasts, axis=1)
        inside = np.flatnonzero(abs(contrasts.mean(axis=1)) <= reach)
        low, high = ratio_interval(x, y, 0.05)
        if not len(inside):  # the interval lies between two ratios of the grid
            assert np.searchsorted(grid, low) == np.searchsorted(grid, high)
            continue
        first, last = inside[[0, -1]]
        assert grid[max(first - 1, 0)] <= low <= grid[first]
        assert grid[last] <= high <= (grid[last + 1] if last + 1 < len(grid) else np.inf)


def test_ratios_on_both_sides_of_a_gap_are_one_interval():
    """Errors that vary together leave out only ratios between 0.7 and 1.4, or so."""
    x, y = np.array([0.0, 0.011, 0.02]), np.array([0.0, 0.01, 0.021])
    assert interval(x - 1.0 * y, 0.05).high > 0
    x = x + 0.003
    contrast = interval(x - y, 0.05)
    assert contrast.low > 0  # the ratio 1 is significant, and yet 0 and infinity are not
    assert interval(x, 0.05).low < 0
    assert interval(y, 0.05).low < 0
    assert ratio_interval(x, y, 0.05) == (0, np.inf)


@pytest.mark.parametrize("ratio", [0.4, 1.0, 1.5])
def test_fiellers_interval_covers(ratio):
    trials = 2000
    found = [ratio_interval(x, y, 0.05) for x, y in zip(*errors(trials, ratio), strict=True)]
    covered = sum(low <= ratio <= high for low, high in found)
    assert stats.binomtest(covered, trials, 0.9).pvalue > 0.001


def test_open_ends():
    """A reference that may be 0 leaves the upper end open; without any error, both are."""
    large, noisy = np.array([0.3, 0.31, 0.32]), np.array([0.0, 0.001, 0.0])
    low, high = ratio_interval(large, noisy, 0.05)
    assert 100 < low < 310 * 3
    assert high == np.inf
    assert ratio_interval(noisy, noisy[::-1], 0.05) == (0, np.inf)
    assert ratio_interval(np.zeros(3), np.zeros(3), 0.05) == (0, np.inf)
    assert ratio_interval(np.array([0.1]), np.array([0.1]), 0.05) == (0, np.inf)
    low, high = ratio_interval(noisy, large, 0.05)
    assert low == 0 < high < 0.01


def test_a_ratio_near_one_is_found_and_another_is_not():
    for ratio, near, apart in ((1.0, 1, 0), (0.3, 0, 1), (3.0, 0, 1)):
        pairs = list(zip(*errors(50, ratio, deviation=0.0005), strict=True))
        assert np.mean([p_near(x, y, 1.5) < 0.05 for x, y in pairs]) == near
        assert np.mean([p_apart(x, y, 1.5) < 0.05 for x, y in pairs]) == apart


@pytest.mark.parametrize("ratio", [1.5, 1 / 1.5])
def test_at_the_largest_ratio_each_error_has_the_level(ratio):
    trials = 2000
    pairs = list(zip(*errors(trials, ratio, deviation=0.001), strict=True))
    for test in (p_near, p_apart):
        count = sum(test(x, y, 1.5) < 0.05 for x, y in pairs)
        assert stats.binomtest(count, trials, 0.05).pvalue > 0.001


def test_no_errors_at_all_say_nothing():
    zeros = np.zeros(5)
    assert p_near(zeros, zeros, 1.5) == p_apart(zeros, zeros, 1.5) == 1
    assert p_near(zeros[:1], zeros[:1] + 0.1, 1.5) == 1
    assert p_apart(zeros, np.full(5, 0.01), 1.5) == 0
