"""The forward process in the two notations, and the score that a denoiser knows."""

import math

import numpy as np
import pytest
import torch

from gaussianity.ornstein_uhlenbeck import noise_level, score_of, spread, time_of_noise


@pytest.mark.parametrize("t", [1e-6, 0.3, 5.0])
def test_both_notations_have_the_same_signal_to_noise_ratio(t):
    assert noise_level(t) ** 2 == pytest.approx(spread(t) / math.exp(-2 * t), rel=1e-9)
    assert time_of_noise(noise_level(t)) == pytest.approx(t, rel=1e-9)
    exact = torch.tensor([t], dtype=torch.float64)
    torch.testing.assert_close(noise_level(exact), torch.tensor([noise_level(t)]).double())
    torch.testing.assert_close(time_of_noise(noise_level(exact)), exact)


def test_score_of_normal_data(gaussian_denoiser, gaussian_classes):
    """x_t of class 0 is N(e^-t mean, e^-2t C + Delta_t I)."""
    t, rows = 0.4, gaussian_classes[0]
    x = torch.randn(5, 3, 2, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    one_hot = torch.eye(2)[[0] * 5]
    found = score_of(lambda y, sigma: gaussian_denoiser(y, sigma, one_hot))(x, t)
    covariance = math.exp(-2 * t) * np.cov(rows.T) + spread(t) * np.eye(12)
    centred = math.exp(-t) * rows.mean(axis=0) - x.flatten(1).numpy()
    expected = np.linalg.solve(covariance, centred.T).T
    np.testing.assert_allclose(found.flatten(1), expected, rtol=1e-8)
