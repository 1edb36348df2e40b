"""Collapse times: limits of the closed forms, drawn matrices, published numbers."""

import numpy as np
import pytest
from manifold_cases import distribution

from gaussianity.manifold.theory.collapse import (
    collapse_time,
    finite_times,
    gaussian_time,
    isometric_time,
    linear_information,
    linear_time,
    rate,
    signal_to_noise,
)
from gaussianity.manifold.theory.distribution import random_weights
from gaussianity.streams import stream


def test_at_the_gaussian_time_the_noise_hides_as_much_as_the_samples_number():
    alpha, variance = 0.3, 2.5
    gain = signal_to_noise(gaussian_time(alpha, variance))
    assert 0.5 * np.log1p(variance * gain) == pytest.approx(alpha)


@pytest.mark.parametrize(
    ("d", "p", "n", "expected"),
    [
        (128, 16, 1e4, (0.1901, 0.2114)),
        (128, 32, 1e4, (0.4132, 0.4424)),
        (256, 64, 1e4, (0.6929, 0.7269)),
        (256, 128, 2e4, (0.9712, 1.0048)),
    ],
)
def test_isometric_manifolds_have_the_notes_times(d, p, n, expected):
    given = distribution(d, p, kappa=p / d, isometric=True)
    found = collapse_time(given, np.array([n, n / 2]))
    np.testing.assert_allclose(found, expected, atol=6e-5)
    np.testing.assert_allclose(found, isometric_time(rate([n, n / 2], d), p / d), rtol=1e-12)


def test_a_wide_isometric_manifold_is_the_gaussian_one():
    assert isometric_time(0.2, 1.0, 1.7) == pytest.approx(gaussian_time(0.2, 1.7))


@pytest.mark.parametrize("beta", [0.25, 1.0, 3.0])
def test_the_closed_form_of_the_integral_is_that_of_a_drawn_matrix(beta):
    d, t, kappa = 400, 0.3, 0.8
    weights = random_weights(
        distribution(d, round(beta * d), kappa=kappa), stream(0, "control", 2, round(4 * beta))
    )
    eigenvalues = np.linalg.eigvalsh(weights @ weights.T)
    expected = np.log1p(signal_to_noise(t) * eigenvalues.clip(0)).sum() / (2 * d)
    assert linear_information(t, beta, kappa) == pytest.approx(expected, rel=3e-3)


def test_few_latent_coordinates_are_an_isometric_manifold():
    """F^T F concentrates at (kappa / beta) I as beta falls, with a correction of order beta."""
    expected = isometric_time(0.002, 1e-3, 1e-3)
    assert linear_time(0.002, 1e-3, 1e-3) == pytest.approx(expected, rel=2e-3)


def test_linear_times_broadcast_and_solve_their_equation():
    alpha, beta = np.array([[0.02], [0.1]]), np.array([0.1, 0.5, 2.0])
    found = linear_time(alpha, beta)
    assert found.shape == (2, 3)
    expected = np.broadcast_to(alpha, (2, 3))
    np.testing.assert_allclose(linear_information(found, beta), expected, rtol=1e-9)
    assert linear_time(np.log(2e4) / 256, 0.25) == pytest.approx(1.2282, abs=6e-5)
    assert linear_time(np.log(1e4) / 256, 0.25) == pytest.approx(1.2677, abs=6e-5)


def test_no_time_where_too_few_or_too_many_samples_are_to_be_told_apart():
    """alpha = 5 at beta = 0.01 needs I = 500 nats per latent coordinate: t_C is below e^-1000."""
    few = rate([1, 0.75, 3], 32)
    for times in (gaussian_time(few), isometric_time(few, 0.25), linear_time(few, 0.25)):
        np.testing.assert_array_equal(np.isfinite(times), [False, False, True])
    assert np.isnan(linear_time(5.0, 0.01))


def test_a_class_less_to_tell_apart():
    assert rate(20000, 256, classes=2) == rate(10000, 256)
    given = distribution(256, 64)
    assert collapse_time(given, 20000, classes=2) == collapse_time(given, 10000)


def test_a_manifold_without_a_formula():
    with pytest.raises(ValueError, match="independent weights where the activation is not linear"):
        collapse_time(distribution(20, 10, "tanh", isometric=True), 100)


@pytest.mark.slow  # seconds: tables of six channels
@pytest.mark.parametrize(
    ("name", "p", "separation", "expected"),
    [  # at d = 256, kappa = 1, of 20,000 samples and of half of them
        ("tanh2x", 64, 0.0, (1.0460, 1.0824)),
        ("tanh2x", 64, 1.0, (0.9172, 0.9546)),
        ("relu", 64, 0.0, (0.7876, 0.8209)),
        ("square", 64, 0.0, (1.6218, 1.6587)),
        ("tanh2x", 128, 0.0, (1.0695, 1.1045)),
    ],
)
def test_replica_symmetric_times_are_the_notes(name, p, separation, expected):
    given = distribution(256, p, name, separation=separation)
    classes = 2 if separation else 1
    found = collapse_time(given, np.array([20000, 10000]), classes=classes)
    np.testing.assert_allclose(found, expected, atol=1.1e-4)


def test_finite_times_by_hand():
    """With t_C = alpha, alpha = 1 and d = 10 a halving takes log(2) / 10 = 0.0693 away. The class
    counts where it is chosen before the collapse of its own samples, here at 0.9307."""
    half = np.log(2) / 10
    for chosen_at, within in ((np.nan, 1.0), (0.92, 1.0), (0.94, 1 - half), (5.0, 1 - half)):
        found = finite_times(lambda alpha: alpha, 1.0, 10, chosen_at)
        np.testing.assert_allclose(found, [within, within - half])
