"""The forward process in two notations, the score of a denoiser, and the reverse process."""

import math

import numpy as np
import pytest
import torch

from gaussianity.manifold.process import (
    noise_level,
    reverse,
    reverse_times,
    score_of,
    spread,
    time_of_noise,
)


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


class Noise:
    """Standard normals of one shape."""

    def __init__(self, *shape):
        self.shape, self.generator = shape, torch.Generator().manual_seed(1)

    def normal(self, dtype):
        return torch.randn(self.shape, generator=self.generator, dtype=dtype)


def test_times_have_noise_levels_of_equal_ratio():
    times = reverse_times(5.0, 0.01, 40)
    assert (times[0], times[-1], len(times)) == (5.0, 0.01, 41)
    ratios = noise_level(times[1:]) / noise_level(times[:-1])
    np.testing.assert_allclose(ratios, ratios[0])
    early = reverse_times(0.7, 0.01, 149)
    assert (early[0], early[-1]) == (0.7, 0.01)  # to the last digit


def test_normal_data_are_recovered():
    """Data N(3, 1/4): the score of x_t is linear, and the final distribution is known."""

    def score(x, t):
        return (3 * np.exp(-t) - x) / (0.25 * np.exp(-2 * t) + spread(t))

    noise = Noise(10_000, 1)
    times = reverse_times(6.0, 0.01, 150)
    x = reverse(score, noise.normal(torch.float64), times, noise)
    variance = 0.25 * np.exp(-0.02) + spread(0.01)
    assert x.mean().item() == pytest.approx(3 * np.exp(-0.01), abs=0.03)
    assert x.var().item() == pytest.approx(variance, rel=0.06)


def test_the_linear_part_is_exact():
    """Without score and noise, x grows by e to the elapsed time for any number of steps."""
    noise = Noise(2, 3)
    noise.normal = lambda dtype: torch.zeros(2, 3, dtype=dtype)
    x = torch.ones(2, 3, dtype=torch.float64)
    end = reverse(lambda x, t: torch.zeros_like(x), x, [2.0, 0.5], noise)
    torch.testing.assert_close(end, np.exp(1.5) * x)


def test_white_data_stay_white():
    """The score of N(0, I) is -x; the error of the variance is of second order in the step."""
    noise = Noise(20_000, 1)
    x = reverse(lambda x, t: -x, noise.normal(torch.float64), reverse_times(4.0, 0.01, 100), noise)
    assert x.var().item() == pytest.approx(1, rel=0.05)
