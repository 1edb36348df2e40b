"""How well a small network tells images from Gaussian data by anything but mean and covariance.

The scores of normal images are Haar, whatever their mean and covariance, and so are those of each
half that is whitened by itself. The network of one half is therefore tested on rows of exactly the
same distribution on both sides: its expected accuracy is 1/2 for normal images, for every n and k.
Whitened together, the halves depend on each other, and the accuracy of normal images leaves 1/2.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.distribution.haar import haar_scores, whitened
from gaussianity.distribution.limits import FEWEST
from gaussianity.distribution.network.network import trained

PER_DIRECTION = 4  # images at least, so that a half has more images than directions
DIRECTIONS = (4, 16, 32)  # numbers of leading directions that are tried beside all k
MEASURED = 4  # Gaussian rows of the validation loss per image of it
DRAWS = 10  # sets of Haar scores of the test
BANK = 8  # Gaussian rows of the training per image
LEAST_BANK = 10_000
CONFIDENCE = 1.96  # standard errors on both sides


@dataclass(frozen=True)
class NetworkAccuracy:
    """Accuracy with its standard error and the number of directions that each half chose (2,).

    The error is an upper bound: whitening makes the test's rows depend on each other.
    """

    value: float
    error: float
    directions: tuple

    @property
    def low(self):
        return self.value - CONFIDENCE * self.error

    @property
    def high(self):
        return self.value + CONFIDENCE * self.error


def network_accuracy(W, generator, other=None):
    """Accuracy of networks on images that neither trained nor chose them, the halves in turn.

    Args:    W - (n, k), standardised principal scores of the images; other - (m, k), m >= n, scores
             of other images on the same directions, which take the place of Haar scores.
    Returns: NetworkAccuracy; its expectation is 1/2 exactly for normal images without other.
    Raises:  ValueError - n < 20, k = 0, n < 4 k, or other has another k or fewer rows than W.
    """
    _check(W, other)
    halves = np.array_split(W[generator.permutation(len(W))], 2)
    others = (None, None)
    if other is not None:
        others = np.array_split(other[generator.permutation(len(other))], 2)
    found = [
        _of_half(halves[a], halves[b], (others[a], others[b]), generator)
        for a, b in ((0, 1), (1, 0))
    ]
    images, gaussian, sets, directions = zip(*found, strict=True)
    n, m = len(W), sum(s * len(half) for s, half in zip(sets, halves[::-1], strict=True))
    shares = np.array([sum(images) / n, sum(gaussian) / m])
    return NetworkAccuracy(float(shares.mean()), _error(shares, np.array([n, m])), directions)


def _check(W, other):
    n, k = W.shape
    if n < FEWEST or k == 0 or n < PER_DIRECTION * k:
        raise ValueError(
            f"expected at least {FEWEST} images, one direction and {PER_DIRECTION} images per "
            f"direction, found {n} images and {k} directions"
        )
    if other is not None and (other.shape[1] != k or len(other) < n):
        raise ValueError(
            f"expected scores of at least {n} other images on {k} directions, found {other.shape}"
        )


def _error(shares, counts):
    """Standard error of the mean of two shares (Agresti and Coull, 1998, adds two of each kind)."""
    added = (shares * counts + 2) / (counts + 4)
    return float(np.sqrt((added * (1 - added) / counts).sum()) / 2)


def _of_half(training, test, others, generator):
    """Right answers on the test images and on Gaussian sets of their number.

    Returns: (right images, right Gaussian rows, Gaussian sets, directions used).
    """
    network = _chosen(training, others[0], generator)
    k, n = network.inputs, len(test)
    if others[1] is None:
        sets = [haar_scores(n, k, generator) for _ in range(DRAWS)]
    else:  # as many rows at a time as there are images, so that both are whitened alike
        leading = others[1][:, :k]
        sets = [whitened(leading[at : at + n]) for at in range(0, len(leading) - n + 1, n)]
    images = int((network.logits(whitened(test[:, :k])) > 0).sum())
    gaussian = sum(int((network.logits(rows) <= 0).sum()) for rows in sets)
    return images, gaussian, len(sets), k


def _chosen(training, other, generator):
    """The network of least loss over the numbers of directions. A fifth of the rows measures it."""
    n, k = training.shape
    held_out = min(max(10, n // 5), n // 2)
    gaussian, extra = _gaussian_rows(n, k, MEASURED * held_out, other, generator)
    tried = []
    for directions in [q for q in DIRECTIONS if q < k] + [k]:
        rows = _leading(training, directions)
        validation = (rows[:held_out], extra(directions))
        tried.append(trained(rows[held_out:], gaussian(directions), validation, generator))
    return min(tried, key=lambda found: found[0])[1]


def _leading(rows, k):
    """The k leading columns, whitened, as float32."""
    return whitened(rows[:, :k]).astype(np.float32)


def _gaussian_rows(n, k, held_out, other, generator):
    """Two functions of the number of directions: rows to train with, rows that measure the loss."""
    if other is None:
        rows = max(BANK * n, LEAST_BANK)
        drawn = generator.standard_normal((rows + held_out, k), dtype=np.float32)
        return (
            lambda q: np.ascontiguousarray(drawn[:rows, :q]),
            lambda q: np.ascontiguousarray(drawn[rows:, :q]),
        )
    chosen = generator.integers(len(other), size=held_out)
    return (lambda q: _leading(other, q), lambda q: _leading(other, q)[chosen])
