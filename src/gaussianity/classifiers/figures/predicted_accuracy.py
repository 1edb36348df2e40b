"""Figure "predicted_accuracy": least squares as predicted from the moments, and as trained.

The prediction knows a source by the mean and covariance of its classes alone, so that it holds for
the Gaussian data if the theory does, and for the source if that is as good as Gaussian.
"""

import numpy as np

from gaussianity.drawing import style

TOLERANCE = 0.005  # of the prediction itself
ERRORS = 2  # standard errors of a measurement that count as agreement


def table(scores, predictions):
    """Measured and predicted accuracy of each origin and training size.

    Args:    scores - DataFrame with subset, origin, loss, seed, train_size, test_accuracy,
             test_images, pool and exact_accuracy (under the law of Gaussian data, NaN for a
             source); predictions - DataFrame with subset, source, train_size,
             predicted_accuracy and rows_per_direction.
    Returns: DataFrame, a row per subset, source, origin and train_size of sources and their
             Gaussian data: tested_on ("law" where the measured accuracies are exact, else
             "images"), mean and std over seeds, seeds, error (standard error of the mean; that of
             sampled ones also of a finite test set), predicted, difference (mean less predicted),
             agrees (it is at most TOLERANCE and ERRORS errors), rows_per_direction (1 at the
             interpolation threshold).
    """
    scores = scores[scores["loss"] == "least_squares"]
    source = scores["origin"].str.removesuffix("-gaussian")
    scores = scores.assign(source=source)[source.isin(predictions["source"])]
    law = scores["exact_accuracy"].notna()
    p = scores["test_accuracy"]
    scores = scores.assign(
        tested_on=np.where(law, "law", "images"),
        accuracy=scores["exact_accuracy"].fillna(p),
        variance=(p * (1 - p) / scores["test_images"]).where(~law, 0.0),
    )
    keys = ["subset", "source", "origin", "train_size", "tested_on"]
    grouped = scores.groupby(keys, sort=False)
    found = grouped["accuracy"].agg(mean="mean", std="std", seeds="count")
    over_seeds = found["std"].fillna(0) / np.sqrt(found["seeds"])
    # Test sets of one pool share images, so that more pools divide this part and more seeds do not.
    of_tests = grouped["variance"].mean() / grouped["pool"].nunique()
    found["error"] = np.sqrt(over_seeds**2 + of_tests)
    both = found.reset_index().merge(predictions, on=["subset", "source", "train_size"])
    both = both.rename(columns={"predicted_accuracy": "predicted"})
    both["difference"] = both["mean"] - both["predicted"]
    both["agrees"] = both["difference"].abs() <= TOLERANCE + ERRORS * both["error"]
    columns = ["mean", "std", "seeds", "error", "predicted", "difference", "agrees"]
    return both[[*keys, *columns, "rows_per_direction"]]


def draw(summary):
    """A row per subset, a column per source: the prediction as a line, what was measured as points
    with bars of one standard deviation.

    Args:    summary - see `table`. Returns: Figure.
    """
    subsets, sources = summary["subset"].unique(), summary["source"].unique()
    with style.theme():
        figure, axes = style.grid(len(subsets), len(sources), sharey="row")
        for row, subset in zip(axes, subsets, strict=True):
            for panel, source in zip(row, sources, strict=True):
                chosen = (summary["subset"] == subset) & (summary["source"] == source)
                _panel(panel, summary[chosen])
                panel.set_title(f"{subset}: {style.LABELS[source]}")
            row[0].set_ylabel("accuracy of least squares")
        for panel in axes[-1]:
            panel.set_xlabel("training images per class")
        style.shared_legend(figure, axes.flat)
    return figure


def _panel(panel, chosen):
    line = chosen.drop_duplicates("train_size").sort_values("train_size")
    panel.plot(line["train_size"], line["predicted"], color="black", label="predicted")
    sizes = line["train_size"]
    threshold = sizes.iloc[0] / line["rows_per_direction"].iloc[0]
    if sizes.min() <= threshold <= sizes.max():
        label = "as many images as directions"
        panel.axvline(threshold, color="grey", linestyle=":", label=label)
    for place, (origin, points) in enumerate(chosen.groupby("origin", sort=False)):
        look = style.line_style(origin) | style.marker(origin) | dict(linestyle="none")
        shifted = points["train_size"] * (0.97, 1.03)[place]  # so that bars do not cover each other
        bars = points["std"].fillna(0)
        panel.errorbar(shifted, points["mean"], bars, markersize=5, elinewidth=1, **look)
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
