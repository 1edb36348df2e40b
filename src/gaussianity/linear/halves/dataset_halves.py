"""Two halves of a dataset without a common image.

The trainings on the halves depend on this module alone, not on the comparisons of their images.
"""

import numpy as np

FIRST, SECOND, AGAIN = "first", "second", "again"  # `again`: a second training on the first half
TRAININGS = (FIRST, SECOND, AGAIN)


def disjoint_halves(labels, generator):
    """Numbers of the images of two halves: of every class as many, none in both.

    Args:    labels - classes of the images, int (n,); generator - NumPy's. An image is left out
             where a class has an odd number.
    Returns: two int arrays, rising.
    """
    halves = ([], [])
    for k in np.unique(labels):
        order = generator.permutation(np.flatnonzero(labels == k))
        count = len(order) // 2
        for half, start in zip(halves, (0, count), strict=True):
            half.append(order[start : start + count])
    return tuple(np.sort(np.concatenate(half)) for half in halves)
