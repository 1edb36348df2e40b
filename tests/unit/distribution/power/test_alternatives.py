"""Distributions of known power: their moments, and the power of the test on them."""

import numpy as np
import pytest
from normality_cases import null_of
from scipy import stats

from gaussianity.distribution.power.alternatives import (
    ALTERNATIVES,
    DEVIATIONS,
    NEEDED,
    known_power,
    normal,
    rejected,
)

# Share rejected of 100 sets at the number of images, by an independent implementation.
REFERENCE = {
    ("two_modes", 200): 0.21,
    ("two_modes", 400): 0.74,
    ("skewed", 100): 0.71,
    ("skewed", 200): 0.96,
    ("subspaces", 50): 0.84,
    ("subspaces", 100): 1.0,
}


@pytest.mark.parametrize("name", ["two_modes", "two_modes_tenth", "skewed", "uniform"])
def test_the_covariance_is_that_of_the_normal_rows(name):
    rows = ALTERNATIVES[name](40_000, np.random.default_rng(0)) / DEVIATIONS
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=0.025)
    np.testing.assert_allclose(rows.T @ rows / len(rows), np.eye(64), atol=0.035)


@pytest.mark.parametrize(
    ("name", "axis", "skewness", "kurtosis"),
    [
        ("two_modes", 0, 0, -2 * 0.8**4),
        ("two_modes_tenth", 9, 0, -2 * 0.9**4),
        ("skewed", 0, 1, 1.5),
        ("uniform", 5, 0, -1.2),
    ],
)
def test_the_direction_that_is_not_normal_has_its_moments(name, axis, skewness, kurtosis):
    rows = ALTERNATIVES[name](100_000, np.random.default_rng(1))
    assert stats.skew(rows[:, axis]) == pytest.approx(skewness, abs=0.05)
    assert stats.kurtosis(rows[:, axis]) == pytest.approx(kurtosis, abs=0.12)
    other = 20  # normal, but where every direction is uniform
    expected = -1.2 if name == "uniform" else 0
    assert stats.kurtosis(rows[:, other]) == pytest.approx(expected, abs=0.1)


def test_variances_fall_as_one_over_the_direction():
    variances = normal(40_000, np.random.default_rng(0)).var(axis=0)
    np.testing.assert_allclose(variances, 1 / np.arange(1, 65), rtol=0.05)


def test_heavy_tails_share_their_radius():
    rows = ALTERNATIVES["heavy_tails"](20_000, np.random.default_rng(2)) / DEVIATIONS
    assert stats.kstest(rows[:, 0], stats.t(3).cdf).pvalue > 1e-3
    assert np.corrcoef(np.abs(rows[:, 0]), np.abs(rows[:, 1]))[0, 1] > 0.2


def test_subspaces_have_eight_dimensions_each():
    rows = ALTERNATIVES["subspaces"](4000, np.random.default_rng(3))
    values = np.linalg.eigvalsh(np.cov(rows.T))[::-1]
    assert values[31] > 10 * values[32]  # 4 x 8 directions, then the noise
    assert values[32:].mean() == pytest.approx(0.05**2, rel=0.05)


def test_power_of_few_images():
    """At 50 images heavy tails are always found, two modes hardly ever (.05 of the reference)."""
    power = known_power(null_of(50), np.random.default_rng(0), sets=40)
    found = dict(zip(power["alternative"], power["rejected"], strict=True))
    drawn = dict(zip(power["alternative"], power["sets"], strict=True))
    assert list(found) == list(ALTERNATIVES)
    assert found["heavy_tails"] > 0.9
    assert found["two_modes"] < 0.3
    assert drawn["two_modes"] == 40
    assert all(n == 20 if found[name] == 1.0 else n == 40 for name, n in drawn.items())
    np.testing.assert_array_equal(power["images"], 50)


def test_normal_sets_are_rejected_at_the_level():
    assert rejected(normal, null_of(50), np.random.default_rng(5), 200).mean() < 0.11


def test_the_same_generator_gives_the_same_power():
    first, again = (known_power(null_of(50), np.random.default_rng(4), 5) for _ in range(2))
    for name, column in first.items():
        np.testing.assert_array_equal(again[name], column)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "images"), REFERENCE)
def test_power_agrees_with_the_reference(name, images):
    """Within 3 errors of the difference of two shares of 100 and 200 sets."""
    share = rejected(ALTERNATIVES[name], null_of(images, draws=999), np.random.default_rng(6), 200)
    expected = REFERENCE[name, images]
    error = np.sqrt(max(expected * (1 - expected), 0.01) * (1 / 100 + 1 / 200))
    assert abs(share.mean() - expected) < 3 * error


@pytest.mark.slow
@pytest.mark.parametrize("name", NEEDED)
def test_needed_images_give_80_percent(name):
    """The shares are 0.8 within 3 errors; 50 images are an upper bound and may show more."""
    generator, n = np.random.default_rng(8), NEEDED[name]
    at = rejected(ALTERNATIVES[name], null_of(n, draws=999), generator, 200).mean()
    if n <= 50:
        assert at > 0.75
    else:
        assert at == pytest.approx(0.8, abs=0.12)
