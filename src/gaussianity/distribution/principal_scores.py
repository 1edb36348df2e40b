"""Standardised scores of a class's images on its leading principal directions.

The number of directions and the directions themselves depend on the covariance alone. So the scores
of normal images are Haar, see `haar`.
"""

from dataclasses import dataclass

import numpy as np
import xxhash

from gaussianity.distribution.leading_directions import leading_directions
from gaussianity.distribution.limits import FEWEST, most_directions
from gaussianity.errors import InputError
from gaussianity.io.images import in_batches
from gaussianity.moments.principal import signed

ROWS = 1024  # in a batch, whatever the shards are
ROUNDING = 1e-9  # of the largest variance; a smaller one is rounding of floats
STEPS = 2  # of the quantisation, least standard deviation along a direction
LEVELS = 256  # most distinct values of quantised images


@dataclass(frozen=True)
class PrincipalScores:
    """Standardised scores of a class, with the directions that they belong to.

    scores - W (n, k), with means 0 and (1/n) W^T W = I; variances - (k,), largest first, and total,
    of all pixels, with the divisor n; mean (d,); directions (k, d), of unit length; step - of the
    quantisation, 0 for floats; constant - number of pixels that do not vary; repeated - number of
    images that equal an earlier one, which are left out.
    """

    scores: np.ndarray
    variances: np.ndarray
    total: float
    mean: np.ndarray
    directions: np.ndarray
    step: float
    constant: int
    repeated: int

    @property
    def images(self):
        """Number n of images, each different."""
        return len(self.scores)

    @property
    def share(self):
        """Share of the variance that lies in the k directions."""
        return float(self.variances.sum() / self.total) if self.total > 0 else np.nan


def principal_scores(batches, most=64):
    """Scores on the leading directions whose variance exceeds that of rounding.

    There are at most n / 10 directions. Along each, the standard deviation is at least two steps of
    the quantisation: then rounding does not show in the test. Results do not depend on the sharding
    of the rows. Memory holds a batch, and a (d, d) matrix only up to 1,024 pixels.

    Args:    batches - function without arguments that returns a new stream of the rows (n_i, d), in
             [0, 1] units; most - largest number of directions.
    Returns: PrincipalScores; k = 0 where no direction has enough variance.
    Raises:  InputError - fewer than 20 different images.
    """
    seen = _look(batches())
    images = int(seen.first.sum())
    if images < FEWEST:
        left_out = f" ({len(seen.first) - images} repeat another)" if not seen.first.all() else ""
        raise InputError(
            f"expected at least {FEWEST} different images of a class, found {images}{left_out}"
        )

    def kept():
        for batch in in_batches(_chosen(batches(), seen.first), ROWS):
            yield batch.astype(np.float64, copy=False)

    step = _step(seen.values)
    span, mean = leading_directions(kept, most_directions(images, most))
    scores, total = _scores(kept(), mean, span)
    variances, turn = _uncorrelated(scores, step)
    directions = signed(turn @ span)
    return PrincipalScores(
        scores @ (span @ directions.T) / np.sqrt(variances),
        variances,
        total / images,
        mean,
        directions,
        step,
        int((seen.low == seen.high).sum()),
        len(seen.first) - images,
    )


@dataclass
class _Seen:
    """What one pass over the rows shows: first - whether each is the first of its kind; low, high -
    of each pixel; values - distinct ones, None beyond LEVELS."""

    first: np.ndarray
    low: np.ndarray
    high: np.ndarray
    values: np.ndarray | None


def _look(batches):
    hashes, first, low, high, values = set(), [], np.inf, -np.inf, np.zeros(0)
    for batch in batches:
        first.append(_new(batch, hashes))
        low, high = np.minimum(low, batch.min(axis=0)), np.maximum(high, batch.max(axis=0))
        values = _joined(values, batch)
    return _Seen(np.concatenate([np.zeros(0, bool), *first]), low, high, values)


def _new(batch, hashes):
    """Whether each row is the first of its kind: bool (n,). The set of hashes grows."""
    new = []
    for row in np.ascontiguousarray(batch):
        digest = xxhash.xxh3_128_digest(row.data)
        new.append(digest not in hashes)
        hashes.add(digest)
    return np.array(new, dtype=bool)


def distinct(batches):
    """The stream of the rows (n_i, d) without those that equal an earlier one."""
    hashes = set()
    for batch in batches:
        yield batch[_new(batch, hashes)]


def _joined(values, batch):
    """Distinct values of earlier and of new rows, None where there are more than LEVELS."""
    for row in batch:
        if values is None:
            return None
        values = np.union1d(values, row)
        values = values if len(values) <= LEVELS else None
    return values


def _step(values):
    """The step of the quantisation: the smallest gap of the distinct values, 0 for floats."""
    return float(np.diff(values).min()) if values is not None and len(values) > 1 else 0.0


def _chosen(batches, chosen):
    """The rows of the batches where `chosen` (n,) holds."""
    start = 0
    for batch in batches:
        yield batch[chosen[start : start + len(batch)]]
        start += len(batch)


def _scores(batches, mean, span):
    """Scores (n, k), not standardised, and the sum of all squares around the mean."""
    parts, total = [], 0.0
    for batch in batches:
        batch -= mean
        parts.append(batch @ span.T)
        total += float(np.vdot(batch, batch))
    return np.concatenate(parts), total


def _uncorrelated(scores, step):
    """Variances (k',), falling, and axes (k', k) along which the scores are uncorrelated.

    They are exact also where the directions have not converged. Axes with no more variance than
    rounding are left out.
    """
    values, vectors = np.linalg.eigh(scores.T @ scores / len(scores))
    floor = max((STEPS * step) ** 2, ROUNDING * values.max(initial=0.0))
    kept = np.flatnonzero((values > 0) & (values >= floor))[::-1]
    return values[kept], vectors[:, kept].T
