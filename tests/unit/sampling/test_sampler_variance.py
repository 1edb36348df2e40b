import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.sampling.sampler import sample
from gaussianity.sampling.sampler_variance import step_factor, total_ratio, variance_ratio

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
