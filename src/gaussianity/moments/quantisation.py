"""Eigenvalues of the covariance of images before and after 8-bit storage."""

import numpy as np
import pandas as pd

from gaussianity.io.images import rows, to_network, to_uint8
from gaussianity.moments.spectra import covariance_eigenvalues

LEVEL = 1 / 255  # of 8 bits, where white is 1
UNIFORM = LEVEL**2 / 12  # variance of an error uniform on one level


def stored_eigenvalues(images):
    """Eigenvalues before and after storage, with the floor of the error that rounding adds.

    The error is taken as independent from pixel to pixel, with the variance 1/12 of a level
    squared. Its sample covariance of n images then has non-zero eigenvalues between
    UNIFORM (1 -+ sqrt(d / (n - 1)))^2 (Marchenko and Pastur, 1967), with the mean
    UNIFORM max(1, d / (n - 1)). This range is the floor. Clipped pixels are not rounded.

    Args:    images - float32 (n, C, H, W), black 0, white 1, unclipped.
    Returns: DataFrame with rank; float32, clipped and uint8 (eigenvalues, largest first, squared
             [0, 1] units); law (clipped plus the floor's mean over the pixels that are rounded);
             floor_low, floor_high; and the same in every row: images, outside (share of pixels that
             are clipped), error (mean squared error of the other pixels, over UNIFORM), constant
             (share of pixels that have one level in all images as uint8).
    Raises:  ValueError - there are no two images that differ.
    """
    if not np.ptp(images, axis=0).any():
        raise ValueError(f"expected at least 2 images that differ, found {len(images)} equal ones")
    found = _stored(rows(images))
    n, d = found["uint8"].shape
    rounded = (found["float32"] > 0) & (found["float32"] < 1)
    errors = np.square(found["uint8"] - found["clipped"])[rounded]
    values = {name: covariance_eigenvalues([held], n) for name, held in found.items()}
    spread = d / (n - 1)
    return pd.DataFrame(
        dict(
            rank=np.arange(1, len(values["uint8"]) + 1),
            **values,
            law=values["clipped"] + UNIFORM * max(1, spread) * rounded.mean(),
            floor_low=UNIFORM * (1 - np.sqrt(spread)) ** 2,
            floor_high=UNIFORM * (1 + np.sqrt(spread)) ** 2,
            images=n,
            outside=1 - rounded.mean(),
            error=errors.mean() / UNIFORM if len(errors) else 0.0,
            constant=(np.ptp(found["uint8"], axis=0) == 0).mean(),
        )
    )


def _stored(samples):
    """The rows as they are, clipped, and as they are read after 8-bit storage."""
    network = to_network(samples[:, None, None, :], np.float64)
    stored = rows(to_uint8(network))
    return dict(float32=samples, clipped=samples.clip(0, 1), uint8=stored)
