"""Clipped Gaussian data have the moments of clipped images."""

import numpy as np
import pytest

from gaussianity.distribution.clipping import clipping
from gaussianity.distribution.clipping.clipped_moments import clipped_moments
from gaussianity.distribution.clipping.clipping import LARGEST, clipped_gaussian
from gaussianity.errors import InputError

LEVEL = 1 / 255


def clipped_images(n=1000, d=16, seed=2):
    """Normal images clipped to [0, 1] and rounded to 8 bits, (n, d)."""
    rng = np.random.default_rng(seed)
    mixing = rng.standard_normal((d, d)) * 20
    rows = rng.uniform(-40, 120, d) + rng.standard_normal((n, d)) @ mixing.T
    return np.round(np.clip(rows, 0, 255)) / 255


def moments(rows):
    return rows.mean(axis=0), np.cov(rows.T, bias=True)


def relative(found, expected):
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def test_samples_have_the_moments_of_clipped_images():
    mean, covariance = moments(clipped_images())
    found = clipped_gaussian(mean, covariance, LEVEL)
    samples = found.samples(100_000, np.random.default_rng(0))
    assert np.abs(samples.mean(axis=0) - mean).max() < LEVEL
    assert found.covariance_error < 1e-3
    assert relative(np.cov(samples.T), covariance) < 0.02
    np.testing.assert_allclose(samples.var(axis=0), np.diag(covariance), rtol=0.02)


def test_the_clipped_normal_distribution_of_the_same_moments_is_another():
    mean, covariance = moments(clipped_images())
    rows = np.random.default_rng(0).multivariate_normal(mean, covariance, 100_000)
    assert relative(np.cov(np.clip(rows, 0, 1).T), covariance) > 0.1
    assert np.abs(np.clip(rows, 0, 1).mean(axis=0) - mean).max() > 3 * LEVEL


def test_the_error_of_the_covariance_is_that_of_a_large_sample():
    """Covariances of two points that exclude each other are out of reach."""
    labels = np.random.default_rng(0).integers(6, size=3000)
    rows = np.eye(6)[labels] * 0.9 + 0.05 * np.random.default_rng(1).uniform(size=(3000, 6))
    mean, covariance = moments(rows)
    found = clipped_gaussian(mean, covariance, 0)
    samples = found.samples(200_000, np.random.default_rng(2))
    assert found.covariance_error > 0.02
    error = relative(np.cov(samples.T), covariance)
    assert found.covariance_error == pytest.approx(error, abs=0.01)


def test_the_descent_lowers_the_error_of_the_covariance(monkeypatch):
    """Images of a bar at a random place on a ring: distant pixels exclude each other."""
    places = np.random.default_rng(0).integers(40, size=(1000, 1))
    rows = 1.0 * ((np.arange(24) - places) % 40 < 6)
    improved = clipped_gaussian(*moments(rows), 0)
    monkeypatch.setattr(clipping, "IMPROVEMENTS", 0)
    plain = clipped_gaussian(*moments(rows), 0)
    assert 0.01 < improved.covariance_error < 0.98 * plain.covariance_error
    np.testing.assert_allclose(np.linalg.norm(improved.root, axis=1), 1, rtol=1e-12)


def test_images_that_are_not_clipped_get_normal_data():
    covariance = np.array([[0.01, 0.006], [0.006, 0.02]])
    found = clipped_gaussian([0.5, 0.5], covariance * 0.1, 0)
    np.testing.assert_allclose(found.centre, 0.5, rtol=1e-9)
    np.testing.assert_allclose(found.spread**2, [0.001, 0.002], rtol=1e-6)
    assert (found.root @ found.root.T)[0, 1] == pytest.approx(0.6 / np.sqrt(2), rel=1e-6)
    assert found.covariance_error < 1e-6


def test_samples_are_levels_of_the_quantisation():
    mean, covariance = moments(clipped_images(d=4))
    for step in (LEVEL, 1 / 16):
        samples = clipped_gaussian(mean, covariance, step).samples(200, np.random.default_rng(0))
        np.testing.assert_allclose(samples / step, np.round(samples / step), atol=1e-9)
        assert samples.min() == 0
        assert samples.max() == 1
    unrounded = clipped_gaussian(mean, covariance, 0).samples(200, np.random.default_rng(0))
    assert len(np.unique(unrounded)) > 300


def test_the_variance_of_the_rounding_is_not_added_twice():
    """Of a standard deviation of two steps, rounding adds 2 % to the variance."""
    step, variance = 1 / 16, (2 / 16) ** 2 + (1 / 16) ** 2 / 12
    found = clipped_gaussian([0.5], [[variance]], step)
    samples = found.samples(400_000, np.random.default_rng(0))
    assert samples.var() == pytest.approx(variance, rel=0.005)
    assert clipped_moments(found.centre, found.spread)[1] < variance * 0.985
    assert found.covariance_error < 1e-4


