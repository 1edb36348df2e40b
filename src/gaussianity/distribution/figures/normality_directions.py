"""Figure "normality_directions": the distance from normal along each principal direction."""

import itertools

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from gaussianity.drawing import style
from gaussianity.drawing.sentence import sentence

MOST = 6  # classes that are drawn
LOWEST = 1e-3  # of the drawn distances; the panels end at half of the smallest one
LOOKS = {
    "images": dict(label="images", markersize=4, linewidth=1),
    "clipped": dict(color=style.GREY, label="clipped Gaussian data", marker="x", markersize=3),
    "gaussian": dict(label="Gaussian data", linestyle="--", marker="", linewidth=1),
}


def draw(table):
    """A panel per class and source: delta against rank, both logarithmic.

    The band contains 95 % of the directions of normal images, at every rank. A direction of the
    images is filled where it is marked (Benjamini and Hochberg). The panels are of the first
    classes whose images have directions.

    Args:    table - rows per source, class, kind and rank, see `class_normality`. Returns: Figure.
    """
    table = table[table["variance"] > 0]
    shown = _shown(table[table["kind"] == "images"])
    if not shown:
        return sentence("No class could be tested.")
    ends = max(LOWEST, table["delta"].min() / 2), 1.3 * max(1, table["delta"].max())
    with style.theme():
        figure, axes = style.panels(len(shown), 3, height=2.9)
        for panel, (source, name) in zip(axes, shown, strict=True):
            chosen = table[(table["source"] == source) & (table["image_class"] == name)]
            _panel(panel, chosen, source)
            panel.set_title(f"{source}, class {name}")
            panel.set_ylim(ends)
            panel.set_xlabel("rank of the direction")
        for panel in axes[::3]:
            panel.set_ylabel(r"distance $\delta$ from N(0, 1)")
        style.shared_legend(figure, axes, columns=3)
    return figure


def _shown(images):
    """(source, class) of each panel, a row of panels per source: the first classes of `images`."""
    sources, classes = (list(dict.fromkeys(images[name])) for name in ("source", "image_class"))
    classes = classes[: max(1, MOST // max(1, len(sources)))]
    known = set(zip(images["source"], images["image_class"], strict=True))
    return [place for place in itertools.product(sources, classes) if place in known]


def _panel(panel, rows, source):
    for kind, look in reversed(LOOKS.items()):
        line = rows[rows["kind"] == kind]
        if line.empty:
            continue
        delta = line["delta"].clip(lower=LOWEST).to_numpy()
        look = dict(color=style.GAUSSIAN_COLOURS[source] if kind == "gaussian" else None) | look
        if kind == "images":
            look |= dict(color=style.COLOURS[source], marker=style.marker(source)["marker"])
            look_of_band = dict(color="0.85", linewidth=0, label="95 % of normal directions")
            panel.axhspan(LOWEST, line["band"].iloc[0], **look_of_band)
        panel.plot(line["rank"], delta, **look, markerfacecolor="white")
        if kind == "images":
            _marked(panel, line, delta, look)
    panel.set_yscale("log")
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    panel.yaxis.set_major_formatter("{x:g}")
    panel.yaxis.set_minor_locator(NullLocator())
    style.log_axis(panel)


def _marked(panel, line, delta, look):
    """Fill the significant directions, and draw the cumulative share of the variance."""
    marked = line["marked"].to_numpy(dtype=bool)
    look = dict(look, label="significant direction", linestyle="")
    panel.plot(line["rank"].to_numpy()[marked], delta[marked], **look)
    share = np.cumsum(line["share"].to_numpy())
    panel.plot(
        line["rank"],
        share,
        color="black",
        linewidth=0.8,
        linestyle=":",
        label="variance up to the rank",
    )
