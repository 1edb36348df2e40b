"""How far a denoiser is from a reference at one noise level, image by image.

Four numbers, because each single one is trivial somewhere. R^2 of the denoiser goes to 1 at small
noise, where every denoiser returns its input. R^2 of the score goes to 1 at large noise. The nats
per e-fold of sigma, E|D - D_ref|^2 / sigma^2, have no trivial end, and their area over ln sigma is
a Kullback-Leibler divergence. The skill compares with the reference of one variance.

Source: Karras et al. (2022), eq. 3, for the score; the area: Girsanov's theorem for the reverse
diffusion, and de Bruijn's identity for an exact denoiser.
"""

from dataclasses import dataclass

import numpy as np

CONFIDENCE = 1.96  # standard errors on both sides of a 95 % interval


@dataclass(frozen=True)
class Ratio:
    """1 - mean a / mean b over images, with its standard error."""

    value: float
    error: float

    @property
    def ends(self):
        """95 % interval, normal."""
        return self.value - CONFIDENCE * self.error, self.value + CONFIDENCE * self.error


def one_minus_ratio(numerator, denominator):
    """1 - mean numerator / mean denominator, with the standard error of a ratio of means.

    Args:    numerator, denominator - of each image (n,), n at least 2.
    Returns: Ratio; NaN where the denominators are all 0.
    """
    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    n, mean = len(numerator), denominator.mean()
    if mean == 0:
        return Ratio(np.nan, np.nan)
    rest = numerator.mean() / mean
    squares = np.sum((numerator - rest * denominator) ** 2) / (n - 1)
    return Ratio(float(1 - rest), float(np.sqrt(squares / n) / mean))


def squared(rows):
    """Squared norms of rows (n, ...): float64 (n,)."""
    return np.square(np.asarray(rows, dtype=np.float64).reshape(len(rows), -1)).sum(axis=1)


def residuals(denoised, reference):
    """|D(x) - D_ref(x)|^2 of each image: float64 (n,).

    Args:    denoised, reference - (n, ...).
    """
    return squared(np.asarray(denoised, np.float64) - np.asarray(reference, np.float64))


def about_class_means(rows, classes):
    """Squared distances from the mean of the image's own class: float64 (n,).

    Class means are no achievement of a covariance, so that variances are taken about them.

    Args:    rows - (n, ...); classes - int (n,).
    """
    flat = np.asarray(rows, dtype=np.float64).reshape(len(rows), -1)
    found = np.empty(len(flat))
    for k in np.unique(classes):
        members = classes == k
        found[members] = squared(flat[members] - flat[members].mean(axis=0))
    return found


def area(per_level, sigmas):
    """Integral over ln sigma of a quantity that every image has at every level, by trapezoids.

    Args:    per_level - (levels, n), of the same images; sigmas - (levels,), rising or falling.
    Returns: mean over images, and its standard error.
    """
    per_level = np.asarray(per_level, dtype=np.float64)
    of_image = np.abs(np.trapezoid(per_level, np.log(sigmas), axis=0))
    return float(of_image.mean()), float(of_image.std(ddof=1) / np.sqrt(len(of_image)))
