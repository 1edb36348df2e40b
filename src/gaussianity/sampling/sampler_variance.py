"""What the sampler's steps make of the mean and variance of exactly Gaussian images.

Along an eigenvector of the covariance with the eigenvalue l, the exact denoiser of a normal
distribution is the number l / (l + sigma^2). Each step then multiplies the deviation from the mean
by a number, and churn adds a known variance, so that mean and variance of the sampled images are
known without a network. They differ from the normal distribution's by two errors of the sampler:
that of its steps, and that of its start from N(0, sigma_max^2), without the mean and the variance
of the images. Nothing here needs torch.

Source: Karras et al. (2022), algorithm 2, for a linear denoiser.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

LARGEST_ERROR = 0.05  # of the total variance, above which a study is warned
KEPT = 0.99  # share of the variance that the directions of a summary hold together
SETTINGS = ("steps", "sigma_min", "sigma_max", "rho", "S_churn", "S_min", "S_max", "S_noise")


def levels_of(steps, sigma_min, sigma_max, rho):
    """Noise levels of `sampler.sigma_schedule`, a list of steps + 1."""
    ramp = np.arange(steps) / max(1, steps - 1)
    start, end = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return [*((start + ramp * (end - start)) ** rho).tolist(), 0.0]


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


def sampled_moments(
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
    start_step=None,
):
    """Variance of the sampled images per eigenvector, and the part of the mean that they lack.

    Args:    variances - eigenvalues (r,), in the network's unit; start_step - first step after a
             start in closed form (gaussian_start), or None; the others are those of `sampler.walk`,
             for a latent that is normal.
    Returns: variance float64 (r,); missing float64 (r,): the sampled mean is 1 - missing times the
             true one.
    """
    variances = np.asarray(variances, dtype=np.float64)
    levels = levels_of(steps, sigma_min, sigma_max, rho)
    sampled, missing = _start(variances, levels, start_step, random=S_churn > 0)
    for sigma, sigma_next in itertools.pairwise(levels[start_step or 0 :]):
        churned = S_churn > 0 and S_min <= sigma <= S_max
        sigma_hat = sigma * (1 + (min(S_churn / steps, math.sqrt(2) - 1) if churned else 0))
        injected = (sigma_hat**2 - sigma**2) * S_noise**2
        factor = step_factor(variances, sigma_hat, sigma_next)
        sampled, missing = (sampled + injected) * factor**2, missing * factor
    return sampled, missing


def _start(variances, levels, step, *, random):
    """Variance of the state at the first step, and the part of the mean that it lacks."""
    latent, nothing = np.full_like(variances, levels[0] ** 2), np.zeros_like(variances)
    if step is None:
        return latent, nothing + 1
    exact = variances + levels[step] ** 2
    if random:
        return exact, nothing
    factor = exact / (variances + levels[0] ** 2)
    return latent * factor, np.sqrt(factor)


def settings_of(section):
    """The settings of `sampled_moments` in a mapping that has others too."""
    return {key: section[key] for key in (*SETTINGS, "start_step") if key in section}


def variance_ratio(variances, **settings):
    """Variance of the sampled images over that of the normal distribution, per eigenvector.

    Args:    variances - eigenvalues (r,), positive; settings - see `sampled_moments`.
    Returns: float64 (r,): 1 for a sampler without error.
    """
    variances = np.asarray(variances, dtype=np.float64)
    return sampled_moments(variances, **settings)[0] / variances


def total_ratio(variances, **settings):
    """Total variance of the sampled images over that of the normal distribution.

    Args:    variances - eigenvalues of all classes (r,), see `sampled_moments`; zeros count for
             nothing.
    """
    variances = np.asarray(variances, dtype=np.float64)
    positive = variances[variances > 0]
    return float(positive @ variance_ratio(positive, **settings) / positive.sum())


@dataclass(frozen=True)
class Spectrum:
    """Mean and covariance of a class in the covariance's own directions, largest variance first.

    mean - (d,); vectors - eigenvectors as rows (r, d); variances - eigenvalues (r,).
    """

    mean: np.ndarray
    vectors: np.ndarray
    variances: np.ndarray

    @property
    def means(self):
        """The mean along each direction (r,)."""
        return self.vectors @ self.mean


def spectrum(rows):
    """Spectrum of rows (n, d) in the network's unit, with r = min(n - 1, d)."""
    rows = np.asarray(rows, dtype=np.float64)
    mean, rank = rows.mean(axis=0), min(len(rows) - 1, rows.shape[1])
    _, singular, vectors = np.linalg.svd((rows - mean) / math.sqrt(len(rows) - 1), False)
    return Spectrum(mean, vectors[:rank], singular[:rank] ** 2)


@dataclass(frozen=True)
class SamplerError:
    """What a sampler alone changes, of exactly Gaussian images with given spectra.

    total - variance over the true one, of all directions together; leading, median, smallest - the
    same in the direction of the largest, the median and the smallest eigenvalue of those that
    together hold KEPT of the variance; mean_shift - squared distance of the mean from the true one
    over the total variance.
    """

    total: float
    leading: float
    median: float
    smallest: float
    mean_shift: float

    @property
    def is_large(self):
        """Is the error of the total variance above LARGEST_ERROR?"""
        return abs(self.total - 1) > LARGEST_ERROR


def sampler_error(variances, means, settings):
    """The SamplerError of a study's sampler.

    Args:    variances, means - eigenvalues and means along their eigenvectors, of all classes (r,);
             settings - a mapping with SETTINGS among its keys.
    """
    variances, means = np.asarray(variances, float), np.asarray(means, float)
    order = np.argsort(variances)[::-1]
    variances, means = variances[order], means[order]
    sampled, missing = sampled_moments(variances, **settings_of(settings))
    held = np.cumsum(variances) / variances.sum()
    last = int(np.argmax(held >= KEPT))
    ratios = sampled[: last + 1] / variances[: last + 1]
    return SamplerError(
        total=float(sampled.sum() / variances.sum()),
        leading=float(ratios[0]),
        median=float(ratios[last // 2]),
        smallest=float(ratios[-1]),
        mean_shift=float(np.sum((missing * means) ** 2) / variances.sum()),
    )
