"""Figure "linear_locality": the weights with which a denoiser's fit and the Wiener filter read."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.drawing.sentence import sentence
from gaussianity.linear.filter_summary import headline, levels

SHOWN = 5  # noise levels whose rows are drawn
FILTERS = {"fitted": "fit of the denoiser", "wiener": "Wiener filter"}


def draw(table, filters, image_shape, reason):
    """The rows of both filters at one pixel for several noise levels, their radii, correlation.

    Args:    table - of `filter_summary.filter_table`; filters - as there; image_shape - (C, H, W);
             reason - why a class has no fit, in words; empty where all have one.
    Returns: Figure.
    """
    with style.theme():
        if table.empty:
            return sentence(f"No filter was fitted: {reason}.")
        chosen = np.unique(np.linspace(0, len(filters["sigmas"]) - 1, SHOWN).round().astype(int))
        top = "".join(letter * 2 for letter in "abcde"[: len(chosen)])
        bottom = "".join(letter * 2 for letter in "fghij"[: len(chosen)])
        half, pixel = len(chosen), min(1, len(filters["pixels"]) - 1)
        last = "y" * half + "z" * half
        figure, axes = style.mosaic([top, bottom, last], [1.9, 1.9, 2.8])
        for column, number in enumerate(chosen):
            _rows(
                [axes["abcde"[column]], axes["fghij"[column]]],
                [filters[name][0, number, pixel] for name in FILTERS],
                image_shape,
            )
            axes["abcde"[column]].set_title(rf"$\sigma$ = {filters['sigmas'][number]:g}")
        for letter, label in zip("af", FILTERS.values(), strict=True):
            axes[letter].set_ylabel(label)
        _radii(axes["y"], table)
        _correlations(axes["z"], table)
        figure.suptitle(headline(table), fontsize=11)
    return figure


def _rows(panels, rows, image_shape):
    """Two rows of weights as images with one scale of colours, white at 0."""
    weights = [_of_first_channel(row, image_shape) for row in rows]
    largest = max(np.abs(image).max() for image in weights)
    for panel, image in zip(panels, weights, strict=True):
        panel.imshow(image, cmap="RdBu_r", vmin=-largest, vmax=largest, interpolation="nearest")
        panel.set(xticks=[], yticks=[])
        panel.grid(False)


def _of_first_channel(row, image_shape):
    """Weights of the first channel, to which the pixel belongs: (H, W)."""
    return np.reshape(row, image_shape)[0]


def _radii(panel, table):
    means, each = levels(table), table.groupby(["sigma", "image_class"])
    for column, colour, dash, label in (
        ("radius", style.BLUE, "-", FILTERS["fitted"]),
        ("wiener_radius", style.VERMILION, "--", FILTERS["wiener"]),
    ):
        of = each[column].mean().groupby("sigma")
        panel.fill_between(means.index, of.min(), of.max(), color=colour, alpha=0.15)
        panel.plot(
            means.index, means[column], color=colour, linestyle=dash, marker=".", label=label
        )
    style.log_axis(panel)
    panel.set_ylim(bottom=0)
    panel.set_xlabel(r"noise level $\sigma$")
    panel.set_ylabel("rms radius, pixels")
    panel.set_title("size of the rows, mean and range of the classes")
    panel.legend()


def _correlations(panel, table):
    means = levels(table)
    of = table.groupby(["sigma", "image_class"])["correlation"].mean().groupby("sigma")
    panel.fill_between(means.index, of.min(), of.max(), color=style.GREEN, alpha=0.2)
    panel.plot(means.index, means["correlation"], color=style.GREEN, marker=".")
    style.log_axis(panel)
    panel.set_ylim(min(0, of.min().min()), 1.02)
    panel.set_xlabel(r"noise level $\sigma$")
    panel.set_ylabel("correlation of the two rows")
    panel.set_title("agreement of the rows")
