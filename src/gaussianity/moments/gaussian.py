"""Gaussian data: samples of N(mean, covariance) with the moments of a class.

With centred rows X_c (n, d), mean + z^T X_c / sqrt(n - 1) for z ~ N(0, I_n) has exactly the mean
and covariance of the rows. Where n is much larger than d, the symmetric root of the (d, d)
covariance costs less.
"""

import numpy as np
from scipy.linalg import get_blas_funcs

from gaussianity.arguments import require_array, require_generator, require_whole
from gaussianity.moments.moments import batch_moments
from gaussianity.streams import stream


def gaussian_samples(rows, count, generator):
    """Samples of the normal distribution with the mean and covariance of some rows.

    Args:    rows - (n, d), n at least 2; count - number of samples; generator - NumPy generator.
    Returns: float64 (count, d), in the unit of the rows.
    Raises:  InputError - the rows are no array (n, d) of finite numbers, n at least 2, or the other
             arguments are of another kind.
    """
    rows = require_array("rows", rows, ("n", "d"), least=2)
    require_whole(count=count)
    require_generator(generator)
    z = generator.standard_normal((count, normals_needed(*np.shape(rows))))
    moments = batch_moments(rows)
    if uses_rows(*np.shape(rows)):
        return from_rows(z, moments.mean, [rows])
    return from_covariance(z, moments.mean, moments.covariance)


def uses_rows(n, d):
    """Whether the n rows of length d are the cheaper root of their covariance.

    Up to d rows they are the smaller root. Beyond d they cost 2 m n d operations in float32 for m
    samples. The symmetric root costs about 10 d^3 operations in float64, half of them limited by
    memory bandwidth. With d^2 / 1,024 rows and shards of 2,048 samples the rows take less than half
    of its time.
    """
    return n <= max(d, d**2 // 1024)


def normals_needed(n, d, shrinkage=0.0):
    """Number of standard normals per sample.

    It is one per row, or one per pixel with the symmetric root. Shrinkage adds one per pixel to the
    rows' number.
    """
    if not uses_rows(n, d):
        return d
    return n + d if shrinkage else n


def normals(seed, fitted_index, class_index, samples, size, dtype=np.float64):
    """Standard normals (len(samples), size) of `dtype`, one stream per sample.

    Args:    seed - study seed; fitted_index - of the origin that has the moments; class_index -
             integer; samples - sample numbers within the class; size - length of each sample's
             vector.
    """
    drawn = np.empty((len(samples), size), dtype)
    for row, sample in zip(drawn, samples, strict=True):
        row[:] = stream(seed, "gaussian", fitted_index, class_index, sample).standard_normal(size)
    return drawn


def from_rows(z, mean, batches):
    """Gaussian samples from the rows themselves: no factorisation, one product per batch.

    The format of z is that of the computation. In float32 the rounding error is about 1e-7 of the
    rows' range, which is also the error of storing the samples in float32. A column without
    variance stays without variance.

    Args:    z - standard normals (m, n); mean (d,) of the n rows; batches - the rows (n_i, d).
    Returns: (m, d) ~ N(mean, covariance of the rows), independent, of the format of z.
    Raises:  ValueError - the batches do not have n rows.
    """
    n, mean = z.shape[1], mean.astype(z.dtype)
    product = get_blas_funcs("gemm", dtype=z.dtype)
    samples = np.tile(mean, (len(z), 1))
    start = 0
    for batch in batches:
        stop = start + len(batch)
        # samples += z X_c / sqrt(n - 1) in place; BLAS is column-major, hence the transposes.
        centred, part = (batch - mean).T, z[:, start:stop].T
        product(1 / np.sqrt(n - 1), centred, part, beta=1, c=samples.T, overwrite_c=True)
        start = stop
    if start != n:
        raise ValueError(f"expected {n} rows, found {start}")
    return samples


def shrunk_from_rows(z, mean, batches, shrinkage, variance):
    """As `from_rows` for the covariance shrunk towards the identity, without computing that matrix.

    sqrt(1 - s) times the rows' part plus sqrt(s m) times white noise has the covariance
    (1 - s) C + s m I.

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
    # Rounding changes null eigenvalues to about 1e-18. Their roots would add noise of 1e-9 in
    # directions without variance.
    values[values <= values.max() * len(values) * np.finfo(np.float64).eps] = 0
    # The symmetric root is unique: rounding of the covariance cannot flip or rotate the samples.
    root = (vectors * np.sqrt(values)) @ vectors.T
    constant = np.diag(covariance) == 0
    root[constant], root[:, constant] = 0, 0
    return mean + z @ root
