"""What the sampler's steps make of the variance of exactly Gaussian images.

Along an eigenvector of the covariance with the eigenvalue l, the exact denoiser of a normal
distribution is the number l / (l + sigma^2). Each step then multiplies the deviation from the mean
by a number, and churn adds a known variance, so that the variance of the sampled images is known
without a network. It differs from l by the error of the steps alone.

Source: Karras et al. (2022), algorithm 2, for a linear denoiser.
"""

import itertools
import math

import numpy as np

from gaussianity.sampling.sampler import sigma_schedule


def step_factor(variances, sigma, sigma_next):
    """Factor of the deviation from the mean in Heun's step, in Euler's where sigma_next is 0.

    Args:    variances - eigenvalues (r,); sigma - noise level at the start of the step, with churn;
             sigma_next - noise level at its end.
    Returns: float64 (r,).
    >>> float(step_factor(np.array([4.0]), 2.0, 0.0)[0])
    0.5
    """
    slope = sigma / (variances + sigma**2)  # of d = (x - D(x)) / sigma
    euler = 1 + (sigma_next - sigma) * slope
    if sigma_next == 0:
        return euler
    slope_next = sigma_next / (variances + sigma_next**2)
    return 1 + (sigma_next - sigma) / 2 * (slope + euler * slope_next)


def variance_ratio(
    variances,
    *,
    steps=18,
    sigma_min=0.002,
    sigma_max=80.0,
    rho=7.0,
    S_churn=0.0,
    S_min=0.0,
    S_max=math.inf,
    S_noise=1.0,
):
    """Variance of the sampled images over that of the normal distribution, per eigenvector.

    Args:    variances - eigenvalues (r,), positive, in the network's unit; the others are those of
             `sampler.walk`, for a latent that is normal.
    Returns: float64 (r,): 1 for a sampler without error.
    """
    variances = np.asarray(variances, dtype=np.float64)
    levels = sigma_schedule(steps, sigma_min=sigma_min, sigma_max=sigma_max, rho=rho).tolist()
    sampled = np.full_like(variances, levels[0] ** 2)
    for sigma, sigma_next in itertools.pairwise(levels):
        churned = S_churn > 0 and S_min <= sigma <= S_max
        sigma_hat = sigma * (1 + (min(S_churn / steps, math.sqrt(2) - 1) if churned else 0))
        injected = (sigma_hat**2 - sigma**2) * S_noise**2
        sampled = (sampled + injected) * step_factor(variances, sigma_hat, sigma_next) ** 2
    return sampled / variances


def total_ratio(variances, **settings):
    """Total variance of the sampled images over that of the normal distribution.

    Args:    variances - eigenvalues of all classes (r,), see `variance_ratio`; zeros count for
             nothing.
    """
    variances = np.asarray(variances, dtype=np.float64)
    positive = variances[variances > 0]
    return float(positive @ variance_ratio(positive, **settings) / positive.sum())
