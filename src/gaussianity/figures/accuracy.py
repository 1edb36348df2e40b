"""Figure "accuracy": test accuracy against training size, each source with its Gaussian data.

Figures 5 and 7 of Ghane et al. (2025), arXiv 2501.07741.
"""

import pandas as pd

from gaussianity.figures import style

LOSS_NAMES = {
    "mse": "mean squared error",
    "cross_entropy": "cross-entropy",
    "least_squares": "least squares",
    "two_layer": "two-layer network",
}


def table(scores):
    """Test accuracy over seeds, and what a source has over its Gaussian data.

    Args:    scores - DataFrame with subset, loss, origin, seed, train_size, test_accuracy and
             test_images.
    Returns: DataFrame, a row per subset, loss, origin and train_size: mean and std over seeds,
             seeds, gap, the mean over seeds of source less Gaussian accuracy, and gap_error, its
             standard error: over seeds, and of two test sets of `test_images` (binomial, not
             divided by the seeds, since these share one pool of images).
    """
    keys = ["subset", "loss", "origin", "train_size"]
    grouped = scores.groupby(keys, sort=False)["test_accuracy"]
    summary = grouped.agg(["mean", "std", "count"]).rename(columns={"count": "seeds"})
    scores = scores.assign(source=scores["origin"].str.removesuffix("-gaussian"))
    gaussian = scores["origin"] != scores["source"]
    pair_keys = ["subset", "loss", "source", "train_size", "seed"]
    pairs = pd.concat(
        [
            scores[~gaussian].set_index(pair_keys)["test_accuracy"].rename("of_source"),
            scores[gaussian].set_index(pair_keys)["test_accuracy"].rename("of_gaussian"),
        ],
        axis=1,
    )
    difference = (pairs["of_source"] - pairs["of_gaussian"]).groupby(level=pair_keys[:-1])
    tested = scores[~gaussian].set_index(pair_keys)["test_images"]
    variance = sum(p * (1 - p) for _, p in pairs.items()) / tested
    finite_test = variance.groupby(level=pair_keys[:-1]).mean()
    error = (difference.sem().fillna(0) ** 2 + finite_test) ** 0.5
    gaps = pd.DataFrame({"gap": difference.mean(), "gap_error": error}).reset_index()
    summary = summary.reset_index()
    summary["source"] = summary["origin"].str.removesuffix("-gaussian")
    return summary.merge(gaps, on=pair_keys[:-1], how="left").drop(columns="source")


def draw(summary):
    """A row per subset, a column per loss: mean with a band of one standard deviation.

    Args:    summary - see `table`. Returns: Figure.
    """
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
