"""Given images under their exact score and that of their mixture, against sums and theory."""

import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.io.files import write_npz
from gaussianity.manifold.measured.image_weights import (
    chosen_rows,
    mixture_table,
    read_classes,
    read_normals,
    weight_table,
)
from gaussianity.manifold.measured.weight_curves import measured_crossing
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.speciation import clone_agreement
from gaussianity.manifold.theory.two_classes import TwoClasses


def wide(columns, name):
    """(T, n) of a table with a row per time and image."""
    return columns[name].reshape(len(np.unique(columns["time"])), -1)


def test_weights_are_those_of_direct_sums():
    generator = np.random.default_rng(0)
    rows, labels = generator.standard_normal((30, 5)), np.arange(30) % 2
    times = np.array([0.2, 0.9])
    arguments = torch.from_numpy(rows), torch.from_numpy(labels), times
    found = weight_table(*arguments, count=40, generator=np.random.default_rng(1))
    again = np.random.default_rng(1)
    clean = rows[chosen_rows(rows, 40, again)]
    noise = again.standard_normal((40, 5))
    for time, same_class, same_image in zip(
        times, wide(found, "same_class"), wide(found, "same_image"), strict=True
    ):
        y = clean + noise_level(time) * noise
        squared = ((y[:, None] - rows) ** 2).sum(axis=-1) / (2 * noise_level(time) ** 2)
        weights = np.exp(-squared) / np.exp(-squared).sum(axis=1, keepdims=True)
        one = weights[:, labels == 1].sum(axis=1)
        np.testing.assert_allclose(same_class, one**2 + (1 - one) ** 2)
        np.testing.assert_allclose(same_image, (weights**2).sum(axis=1))
    assert found["image"].tolist() == [*range(40)] * 2


def test_every_row_is_noised_equally_often():
    chosen = chosen_rows(np.zeros((7, 1)), 17, np.random.default_rng(0))
    assert set(np.bincount(chosen, minlength=7)) == {2, 3}


def decaying_pair(generator, d=32, count=500):
    """Images of N(+-m, C), C of falling spectrum, far apart, and the predicted times."""
    covariance = np.diag(2.0 * (1 + np.arange(d)) ** -0.5)
    half = np.zeros(d)
    half[0] = 12.0
    centred = generator.multivariate_normal(np.zeros(d), covariance, 2 * count)
    rows = centred + np.repeat([half, -half], count, axis=0)
    pair = TwoClasses.of_moments([half, -half], [covariance] * 2, [count] * 2)
    return torch.from_numpy(rows), torch.arange(2 * count) // count, pair


def test_gaussian_images_collapse_within_the_finite_size_band():
    generator = np.random.default_rng(0)
    rows, labels, pair = decaying_pair(generator)
    band = pair.collapse_time(1000), pair.collapse_time(500)
    times = np.linspace(0.6 * band[0], 1.6 * band[1], 12)
    found = weight_table(rows, labels, times, count=1000, generator=generator)
    time, error = measured_crossing(
        times, wide(found, "same_image"), 0.5, replicates=50, generator=generator
    )
    assert 0.98 * band[0] <= time <= 1.02 * band[1]
    assert error < 0.02 * time


def isotropic_mixture(distance, variance=0.5, d=16):
    means = np.zeros((2, d))
    means[:, 0] = distance, -distance
    return GaussianDenoiser.of_moments(means, [variance * np.eye(d)] * 2, (1, 4, 4)), means


def test_the_mixtures_classes_agree_as_their_deflection_says():
    mixture, _ = isotropic_mixture(2.0)
    times = np.array([0.3, 0.8, 1.3])
    found = mixture_table(mixture, times, count=4000, generator=np.random.default_rng(0))
    for time, samples in zip(times, wide(found, "same_class"), strict=True):
        expected = clone_agreement(4.0 / (0.5 + noise_level(time) ** 2))
        error = samples.std() / np.sqrt(len(samples))
        assert abs(samples.mean() - expected) < 4 * error


def test_the_mixtures_speciation_is_where_phi_crosses():
    mixture, means = isotropic_mixture(2.0)
    pair = TwoClasses.of_moments(means, [0.5 * np.eye(16)] * 2, [1, 1])
    times, generator = np.linspace(0.3, 1.8, 12), np.random.default_rng(1)
    found = wide(mixture_table(mixture, times, count=4000, generator=generator), "same_class")
    for level in (1.0, 0.5):
        time, error = measured_crossing(
            times, found, clone_agreement(level), replicates=50, generator=generator
        )
        assert abs(time - pair.speciation_time(level)) < 4 * error
        assert error < 0.05


def test_images_are_read_in_the_network_form(tmp_path):
    black, white = np.zeros((2, 1, 2, 2), np.uint8), np.full((3, 1, 2, 2), 255, np.uint8)
    write_npz(tmp_path / "0.npz", images=black)
    write_npz(tmp_path / "1.npz", images=white)
    paths = [str(tmp_path / f"{k}.npz") for k in range(2)]
    rows, labels = read_classes([[paths[0]], [paths[1], paths[0]]])
    assert rows.dtype == torch.float64
    assert rows[:, 0].tolist() == [-1, -1, 1, 1, 1, -1, -1]
    assert labels.tolist() == [0, 0, 1, 1, 1, 1, 1]


def test_moments_are_read_in_the_network_form_and_shrunk(tmp_path):
    path = tmp_path / "moments.npz"
    write_npz(
        path,
        count=9,
        mean=np.array([0.5, 1.0]),
        covariance=np.diag([1.0, 3.0]),
        shrinkage=0.5,
    )
    means, covariances, counts = read_normals([path])
    np.testing.assert_allclose(means, [[0.0, 1.0]])
    np.testing.assert_allclose(covariances, [np.diag([6.0, 10.0])])
    assert counts.tolist() == [9]


def test_the_error_of_a_crossing_is_that_of_its_samples():
    """p falls by 0.2 per unit of time, n samples: sqrt(p (1 - p) / n) / 0.2."""
    times, n = np.linspace(1.0, 4.0, 31), 400
    generator = np.random.default_rng(0)
    samples = generator.uniform(size=n) < (1.0 - 0.2 * times)[:, None]  # 0.8 to 0.2
    time, error = measured_crossing(times, samples, 0.5, replicates=200, generator=generator)
    assert abs(time - 2.5) < 4 * error
    assert error == pytest.approx(np.sqrt(0.25 / n) / 0.2, rel=0.25)


def test_a_curve_that_does_not_cross_has_no_time():
    generator = np.random.default_rng(0)
    samples = np.full((5, 10), 0.2)
    found = measured_crossing(np.arange(1.0, 6.0), samples, 0.5, replicates=20, generator=generator)
    assert np.isnan(found).all()


@pytest.mark.parametrize(("missing", "known"), [(40, True), (7, False)])
def test_a_crossing_that_bootstrap_samples_miss_has_no_error(missing, known):
    """The mean of 400 samples ends 4 and 0.7 standard errors below 1/2: 0 and 24 % stay above."""
    generator = np.random.default_rng(0)
    ends = np.arange(400) >= 200 + missing
    samples = np.linspace(np.ones(400), ends, 6)  # (6, 400)
    time, error = measured_crossing(
        np.arange(1.0, 7.0), samples, 0.5, replicates=200, generator=generator
    )
    assert 5 < time < 6
    assert np.isfinite(error) == known
