import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.sampling.sampler import sample, sigma_schedule
from gaussianity.sampling.sampler_variance import (
    SETTINGS,
    SamplerError,
    levels_of,
    sampled_moments,
    sampler_error,
    spectrum,
    step_factor,
    total_ratio,
    variance_ratio,
)

CHURN = dict(S_churn=5.0, S_min=0.05, S_max=50.0, S_noise=1.003)


@pytest.fixture(scope="module")
def digits():
    """Eigenvalues of the ten digits' covariances, black at -1 and white at 1: (640,)."""
    data = load_digits()
    rows = data.data / 8 - 1
    classes = [rows[data.target == k] for k in range(10)]
    return np.concatenate([np.linalg.eigvalsh(np.cov(c.T, ddof=0)).clip(0) for c in classes])


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (dict(steps=12), 1.256),
        (dict(steps=18), 1.097),
        (dict(steps=40), 1.017),
        (dict(steps=12, **CHURN), 1.523),
    ],
)
def test_total_variance_of_the_digits(digits, settings, expected):
    assert total_ratio(digits, **settings) == pytest.approx(expected, abs=0.001)


def test_the_factors_are_those_of_the_sampler():
    """Images of the exact denoiser are its latents times the product of the factors."""
    variances = np.array([4.0, 0.25, 0.01])
    denoiser = GaussianDenoiser.of_moments(np.zeros((1, 3)), np.diag(variances)[None], (1, 1, 3))
    images = sample(denoiser, range(6), torch.ones(6, 1), steps=7).numpy().reshape(6, 3)
    noise = [torch.randn(1, 1, 3, generator=torch.Generator().manual_seed(s)) for s in range(6)]
    latents = 80 * torch.cat(noise).double().numpy().reshape(6, 3)
    ratio = (images / latents * 80) ** 2 / variances
    np.testing.assert_allclose(ratio, np.tile(variance_ratio(variances, steps=7), (6, 1)))


def test_churn_adds_the_variance_of_its_noise():
    """Monte Carlo over 4,000 seeds of three directions."""
    variances = np.array([4.0, 0.25, 0.01])
    denoiser = GaussianDenoiser.of_moments(np.zeros((1, 3)), np.diag(variances)[None], (1, 1, 3))
    images = sample(denoiser, range(4000), torch.ones(4000, 1), steps=6, **CHURN)
    measured = images.numpy().reshape(-1, 3).var(axis=0) / variances
    np.testing.assert_allclose(measured, variance_ratio(variances, steps=6, **CHURN), rtol=0.08)


def test_many_steps_have_no_error():
    np.testing.assert_allclose(variance_ratio([4.0, 0.1, 0.01], steps=2000), 1, atol=1e-3)


def test_a_direction_without_variance_counts_for_nothing(digits):
    assert total_ratio(np.append(digits, np.zeros(9))) == total_ratio(digits)


def test_the_last_step_returns_the_denoised_image():
    assert step_factor(np.array([1.0]), 0.5, 0.0)[0] == pytest.approx(0.8)


def test_the_levels_are_those_of_the_sampler():
    for steps, *levels in ((1, 0.002, 80.0, 7.0), (9, 0.05, 15.0, 5.0)):
        names = dict(zip(("sigma_min", "sigma_max", "rho"), levels, strict=True))
        expected = sigma_schedule(steps, **names)
        np.testing.assert_allclose(levels_of(steps, *levels), expected, rtol=1e-12)


def test_a_late_start_lacks_a_part_of_the_mean():
    """The latents have the mean 0; what the images lack of their mean is the factors' product."""
    variances, mean = np.array([4.0, 0.25, 0.01]), np.array([2.0, -1.0, 0.5])
    denoiser = GaussianDenoiser.of_moments(mean[None], np.diag(variances)[None], (1, 1, 3))
    settings = dict(steps=8, sigma_max=3.0)
    images = sample(denoiser, range(5), torch.ones(5, 1), **settings).numpy().reshape(5, 3)
    noise = [torch.randn(1, 1, 3, generator=torch.Generator().manual_seed(s)) for s in range(5)]
    latents = 3 * torch.cat(noise).double().numpy().reshape(5, 3)
    sampled, missing = sampled_moments(variances, **settings)
    factors = np.sqrt(sampled) / 3
    np.testing.assert_allclose(missing, factors)
    np.testing.assert_allclose(images, mean * (1 - missing) + factors * latents)


def test_a_spectrum_describes_its_rows():
    """Also of fewer rows than dimensions."""
    rows = np.random.default_rng(0).standard_normal((7, 20)) + 2
    found = spectrum(rows)
    restored = found.vectors.T * found.variances @ found.vectors
    np.testing.assert_allclose(restored, np.cov(rows.T), atol=1e-12)
    np.testing.assert_allclose(
        found.means @ found.vectors, found.vectors.T @ found.vectors @ found.mean
    )
    assert len(found.variances) == 6


def test_the_error_of_a_study():
    """One direction holds more than 99 % of the variance."""
    variances, means = np.array([1e-4, 4.0]), np.array([0.1, 2.0])
    settings = dict(zip(SETTINGS, (6, 0.002, 80.0, 7.0, 0.0, 0.0, 50.0, 1.0), strict=True))
    sampled, missing = sampled_moments(variances, **settings)
    ratio = sampled[1] / 4
    expected = SamplerError(
        total=pytest.approx(sampled.sum() / 4.0001),
        leading=pytest.approx(ratio),
        median=pytest.approx(ratio),
        smallest=pytest.approx(ratio),
        mean_shift=pytest.approx(np.sum((missing * means) ** 2) / 4.0001),
    )
    found = sampler_error(variances, means, settings | dict(batch_size=3))
    assert found == expected
    assert found.is_large


def test_an_error_below_five_percent_is_not_large():
    assert not SamplerError(1.049, 1.2, 1.2, 1.2, 0.2).is_large
    assert SamplerError(0.949, 1.0, 1.0, 1.0, 0.0).is_large


def test_three_directions_are_summarised(digits):
    settings = dict(zip(SETTINGS, (12, 0.002, 80.0, 7.0, 5.0, 0.05, 50.0, 1.003), strict=True))
    found = sampler_error(digits, np.zeros_like(digits), settings)
    assert found.total == pytest.approx(1.523, abs=0.001)
    kept = np.sort(digits)[::-1]
    kept = kept[: np.searchsorted(np.cumsum(kept), 0.99 * kept.sum()) + 1]
    expected = variance_ratio(kept[[0, (len(kept) - 1) // 2, -1]], **settings)
    np.testing.assert_allclose([found.leading, found.median, found.smallest], expected)
