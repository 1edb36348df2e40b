"""The forward process dX = -X dt + sqrt(2) dB and its reverse, in the notation of physics.

    x_t = e^-t x_0 + sqrt(Delta_t) g,  Delta_t = 1 - e^-2t,  g ~ N(0, I).

x_t is e^-t times the noisy image y = x_0 + sigma g of Karras et al. (2022) with
sigma^2 = e^2t - 1. So a denoiser D(y, sigma) = E(x_0 | y) gives the score of x_t. Times are
numbers, NumPy arrays or torch tensors.

Source: Biroli et al. (2024), arXiv 2402.18491, section 2.
"""

import math
from itertools import pairwise

import numpy as np
import torch


def spread(time):
    """Delta_t, the variance of the noise in x_t.

    >>> float(spread(np.log(2)))
    0.75
    """
    return -_expm1(-2 * time)


def noise_level(time):
    """sigma of the image x_0 + sigma g = e^t x_t.

    >>> round(float(noise_level(0.5 * np.log(10))), 6)
    3.0
    """
    return _expm1(2 * time) ** 0.5


def time_of_noise(sigma):
    """t for the noise level sigma: the inverse of `noise_level`.

    >>> round(float(time_of_noise(noise_level(0.3))), 6)
    0.3
    """
    squared = sigma**2
    return (torch.log1p(squared) if torch.is_tensor(squared) else np.log1p(squared)) / 2


def score_of(denoiser):
    """Score of x_t from a denoiser: (x (n, C, H, W), t) -> grad log P_t(x), by Tweedie's formula.

    Args:    denoiser - D(y, sigma, class_labels) of images y = x_0 + sigma g.
    """

    def score(x, time):
        clean = denoiser(np.exp(time) * x, noise_level(time))
        return (np.exp(-time) * clean - x) / spread(time)

    return score


def _expm1(value):
    return torch.expm1(value) if torch.is_tensor(value) else np.expm1(value)


def reverse_times(start, end, steps):
    """Falling times (steps + 1,) whose noise levels are equally spaced in their logarithm.

    The steps have equal length at late times and equal ratio at early times.

    >>> reverse_times(4.0, 0.01, 3).round(3)
    array([4.   , 2.025, 0.363, 0.01 ])
    """
    levels = np.geomspace(noise_level(start), noise_level(end), steps + 1)
    times = time_of_noise(levels)
    times[0], times[-1] = start, end
    return times


def reverse(score, x, times, noise):
    """The state at the end of the reverse process through falling times.

    Args:    score - (x, t) -> grad log P_t(x), of the shape of x; x - (n, ...) at times[0]; times -
             falling, the last above 0; noise - object with `normal(dtype)` that returns standard
             normals of the shape of x, see `sampling.sampler.ImageNoise`.
    Returns: x at times[-1].
    """
    for now, then in pairwise(times):
        growth = math.expm1(now - then)
        x = x + growth * (x + 2 * score(x, now))
        x = x + math.sqrt(growth * (growth + 2)) * noise.normal(x.dtype)
    return x
