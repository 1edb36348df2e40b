"""Nearest neighbours among images: distances and votes on the class."""

import numpy as np
from scipy.spatial.distance import cdist

from gaussianity.arguments import require_array, require_labels, require_whole
from gaussianity.errors import InputError


def voted_classes(rows, labels, images, *, neighbours=3):
    """The class that the nearest real images vote each image into: of the labels' dtype (m,).

    Args:    rows - real images (n, d), n at least `neighbours`; labels - their classes (n,); images
             - (m, d) in the same unit.
    """
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(neighbours).fit(rows, labels).predict(images)


def class_votes(rows, labels, batches, *, classes, neighbours=3):
    """Votes of the nearest real images on the class of generated images, counted per batch.

    Args:    rows - the real images (n, d); labels - their classes (n,), 0 to K - 1; batches -
             iterable of generated images (m_i, d) in the same unit, of which one is held at a
             time; classes - K; neighbours - number of real images that vote.
    Returns: number of images of each batch that are voted into each class, int64 (batches, K).
    Raises:  InputError - arrays that do not fit together, labels beyond K - 1, or more neighbours
             than real images.
    """
    from sklearn.neighbors import KNeighborsClassifier

    rows = require_array("rows", rows, ("n", "d"))
    require_whole(classes=classes, neighbours=neighbours)
    labels = require_labels("labels", labels, len(rows), classes)
    if neighbours > len(rows):
        raise InputError(f"neighbours: expected at most {len(rows)} rows, found {neighbours}")
    shape = ("m_i", rows.shape[1])
    batches = (require_array("batches", batch, shape) for batch in batches)
    voters = KNeighborsClassifier(neighbours).fit(rows, labels)
    votes = [np.bincount(voters.predict(batch), minlength=classes) for batch in batches]
    return np.array(votes, dtype=np.int64).reshape(-1, classes)


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
