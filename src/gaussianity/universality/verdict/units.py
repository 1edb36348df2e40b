"""One value for each pool or fold, from the pairs of what was trained in and what was tested on."""

import numpy as np


def unit_values(pairs):
    """Values of the units whose mean is that of all pairs, and whose spread gives its error.

    With folds, a classifier is tested on the fold that it did not see: the values are those of the
    folds. With P pools, a classifier of pool p is tested on each other pool q, and a pool has a
    part in 2 (P - 1) of the pairs (p, q). The values are then the jackknife's pseudo-values

        P U - (P - 1) U_p,

    where U is the mean of all pairs and U_p that of the pairs without pool p. They count the pool
    as a training set and as a test set. The means over q alone would leave out that the pools share
    their test images, and their intervals would be too narrow.

    Args:    pairs - dict of (trained in, tested on) to a value, or to an array of values.
    Returns: array (units, ...), in the order of the units' numbers. Two pools have no pairs without
             one of them: the values are those of the two trainings.
    Raises:  ValueError - a pair of different pools is missing.
    Source:  Arvesen (1969), Annals of Mathematical Statistics 40(6), the jackknife of U-statistics.
    """
    if all(trained == tested for trained, tested in pairs):
        return np.array([pairs[pair] for pair in sorted(pairs)], dtype=np.float64)
    numbers = sorted({number for pair in pairs for number in pair})
    count = len(numbers)
    wanted = [(p, q) for p in numbers for q in numbers if p != q]
    if set(pairs) != set(wanted):
        missing = sorted(set(wanted) - set(pairs))
        raise ValueError(f"expected a test of every pool by every other, found none for {missing}")
    values = np.array([pairs[pair] for pair in wanted], dtype=np.float64)
    trained, tested = np.array(wanted).T
    if count == 2:
        return values
    total = values.sum(axis=0)
    found = []
    for number in numbers:
        own = values[(trained == number) | (tested == number)].sum(axis=0)
        found.append(total / (count - 1) - (total - own) / (count - 2))
    return np.array(found)
