"""Times predicted from two classes' moments, against closed forms."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from gaussianity.manifold.theory import two_classes
from gaussianity.manifold.theory.two_classes import (
    Isotropic,
    TwoClasses,
    class_information,
    effective_dimension,
    predictions,
)

D = 24


def classes(distance, variance=0.7, counts=(60, 60), d=D):
    """N(+-m, variance I), |m| = distance, off the origin."""
    half = np.zeros(d)
    half[3] = distance
    means = [0.3 + half, 0.3 - half]
    return TwoClasses.of_moments(means, [variance * np.eye(d)] * 2, counts)


def times(pair):
    return {row["criterion"]: row["time"] for row in predictions(pair)}


def test_speciation_of_isotropic_classes():
    """D = |m|^2 / (v + sigma^2) is 1 at t = log(1 + |m|^2 - v) / 2; Lambda = v + |m|^2."""
    found = times(classes(distance=3.0))
    expected = {
        "D = 1": 9 - 0.7 + 1,
        "D = 1/2": 18 - 0.7 + 1,
        "log(Lambda) / 2": 9.7,
        "log(2 Lambda) / 2": 19.4,
    }
    for criterion, inside in expected.items():
        assert found[criterion] == pytest.approx(np.log(inside) / 2, abs=1e-9)


def test_classes_too_close_for_a_criterion_have_no_time():
    found = times(classes(distance=0.1, variance=0.2))
    for criterion in ("D = 1", "D = 1/2", "log(Lambda) / 2", "log(2 Lambda) / 2"):
        assert np.isnan(found[criterion])


def test_unequal_shares_keep_the_covariance_of_the_whole():
    generator = np.random.default_rng(0)
    rows = [generator.standard_normal((n, 5)) + shift for n, shift in ((300, 0.0), (100, 2.0))]
    means, covariances = zip(*[(r.mean(0), np.cov(r.T, bias=True)) for r in rows], strict=True)
    pair = TwoClasses.of_moments(means, covariances, [300, 100])
    whole = np.cov(np.concatenate(rows).T, bias=True)
    assert pair.largest == pytest.approx(np.linalg.eigvalsh(whole)[-1])


def isotropic_time(images, variance=0.7, d=D):
    return np.log1p(variance / (images ** (2 / d) - 1)) / 2


@pytest.mark.parametrize(("distance", "told_apart"), [(80.0, 2), (1e-4, 1)])
def test_collapse_of_isotropic_classes(distance, told_apart):
    """The classes are separate at weak noise and one class at strong noise."""
    pair = classes(distance)
    assert pair.collapse_time(120) == pytest.approx(isotropic_time(120 / told_apart), abs=1e-6)
    found = times(pair)
    assert found["n images"] == pytest.approx(pair.collapse_time(120), abs=1e-9)
    assert found["n / 2 images"] == pytest.approx(pair.collapse_time(60), abs=1e-9)
    assert found["participation ratio"] == pytest.approx(isotropic_time(60), abs=1e-9)


def test_directions_without_variance_change_nothing():
    """A pixel that is always black."""
    half, pixels = np.array([2.0, 0.0]), np.diag([0.5, 0.3, 0.0])
    full = TwoClasses.of_moments([half, -half], [pixels[:2, :2]] * 2, [40, 40])
    half = np.append(half, 0.0)
    flat = TwoClasses.of_moments([half, -half], [pixels] * 2, [40, 40])
    assert times(flat) == pytest.approx(times(full), abs=1e-6)
    assert np.isfinite(times(flat)["D = 1"])


def test_information_of_the_class():
    def integrand(u, level):
        return norm.pdf(u, level, np.sqrt(level)) * np.logaddexp(0, -2 * u)

    for level in (0.01, 1.0, 7.0):
        lost, _ = quad(integrand, -40, 60, args=(level,), points=[level], limit=200)
        assert class_information(level) == pytest.approx(np.log(2) - lost, abs=1e-9)


def test_no_images_are_told_apart_where_nothing_varies():
    pair = TwoClasses.of_moments([np.ones(2), np.zeros(2)], [np.zeros((2, 2))] * 2, [5, 5])
    assert np.isnan(pair.collapse_time(10))


def test_participation_ratio_counts_equal_variances():
    found = Isotropic.like(np.append(np.full(7, 0.4), np.zeros(30)))
    assert found.dimension == pytest.approx(7)
    assert found.variance == pytest.approx(0.4)


def test_effective_dimension_is_the_one_that_collapses_then():
    for dimension in (1.5, 12.0, 300.0):
        time = Isotropic(dimension, 20 / dimension).collapse_time(174)
        assert effective_dimension(20.0, 174, time) == pytest.approx(dimension, rel=1e-5)
    limit = np.log1p(20 / (2 * np.log(174))) / 2  # of many dimensions
    assert np.isnan(effective_dimension(20.0, 174, 1.01 * limit))
    assert np.isnan(effective_dimension(20.0, 174, np.nan))
    assert np.isnan(effective_dimension(20.0, 1.0, 0.3))  # one image is always named
    time = Isotropic(12.0, 20 / 12).collapse_time(2)
    assert effective_dimension(20.0, 2, time) == pytest.approx(12, rel=1e-5)


def test_errors():
    eye = np.eye(2)
    with pytest.raises(ValueError, match="between 2 classes, found 3"):
        TwoClasses.of_moments(np.zeros((3, 2)), [eye] * 3, [1, 1, 1])
    with pytest.raises(ValueError, match="different means, found equal ones"):
        TwoClasses.of_moments(np.ones((2, 2)), [eye] * 2, [1, 1])


@pytest.mark.parametrize(("time", "expected"), [(0.5, 0.5), (0.0, np.nan), (-0.5, np.nan)])
def test_only_positive_times_are_predicted(time, expected):
    np.testing.assert_equal(two_classes._if_positive(time), expected)


def test_the_deflection_is_by_the_average_covariance():
    """Variances 1 and 3 along the first pixel, 2 and 6 along the second: 2 and 4."""
    half = np.array([1.0, 3.0])
    covariances = [np.diag([1.0, 2.0]), np.diag([3.0, 6.0])]
    pair = TwoClasses.of_moments([half, -half], covariances, [30, 10])
    np.testing.assert_allclose(pair.within, [2, 4])
    np.testing.assert_allclose(pair.distance, [1, 9])
    np.testing.assert_allclose(pair.variances, [[1, 2], [3, 6]])
    noise = np.expm1(2 * 0.4)
    assert pair.deflection(0.4) == pytest.approx(1 / (2 + noise) + 9 / (4 + noise))
    first, second = (np.log1p(v / noise).sum() / 2 for v in pair.variances)
    expected = 0.75 * first + 0.25 * second + class_information(pair.deflection(0.4))
    assert pair.information(0.4) == pytest.approx(expected)


def test_no_time_where_the_information_is_too_little_or_too_much_at_all_times():
    """Half a nat too little at the first time, or too much at the last one."""
    pair = classes(2.0)
    first, last = (pair.information(time) for time in two_classes.TIMES)
    for images in (np.exp(first + 0.5), np.exp(last - 0.5)):
        assert np.isnan(pair.collapse_time(images))
    assert np.isfinite(pair.collapse_time(np.exp(first - 0.5)))
