"""What a finite number of images makes of a Wiener filter and of the images that it samples.

The unbiased covariance of n Gaussian rows, with m = n - 1, acts as the true one with another noise
level: E C^ (C^ + z)^-1 is C (C + kappa)^-1 up to terms of order 1 / n, where kappa solves

    kappa = z + (kappa / m) sum_i l_i / (l_i + kappa).

Source: deterministic equivalents of the sample covariance; Wang, Zavatone-Veth and Pehlevan (2026)
for the renormalised noise.
"""

import numpy as np

NODES = 300  # of the integral over noise levels that gives the square root


def effective_noise(z, variances, m):
    """kappa(z), at least z.

    Args:    z - squared noise level, a number or an array; variances - eigenvalues of the
             covariance (d,); m - degrees of freedom of its estimate, n - 1.
    Returns: float64 of the shape of z. With fewer rows than dimensions kappa(0) is above 0.
    >>> float(effective_noise(0.0, np.ones(4), 2))  # kappa = 2 kappa / (1 + kappa)
    1.0
    """
    z, variances = np.asarray(z, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    kappa = z + variances.sum() / m  # Newton's method from above; the function is convex
    for _ in range(200):
        each = variances / (variances + kappa[..., None])
        step = (kappa - z - kappa * each.sum(-1) / m) / (1 - (each**2).sum(-1) / m)
        kappa = np.maximum(kappa - step, z)
        if np.all(np.abs(step) <= 1e-14 * kappa):
            break
    return kappa


def wiener_losses(variances, n, sigma):
    """E|x0 - D(x)|^2 of the Wiener filter of n rows: on their own images, and on others.

    Args:    variances - eigenvalues of the true covariance (d,); n - rows, at least 3; sigma -
             noise level.
    Returns: two numbers. The optimism of the first is their difference.
    """
    variances, z, m = np.asarray(variances, dtype=np.float64), float(sigma) ** 2, n - 1
    kappa = float(effective_noise(z, variances, m))
    resolvent = 1 / (variances + kappa)
    slope = 1 / (1 - np.sum((variances * resolvent) ** 2) / m)  # of kappa in z
    freedom = np.sum(variances * resolvent)
    energy = np.sum(variances * resolvent**2) * slope
    own = z * freedom - z**2 * energy / n
    return float(own), float(z * freedom + (kappa**2 * (1 + 1 / n) - z**2) * energy)


def root_means(variances, m):
    """Mean of C^ ** (1/2) along the eigenvectors of C: float64 (d,).

    C^(1/2) = (2 / pi) int C (C + u^2)^-1 du turns the square root into Wiener filters.

    Args:    variances, m - see `effective_noise`.
    """
    variances = np.asarray(variances, dtype=np.float64)
    scale = np.sqrt(np.median(variances[variances > 0]))
    x, weights = np.polynomial.legendre.leggauss(NODES)
    angles = np.pi / 4 * (x + 1)
    u, du = scale * np.tan(angles), np.pi / 4 * weights * scale / np.cos(angles) ** 2
    kappa = effective_noise(u**2, variances, m)
    return 2 / np.pi * (du * variances[:, None] / (variances[:, None] + kappa)).sum(axis=1)


def expected_agreement(variances, n):
    """Correlation, over seeds, of the images that two Gaussian denoisers make of the same noise.

    The two have the moments of disjoint sets of n rows.

    Args:    variances - eigenvalues of the true covariance (d,); n - rows of each set.
    >>> round(expected_agreement(np.arange(1, 101) ** -1.0, 150), 2)
    0.9
    """
    return float(np.sum(root_means(variances, n - 1) ** 2) / np.sum(variances))
