"""Figure "comparison": which of two sources is closer to its Gaussian data, with intervals."""

import numpy as np

from gaussianity.drawing import style

LABEL = "gap of the excess; left of 0 the first source of a pair is closer, right of 0 the second"


def draw(compared):
    """A panel per subset, a line per pair of sources: the gap with its interval.

    Args:    compared - see `comparison.table`. Returns: Figure.
    """
    subsets = compared["subset"].unique()
    pairs = len(compared) // len(subsets)
    with style.theme():
        figure, panels = style.panels(
            len(subsets), 3, height=1.3 + 0.45 * pairs, sharex=True, sharey=True
        )
        for panel, subset in zip(panels, subsets, strict=True):
            _panel(panel, compared[compared["subset"] == subset])
            panel.set_title(subset)
        figure.supxlabel(LABEL, fontsize=10)
    return figure


def _panel(panel, rows):
    panel.axvline(0, color=style.BLACK, linewidth=0.8)
    for place, row in enumerate(rows.to_dict("records")):
        known = row["closer"] in (row["first"], row["second"])
        color = style.COLOURS[row["closer"]] if known else style.GREY
        if np.isfinite([row["low"], row["high"]]).all():
            panel.plot([row["low"], row["high"]], [place, place], color=color)
        panel.plot(row["gap"], place, marker="o", color=color)
    names = [f"{first} | {second}" for first, second in rows[["first", "second"]].to_numpy()]
    panel.set_yticks(range(len(rows)), names)
    panel.set_ylim(len(rows) - 0.5, -0.5)
