"""Mean and covariance of a stream of rows, exact to rounding for any sharding."""

import itertools
from dataclasses import dataclass

import numpy as np

from gaussianity.arguments import require_whole
from gaussianity.errors import InputError
from gaussianity.io.files import read_artifact
from gaussianity.io.images import rows


@dataclass(frozen=True)
class Moments:
    """First two moments of rows.

    count - number of rows; mean (d,); scatter (d, d), the sum of outer products of centred rows;
    float64, in the unit of the rows and its square.
    """

    count: int
    mean: np.ndarray
    scatter: np.ndarray

    def __post_init__(self):
        require_whole(0, count=self.count)
        d = np.size(self.mean)
        if np.shape(self.mean) != (d,) or np.shape(self.scatter) != (d, d):
            raise InputError(
                "mean, scatter: expected arrays of shapes (d,) and (d, d), found "
                f"{np.shape(self.mean)} and {np.shape(self.scatter)}"
            )

    @property
    def covariance(self):
        """Unbiased covariance (d, d). Raises ValueError for fewer than two rows."""
        self._require_two()
        return self.scatter / (self.count - 1)

    def into_covariance(self):
        """The covariance in the memory of the scatter, which is overwritten: for large d."""
        self._require_two()
        scatter = self.scatter
        scatter /= self.count - 1
        return scatter

    def _require_two(self):
        if self.count < 2:
            raise ValueError(f"a covariance needs at least 2 rows, found {self.count}")


def read_moments(path, *names):
    """Arrays of a file of moments: dict of name to array.

    Args:    names - some of count, mean, covariance and shrinkage.
    Raises:  InputError - the file is missing, damaged or another one, or its arrays are not
             moments.
    """
    arrays = read_artifact(path, *names)
    d = len(np.atleast_1d(arrays.get("mean", arrays.get("covariance"))))
    expected = dict(
        count=("i", ()), mean=("f", (d,)), covariance=("f", (d, d)), shrinkage=("f", ())
    )
    for name, array in arrays.items():
        kind, shape = expected[name]
        if array.dtype.kind != kind or array.dtype.itemsize != 8 or array.shape != shape:
            raise InputError(
                f"{path}: {name} must be {'int64' if kind == 'i' else 'float64'} of shape {shape}, "
                f"found {array.dtype} of shape {array.shape}"
            )
    return arrays


def batch_moments(rows):
    """Moments of the rows (n, d) of one batch, by two passes in float64."""
    rows = np.asarray(rows, dtype=np.float64)
    mean = rows.mean(axis=0)
    centred = rows - mean
    return Moments(len(rows), mean, centred.T @ centred)


def stream_moments(batches):
    """Moments of an iterable of row batches (n_i, d), with one batch and one scatter in memory.

    Raises:  ValueError - there is no batch.
    Source:  Chan, Golub and LeVeque (1983); the term of the means is added as one more row.
    """
    count, mean, scatter = 0, None, None
    for batch in batches:
        if not len(batch):
            continue
        rows = np.asarray(batch, dtype=np.float64)
        if scatter is None:
            mean, scatter = np.zeros(rows.shape[1]), np.zeros((rows.shape[1],) * 2)
        if rows.shape[1] != len(mean):
            raise ValueError(f"dimensions differ: {len(mean)} and {rows.shape[1]}")
        total = count + len(rows)
        shift = rows.mean(axis=0) - mean
        between = shift * np.sqrt(count * len(rows) / total)
        _add_products(scatter, np.vstack([rows - (mean + shift), between]))
        mean += shift * (len(rows) / total)
        count = total
    if scatter is None:
        raise ValueError("moments need at least one row, found none")
    return Moments(count, mean, _mirrored(scatter))


def image_moments(batches):
    """Moments of stored images (n_i, C, H, W) in [0, 1] units; uint8 images are summed exactly.

    Sums of 1,024 products of integers up to 128 are at most 2^24. float32 holds them exactly in any
    order of summation. The sums are added in float64, and count * scatter is an integer below 2^53
    for fewer than 700,000 images. So the scatter is rounded once, at the speed of float32.

    Raises:  ValueError - there is no batch.
    """
    batches = (images for images in batches if len(images))
    first = next(batches, None)
    everything = itertools.chain([] if first is None else [first], batches)
    if first is None or first.dtype != np.uint8:
        return stream_moments(rows(images) for images in everything)
    d = first[0].size
    count, total, scatter = 0, np.zeros(d), np.zeros((d, d))
    for images in everything:
        for start in range(0, len(images), 1024):
            part = images[start : start + 1024].reshape(-1, d)
            piece = np.subtract(part, 128, dtype=np.float32)
            total += piece.sum(axis=0)
            _add_products(scatter, piece)
        count += len(images)
    for strip in _strips(d):  # (count * S - s s^T) / count, every step but the last exact
        upper = scatter[strip, strip.start :]
        upper *= count
        for row, value in zip(upper, total[strip], strict=True):
            row -= value * total[strip.start :]
        upper /= count * 255.0**2
    return Moments(count, (total / count + 128) / 255, _mirrored(scatter))


def _strips(d, size=1024):
    """Slices of at most `size` rows: the parts of a (d, d) matrix that are computed at a time."""
    return [slice(start, min(start + size, d)) for start in range(0, d, size)]


def _add_products(scatter, rows):
    """Add rows^T rows of rows (n, d) to the upper triangle of scatter (d, d), by strips."""
    for strip in _strips(len(scatter)):
        scatter[strip, strip.start :] += rows[:, strip].T @ rows[:, strip.start :]


def _mirrored(scatter):
    """The symmetric matrix with the upper triangle of scatter, in place."""
    strips = _strips(len(scatter), 256)
    for i, row in enumerate(strips):
        square = scatter[row, row]
        square[:] = np.triu(square) + np.triu(square, 1).T
        for column in strips[i + 1 :]:
            scatter[column, row] = scatter[row, column].T
    return scatter
