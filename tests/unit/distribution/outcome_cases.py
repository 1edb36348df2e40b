"""Rows of tables of normality, made up, for the decision and its sentences."""

import pandas as pd

RULE = dict(level=0.05, distance_margin=0.05, accuracy_margin=0.05)
FOUND = dict(
    **dict(images=2560, repeated=0, directions=57, p_value=0.001, marked=50, most_departing=50),
    **dict(distance=0.094, distance_low=0.09, distance_high=0.099),
    **dict(accuracy=0.938, accuracy_low=0.933, accuracy_high=0.943),
    **dict(beyond=0.618, beyond_low=0.613, beyond_high=0.623, needed=185.0),
    covariance_error=float("nan"),
)
CLOSE = FOUND | dict(
    **dict(p_value=0.4, marked=0, distance=0.01, distance_low=0.0, distance_high=0.021),
    **dict(accuracy=0.5, accuracy_low=0.49, accuracy_high=0.51, needed=float("nan")),
)
FEW = CLOSE | dict(images=174, distance_high=0.06, accuracy_high=0.54)
KNOWN = pd.DataFrame(
    [
        dict(alternative=name, images=images, sets=100, rejected=rejected)
        for name, images, rejected in [
            ("two_modes", 174, 0.2),
            ("two_modes_tenth", 174, 0.05),
            ("two_modes", 2560, 1.0),
            ("two_modes_tenth", 2560, 1.0),
            ("two_modes", 1000, 1.0),
            ("two_modes_tenth", 1000, 0.6),
        ]
    ]
)


def table(*classes, source="diffusion", control=0.5, clipped=None):
    """A table with a row of images and one of Gaussian data per class, and of clipped ones.

    Args:    classes - dicts of a row of images; control - p value of the Gaussian data; clipped -
             covariance error of clipped Gaussian data, None where there are none.
    """
    rows = []
    for number, given in enumerate(classes):
        labels = dict(source=source, image_class=str(number))
        rows.append(labels | dict(kind="images") | given)
        rows.append(labels | dict(kind="gaussian") | given | dict(p_value=control))
        if clipped is not None:
            error = dict(p_value=float("nan"), covariance_error=clipped)
            rows.append(labels | dict(kind="clipped") | given | error)
    return pd.DataFrame(rows)
