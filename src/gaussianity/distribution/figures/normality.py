"""Figure "normality": how far each class is from normal, and how well a network tells it apart."""

import numpy as np
from matplotlib.container import ErrorbarContainer

from gaussianity.distribution.outcome.class_sentences import NOT_SEPARATED
from gaussianity.drawing import style
from gaussianity.drawing.sentence import sentence

WIDTH = 0.6  # of the marks of one class; classes are 1 apart
BELOW = 0.03  # of the height of the panel, below 0, so that marks at 0 are whole
LONG = 5  # characters of the longest class name that is written horizontally


def draw(table, distance_margin, accuracy_margin):
    """Two panels with a place per class: the distance D, and accuracies of the small network.

    Args:    table - rows per source, class and kind, see `class_normality`; distance_margin,
             accuracy_margin - see `decisions.decided`; drawn as dashed lines. Returns: Figure.
    """
    if table["distance"].isna().all():
        return sentence("No class could be tested.")
    classes = list(dict.fromkeys(table["image_class"]))
    has_accuracy = table["accuracy"].notna().any()
    with style.theme():
        figure, axes = style.grid(1 + has_accuracy, 1, height=3.1, sharex=True)
        panels = axes[:, 0]
        _distances(panels[0], table, classes)
        panels[0].axhline(distance_margin, color="black", linestyle="--", linewidth=1)
        panels[0].set_ylim(bottom=-BELOW * panels[0].get_ylim()[1])
        panels[0].set_ylabel("distance $D$")
        panels[0].set_title("(a) least move to be Gaussian, in root mean square distances")
        if has_accuracy:
            _accuracies(panels[1], table, classes)
            panels[1].axhline(0.5, color="black", linewidth=0.8)
            panels[1].axhline(0.5 + accuracy_margin, color="black", linestyle="--", linewidth=1)
            panels[1].set_ylabel("accuracy of a small network")
            panels[1].set_title("(b) what a small network tells apart")
        long = max(map(len, classes)) > LONG and len(classes) > 6
        panels[-1].set_xticks(range(len(classes)), classes, rotation=90 if long else 0)
        panels[-1].set_xlim(-0.6, len(classes) - 0.4)
        for panel in panels:
            panel.grid(axis="x", visible=False)
            _legend(panel)
    return figure


def _legend(panel):
    """Beside the panel: the marks with intervals first, then the others."""
    entries = list(zip(*panel.get_legend_handles_labels(), strict=True))
    entries.sort(key=lambda entry: not isinstance(entry[0], ErrorbarContainer))
    look = dict(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=8)
    panel.legend(*zip(*entries, strict=True), **look)


def _distances(panel, table, classes):
    """D of the images, of their clipped Gaussian data and of their Gaussian data."""
    series = [
        ("images", "distance", "{}, images", dict(markersize=5)),
        ("clipped", "distance", "{}, clipped Gaussian data", dict(marker="x", markersize=4)),
        ("gaussian", "distance", "{}, Gaussian data", dict(markerfacecolor="white", markersize=4)),
    ]
    places = _places(table, classes, len(series) + 1)
    for number, (kind, column, label, look) in enumerate(series):
        _series(panel, table[table["kind"] == kind], column, places[number], label, look)
    images = table[(table["kind"] == "images") & table["frechet"].notna()]
    for source, rows in images.groupby("source", sort=False):
        at = [places[0][source, name] for name in rows["image_class"]]
        look = dict(marker="_", color=style.COLOURS[source], linestyle="", markersize=7)
        label = f"{source}, Frechet distance"
        panel.plot(at, np.sqrt(rows["frechet"].clip(lower=0)), label=label, **look)


def _accuracies(panel, table, classes):
    """Accuracies of images, and of clipped Gaussian data, against Gaussian data; and of both."""
    images = table[table["kind"] == "images"]
    clipped = table[table["kind"] == "clipped"]
    places = _places(table, classes, 3)
    _series(panel, images, "accuracy", places[0], "{}: images, Gaussian", dict(markersize=5))
    look = dict(marker="x", markersize=4)
    _series(panel, clipped, "accuracy", places[1], "{}: clipped Gaussian, Gaussian", look)
    errors = clipped.set_index(["source", "image_class"])["covariance_error"]
    found = [
        errors.get(key, np.nan) for key in zip(images["source"], images["image_class"], strict=True)
    ]
    beyond = images[np.isfinite(found)]
    apart = np.array(found)[np.isfinite(found)] <= NOT_SEPARATED
    look = dict(marker="D", markersize=4)
    label = "{}: images, clipped Gaussian"
    _series(panel, beyond[apart], "beyond", places[2], label, look)
    look = dict(look, markerfacecolor="white")
    label = "{}: the same, not separated"
    _series(panel, beyond[~apart], "beyond", places[2], label, look)


def _places(table, classes, series):
    """For each series the place on the axis of each (source, class)."""
    sources = list(dict.fromkeys(table["source"]))
    step = WIDTH / max(1, len(sources) * series - 1)
    first = -step * (len(sources) * series - 1) / 2
    return [
        {
            (source, name): position + first + step * (series * number + offset)
            for number, source in enumerate(sources)
            for position, name in enumerate(classes)
        }
        for offset in range(series)
    ]


def _series(panel, rows, column, places, label, look):
    """A mark with its interval per class, in the colour of the source."""
    rows = rows[rows[column].notna()]
    for source, chosen in rows.groupby("source", sort=False):
        value = chosen[column].to_numpy()
        ends = chosen[f"{column}_low"].to_numpy(), chosen[f"{column}_high"].to_numpy()
        reach = np.stack([value - ends[0], ends[1] - value]).clip(0)
        mark = dict(marker=style.marker(source)["marker"]) | look
        panel.errorbar(
            [places[source, name] for name in chosen["image_class"]],
            value,
            yerr=reach,
            linestyle="",
            linewidth=1,
            color=style.COLOURS[source],
            label=label.format(source),
            **mark,
        )
