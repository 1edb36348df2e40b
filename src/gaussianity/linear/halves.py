"""Do two denoisers that were trained on disjoint halves make the same image of the same seed?

Source: Kadkhodaie et al. (2024) for the experiment; Zhang et al. (2024) for the score of
reproducibility, whose copy detection network is replaced by the cosine of pixels here.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.linear.measures import squared
from gaussianity.linear.twins import centred_by_class

SIMILAR = 0.6  # cosine from which two images count as the same, the published threshold


@dataclass(frozen=True)
class Agreement:
    """Agreement of the images of two denoisers on the same seeds.

    correlation - 2 sum <a, b> / (sum |a|^2 + sum |b|^2) about class means; cosine - mean over
    seeds; reproducible - share with a cosine above .6; identified - share whose nearest image of
    the other denoiser, of the same class, has the same seed; chance - of that.
    """

    correlation: float
    cosine: float
    reproducible: float
    identified: float
    chance: float


def agreement(first, second, classes):
    """Agreement of images of the same seeds.

    Args:    first, second - rows (n, d); classes - int (n,).
    Returns: Agreement.
    """
    a, b = centred_by_class(first, classes), centred_by_class(second, classes)
    found = np.sum(a * b, axis=1) / np.sqrt(squared(a) * squared(b))
    members = [classes == k for k in np.unique(classes)]
    hits = np.concatenate([_identified(a[own], b[own]) for own in members])
    return Agreement(
        correlation=float(2 * np.sum(a * b) / (np.sum(a**2) + np.sum(b**2))),
        cosine=float(found.mean()),
        reproducible=float(np.mean(found > SIMILAR)),
        identified=float(hits.mean()),
        chance=len(members) / len(classes),
    )


def _identified(a, b):
    """Whether the nearest row of b to each row of a has the same number: bool (n,)."""
    distances = squared(a)[:, None] - 2 * a @ b.T + squared(b)[None, :]
    return distances.argmin(axis=1) == np.arange(len(a))


@dataclass(frozen=True)
class Shares:
    """Shares of sum <a, b>, of sum 1: of both twins, of one twin with the other's rest, of both
    rests. A rest is what the regression on the own twin leaves over."""

    twins: float
    crossed: float
    rests: float


def shares(first, second, first_twins, second_twins, classes):
    """Through what two denoisers agree.

    Args:    see `agreement`; first_twins, second_twins - Gaussian twins of each denoiser's own
             half, of the same seeds, rows (n, d).
    Returns: Shares.
    """
    parts = []
    for images, twins in ((first, first_twins), (second, second_twins)):
        y, w = centred_by_class(images, classes), centred_by_class(twins, classes)
        through = np.sum(y * w) / np.sum(w**2) * w
        parts.append((through, y - through))
    (a, a_rest), (b, b_rest) = parts
    total = np.sum((a + a_rest) * (b + b_rest))
    crossed = np.sum(a * b_rest) + np.sum(a_rest * b)
    return Shares(
        float(np.sum(a * b) / total), float(crossed / total), float(np.sum(a_rest * b_rest) / total)
    )
