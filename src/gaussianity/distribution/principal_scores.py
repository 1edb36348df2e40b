"""Standardised scores of a class's images on its leading principal directions.

The number of directions and the directions themselves depend on the covariance alone. So the scores
of normal images are Haar, see `haar`.
"""

from dataclasses import dataclass

import numpy as np
import xxhash

from gaussianity.distribution.null import FEWEST
from gaussianity.errors import InputError
from gaussianity.moments.principal import DENSE, principal_components, signed

ROWS = 1024  # in a batch, whatever the shards are
IMAGES_PER_DIRECTION = 10
ROUNDING = 1e-9  # of the largest variance; a smaller one is rounding of floats
STEPS = 2  # of the quantisation, least standard deviation along a direction
PASSES, EXTRA = 6, 32  # over the rows for more than DENSE pixels; vectors beyond those asked for
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
        return _rebatched(batches(), seen.first)

    step = _step(seen.values)
    variances, directions, mean = _directions(kept, min(most, images // IMAGES_PER_DIRECTION))
    floor = max((STEPS * step) ** 2, ROUNDING * variances.max(initial=0.0))
    count = int(((variances > 0) & (variances >= floor)).sum())
    variances, directions = variances[:count], directions[:count]
    scores, total = _scores(kept(), mean, directions)
    variances = np.square(scores).mean(axis=0)  # exact, also where the directions are not
    return PrincipalScores(
        scores / np.sqrt(variances),
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
        for row in np.ascontiguousarray(batch):
            digest = xxhash.xxh3_128_digest(row.data)
            first.append(digest not in hashes)
            hashes.add(digest)
        low, high = np.minimum(low, batch.min(axis=0)), np.maximum(high, batch.max(axis=0))
        values = _joined(values, batch)
    return _Seen(np.array(first, dtype=bool), low, high, values)


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


def _rebatched(batches, chosen):
    """The chosen rows in batches of ROWS, in float64, wherever the given batches end."""
    waiting, count, start = [], 0, 0
    for batch in batches:
        rows = batch[chosen[start : start + len(batch)]]
        start += len(batch)
        while len(rows):
            part, rows = rows[: ROWS - count], rows[ROWS - count :]
            waiting.append(part)
            count += len(part)
            if count == ROWS:
                yield np.concatenate(waiting).astype(np.float64)
                waiting, count = [], 0
    if count:
        yield np.concatenate(waiting).astype(np.float64)


def _directions(kept, count):
    """Variances (k,) with the divisor n, directions (k, d) and mean (d,)."""
    mean, images = _mean(kept())
    if len(mean) > DENSE:
        return *_by_subspace_iteration(kept, images, mean, count), mean
    try:
        found = principal_components(kept, count, None)
    except ValueError:  # the images do not differ, beyond rounding
        return np.zeros(0), np.zeros((0, len(mean))), mean
    return found.variances * (1 - 1 / images), found.directions, mean


def _by_subspace_iteration(kept, images, mean, count):
    """As `_directions`, by few passes over the rows, each a product with a block of vectors.

    The directions need not have converged: they are orthonormal, and a function of the covariance
    alone. Their variances and the scores' lack of correlation are exact.

    Source: Halko, Martinsson and Tropp (2011), SIAM Review 53(2), algorithm 4.4.
    """
    d = len(mean)
    # The start is the same in every run. It is not drawn for a study, since it decides nothing.
    block = np.random.default_rng(0).standard_normal((d, min(count + EXTRA, d)))
    for _ in range(PASSES):
        basis = np.linalg.qr(block)[0].astype(np.float32)
        block, inner = np.zeros(block.shape), np.zeros((basis.shape[1],) * 2)
        for batch in kept():
            centred = (batch - mean).astype(np.float32)
            along = centred @ basis
            block += centred.T @ along
            inner += along.T @ along
    values, vectors = np.linalg.eigh(inner / images)
    directions = np.linalg.qr(basis.astype(np.float64) @ vectors[:, ::-1][:, :count])[0].T
    return values[::-1][:count].clip(0), signed(directions)


def _mean(batches):
    total, count = 0.0, 0
    for batch in batches:
        total, count = total + batch.sum(axis=0), count + len(batch)
    return total / count, count


def _scores(batches, mean, directions):
    """Scores (n, k), not standardised, and the sum of all squares around the mean."""
    parts, total = [], 0.0
    for batch in batches:
        centred = batch - mean
        parts.append(centred @ directions.T)
        total += float(np.vdot(centred, centred))
    return np.concatenate(parts), total