def test_constant_pixels_and_those_within_the_rounding_stay_at_their_mean():
    covariance = np.diag([0.0, 0.05, LEVEL**2 / 13, 0.0, LEVEL**2 / 11])
    mean = np.array([0, 0.5, 100 * LEVEL, 1, 0.5])
    found = clipped_gaussian(mean, covariance, LEVEL)
    samples = found.samples(50, np.random.default_rng(0))
    np.testing.assert_array_equal(found.varying, [1, 4])
    np.testing.assert_allclose(samples[:, [0, 2, 3]], np.tile(mean[[0, 2, 3]], (50, 1)), rtol=1e-12)
    assert samples[:, 1].std() > 0.1
    assert found.covariance_error < 1e-3


def test_variance_of_the_size_of_rounding_errors_is_none():
    assert clipped_gaussian([0.5, 0.5], np.diag([1e-14, 1e-6]), 0).varying.tolist() == [1]


def test_images_without_variance_are_their_mean():
    found = clipped_gaussian([0, 0.25], np.zeros((2, 2)), 0)
    assert found.covariance_error == 0
    np.testing.assert_array_equal(found.samples(2, np.random.default_rng(0)), [[0, 0.25]] * 2)


def test_images_of_two_values_get_data_of_almost_two_values():
    covariance = np.diag([0.25, 0.09])
    samples = clipped_gaussian([0.5, 0.9], covariance, 0).samples(2000, np.random.default_rng(0))
    assert np.mean((samples == 0) | (samples == 1)) > 0.99


def test_impossible_correlations_become_positive_definite():
    covariance = 0.001 * (1.9 * np.eye(3) - 0.9)
    found = clipped_gaussian([0.5] * 3, covariance, 0)
    correlations = found.root @ found.root.T
    np.testing.assert_allclose(np.diag(correlations), 1, rtol=1e-12)
    np.testing.assert_allclose(correlations[0, 1], -0.5, atol=1e-3)
    assert found.covariance_error == pytest.approx(
        0.4 * np.sqrt(6) / np.sqrt(3 + 6 * 0.81), abs=0.01
    )


def test_pixels_that_hardly_vary_give_way():
    """Of three correlations of -.9, the one of the two pixels that vary most is kept."""
    deviations = np.array([0.05, 0.05, 0.0005])
    covariance = (1.9 * np.eye(3) - 0.9) * np.outer(deviations, deviations)
    found = clipped_gaussian([0.5] * 3, covariance, 0)
    assert (found.root @ found.root.T)[0, 1] == pytest.approx(-0.9, abs=1e-3)
    assert found.covariance_error < 0.02


def test_the_same_generator_gives_the_same_samples():
    found = clipped_gaussian(*moments(clipped_images(d=4)), LEVEL)
    first, second = (found.samples(9, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_what_cannot_be_clipped_is_refused():
    with pytest.raises(ValueError, match=r"expected a mean \(d,\) .* found \(2,\) and \(3, 3\)"):
        clipped_gaussian([0, 0], np.eye(3), 0)
    with pytest.raises(InputError, match=f"at most {LARGEST} pixels, found 2049"):
        clipped_gaussian(np.zeros(LARGEST + 1), np.zeros((LARGEST + 1, LARGEST + 1)), 0)
    for mean, found in ([-0.1, 0.5], "-0.1 to 0.5"), ([0.5, 1.5], "0.5 to 1.5"):
        with pytest.raises(InputError, match=rf"means in \[0, 1\], found {found}"):
            clipped_gaussian(mean, np.eye(2), 0)


def watch_roots(monkeypatch):
    """List of the latent correlations that become positive definite, and their roots."""
    seen, root = [], clipping._root

    def watched(correlations, deviations):
        seen.append((correlations.copy(), root(correlations, deviations)))
        return seen[-1][1]

    monkeypatch.setattr(clipping, "_root", watched)
    return seen


def test_a_step_of_the_descent_adds_what_the_covariance_is_short_of(monkeypatch):
    """Nothing is clipped, so that the implied covariance is the correlation times deviations."""
    seen = watch_roots(monkeypatch)
    deviations = np.array([0.05, 0.03, 0.01])
    products = np.outer(deviations, deviations)
    covariance = (1.9 * np.eye(3) - 0.9) * products
    clipped_gaussian([0.5] * 3, covariance, 0)
    (first, root), (second, _) = seen[:2]
    np.testing.assert_allclose(first, 1.9 * np.eye(3) - 0.9, atol=1e-9)
    correlations = root @ root.T
    missing = (covariance - correlations * products) / products
    np.testing.assert_allclose(second, correlations + missing, atol=1e-9)


def test_the_descent_ends_where_it_gains_nothing(monkeypatch):
    seen = watch_roots(monkeypatch)
    clipped_gaussian([0.5, 0.5], [[0.001, 0.0006], [0.0006, 0.002]], 0)
    assert len(seen) == 2
