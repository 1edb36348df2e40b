"""Figure "normality_pictures": what is not normal in the images of a class."""

import numpy as np
import pandas as pd
from scipy.stats import norm

from gaussianity.drawing import style
from gaussianity.drawing.sentence import sentence
from gaussianity.moments.figures.eigenfaces import coloured, grey

MOST = 10  # rows
ROW, AROUND = 1.35, 0.6  # inches of a row of pictures, and of the texts above and below all
STEPS = 2  # standard deviations from the mean to the drawn ends
EDGES = np.linspace(-4, 4, 33)  # of the histograms, standard deviations
FULL = 1.0  # of the pixel map; two points of equal weight have 0.64, rare ones more
TITLES = (
    "pixels",
    f"mean - {STEPS} sd",
    "mean",
    f"mean + {STEPS} sd",
    "filter",
    "scores",
)


def table(pictures):
    """Histograms of the scores along the shown direction of each class.

    Args:    pictures - dict of (source, class) to the arrays of `class_normality`.
    Returns: DataFrame with source, image_class, rank (0 for the direction of the search), delta and
             p_value of the search, low and high end of a bin in standard deviations, share of the
             scores in it, and normal, the share of a normal distribution. Scores beyond the bins
             are in none; a class without directions has no scores.
    """
    normal = np.diff(norm.cdf(EDGES))
    parts = []
    for (source, image_class), arrays in pictures.items():
        counts, _ = np.histogram(arrays["scores"], EDGES)
        about = dict(
            source=source,
            image_class=image_class,
            rank=int(arrays["rank"]),
            delta=float(arrays["worst_delta"]),
            p_value=float(arrays["worst_p"]),
        )
        share = counts / max(1, len(arrays["scores"]))
        bins = dict(low=EDGES[:-1], high=EDGES[1:], share=share, normal=normal)
        parts.append(pd.DataFrame(about | bins))
    return pd.concat(parts, ignore_index=True)


def draw(pictures, image_shape):
    """A row per class: where pixels are not normal, the mean and its ends, the filter, the scores.

    Args:    pictures - see `table`; image_shape - (C, H, W). Returns: Figure.
    """
    shown = _shown(pictures)
    if not shown:
        return sentence("No class could be tested.")
    bins, height = table(shown), ROW + AROUND / len(shown)
    with style.theme():
        figure, axes = style.grid(
            len(shown), len(TITLES), height=height, width_ratios=[1, 1, 1, 1, 1, 2]
        )
        for row, ((source, name), arrays) in zip(axes, shown.items(), strict=True):
            amount = _images(row, arrays, image_shape)
            chosen = bins[(bins["source"] == source) & (bins["image_class"] == name)]
            _histogram(row[-1], chosen, style.COLOURS[source])
            row[0].set_ylabel(f"{source}\n{name}", fontsize=8)
            row[-1].tick_params(labelbottom=False)
        for panel, title in zip(axes[0], TITLES, strict=True):
            panel.set_title(title, fontsize=9)
        axes[-1, -1].tick_params(labelbottom=True)
        axes[-1, -1].set_xlabel("standard deviations", fontsize=8)
        _scale(axes[-1, 0], amount)
    return figure


def _shown(pictures):
    """The classes with directions, as many as fit: of all sources, or of the first one."""
    known = {key: arrays for key, arrays in pictures.items() if len(arrays["scores"])}
    if len(known) <= MOST:
        return known
    first = next(iter(known))[0]
    return dict([item for item in known.items() if item[0][0] == first][:MOST])


def _scale(panel, amount):
    """The scale of the pixel maps, below the last one."""
    bar = panel.inset_axes((0, -0.14, 1, 0.08))
    panel.figure.colorbar(amount, cax=bar, orientation="horizontal", ticks=[0, FULL / 2, FULL])
    bar.tick_params(labelsize=7, length=2, pad=1)


def _images(row, arrays, image_shape):
    """Pixel map, mean and its ends, filter. Returns: the drawn pixel map."""
    shape = tuple(image_shape)
    # The channel that is furthest from normal; NaN where all are constant.
    furthest = np.fmax.reduce(arrays["pixel_map"].reshape(shape), axis=0)
    amount = row[0].imshow(np.ma.masked_invalid(furthest), cmap="magma", vmin=0, vmax=FULL)
    row[0].set_facecolor("0.6")
    for panel, steps in zip(row[1:4], (-STEPS, 0, STEPS), strict=True):
        panel.imshow(grey((arrays["mean"] + steps * arrays["pattern"]).reshape(shape)))
    row[4].imshow(coloured(np.nan_to_num(arrays["filter"]).reshape(shape)))
    for panel in row[:5]:
        panel.set(xticks=[], yticks=[])
        panel.grid(False)
    return amount


def _histogram(panel, bins, colour):
    """Shares of the scores, and of a normal distribution."""
    edges = np.append(bins["low"], bins["high"].iloc[-1])
    panel.stairs(bins["share"], edges, fill=True, color=colour)
    middles = (bins["low"] + bins["high"]) / 2
    panel.plot(middles, bins["normal"], color="black", linewidth=1)
    rank, p_value = bins["rank"].iloc[0], bins["p_value"].iloc[0]
    said = f"direction {rank}" if rank else f"searched, p = {p_value:.2g}"
    panel.text(0.02, 0.95, said, transform=panel.transAxes, va="top", fontsize=7)
    panel.set(yticks=[], xlim=(EDGES[0], EDGES[-1]))
    panel.tick_params(labelsize=7)
    panel.set_ylim(0, 1.35 * max(bins["share"].max(), bins["normal"].max()))
