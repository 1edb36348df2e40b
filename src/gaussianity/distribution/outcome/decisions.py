"""Which classes are not Gaussian, which are within the margins, and what is open.

A class that is not rejected is never called Gaussian: it is within the margins only where distance
and accuracy are known to be below them.
"""

import numpy as np

from gaussianity.distribution.limits import FEWEST
from gaussianity.distribution.power.alternatives import NEEDED
from gaussianity.distribution.power.power import SHARE
from gaussianity.intervals import holm_adjusted

NOT_NORMAL, WITHIN, OPEN = "not_normal", "within", "open"
OUTCOMES = {
    NOT_NORMAL: "not Gaussian",
    WITHIN: "Gaussian within the margins",
    OPEN: "cannot tell yet",
}
# The alternatives of which a reader is told, the one that needs fewer images first, and the number
# of the direction that must be among the tested ones.
KNOWN = {
    "two_modes": ("two modes 0.8 standard deviations from the mean", 1),
    "two_modes_tenth": (
        "two modes 0.9 standard deviations from the mean of the tenth direction",
        10,
    ),
}


def decided(table, known_power, *, level, distance_margin, accuracy_margin):
    """Outcome of every class of every source.

    Args:    table - DataFrame of the rows of `class_normality` with source and image_class;
             known_power - DataFrame of the rows of `alternatives.known_power`; level - of all
             classes of a source together; distance_margin - share of the root mean square distance
             from the mean; accuracy_margin - above 1/2.
    Returns: the table with p_holm (corrected for the classes) and study_p (of all classes) of
             images and Gaussian data, and of the images outcome, verdict and reason (may be empty).
    """
    table = table.assign(p_holm=np.nan, study_p=np.nan, outcome="", verdict="", reason="")
    for (_, kind), rows in table.groupby(["source", "kind"], sort=False):
        tested = rows.index[rows["p_value"].notna()]
        if kind == "clipped" or not len(tested):
            continue
        p_values = table.loc[tested, "p_value"]
        table.loc[tested, "p_holm"] = holm_adjusted(p_values)
        table.loc[rows.index, "study_p"] = min(1.0, len(tested) * p_values.min())
    margins = dict(level=level, distance=distance_margin, accuracy=accuracy_margin)
    for index, row in zip(table.index, table.to_dict("records"), strict=True):
        if row["kind"] == "images":
            outcome, reason = _outcome(row, known_power, margins)
            table.loc[index, ["outcome", "verdict", "reason"]] = outcome, OUTCOMES[outcome], reason
    return table


def _outcome(row, known_power, margins):
    """Outcome of a row of images, and the reason where it is open."""
    if np.isnan(row["p_value"]):
        return OPEN, _not_tested(row)
    if row["p_holm"] < margins["level"]:
        return NOT_NORMAL, ""
    above = _above(row, margins)
    if row["p_value"] >= margins["level"] and not above:
        return WITHIN, ""
    if row["p_value"] < margins["level"]:
        said = f"the departure (p = {row['p_value']:.2g} of class {row['image_class']} alone)"
        return OPEN, f"{said} is not significant with the correction for all classes"
    return OPEN, "; ".join([*above, *_would_be_found(row, known_power)])


def _not_tested(row):
    if row["images"] < FEWEST:
        return f"{row['images']} distinct images, at least {FEWEST} are needed"
    return "no direction varies more than rounding"


def _above(row, margins):
    """Which margins the class may exceed, with the upper end of the interval."""
    found = []
    if not row["distance_high"] < margins["distance"]:
        distance, margin = 100 * row["distance_high"], 100 * margins["distance"]
        found.append(
            f"the images may have to move by {distance:.1f} % of their spread to be Gaussian, and "
            f"the margin is {margin:g} %"
        )
    if not row["accuracy_high"] < 0.5 + margins["accuracy"]:
        accuracy, margin = 100 * row["accuracy_high"], 100 * (0.5 + margins["accuracy"])
        found.append(
            f"the accuracy of a small network may be {accuracy:.1f} %, and the margin is "
            f"{margin:g} %"
        )
    return found


def _would_be_found(row, known_power):
    """What so many images do not show: the first known departure that they would often miss.

    Its probability and number of images are those of a class that is tested alone.
    """
    known = known_power[known_power["images"] == row["images"]].set_index("alternative")["rejected"]
    for name, (said, direction) in KNOWN.items():
        if row["directions"] >= direction and known.get(name, 1.0) < SHARE:
            return [
                f"{said} would have been found with probability {known[name]:.2g} in a class "
                f"tested alone and need about {NEEDED[name]:,} images"
            ]
    return []
