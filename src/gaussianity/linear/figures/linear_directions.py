"""Figure "linear_directions": how much of the images their twins explain, by direction and class.

Source: Wang and Vastola (2024) for the twin of an image.
"""

import numpy as np

from gaussianity.drawing import style
from gaussianity.linear.classes import COPIED, MIXED, TWIN, WRONG
from gaussianity.linear.measures import CONFIDENCE
from gaussianity.linear.twin_summary import ALL

LOOKS = {
    TWIN: (style.BLUE, "o", "Gaussian twin"),
    COPIED: (style.VERMILION, "s", "copy (exact empirical score)"),
    WRONG: (style.ORANGE, "^", "twin of another class"),
    MIXED: (style.GREY, "x", "twin of another seed"),
}


def table(directions):
    """Agreement along each principal direction over classes.

    Args:    directions - table of `classes.direction_table`.
    Returns: DataFrame: rank, classes, correlation and explained (medians over classes), their ends
             over classes as correlation_low, ... .
    """
    groups = directions.groupby("rank")
    found = groups[["correlation", "explained"]].median()
    for name in ("correlation", "explained"):
        found[f"{name}_low"], found[f"{name}_high"] = groups[name].min(), groups[name].max()
    found.insert(0, "classes", groups["image_class"].nunique())
    return found.reset_index()


def draw(directions, twins):
    """(a) agreement along principal directions; (b) R^2 of each class, and of the controls.

    Args:    directions - of `table`; twins - of `twin_summary`. Returns: Figure.
    """
    with style.theme():
        figure, axes = style.grid(1, 2, height=4.0)
        along, classes = axes[0]
        for name, colour, said in (
            ("correlation", style.GREEN, "correlation"),
            ("explained", style.BLUE, r"$R^2$"),
        ):
            along.plot(directions["rank"], directions[name], color=colour, label=said)
            along.fill_between(
                directions["rank"],
                directions[f"{name}_low"].clip(-1),
                directions[f"{name}_high"],
                color=colour,
                alpha=0.2,
                linewidth=0,
            )
        along.axhline(0, color="black", linewidth=0.8)
        along.set_ylim(max(-1.05, directions["explained_low"].min() - 0.05), 1.05)
        along.set_xlabel("principal direction of the class")
        along.set_ylabel("image and twin, median and range of classes")
        along.set_title("(a) along principal directions")
        along.legend(fontsize=8, loc="lower left")
        _classes(classes, twins)
    return figure


def _classes(panel, twins):
    """R^2 of each comparison, a column per class."""
    names = [name for name in twins["image_class"].unique() if name != ALL]
    kinds = [kind for kind in LOOKS if kind in set(twins["compared_with"])]
    for number, kind in enumerate(kinds):
        colour, marker, said = LOOKS[kind]
        rows = twins[(twins["compared_with"] == kind) & (twins["image_class"] != ALL)]
        places = np.arange(len(names)) + (number - (len(kinds) - 1) / 2) * 0.15
        panel.errorbar(
            places,
            rows["explained"].clip(-2),
            yerr=CONFIDENCE * rows["explained_error"],
            color=colour,
            marker=marker,
            markersize=4,
            linestyle="none",
            linewidth=1,
            label=said,
        )
    panel.axhline(0, color="black", linewidth=0.8)
    long = max(map(len, names)) * len(names) > 40
    panel.set_xticks(range(len(names)), names, rotation=60 if long else 0)
    panel.set_xlabel("class")
    panel.set_ylabel(r"$R^2$ of the images (cut at -2)")
    panel.set_ylim(-2.1, 1.1)
    panel.set_title("(b) what explains an image")
    panel.legend(fontsize=8, loc="lower left", ncols=2)
