"""Figure "verdict": accuracy on a source less that on its Gaussian data, and how sure that is.

Ours, not the paper's. Gaussian data are matched to estimated moments, which alone makes the classes
easier to tell apart. So the gap of a source is held against the same gap of exactly Gaussian
images: its Gaussian data against Gaussian data matched to these ("refit").
"""

import numpy as np

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.drawing import style


def draw(verdicts, margin):
    """A row per subset, a column per loss: excess with its interval, and the bare gap.

    The vertical range is that of the largest training sizes, on which the verdict is; intervals of
    smaller ones may leave it.

    Args:    verdicts - see `table`; margin - as there, shaded. Returns: Figure.
    """
    losses, subsets = verdicts["loss"].unique(), verdicts["subset"].unique()
    largest = verdicts.groupby(["subset", "loss", "source"])["train_size"].transform("max")
    ends = verdicts.loc[verdicts["train_size"] == largest, ["low", "high", "gap"]].abs()
    reach = max(2 * margin, 1.15 * ends.where(np.isfinite(ends)).max(axis=None))
    with style.theme():
        figure, axes = style.grid(len(subsets), len(losses), sharex=True, sharey=True)
        axes[0, 0].set_ylim(-reach, reach)
        for row, subset in zip(axes, subsets, strict=True):
            for panel, loss in zip(row, losses, strict=True):
                chosen = verdicts[(verdicts["loss"] == loss) & (verdicts["subset"] == subset)]
                _panel(panel, chosen, margin)
                panel.set_title(f"{subset}: {LOSS_NAMES[loss]}")
            row[0].set_ylabel("difference of accuracy")
        for panel in axes[-1]:
            panel.set_xlabel("training images per class")
        style.shared_legend(figure, axes.flat, columns=5)
    return figure


def _panel(panel, chosen, margin):
    panel.axhspan(
        -margin, margin, facecolor="0.88", edgecolor=style.GREY, label=f"margin {margin:g}"
    )
    panel.axhline(0, color="black", linewidth=0.8)
    for place, (source, cells) in enumerate(chosen.groupby("source", sort=False)):
        shifted = cells["train_size"] * 1.08**place  # beside, not over, one another
        colour = style.COLOURS[source]
        panel.errorbar(
            shifted,
            cells["excess"],
            yerr=[cells["excess"] - cells["low"], cells["high"] - cells["excess"]],
            color=colour,
            capsize=2,
            linewidth=1.2,
            label=f"{source}: gap less control",
            **(style.marker(source) | dict(markersize=4)),
        )
        panel.plot(shifted, cells["gap"], color=colour, lw=0.9, ls=":", label=f"{source}: bare gap")
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
