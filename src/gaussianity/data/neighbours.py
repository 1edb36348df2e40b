"""Nearest neighbours among images: distances and votes on the class."""

import numpy as np
from scipy.spatial.distance import cdist


def class_votes(rows, labels, batches, *, classes, neighbours=3):
    """Votes of the nearest real images on the class of generated images, counted per batch.

    Args:    rows - the real images (n, d); labels - their classes (n,), 0 to K - 1; batches -
             iterable of generated images (m_i, d) in the same unit, of which one is held at a
             time; classes - K; neighbours - number of real images that vote.
    Returns: number of images of each batch that are voted into each class, int64 (batches, K).
    """
    from sklearn.neighbors import KNeighborsClassifier

    voters = KNeighborsClassifier(neighbours).fit(rows, labels)
    return np.stack([np.bincount(voters.predict(batch), minlength=classes) for batch in batches])


def nearest_distances(rows, others=None):
    """Distance of each row (n, d) to the nearest of the others (m, d): float64 (n,).

    Where `others` is None: the distance to the nearest other row; n must be at least 2.
    """
    found = np.empty(len(rows))
    for start in range(0, len(rows), 512):
        part = slice(start, start + 512)
        distances = cdist(rows[part], rows if others is None else others)
        if others is None:
            own = np.arange(len(distances))
            distances[own, start + own] = np.inf
        found[part] = distances.min(axis=1)
    return found
