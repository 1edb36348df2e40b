"""Speciation against the log-likelihood ratio, drawn manifolds and published numbers."""

import numpy as np
import pytest
from manifold_cases import distribution
from scipy import stats

from gaussianity.manifold.theory.distribution import random_manifold
from gaussianity.manifold.theory.speciation import (
    clone_agreement,
    deflection,
    deflection_time,
    equivalent_deflection,
    leading_variance,
    potential_time,
    spectral_time,
)
from gaussianity.streams import stream


@pytest.mark.parametrize(
    ("given", "expected"),
    [  # verified by cloning with the exact score of 20,000 samples
        (distribution(256, 128, separation=1.0, kappa=0.5, isometric=True), 2.773),
        (distribution(1024, 256, separation=1.0, kappa=0.25, isometric=True), 3.119),
        (distribution(256, 128, "tanh2x", separation=1.0, kappa=0.5), 2.458),
        (distribution(256, 128, "tanh2x", separation=0.5, kappa=0.5), 1.956),
        (distribution(256, 64, "sign", separation=np.sqrt(0.5), kappa=0.25), 2.347),
        (distribution(256, 128, "cubic", separation=0.5, kappa=0.5), 1.616),
    ],
)
def test_the_papers_time_has_the_notes_values(given, expected):
    assert potential_time(leading_variance(given)) == pytest.approx(expected, abs=6e-4)


def test_the_two_criteria_differ_by_half_log_two():
    variance = np.array([3.0, 40.0])
    difference = potential_time(variance) - spectral_time(variance)
    np.testing.assert_allclose(difference, 0.5 * np.log(2))
    assert np.exp(2 * spectral_time(40.0)) == pytest.approx(40.0)


def test_clones_agree_as_often_as_their_posteriors_say():
    """The log-likelihood ratio of a class's own points is N(2 D, 4 D)."""
    ratios = 2 * np.array([[0.3], [2.0]])
    drawn = stats.norm.ppf((np.arange(20000) + 0.5) / 20000)
    own = 1 / (1 + np.exp(-(ratios + np.sqrt(2 * ratios) * drawn)))
    expected = (own**2 + (1 - own) ** 2).mean(axis=1)
    np.testing.assert_allclose(clone_agreement([0.3, 2.0]), expected, atol=1e-4)
    assert clone_agreement(0.0) == pytest.approx(0.5, abs=1e-14)
    assert clone_agreement(80.0) == pytest.approx(1.0, abs=1e-12)


def test_deflection_is_the_quadratic_form():
    generator = stream(0, "control", 0, 0)
    root, mean = generator.standard_normal((5, 5)), generator.standard_normal(5)
    sigma, shrink = root @ root.T, np.exp(-0.8)
    inverse = np.linalg.inv(shrink * sigma + (1 - shrink) * np.eye(5))
    variances, vectors = np.linalg.eigh(sigma)
    found = deflection(np.array([0.4, 20.0]), (vectors.T @ mean) ** 2, variances)
    np.testing.assert_allclose(found, [shrink * mean @ inverse @ mean, 0], atol=1e-12)


@pytest.mark.parametrize("isometric", [False, True])
@pytest.mark.parametrize("name", ["linear", "tanh2x"])
def test_the_laws_deflection_is_that_of_a_drawn_manifold(name, isometric):
    given = distribution(400, 150, name, separation=0.8, kappa=0.6, isometric=isometric)
    manifold = random_manifold(given, stream(0, "control", 1, 0))
    _, slope, rest = given.coefficients
    weights = slope * manifold.weights
    left, values, _ = np.linalg.svd(weights, full_matrices=False)
    loadings = (left.T @ weights @ manifold.centre) ** 2  # none outside the range of F
    times = np.array([0.05, 0.5, 2.0, 3.0])
    drawn = deflection(times, loadings, values**2 + rest**2)
    tolerance = 1e-10 if isometric else 0.05
    np.testing.assert_allclose(equivalent_deflection(times, given), drawn, rtol=tolerance)


def test_time_of_a_deflection():
    given = distribution(256, 128, separation=1.0, kappa=0.5, isometric=True)
    # F^T F = I: D(t) = p e^-2t
    found = deflection_time(0.5, lambda t: equivalent_deflection(t, given))
    assert found == pytest.approx(0.5 * np.log(256), rel=1e-9)
    assert found == pytest.approx(potential_time(leading_variance(given)), rel=1e-9)
    assert np.isnan(deflection_time(3.0, lambda t: float(deflection(t, [1.0], [1.0]))))
