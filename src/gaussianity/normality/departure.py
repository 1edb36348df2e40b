"""Is a class normal? An exact test, and the directions in which it departs."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import false_discovery_control

from gaussianity.normality.statistics import parts_of, squared_distances


@dataclass(frozen=True)
class Departure:
    """The test of one class.

    p_value - Monte Carlo, of the statistic; statistic - T, the largest of the three scores;
    largest, mean, radius - the scores, in standard deviations of their logarithm for normal
    images;
    squared - (k,), squared distance of each direction from N(0, 1); p_values - (k,) of them;
    marked - (k,) bool, significant by Benjamini and Hochberg.
    """

    p_value: float
    statistic: float
    largest: float
    mean: float
    radius: float
    squared: np.ndarray
    p_values: np.ndarray
    marked: np.ndarray


def departure(scores, null, level=0.05):
    """Test whether standardised principal scores are those of normal images.

    The three parts are the largest squared distance (one direction departs), their mean (many
    depart a little), and the mean of |w|^4 (dependence between directions, heavy tails).

    Args:    scores - (n, k); null - Null of n images with at least k directions; level - false
             discovery rate of the marked directions.
    Returns: Departure; without directions all numbers are NaN.
    Raises:  ValueError - the null is of another number of images, or of fewer directions.
    """
    images, k = np.shape(scores)
    if null.images != images or null.most < k:
        raise ValueError(
            f"expected the null of {images} images and at least {k} directions, found "
            f"{null.images} and {null.most}"
        )
    if not k:
        empty = np.zeros(0)
        return Departure(*[np.nan] * 5, empty, empty, empty.astype(bool))
    squared = squared_distances(scores)
    parts = parts_of(squared, scores)[-1]
    found = part_scores(parts, null, k)
    p_values = _upper(squared, null.squared)
    return Departure(
        float(p_values_of(parts[None], null, k)[0]),
        float(found.max()),
        *map(float, found),
        squared,
        p_values,
        false_discovery_control(p_values) <= level,
    )


def p_values_of(parts, null, k):
    """Monte Carlo p values (m,) of the largest score of each of m sets of parts (m, 3).

    They are NaN for k = 0 directions.
    """
    if not k:
        return np.full(len(parts), np.nan)
    drawn = np.sort(part_scores(null.parts[:, k - 1], null, k).max(axis=-1))
    return _upper(part_scores(parts, null, k).max(axis=-1), drawn)


def part_scores(parts, null, k):
    """The parts (..., 3) in standard deviations of their logarithms under the null hypothesis.

    The radius counts on both sides: too large in heavy tails, too small in bounded distributions.
    """
    drawn = np.log(null.parts[:, k - 1])
    found = (np.log(parts) - drawn.mean(axis=0)) / drawn.std(axis=0)
    found[..., 2] = np.abs(found[..., 2])
    return found


def _upper(values, drawn):
    """(1 + number of drawn values at least as large) / (1 + number): drawn is rising."""
    above = len(drawn) - np.searchsorted(drawn, values, side="left")
    return (1 + above) / (1 + len(drawn))
