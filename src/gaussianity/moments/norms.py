"""Norms of images, and how far the norms of two origins differ.

The paper's code, arXiv 2501.07741, draws histograms of the norms for whole runs of the sampler.
"""

import numpy as np
import pandas as pd

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def row_norms(batches):
    """Euclidean norm of each row of a stream of batches (n_i, d), one batch in memory: (n,)."""
    return np.concatenate([np.linalg.norm(batch, axis=1) for batch in batches])


def norm_statistics(norms):
    """Statistics of the norms per class and origin.

    Args:    norms - dict of (class, origin) to norms (n,), in the images' unit.
    Returns: DataFrame with image_class, origin, images, mean, std, quantiles, and ks_distance, the
             Kolmogorov-Smirnov distance between a source and its Gaussian data, NaN where there
             are none.
    """
    return pd.DataFrame(_row(norms, *key) for key in norms)


def _row(norms, image_class, origin):
    values = norms[image_class, origin]
    other = norms.get((image_class, f"{origin}-gaussian"))
    return dict(
        image_class=image_class,
        origin=origin,
        images=len(values),
        mean=values.mean(),
        std=values.std(ddof=1),
        **{name: np.quantile(values, q) for name, q in QUANTILES.items()},
        ks_distance=np.nan if other is None else kolmogorov_smirnov(values, other),
    )


def kolmogorov_smirnov(a, b):
    """Largest distance between the empirical distribution functions of two samples, 0 to 1.

    >>> kolmogorov_smirnov([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    below = [np.searchsorted(sample, points, side="right") / len(sample) for sample in (a, b)]
    return float(np.abs(below[0] - below[1]).max())
