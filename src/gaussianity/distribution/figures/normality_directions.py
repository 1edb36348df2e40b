"""Figure "normality_directions": the distance from normal along each principal direction."""

import numpy as np

from gaussianity.drawing import style

MOST = 6  # classes that are drawn
LOWEST = 1e-3  # of the drawn distances
LOOKS = {
    "images": dict(label="images", markersize=4, linewidth=1),
    "clipped": dict(color=style.GREY, label="clipped Gaussian data", marker="x", markersize=3),
    "gaussian": dict(label="Gaussian data", linestyle="--", marker="", linewidth=1),
}


def draw(table):
    """A panel per class and source: delta against rank, both logarithmic.

    The band contains 95 % of the directions of normal images. A direction of the images is filled
    where it is marked (Benjamini and Hochberg). The panels are of the first classes.

    Args:    table - rows per source, class, kind and rank, see `class_normality`. Returns: Figure.
    """
    table = table[table["variance"] > 0]
    shown = list(dict.fromkeys(zip(table["source"], table["image_class"], strict=True)))
    sources = list(dict.fromkeys(table["source"]))
    classes = list(dict.fromkeys(table["image_class"]))[: max(1, MOST // len(sources))]
    shown = [(source, name) for source in sources for name in classes if (source, name) in shown]
    highest = 1.3 * table["delta"].max()
    with style.theme():
        figure, axes = style.panels(max(1, len(shown)), 3, height=2.9)
        for panel, (source, name) in zip(axes, shown, strict=False):
            chosen = table[(table["source"] == source) & (table["image_class"] == name)]
            _panel(panel, chosen, source)
            panel.set_title(f"{source}, class {name}")
            panel.set_ylim(LOWEST, max(1.0, highest))
            panel.set_xlabel("rank of the direction")
        for panel in axes[::3]:
            panel.set_ylabel(r"distance $\delta$ from N(0, 1)")
        style.shared_legend(figure, axes, columns=5)
    return figure


def _panel(panel, rows, source):
    for kind, look in reversed(LOOKS.items()):
        line = rows[rows["kind"] == kind]
        if line.empty:
            continue
        delta = line["delta"].clip(lower=LOWEST).to_numpy()
        look = dict(color=style.GAUSSIAN_COLOURS[source] if kind == "gaussian" else None) | look
        if kind == "images":
            look |= dict(color=style.COLOURS[source], marker=style.marker(source)["marker"])
            panel.fill_between(
                *(line["rank"], LOWEST, line["band"]),
                color="0.85",
                linewidth=0,
                label="95 % of normal directions",
            )
        panel.plot(line["rank"], delta, **look, markerfacecolor="white")
        if kind == "images":
            _marked(panel, line, delta, look)
    panel.set_yscale("log")
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
