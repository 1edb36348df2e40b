"""How much of the images their Gaussian twins explain, by class and over all classes."""

import numpy as np
import pandas as pd

from gaussianity.linear.twins import account, correlation, cosines, explained

ALL = "all"  # in place of a class: all of them together
LOW = 0.05  # quantile of the cosines


def twin_summary(twins):
    """Agreement of images with their twins, and with the controls.

    Args:    twins - table of `classes.twin_table`.
    Returns: DataFrame, a row per comparison and class, ALL first: compared_with, image_class,
             images, explained and explained_error (R^2 about class means), correlation, cosine
             (mean), cosine_low (5 % quantile), and what class_mean, twin and network decide of the
             differences between images (of ALL, against the twins alone; else NaN).
    """
    rows = []
    for kind, members in twins.groupby("compared_with", sort=False):
        rows.append(_row(kind, ALL, members) | _account(kind, members))
        rows += [_row(kind, name, own) for name, own in members.groupby("image_class", sort=False)]
    return pd.DataFrame(rows)


def _row(kind, name, members):
    share, found = explained(members), cosines(members)
    return dict(
        compared_with=kind,
        image_class=name,
        images=len(members),
        explained=share.value,
        explained_error=share.error,
        correlation=correlation(members),
        cosine=np.mean(found),
        cosine_low=np.quantile(found, LOW),
    )


def _account(kind, members):
    if kind != "twin":
        return {}
    found = account(members)
    return dict(class_mean=found.class_mean, twin=found.twin, network=found.network)


def of_all(summary, kind):
    """The row of all classes of one comparison; None where it was not made."""
    rows = summary[(summary["compared_with"] == kind) & (summary["image_class"] == ALL)]
    return rows.iloc[0] if len(rows) else None
