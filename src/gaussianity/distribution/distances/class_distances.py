"""Frechet distance, kernel distance and sliced distance of a class to its Gaussian data.

The same distances between two sets of Gaussian data show what the number of images alone gives.
"""

import numpy as np

from gaussianity.distribution.distances.known_distances import frechet, kernel_distance, sliced
from gaussianity.distribution.limits import LARGEST, MOST
from gaussianity.moments.gaussian import from_covariance, from_rows


def class_distances(batches, gaussian_batches, count, moments, generators):
    """Columns of the distances: of the images, and of other Gaussian data, to the Gaussian data.

    Args:    batches, gaussian_batches - functions that return a new stream of rows (n_i, d); count
             - number of images; moments - Moments of the images up to 2,048 pixels, else None;
             generators - Generators.
    Returns: dict; distance_images is the number of rows of each of the three sets. Above 2,048
             pixels they are at most the first 2,048. NaN without at least 2 rows of Gaussian data.
    """
    most = count if moments is not None else min(count, MOST)
    gaussian = first_rows(gaussian_batches(), most)
    size = min(most, len(gaussian))
    if size < 2:
        return {}
    images = first_rows(batches(), size)
    others = other_gaussian(batches, count, size, moments, generators.samples)
    variance = images.var(axis=0).sum()
    if not variance > 0:
        return {}
    pairs = [(images, gaussian[:size]), (others, gaussian[:size])]
    found = [
        (frechet(*pair) / variance, kernel_distance(*pair), sliced(*pair, generators.sliced))
        for pair in pairs
    ]
    names = ("frechet", "kernel", "sliced")
    return dict(
        **dict(zip(names, found[0], strict=True)),
        **{f"{name}_gaussian": value for name, value in zip(names, found[1], strict=True)},
        distance_images=float(size),
    )


def first_rows(batches, count):
    """The first `count` rows of a stream, or all where there are fewer: float64 (n, d)."""
    kept, left = [], count
    for batch in batches:
        kept.append(np.asarray(batch[:left], dtype=np.float64))
        left -= len(kept[-1])
        if left <= 0:
            break
    return np.concatenate(kept) if kept else np.zeros((0, 0))


def other_gaussian(batches, count, size, moments, generator):
    """`size` Gaussian samples with the moments of the images, apart from the data on disk.

    Up to 2,048 pixels they come from the covariance, above from the rows in float32.
    """
    if moments is not None:
        z = generator.standard_normal((size, len(moments.mean)))
        return from_covariance(z, moments.mean, moments.covariance)
    total = sum(batch.sum(axis=0, dtype=np.float64) for batch in batches())
    z = generator.standard_normal((size, count), dtype=np.float32)
    return from_rows(z, total / count, batches()).astype(np.float64)


def has_covariance(d):
    """Whether the (d, d) covariance of the images is computed."""
    return d <= LARGEST
