"""The split of a denoiser over all classes, and its factors against those of the Wiener filter."""

import numpy as np
import pandas as pd

PARTS = ("wiener", "other", "nonlinear")


def split_summary(split):
    """Shares of the three parts at every level, over the classes that have a split.

    Args:    split - table of `class_splits.joined`.
    Returns: DataFrame: sigma, classes, points (of a class, the fewest), wiener, other, nonlinear
             (shares of the classes' summed variance), off_diagonal and floor (means over classes).
             It has no rows where no class has a split; see `reasons`.
    """
    used = split[split["reason"] == ""]
    rows = [_of_level(sigma, members) for sigma, members in used.groupby("sigma")]
    columns = ["sigma", "classes", "points", *PARTS, "off_diagonal", "floor"]
    return pd.DataFrame(rows, columns=columns)


def _of_level(sigma, members):
    signal = members["signal"]
    return dict(
        sigma=sigma,
        classes=len(members),
        points=members["points"].min(),
        **{part: np.average(members[part], weights=signal) for part in PARTS},
        off_diagonal=members["off_diagonal"].mean(),
        floor=members["floor"].mean(),
    )


def reasons(split):
    """Why classes have no split: one text, empty if all have one."""
    left_out = split[split["reason"] != ""].drop_duplicates("image_class")
    said = [f"class {row.image_class}: {row.reason}" for row in left_out.itertuples()]
    return "; ".join(said[:3]) + ("; ..." if len(said) > 3 else "")


def shrinkage_summary(shrinkage):
    """Factors along each principal direction, as means over classes.

    Args:    shrinkage - table of `class_splits.joined`.
    Returns: DataFrame: sigma, rank, classes, factor, wiener.
    """
    groups = shrinkage.groupby(["sigma", "rank"])
    found = groups[["factor", "wiener"]].mean()
    found.insert(0, "classes", groups.size())
    return found.reset_index()
