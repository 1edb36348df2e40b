"""Pictures of a class as arrays that a file can hold: a file of ours has no NaN."""

import numpy as np

MISSING = "_missing"  # ends the name of the array that says where another one has no number


def storable(pictures):
    """The arrays with 0 in place of NaN, and beside each such array where it has no number.

    Args:    pictures - dict of name to array or number.

    >>> storable(dict(pixel_map=[0.5, np.nan]))
    {'pixel_map': array([0.5, 0. ]), 'pixel_map_missing': array([False,  True])}
    """
    arrays = {}
    for name, values in pictures.items():
        arrays[name] = np.asarray(values)
        if arrays[name].dtype.kind == "f" and np.isnan(arrays[name]).any():
            missing = np.isnan(arrays[name])
            arrays |= {name: np.where(missing, 0.0, arrays[name]), name + MISSING: missing}
    return arrays


def restored(arrays):
    """The pictures that `storable` was given.

    >>> restored(storable(dict(pixel_map=[0.5, np.nan])))
    {'pixel_map': array([0.5, nan])}
    """
    pictures = {name: each for name, each in arrays.items() if not name.endswith(MISSING)}
    for name in pictures.keys() & {name.removesuffix(MISSING) for name in arrays.keys() - pictures}:
        pictures[name] = np.where(arrays[name + MISSING], np.nan, pictures[name])
    return pictures
