"""Pictures of the direction of a class that is least normal."""

import numpy as np

from gaussianity.distribution.pictures.worst_direction import filter_of, pattern


def class_pictures(principal, worst, deltas, level=0.05):
    """The direction that is shown, its pattern, its filter, and the scores along it.

    It is the direction that a search found where its held-out test rejects. Otherwise it is the
    principal direction with the largest delta.

    Args:    principal - PrincipalScores; worst - WorstDirection among its first directions; deltas
             - of these directions; level - of the test.
    Returns: dict of arrays: mean, pattern and filter (d,), scores, worst_delta, worst_p, and rank
             of the principal direction, 0 for the direction of the search.
    """
    k = len(principal.variances)
    theta, scores, rank = np.pad(worst.theta, (0, k - len(worst.theta))), worst.scores, 0
    if not worst.p_value < level:
        rank = int(np.argmax(deltas)) + 1
        theta, scores = np.eye(k)[rank - 1], principal.scores[:, rank - 1]
    return dict(
        mean=principal.mean,
        pattern=pattern(theta, principal),
        filter=filter_of(theta, principal),
        scores=scores,
        worst_delta=np.float64(worst.delta),
        worst_p=np.float64(worst.p_value),
        rank=np.int64(rank),
    )


def no_pictures(d):
    """The arrays of a class without principal directions."""
    unknown = {name: np.full(d, np.nan) for name in ("mean", "pattern", "filter", "pixel_map")}
    return dict(
        **unknown,
        scores=np.zeros(0),
        worst_delta=np.float64(np.nan),
        worst_p=np.float64(np.nan),
        rank=np.int64(0),
    )
