"""Figure "predicted_accuracy": accuracy of least squares, predicted and measured.

The prediction uses the mean and covariance of the classes of a source alone. It agrees with the
Gaussian data if the theory holds, and with the source if its images are as good as Gaussian.
"""

from gaussianity.drawing import style


def draw(summary):
    """A row per subset, a column per source: the prediction as a line, measurements as points.

    The bars are one standard deviation.

    Args:    summary - see `measured_accuracy.against_prediction`. Returns: Figure.
    """
    subsets, sources = summary["subset"].unique(), summary["source"].unique()
    with style.theme():
        figure, axes = style.grid(len(subsets), len(sources), sharey="row")
        for row, subset in zip(axes, subsets, strict=True):
            for panel, source in zip(row, sources, strict=True):
                chosen = (summary["subset"] == subset) & (summary["source"] == source)
                _panel(panel, summary[chosen])
                panel.set_title(f"{subset}: {style.label(source)}")
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
        shifted = points["train_size"] * (0.97, 1.03)[place]  # without overlap of bars
        bars = points["std"].fillna(0)
        panel.errorbar(shifted, points["mean"], bars, markersize=5, elinewidth=1, **look)
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
