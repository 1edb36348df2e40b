"""Samples of N(mean, covariance) that match a class, without factoring more than the data need.

With centred rows X_c (n, d), mean + z^T X_c / sqrt(n - 1) for z ~ N(0, I_n) has exactly the mean
and covariance of the rows; with n far above d the symmetric root of the (d, d) covariance is the
cheaper one.
"""

import numpy as np
from scipy.linalg import get_blas_funcs

from gaussianity.moments.moments import batch_moments
from gaussianity.streams import stream


def gaussian_samples(rows, count, generator):
    """Samples of the normal distribution with the mean and covariance of some rows.

    Args:    rows - (n, d), n at least 2; count - number of samples; generator - NumPy generator.
    Returns: float64 (count, d), in the unit of the rows.
    """
    z = generator.standard_normal((count, normals_needed(*np.shape(rows))))
    moments = batch_moments(rows)
    if uses_rows(*np.shape(rows)):
        return from_rows(z, moments.mean, [np.asarray(rows)])
    return from_covariance(z, moments.mean, moments.covariance)


def uses_rows(n, d):
    """Are the n rows of length d the cheaper root of their covariance?

    Up to d they are the smaller one. Beyond it they cost 2 m n d operations in float32 for m
    samples, the symmetric root some 10 d^3 in float64, half of them at the speed of memory: with
    d^2 / 1,024 rows and shards of 2,048 samples the rows take less than half of its time.
    """
    return n <= max(d, d**2 // 1024)


def normals_needed(n, d, shrinkage=0.0):
    """Standard normals per sample: one per row, with a shrinkage another one per pixel; or one per
    pixel."""
    if not uses_rows(n, d):
        return d
    return n + d if shrinkage else n


def normals(seed, fitted_index, class_index, samples, size, dtype=np.float64):
    """Standard normals (len(samples), size) of `dtype`, one stream per sample.

    Args:    seed - study seed; fitted_index - of the origin whose moments they take;
             class_index - integer; samples - sample numbers
             within the class; size - length of each sample's vector.
    """
    drawn = np.empty((len(samples), size), dtype)
    for row, sample in zip(drawn, samples, strict=True):
        row[:] = stream(seed, "gaussian", fitted_index, class_index, sample).standard_normal(size)
    return drawn


def from_rows(z, mean, batches):
    """Gaussian samples from the rows themselves: no factorisation, one product per batch.

    Computes in the format of z. In float32 the rounding is about 1e-7 of the rows' range, what
    storing the samples in float32 costs anyway; a column without variance stays without.

    Args:    z - standard normals (m, n); mean (d,) of the n rows; batches - the rows (n_i, d).
    Returns: (m, d) ~ N(mean, covariance of the rows), independent, of the format of z.
    Raises:  ValueError - the batches do not hold n rows.
    """
    n, mean = z.shape[1], mean.astype(z.dtype)
    product = get_blas_funcs("gemm", dtype=z.dtype)
    samples = np.tile(mean, (len(z), 1))
    start = 0
    for batch in batches:
        stop = start + len(batch)
        # samples += z X_c / sqrt(n - 1) in place; BLAS counts columns first, hence the transposes.
        centred, part = (batch - mean).T, z[:, start:stop].T
        product(1 / np.sqrt(n - 1), centred, part, beta=1, c=samples.T, overwrite_c=True)
        start = stop
    if start != n:
        raise ValueError(f"expected {n} rows, found {start}")
    return samples


def shrunk_from_rows(z, mean, batches, shrinkage, variance):
    """As `from_rows` for the covariance shrunk towards the identity, without that matrix.

    sqrt(1 - s) of the rows' part and sqrt(s m) of white noise have (1 - s) C + s m I.

    Args:    z - standard normals (m, n + d); shrinkage - s; variance - m, the mean of C's diagonal.
    Returns: (m, d) ~ N(mean, shrunk covariance), independent, of the format of z.
    """
    n, dtype = z.shape[1] - len(mean), z.dtype.type
    samples = from_rows(z[:, :n] * dtype(np.sqrt(1 - shrinkage)), mean, batches)
    samples += z[:, n:] * dtype(np.sqrt(shrinkage * variance))
    return samples


def from_covariance(z, mean, covariance):
    """Gaussian samples from a covariance, singular ones included.

    Args:    z - standard normals (m, d); mean (d,); covariance (d, d), positive semidefinite.
    Returns: float64 (m, d) ~ N(mean, covariance), independent.
    """
    values, vectors = np.linalg.eigh(covariance)
    # Rounding leaves null eigenvalues near 1e-18, whose roots would be noise of 1e-9 where there is
    # no variance: a rank that the data do not have.
    values[values <= values.max() * len(values) * np.finfo(np.float64).eps] = 0
    # The symmetric root is unique, so rounding in the covariance can't flip or turn the samples.
    root = (vectors * np.sqrt(values)) @ vectors.T
    constant = np.diag(covariance) == 0
    root[constant], root[:, constant] = 0, 0
    return mean + z @ root
