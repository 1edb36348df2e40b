"""Exponents of known powers, the coverage of intervals, and verdicts on both sides."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.universality.assumptions.trends import slope, trend_interval, trend_verdict

SIZES = [4, 9, 16, 36, 64]


def test_slope_of_powers():
    powers = np.array([-3.0, 0.0, 0.5])
    values = 7 * np.power.outer(np.array(SIZES, float), powers).T
    np.testing.assert_allclose(slope(SIZES, values), powers, atol=1e-12)


def test_slope_is_that_of_least_squares():
    values = np.random.default_rng(0).uniform(1, 2, len(SIZES))
    expected = stats.linregress(np.log(SIZES), np.log(values)).slope
    assert slope(SIZES, values) == pytest.approx(expected, rel=1e-12)


def test_slope_knows_no_unit():
    values = np.random.default_rng(0).uniform(1, 2, len(SIZES))
    found = slope(SIZES, np.stack([values, 1e-9 * values]))
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert slope(np.multiply(SIZES, 3), values) == pytest.approx(found[0], rel=1e-9)


def test_slope_of_zero_is_undefined():
    values = np.ones((2, 5))
    values[1, 4] = 0
    np.testing.assert_array_equal(slope(SIZES, values), [0, np.nan])


def test_slope_needs_two_sizes():
    with pytest.raises(ValueError, match=r"at least 2 sizes that differ, found \[4, 4\]"):
        slope([4, 4], [1.0, 2.0])


def test_interval_is_students():
    replicates = np.array([1.0, 2.0, 4.0, 5.0])
    low, high = trend_interval(3.0, replicates, 0.9)
    away = stats.t.ppf(0.95, 3) * replicates.std(ddof=1)
    np.testing.assert_allclose([low, high], [3 - away, 3 + away], rtol=1e-9)


def test_interval_covers_as_often_as_it_says():
    """Estimates and replicates are normal: 95 % of 4,000 intervals must cover the truth."""
    generator = np.random.default_rng(0)
    draws = generator.standard_normal((4000, 9))
    bounds = np.array([trend_interval(row[0], row[1:], 0.95) for row in draws])
    covered = ((bounds[:, 0] < 0) & (bounds[:, 1] > 0)).mean()
    assert covered == pytest.approx(0.95, abs=4 * np.sqrt(0.05 * 0.95 / 4000))


@pytest.mark.parametrize(
    ("bounds", "limits", "expected"),
    [
        ((-1.1, -0.9), (-0.75, -0.75), "holds"),
        ((-0.6, -0.4), (-0.75, -0.75), "fails"),
        ((-0.9, -0.6), (-0.75, -0.75), "not decided"),
        ((-0.6, -0.4), (-0.75, -0.25), "not decided"),
        ((-0.2, 0.1), (-0.75, -0.25), "fails"),
    ],
)
def test_verdicts_on_both_sides(bounds, limits, expected):
    assert trend_verdict(bounds, limits, at_most=True) == expected
    mirrored = (-bounds[1], -bounds[0]), (-limits[0], -limits[1])
    assert trend_verdict(*mirrored, at_most=False) == expected
