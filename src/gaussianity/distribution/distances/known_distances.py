"""Three known distances between two sets of images, beside the statistics of this topic.

All three are small between images and Gaussian data although the images are not normal: the Frechet
distance compares two moments, the kernel distance three, and random directions of many pixels are
close to normal.
"""

import numpy as np

BLOCK = 256  # rows of one block of kernel values


def frechet(rows, others):
    """Squared Frechet distance of the normal distributions with the moments of two sets.

    |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1^1/2 S2 S1^1/2)^1/2, with covariances divided by n - 1.
    The last trace is the sum of the singular values of A1 A2^T for any A with S = A^T A.

    Args:    rows (n, d), others (m, d).
    Returns: float, at least 0, in squared units of the rows.
    Source:  Dowson and Landau (1982), J. Multivariate Analysis 12; Heusel et al. (2017), FID.
    """
    rows, others = _pair(rows, others)
    shift = rows.mean(axis=0) - others.mean(axis=0)
    first, second = _factor(rows), _factor(others)
    shared = np.linalg.svd(first @ second.T, compute_uv=False).sum()
    return float(max(0.0, shift @ shift + (first**2).sum() + (second**2).sum() - 2 * shared))


def _factor(rows):
    """A matrix A (min(n, d), d) with A^T A the covariance of the rows."""
    n, d = rows.shape
    scaled = (rows - rows.mean(axis=0)) / np.sqrt(n - 1)
    return scaled if n <= d else np.linalg.qr(scaled, mode="r")


def kernel_distance(rows, others):
    """Kernel distance: unbiased estimate of the squared MMD with the kernel (x . y / d + 1)^3.

    Args:    rows (n, d), others (m, d).
    Returns: float; its mean over sets of one distribution is 0, so it can be negative.
    Source:  Binkowski et al. (2018), arXiv 1801.01401, KID; Gretton et al. (2012), eq. 3.
    """
    rows, others = _pair(rows, others)
    n, m = len(rows), len(others)
    starts = range(0, n, BLOCK)
    across = sum(_kernel(rows[s : s + BLOCK], others).sum() for s in starts) / (n * m)
    within = [_sum_of_distinct(x) / (len(x) * (len(x) - 1)) for x in (rows, others)]
    return float(sum(within) - 2 * across)


def _kernel(rows, others):
    base = rows @ others.T
    base /= rows.shape[1]
    base += 1
    return base * base * base  # NumPy's power of 3 is slower


def _sum_of_distinct(rows):
    """Sum of the kernel over all ordered pairs of distinct rows."""
    total = 0.0
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        values = _kernel(block, rows[start:])
        own = values[:, : len(block)]
        total += 2 * (values.sum() - own.sum()) + own.sum() - np.trace(own)
    return total


def sliced(rows, others, generator, directions=100):
    """Sliced Wasserstein distance: root of the mean squared W2 of scores on random directions.

    Args:    rows (n, d), others (m, d); generator - draws the directions; directions - their
             number.
    Returns: float, in units of the rows.
    Source:  Bonneel et al. (2015), J. Math. Imaging and Vision 51.
    """
    rows, others = _pair(rows, others)
    drawn = generator.standard_normal((rows.shape[1], directions))
    drawn /= np.linalg.norm(drawn, axis=0)
    return float(np.sqrt(squared_wasserstein(rows @ drawn, others @ drawn).mean()))


def squared_wasserstein(scores, others):
    """Squared W2 between the columns of scores (n, k) and of others (m, k), (k,).

    The integral over u in [0, 1] of (F^-1(u) - G^-1(u))^2. Both quantile functions are constant
    between neighbouring numbers among i/n and j/m.
    """
    n, m = len(scores), len(others)
    ends = np.union1d(np.arange(n + 1) * m, np.arange(m + 1) * n)  # in units of 1/(n m)
    starts, widths = ends[:-1], np.diff(ends) / (n * m)
    gaps = np.sort(scores, axis=0)[starts // m] - np.sort(others, axis=0)[starts // n]
    return widths @ gaps**2


def _pair(rows, others):
    rows, others = (np.asarray(x, np.float64) for x in (rows, others))
    shapes = f"found {rows.shape} and {others.shape}"
    if rows.ndim != 2 or others.ndim != 2 or rows.shape[1] != others.shape[1]:
        raise ValueError(f"expected rows (n, d) and others (m, d), {shapes}")
    if min(len(rows), len(others)) < 2:
        raise ValueError(f"expected at least two rows in each set, {shapes}")
    return rows, others
