"""Speciation and collapse of training sets without a reverse process."""

import warnings

import numpy as np
import pytest
import torch
from scipy import stats

from gaussianity.denoisers.empirical_score import noised_weights
from gaussianity.manifold.measured.weight_curves import (
    crossing,
    measured_crossing,
    pilot_time,
    training_set,
    weight_curves,
)
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.distribution import ManifoldDistribution


def distribution(**options):
    return ManifoldDistribution(24, 12, ACTIVATIONS["linear"], isometric=True, kappa=0.5, **options)


def drawn(seed=0):
    return np.random.default_rng(seed)


def test_training_set_is_balanced_and_no_block_is_seen(monkeypatch):
    rows, labels = training_set(distribution(separation=2.0), 50, drawn())
    monkeypatch.setattr("gaussianity.manifold.measured.weight_curves.BLOCK", 8)
    in_blocks, _ = training_set(distribution(separation=2.0), 50, drawn())
    torch.testing.assert_close(in_blocks, rows)
    assert rows.dtype == torch.float32
    assert np.bincount(labels).tolist() == [25, 25]


def test_limits_of_little_and_of_all_noise():
    rows, labels = training_set(distribution(separation=1.0), 300, drawn())
    found = weight_curves(rows, labels, [1e-3, 15.0], points=64, generator=drawn(1))
    np.testing.assert_allclose(found["true"], [1, 1 / 300], rtol=1e-3)
    np.testing.assert_allclose(found["participation"], [1, 1 / 300], rtol=1e-3)
    np.testing.assert_allclose(found["entropy"], [0, np.log(300)], atol=1e-3)
    np.testing.assert_allclose(found["same_class"], [1, 0.5], atol=1e-3)


def test_true_weight_and_participation_agree_in_the_mean():
    """A point is drawn with its weight as probability: E w_true = E sum w^2 at every time."""
    rows, labels = training_set(distribution(separation=1.0), 200, drawn())
    found = weight_curves(rows, labels, [0.1, 0.3, 0.6], points=8000, generator=drawn(2))
    gap = np.abs(found["true"] - found["participation"])
    assert (gap < 4 * found["true_error"]).all()
    assert (found["true_error"] < 0.02).all()


def test_crossing():
    times = np.linspace(0, 2, 9)
    assert crossing(times, 1 - times / 2, 0.3) == pytest.approx(1.4)
    assert crossing(times, np.cos(np.pi * times), 0.0) == pytest.approx(1.5, abs=0.01)  # the last
    assert np.isnan(crossing(times, 1 - times / 2, 1.5))


def test_pilot_finds_where_to_look():
    rows, labels = training_set(distribution(), 300, drawn())
    time = pilot_time(rows, labels, "true", 0.5, drawn(3))
    closer = np.linspace(0.8 * time, 1.2 * time, 9)
    found = weight_curves(rows, labels, closer, points=1000, generator=drawn(4))
    assert crossing(closer, found["true"], 0.5) == pytest.approx(time, rel=0.15)
    assert np.isnan(pilot_time(rows, labels, "same_class", 0.3, drawn(5)))


def test_weights_of_one_manifold_point_in_two_dimensions():
    """Two points: w_true is the logistic function of a normal log-ratio, integrated."""
    rows, labels = torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), np.array([0, 1])
    t = 0.5 * np.log1p(1.5**2)  # sigma = 1.5
    found = weight_curves(rows, labels, [t], points=20_000, generator=drawn(6))
    nodes, masses = np.polynomial.hermite_e.hermegauss(80)
    ratio = (2 + 2 * 1.5 * nodes) / 1.5**2
    expected = masses @ (1 / (1 + np.exp(-ratio))) / masses.sum()
    assert found["true"][0] == pytest.approx(expected, abs=4 * found["true_error"][0])


def test_errors_are_those_of_means_over_the_points():
    rows, labels = training_set(distribution(separation=1.0), 40, drawn())
    found = weight_curves(rows, labels, [0.3, 1.0], points=5, generator=drawn(7))
    generator = drawn(7)
    chosen = generator.integers(40, size=5)
    noise = generator.standard_normal((5, 24), dtype=np.float32)
    each = noised_weights(rows, chosen, noise, noise_level(np.array([0.3, 1.0])), labels=labels)
    for name in ("true", "entropy", "same_class"):
        values = np.array([getattr(level, name).numpy() for level in each])
        np.testing.assert_allclose(found[name], values.mean(axis=1))
        np.testing.assert_allclose(found[f"{name}_error"], stats.sem(values, axis=1))


def test_the_error_of_a_crossing_is_the_deviation_of_its_replicates():
    """Curves 1 - t / 2 and 1 - t / 4 cross 1/2 at 1 and 2; the mean of k of 2 of the first kind
    crosses at 2 / (1 + k / 2)."""
    times = np.linspace(0, 4, 9)
    samples = np.stack([1 - times / 2, 1 - times / 4], axis=1)
    time, error = measured_crossing(times, samples, 0.5, replicates=2, generator=drawn(1))
    first = drawn(1).multinomial(2, [0.5, 0.5], size=2)[:, 0]
    assert first[0] != first[1]
    assert time == pytest.approx(4 / 3)
    assert error == pytest.approx(np.std(2 / (1 + first / 2), ddof=1))


def test_a_mean_that_crosses_in_too_few_replicates_has_no_error():
    """Of 8 curves that only reach 0.49, one ends at 0.45, and the level is just above the mean."""
    times = np.linspace(0, 1, 5)
    samples = np.outer(1 - times, np.ones(8)) + times[:, None] * np.array([0.49] * 7 + [0.45])
    time, error = measured_crossing(times, samples, 0.486, replicates=50, generator=drawn(2))
    assert time > 0.98
    assert np.isnan(error)


def test_one_replicate_has_no_error():
    times = np.linspace(0, 4, 9)
    samples = np.stack([1 - times / 2, 1 - times / 4], axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        time, error = measured_crossing(times, samples, 0.5, replicates=1, generator=drawn(1))
    assert time == pytest.approx(4 / 3)
    assert np.isnan(error)
