"""What one set of standardised scores gives: a row of the table and its directions."""

import numpy as np

from gaussianity.distribution.departure import departure
from gaussianity.distribution.distances.distance import distance

BAND = 0.95  # quantile of the null distribution of delta

UNKNOWN = dict.fromkeys(
    (
        *("step", "share", "p_value", "statistic", "largest", "mean", "radius", "marked"),
        *("most_departing", "distance", "distance_low", "distance_high"),
        *("accuracy", "accuracy_low", "accuracy_high", "beyond", "beyond_low", "beyond_high"),
        *("covariance_error", "needed", "frechet", "frechet_gaussian", "kernel"),
        *("kernel_gaussian", "sliced", "sliced_gaussian", "distance_images"),
        *("worst_delta", "worst_p"),
    ),
    np.nan,
)


def unmeasured_row(kind, images):
    """The row of images that are too few for the test: all that is known is their number."""
    return dict(kind=kind, images=images, repeated=0, constant=0, directions=0, **UNKNOWN)


def measured(kind, principal, null, level=0.05):
    """Test and distance of the scores of one kind of images.

    Args:    kind - images, gaussian or clipped; principal - PrincipalScores; null - Null of their
             number; level - of the marks.
    Returns: dict, the row; dict of columns, a row per direction.
    """
    n, k = principal.scores.shape
    row = unmeasured_row(kind, n) | dict(
        repeated=principal.repeated,
        constant=principal.constant,
        directions=k,
        step=principal.step,
    )
    if k == 0:
        return row, no_directions()
    found = departure(principal.scores, null, level)
    moved = distance(principal.scores, principal.variances, principal.total, null.mean)
    row |= dict(
        share=principal.share,
        p_value=found.p_value,
        statistic=found.statistic,
        largest=found.largest,
        mean=found.mean,
        radius=found.radius,
        marked=float(found.marked.sum()),
        most_departing=float(np.argmax(found.squared) + 1),
        distance=moved.value,
        distance_low=moved.low,
        distance_high=moved.high,
    )
    return row, _directions(kind, principal, found, moved.shares, null.quantile(BAND))


def _directions(kind, principal, found, shares, band):
    """A row per direction: share - of the total variance; band - 95 % null quantile of delta."""
    k = len(principal.variances)
    return dict(
        kind=np.full(k, kind),
        rank=np.arange(1, k + 1),
        variance=principal.variances,
        share=principal.variances / principal.total,
        delta=np.sqrt(np.clip(found.squared, 0, None)),
        p_value=found.p_values,
        marked=found.marked.astype(np.int64),
        band=np.full(k, band),
        share_of_distance=shares,
    )


def no_directions():
    """The columns of the directions without a row."""
    whole = dict.fromkeys(("rank", "marked"), np.zeros(0, np.int64))
    names = ("variance", "share", "delta", "p_value", "band", "share_of_distance")
    real = dict.fromkeys(names, np.zeros(0))
    columns = dict(kind=np.zeros(0, "<U8")) | whole | real
    order = (*("kind", "rank", "variance", "share", "delta"), *("p_value", "marked"), *names[4:])
    return {name: columns[name] for name in order}
