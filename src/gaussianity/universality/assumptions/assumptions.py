"""The assumptions of the universality theorem, measured on images.

Theorem 1 of Ghane et al. (2025), arXiv 2501.07741, for d -> infinity: the test error of the
classifier of smallest norm depends on mean and covariance alone if

- each class has a bounded mean;
- the moments of order q <= 6 of its projections are of order d^(-q/2);
- Var(x^T C x) -> 0 for every C of bounded operator norm;
- the smallest singular value of X X^T is bounded below.

Normalisation: all rows are divided by one number, so that the covariance within a class has trace
1, as that of independent coordinates of variance 1/d. A common factor changes no classifier's
error. The images keep their mean for the first quantity, because the classifier has no bias. The
mean is subtracted for the other quantities, which a large mean would dominate.

ASSUME: an image at growing resolution is the sequence in d, see `resolutions`. Independent
coordinates stay independent at every resolution, so that the references below are exact. Randomly
chosen pixels would not serve: the trend of the mean would be 0 for all images, and Var(x^T x) would
tend to a constant wherever pixels are correlated.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.io.columns import concatenated
from gaussianity.universality.assumptions import trends
from gaussianity.universality.assumptions.class_measures import ORDERS
from gaussianity.universality.assumptions.trends import Measure


@dataclass(frozen=True)
class Condition:
    """The condition that an assumption sets on the trend of a quantity.

    assumption - the theorem's, in words; trend_in - d, n or rank; at_most - True where the limits
    are upper ones, False where they are lower ones; limits(theory, tolerance) - the trend up to
    which the assumption holds, and the trend from which it fails; theory is the trend of
    independent coordinates of equal variance.
    """

    assumption: str
    trend_in: str
    at_most: bool
    limits: object


def _no_faster(theory, tolerance):
    return theory + tolerance, theory + tolerance


def _no_slower(theory, tolerance):
    return theory - tolerance, theory - tolerance


def _vanishes(theory, tolerance):
    """A slow decay decides nothing: a power law also has one before it levels off."""
    return theory + tolerance, -tolerance


def _flat_spectrum(theory, tolerance):
    """The border for lambda_i ~ i^(-a) is a = 1.

    With a > 1 the trace converges, so that Var(x^T x) = 2 sum lambda_i^2 tends to a constant, and
    the smallest singular value falls as d^(1 - a). With a < 1 both assumptions hold.
    """
    return -1.0, -1.0


MOMENTS, GRAM = "moments of projections", "smallest singular value"
CONDITIONS = {
    "mean": Condition("bounded mean", "d", True, _no_faster),
    **{f"projection_{q}": Condition(MOMENTS, "d", True, _no_faster) for q in ORDERS},
    "principal_2": Condition(MOMENTS, "d", True, _no_faster),
    "norm_variance": Condition("Var(x^T C x) vanishes", "d", True, _vanishes),
    "form_variance": Condition("Var(x^T C x) vanishes", "d", True, _vanishes),
    "gram": Condition(GRAM, "d", False, _no_slower),
    "gram_nonzero": Condition(GRAM, "d", False, _no_slower),
    "gram_n": Condition(GRAM, "n", False, _no_slower),
    "spectrum": Condition("no power law", "rank", False, _flat_spectrum),
}


def averaged(parts, fit_ranks, points=24):
    """Measures averaged over classes.

    Args:    parts - dicts of quantity to Measure, one per class; fit_ranks - first and last rank of
             the power law, as fractions of the smallest numerical rank; points - number of ranks
             in this range, evenly spaced in logarithms.
    Returns: dict of quantity to Measure.
    Raises:  ValueError - the range has fewer than 3 eigenvalues.
    """
    rank = min(len(part["spectrum"].sizes) for part in parts)
    first, last = max(1, round(fit_ranks[0] * rank)), round(fit_ranks[1] * rank)
    if last - first < 2:
        raise ValueError(f"a power law needs at least 3 eigenvalues, found {last - first + 1}")
    ranks = np.unique(np.geomspace(first, last, points).round().astype(int))
    chosen = {name: np.arange(len(measure.sizes)) for name, measure in parts[0].items()}
    chosen["spectrum"] = ranks - 1
    return {
        name: Measure(
            parts[0][name].sizes[at],
            np.mean([part[name].values[:, at] for part in parts], axis=0),
            np.mean([part[name].reference[at] for part in parts], axis=0),
        )
        for name, at in chosen.items()
    }


def table(measures, *, confidence, tolerance):
    """The measures with the trend of each quantity and the verdict on its assumption.

    Args:    measures - dict of quantity to Measure; confidence - of the intervals; tolerance - how
             far a trend may lie on the wrong side of the trend of independent coordinates.
    Returns: dict of columns, a row per quantity and size: assumption, quantity, trend_in, size,
             size_value, reference. The further columns have one value for a quantity: value (at
             the largest size), trend (exponent of the size), low, high, theory (trend of the
             reference), holds_to and fails_from (limits of the trend), verdict.
    """
    return concatenated([_rows(name, m, confidence, tolerance) for name, m in measures.items()])


def _rows(name, measure, confidence, tolerance):
    condition = CONDITIONS[name]
    exponents = trends.slope(measure.sizes, measure.values)
    low, high = trends.trend_interval(exponents[0], exponents[1:], confidence)
    theory = float(trends.slope(measure.sizes, measure.reference))
    limits = condition.limits(theory, tolerance)
    decided = trends.trend_verdict((low, high), limits, at_most=condition.at_most)
    if not np.isfinite(exponents).all():  # a value of 0 is below every bound
        decided = trends.HOLDS if condition.at_most else trends.FAILS
    same = dict(
        assumption=condition.assumption,
        quantity=name,
        trend_in=condition.trend_in,
        value=measure.values[0, -1],
        trend=exponents[0],
        low=low,
        high=high,
        theory=theory,
        holds_to=limits[0],
        fails_from=limits[1],
        verdict=decided,
    )
    sizes = dict(
        size=np.array(measure.sizes, np.int64),
        size_value=measure.values[0],
        reference=measure.reference,
    )
    return sizes | {key: np.full(len(measure.sizes), value) for key, value in same.items()}
