"""A denoiser at one noise level, split into Wiener filter, another linear filter, and the rest.

The best affine fit of D(x) has the matrix J = Cov(D, x) Cov(x)^-1. For the exact denoiser of any
distribution J is the Wiener matrix C (C + sigma^2)^-1: a fit near it says that the denoiser is
calibrated, not that it is linear. Linearity is the residual of the fit. The split is exact:

    E|D - D_W|^2 = E|D - D_fit|^2  +  |(J - W) Cov(x)^(1/2)|_F^2 + |bias|^2
                   (nonlinear)       (linear, but another filter)
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.linear.limits import FEWEST_POINTS, MOST_DIMENSIONS


@dataclass(frozen=True)
class Split:
    """Parts of a denoiser's variance within a class, and its best affine fit.

    wiener, other, nonlinear - shares of E|D - mean D|^2, of sum 1; signal - E|D - mean D|^2 itself;
    matrix - J (d, d); factors - u_i^T J u_i (r,), along the covariance's eigenvectors; off_diagonal
    - energy of J beside this diagonal, over that of the Wiener filter; floor - what noise of the
    fit alone makes of off_diagonal.
    """

    wiener: float
    other: float
    nonlinear: float
    signal: float
    matrix: np.ndarray
    factors: np.ndarray
    off_diagonal: float
    floor: float


def wiener(variances, sigma):
    """Factors l / (l + sigma^2) of the Wiener filter."""
    return variances / (variances + sigma**2)


def reason_against(points, dimensions):
    """Why there is no split with so many points, in words; None where there is one."""
    if dimensions > MOST_DIMENSIONS:
        return f"{dimensions:,} pixels, at most {MOST_DIMENSIONS:,} are fitted"
    if points < FEWEST_POINTS * dimensions:
        least = FEWEST_POINTS * dimensions
        return f"{points:,} noisy images of a class, at least {least:,} are needed"
    return None


def split(x, denoised, mean, vectors, variances, sigma):
    """Split of a denoiser on noisy images of one class.

    The residual of the fit is too small by (n - d - 1) / (n - 1), and is corrected for it.

    Args:    x, denoised - (n, d), n at least 3 d; mean - of the class (d,); vectors - eigenvectors
             of its covariance as rows (r, d); variances - eigenvalues (r,); sigma - noise level.
    Returns: Split.
    """
    n, d = x.shape
    x_centred, denoised_centred = x - x.mean(axis=0), denoised - denoised.mean(axis=0)
    fit, *_ = np.linalg.lstsq(x_centred, denoised_centred, rcond=None)  # J^T
    nonlinear = np.sum((denoised_centred - x_centred @ fit) ** 2) / (n - d - 1)
    signal = np.sum(denoised_centred**2) / (n - 1)
    along = x_centred @ vectors.T
    exact = (along * wiener(variances, sigma)) @ vectors
    bias = (
        denoised.mean(axis=0)
        - mean
        - ((x.mean(axis=0) - mean) @ vectors.T) @ (wiener(variances, sigma)[:, None] * vectors)
    )
    other = np.sum((x_centred @ fit - exact) ** 2) / (n - 1) + np.sum(bias**2)
    other -= nonlinear * d / (n - 1)  # noise of the fit's d^2 numbers
    turned = vectors @ fit.T @ vectors.T
    energy = turned**2 * (variances + sigma**2)
    own = np.sum(wiener(variances, sigma) ** 2 * (variances + sigma**2))
    r = len(variances)
    return Split(
        wiener=float(1 - (other + nonlinear) / signal),
        other=float(other / signal),
        nonlinear=float(nonlinear / signal),
        signal=float(signal),
        matrix=fit.T,
        factors=np.diag(turned).copy(),
        off_diagonal=float((energy.sum() - np.trace(energy)) / own),
        floor=float(nonlinear * r * (r - 1) / (d * n) / own),
    )
