"""Does a conditional sampler draw the class that it was asked for?"""

import numpy as np


def class_agreement(rows, labels, generated, intended, *, neighbours=3):
    """Share of generated images whose nearest real neighbours vote for the intended class.

    Args:    rows (n, d), labels (n,) - the real images, which fit the classifier; generated (m, d),
             intended (m,) - the generated ones, in the same unit; neighbours - how many vote.
    Returns: dict of class to share, over the classes in `intended`.
    """
    from sklearn.neighbors import KNeighborsClassifier

    voters = KNeighborsClassifier(neighbours).fit(rows, labels)
    agree = voters.predict(generated) == np.asarray(intended)
    return {int(k): float(agree[np.asarray(intended) == k].mean()) for k in np.unique(intended)}
