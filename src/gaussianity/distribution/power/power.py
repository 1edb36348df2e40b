"""How many images the test needs: the share of disjoint subsamples of a class that it rejects.

The subsample takes its principal directions inside the span of the class's. An orthogonal matrix
that keeps the sums of the subsample's rows and all other rows does not change the distribution of
the class's scores. So the subsample's own standardised scores are exactly as random as a class's.
"""

import numpy as np

from gaussianity.distribution.departure import p_values_of
from gaussianity.distribution.limits import FEWEST, most_directions
from gaussianity.distribution.null import null_draws
from gaussianity.distribution.principal_scores import ROUNDING
from gaussianity.distribution.statistics import nested_parts
from gaussianity.intervals import share_ends

SUBSAMPLES = 4  # at least, of the largest size
SHARE = 0.8  # rejected, at which the number of images is enough


def sizes(n):
    """Numbers of images of the subsamples of n images: n // 4, n // 8, ..., at least 20.

    >>> sizes(400)
    [100, 50, 25]
    """
    found, size = [], n // SUBSAMPLES
    while size >= FEWEST:
        found.append(size)
        size //= 2
    return found


def null_of(images, most, draws, generator):
    """Null of so many images, for as many directions as they are tested on, at most `most`."""
    return null_draws(images, most_directions(images, most), draws, generator)


def nulls_of(images, most, draws, generator):
    """Nulls of so many images and of their subsamples: dict of number of images to Null."""
    return {n: null_of(n, most, draws, generator) for n in (images, *sizes(images))}


def subsample_power(scores, variances, nulls, generator, level=0.05):
    """Share of disjoint subsamples of a class that the test rejects, per number of images.

    Args:    scores - standardised principal scores (n, k); variances - (k,) along the directions;
             nulls - dict of number of images to Null, with all sizes(n); generator - NumPy
             generator that deals the images; level - of the test.
    Returns: dict of columns, smallest number first: images, subsamples, rejected (share), low,
             high (95 % interval of Clopper and Pearson).
    """
    rows = scores * np.sqrt(variances)
    columns = {name: [] for name in ("images", "subsamples", "rejected", "low", "high")}
    for size in reversed(sizes(len(rows))):
        count = len(rows) // size
        dealt = generator.permutation(len(rows))[: count * size].reshape(count, size)
        found = rejections((rows[numbers] for numbers in dealt), nulls[size], level)
        values = (size, count, found.mean(), *share_ends(found.sum(), count))
        for column, value in zip(columns.values(), values, strict=True):
            column.append(value)
    return {
        name: np.array(column, np.int64 if name in ("images", "subsamples") else np.float64)
        for name, column in columns.items()
    }


def no_power():
    """The columns of `subsample_power` without a row."""
    return subsample_power(np.zeros((0, 0)), np.zeros(0), {}, None)


def rejections(sets, null, level=0.05):
    """Whether the test rejects each set of images.

    Args:    sets - iterable of rows (n, d), n the null's; null - Null; level - of the test.
    Returns: bool (sets,); a set without variance is not rejected.
    """
    found = [nested_parts(standardised(rows, null.most)) for rows in sets]
    counts = np.array([len(parts) for parts in found], dtype=int)
    below = np.zeros(len(found), bool)
    for k in np.unique(counts[counts > 0]):
        parts = np.array([parts[-1] for parts in found if len(parts) == k])
        below[counts == k] = p_values_of(parts, null, k) <= level
    return below


def standardised(rows, most):
    """Standardised scores of rows on their own leading principal directions.

    The number of directions is at most `most`, a tenth of the rows and the rank.

    Args:    rows - (n, d), d small enough for a (d, d) matrix.
    Returns: float64 (n, k), with means 0 and covariance (1/n) W^T W = I.
    """
    centred = rows - rows.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(rows))
    values, vectors = values[::-1], vectors[:, ::-1]
    rank = int(np.sum(values > max(ROUNDING * values[:1].sum(), 0)))
    k = min(most_directions(len(rows), most), rank)
    return centred @ (vectors[:, :k] / np.sqrt(values[:k]))


def images_needed(power):
    """Smallest number of images of which 80 % of the subsamples are rejected.

    It is read linearly in the logarithm between the two sizes around it. Where the smallest size
    already suffices it is that size, which is then an upper bound.

    Args:    power - columns of `subsample_power`.
    Returns: float, or None where no size reaches 80 %.
    >>> images_needed(dict(images=np.array([100, 400]), rejected=np.array([0.6, 1.0])))
    200.0
    """
    images, rejected = np.asarray(power["images"], float), np.asarray(power["rejected"])
    enough = np.flatnonzero(rejected >= SHARE)
    if not enough.size:
        return None
    last = enough[0]
    if last == 0:
        return float(images[0])
    between = (SHARE - rejected[last - 1]) / (rejected[last] - rejected[last - 1])
    ratio = images[last] / images[last - 1]
    return float(np.round(images[last - 1] * ratio**between, 6))
