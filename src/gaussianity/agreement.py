"""Does a conditional sampler draw the class that it was asked for?"""

import numpy as np


def class_votes(rows, labels, batches, *, classes, neighbours=3):
    """How many images of each batch their nearest real neighbours put into each class.

    Args:    rows (n, d), labels (n,) - the real images, which fit the classifier, and their
             classes, 0 to K - 1; batches - iterable of generated ones (m_i, d), in the same unit,
             of which one is held at a time; classes - K; neighbours - how many vote.
    Returns: int64 (batches, K).
    """
    from sklearn.neighbors import KNeighborsClassifier

    voters = KNeighborsClassifier(neighbours).fit(rows, labels)
    return np.stack([np.bincount(voters.predict(batch), minlength=classes) for batch in batches])
