"""Figure "generalisation": scores of a U-Net's samples against the number of training samples.

As figure 5 of Wang et al. (2024), arXiv 2409.02426, with further scores.
"""

import itertools

import pandas as pd
import seaborn as sns

from gaussianity.drawing import style

MARKERS = "osD^vP"
FRESH = dict(color="black", linewidth=0.8)
DEVIATIONS = 1.96  # standard errors on either side of a 95 % interval
BESIDE = {  # further scores of the mixtures: name, label, dashes
    "gl_inside": ("GL of the samples' parts in the subspaces", "-."),
    "distance_ratio": ("ratio of distances to the training samples", ":"),
    "gl_copies": ("GL of copies", "--"),
}
SCORES = {  # scores of the images: name, label, marker
    "gl": ("GL, ratio of distances among themselves", "o"),
    "distance_ratio": ("ratio of distances to the training images", "s"),
    "novel_share": ("share that is no copy", "D"),
    "unlike_share": ("share unlike any by the copy detector", "^"),
}


def table(mixture, images=None):
    """The scores of both panels in one table.

    Args:    mixture - DataFrame of the rule mixture_generalisation; images - of the rule
             image_generalisation, or None.
    Returns: DataFrame with data (mixture or images), dimension, samples, per_dimension (N/d; empty
             for images), steps, and the scores.
    """
    parts = [mixture.assign(data="mixture", per_dimension=mixture.samples / mixture.dimension)]
    if images is not None:
        parts.append(images.rename(columns=dict(images="samples")).assign(data="images"))
    first = ["data", "dimension", "samples", "per_dimension", "steps"]
    joined = pd.concat(parts, ignore_index=True).dropna(axis=1, how="all")
    return joined[first + [name for name in joined if name not in first]]


def headline(summary):
    """GL at the smallest and at the largest number of training samples, and whether it is the same
    for all dimensions there, in up to three lines."""
    mixtures = summary[summary["data"] == "mixture"]
    found = mixtures.pivot(index="per_dimension", columns="dimension", values=["gl", "gl_inside"])
    first, last = (
        f"{_listed(row['gl'])} (in the subspaces {_listed(row['gl_inside'])})"
        for _, row in found.iloc[[0, -1]].iterrows()
    )
    dimensions = ", ".join(f"{d:g}" for d in found["gl"].columns)
    said = (
        f"GL on mixtures of d = {dimensions} (fresh samples: 1): {first}\nat {found.index[0]:g} "
        f"training samples per dimension, {last} at {found.index[-1]:g}"
    )
    if len(found["gl"].columns) < 2:
        return said
    largest = mixtures[mixtures["per_dimension"] == found.index[-1]]
    return (
        f"{said}. There the dimensions differ by\nup to {spread(largest, 'gl'):.1f} standard "
        f"errors (in the subspaces {spread(largest, 'gl_inside'):.1f})"
    )


def spread(rows, name):
    """The largest difference of a score between two rows, over its standard error."""
    pairs = itertools.combinations(rows[[name, f"{name}_error"]].to_numpy(), 2)
    return max(abs(a - b) / (e**2 + f**2) ** 0.5 for (a, e), (b, f) in pairs)


def _listed(values):
    return ", ".join(f"{value:.2f}" for value in values)


def bars(found, name):
    """Lengths of a score's 95 % interval below and above it: exact for shares, DEVIATIONS standard
    errors for the other scores."""
    if f"{name}_low" in found:
        return [found[name] - found[f"{name}_low"], found[f"{name}_high"] - found[name]]
    return DEVIATIONS * found[f"{name}_error"]


def draw(summary, space="pixels"):
    """(a) scores of mixtures against N/d, (b) scores of images against the training images.

    Args:    summary - see `table`; space - of the images' distances. Returns: Figure.
    """
    images = summary[summary["data"] == "images"]
    with style.theme():
        figure, axes = style.grid(1, 2 if len(images) else 1, height=5.2)
        _mixtures(axes[0, 0], summary[summary["data"] == "mixture"])
        if len(images):
            _images(axes[0, 1], images, space)
        for panel in axes[0]:
            panel.axhline(1, **FRESH)
            panel.axhline(0, **FRESH)
            panel.set_ylabel("score")
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _mixtures(panel, found):
    colours = sns.color_palette("colorblind", found["dimension"].nunique())
    for i, (dimension, rows) in enumerate(found.groupby("dimension")):
        look = dict(color=colours[i], marker=MARKERS[i % len(MARKERS)])
        panel.errorbar(
            rows["per_dimension"],
            rows["gl"],
            bars(rows, "gl"),
            capsize=3,
            markersize=5,
            label=f"GL, d = {dimension:.0f}",
            **look,
        )
        for name, (_, dashes) in BESIDE.items():
            panel.plot(rows["per_dimension"], rows[name], color=colours[i], linestyle=dashes)
    for label, dashes in BESIDE.values():
        panel.plot([], [], color="black", linestyle=dashes, label=label)
    _ticks(panel, sorted(found["per_dimension"].unique()))
    panel.set_xlabel("N/d, training samples per subspace over its dimension")
    panel.set_title("(a) mixtures of low-rank Gaussians: GL")
    panel.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def _images(panel, found, space):
    colours = sns.color_palette("colorblind", len(SCORES))
    for colour, (name, (label, marker)) in zip(colours, SCORES.items(), strict=True):
        if name in found and found[name].notna().all():
            panel.errorbar(
                found["samples"],
                found[name],
                bars(found, name),
                capsize=3,
                markersize=5,
                color=colour,
                marker=marker,
                label=label,
            )
    panel.plot(
        found["samples"], found["gl_copies"], color="grey", linestyle="--", label="GL of copies"
    )
    _ticks(panel, found["samples"])
    panel.set_xlabel("images trained on")
    panel.set_title(f"(b) images of the dataset: scores in {space}")
    panel.legend(fontsize=9, loc="upper center", bbox_to_anchor=(0.5, -0.16))


def _ticks(panel, values):
    panel.set_xscale("log")
    panel.set_xticks(list(values), [f"{value:g}" for value in values])
    panel.minorticks_off()
