"""Figure "verdict": the excess of accuracy on each source with its interval.

The verdict and its table are in `gaussianity.universality.verdict.verdict`.
"""

import numpy as np

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.drawing import style
from gaussianity.universality.verdict.verdict import at_largest_size


def draw(verdicts, margin):
    """A row per subset, a column per loss: the excess with its interval. Primary cells are filled.

    The vertical range is that of the largest training sizes, on which the verdict is. The intervals
    of smaller sizes can extend beyond it.

    Args:    verdicts - see `verdict.table`; margin - see there, drawn as a band. Returns: Figure.
    """
    losses, subsets = verdicts["loss"].unique(), verdicts["subset"].unique()
    ends = at_largest_size(verdicts)[["low", "high", "excess"]].abs()
    reach = np.nanmax([2 * margin, 1.15 * ends.where(np.isfinite(ends)).max(axis=None)])
    with style.theme():
        figure, axes = style.grid(len(subsets), len(losses), sharex=True, sharey=True)
        axes[0, 0].set_ylim(-reach, reach)
        for row, subset in zip(axes, subsets, strict=True):
            for panel, loss in zip(row, losses, strict=True):
                chosen = verdicts[(verdicts["loss"] == loss) & (verdicts["subset"] == subset)]
                _panel(panel, chosen, margin)
                panel.set_title(f"{subset}: {LOSS_NAMES[loss]}")
            row[0].set_ylabel("excess of accuracy")
        for panel in axes[-1]:
            panel.set_xlabel("training images per class")
        style.shared_legend(figure, axes.flat, columns=5)
    return figure


def _panel(panel, chosen, margin):
    panel.axhspan(
        -margin, margin, facecolor="0.88", edgecolor=style.GREY, label=f"margin {margin:g}"
    )
    panel.axhline(0, color="black", linewidth=0.8)
    for number, (source, cells) in enumerate(chosen.groupby("source", sort=False)):
        shifted = cells["train_size"] * 1.08**number  # beside, not over, one another
        look = dict(color=style.COLOURS[source], marker=style.marker(source)["marker"])
        panel.errorbar(
            shifted,
            cells["excess"],
            yerr=[cells["excess"] - cells["low"], cells["high"] - cells["excess"]],
            capsize=2,
            linewidth=1.2,
            markersize=4,
            markerfacecolor="white",
            label=source,
            **look,
        )
        primary = cells["primary"]
        if primary.any():
            place = shifted[primary], cells["excess"][primary]
            panel.plot(*place, ls="", ms=6, zorder=5, label=f"{source}: primary cell", **look)
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
