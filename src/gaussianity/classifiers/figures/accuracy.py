"""Figure "accuracy": test accuracy against training size, each source with its Gaussian data.

It corresponds to figures 5 and 7 of Ghane et al. (2025), arXiv 2501.07741. The figure "verdict" has
the difference and its interval.
"""

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.drawing import style


def draw(summary):
    """A row per subset, a column per loss: mean with a band of one standard deviation.

    Classifiers of mixed images are not drawn: the figure "verdict" compares them with the images.

    Args:    summary - see `measured_accuracy.over_seeds`. Returns: Figure.
    """
    summary = summary[~summary["origin"].str.endswith("-mixed")]
    losses, subsets = summary["loss"].unique(), summary["subset"].unique()
    with style.theme():
        figure, axes = style.grid(len(subsets), len(losses), sharex=True)
        for row, subset in zip(axes, subsets, strict=True):
            for panel, loss in zip(row, losses, strict=True):
                chosen = summary[(summary["loss"] == loss) & (summary["subset"] == subset)]
                _panel(panel, chosen)
                panel.set_title(f"{subset}: {LOSS_NAMES[loss]}")
            row[0].set_ylabel("test accuracy")
        for panel in axes[-1]:
            panel.set_xlabel("training images per class")
        style.shared_legend(figure, axes.flat)
    return figure


def _panel(panel, chosen):
    for origin, line in chosen.groupby("origin", sort=False):
        line = line.sort_values("train_size")
        look = style.line_style(origin)
        panel.plot(line["train_size"], line["mean"], markersize=4, **look, **style.marker(origin))
        band = line["std"].fillna(0)
        low, high = line["mean"] - band, line["mean"] + band
        panel.fill_between(line["train_size"], low, high, color=look["color"], alpha=0.18, lw=0)
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
