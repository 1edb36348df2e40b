"""The table of the figure "linear_locality": rows of the fitted and of the Wiener filter."""

import numpy as np
import pandas as pd

from gaussianity.linear.filters.locality import radius, row_correlation

VALUES = ["correlation", "radius", "wiener_radius"]


def filter_table(filters, image_shape):
    """How local both filters are at every level.

    Args:    filters - dict of pixels (p,), sigmas (s,), classes (K,), fitted and wiener (K, s, p,
             d), rows of the two filters at these pixels; image_shape - (C, H, W).
    Returns: DataFrame, a row per class, level and pixel: image_class, sigma, pixel, correlation of
             the two rows, radius of the fitted filter's row and wiener_radius, in pixels.
    """
    rows = []
    for k, name in enumerate(filters["classes"]):
        for s, sigma in enumerate(filters["sigmas"]):
            for p, pixel in enumerate(filters["pixels"]):
                fitted = np.asarray(filters["fitted"][k, s, p], dtype=np.float64)
                exact = np.asarray(filters["wiener"][k, s, p], dtype=np.float64)
                values = dict(
                    correlation=row_correlation(fitted, exact),
                    radius=radius(fitted, image_shape, int(pixel)),
                    wiener_radius=radius(exact, image_shape, int(pixel)),
                )
                rows.append(
                    dict(image_class=str(name), sigma=float(sigma), pixel=int(pixel)) | values
                )
    return pd.DataFrame(rows, columns=["image_class", "sigma", "pixel", *VALUES])


def levels(table):
    """Means over classes and pixels, a row per level.

    Args:    table - of `filter_table`.
    Returns: DataFrame indexed by sigma.
    """
    return table.groupby("sigma")[VALUES].mean()


def headline(table):
    """What was found, in a sentence.

    Args:    table - of `filter_table`, not empty.
    """
    means = levels(table)
    low, high = means.iloc[0], means.iloc[-1]
    return (
        f"From σ = {means.index[0]:g} to {means.index[-1]:g} the rows of the fit grow from "
        f"{low.radius:.2f} to {high.radius:.2f} pixels, those of the Wiener filter from "
        f"{low.wiener_radius:.2f} to {high.wiener_radius:.2f}"
    )
