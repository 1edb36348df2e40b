"""Figure "linear_nats": how far a denoiser is from what mean and covariance say.

The areas are Kullback-Leibler divergences: Girsanov's theorem for the reverse diffusion.
"""

import numpy as np

from gaussianity.drawing import style
from gaussianity.linear.classes import WRONG_LABEL
from gaussianity.linear.levels import FORWARD, TRAJECTORY
from gaussianity.linear.measures import CONFIDENCE
from gaussianity.linear.references import EMPIRICAL, GAUSSIAN, ISOTROPIC, MIXTURE

LOOKS = {
    ISOTROPIC: (style.GREY, "mean and one variance"),
    GAUSSIAN: (style.BLUE, "mean and covariance of the class"),
    MIXTURE: (style.GREEN, "Gaussians of all classes, no label"),
    EMPIRICAL: (style.VERMILION, "the images themselves"),
}
TITLES = {FORWARD: "(a) images with noise added", TRAJECTORY: "(b) states of the sampler"}
LOWEST = 1e-6  # share of the largest value that is drawn


def draw(summary):
    """(a), (b) nats per e-fold that each reference leaves; (c) R^2 of the Gaussian.

    Args:    summary - of `level_summary`. Returns: Figure.
    """
    with style.theme():
        figure, axes = style.grid(1, 3, height=4.2)
        top = summary["nats"].max()
        for panel, law in zip(axes[0], TITLES, strict=False):
            _nats(panel, summary[summary["law"] == law], top)
            panel.set_title(TITLES[law])
        _explained(axes[0, 2], summary)
        for panel in axes[0]:
            panel.set_xlabel(r"noise level $\sigma$")
            panel.set_xscale("log")
            panel.invert_xaxis()
        handles = [(handle, LOOKS[name][1]) for name, handle in _handles(axes[0, 0]).items()]
        figure.legend(
            *zip(*handles, strict=True), loc="outside upper center", ncols=4, frameon=False
        )
    return figure


def _nats(panel, rows, top):
    for reference, line in rows.groupby("reference", sort=False):
        colour, _ = LOOKS[reference]
        area, error = line["area"].iloc[0], line["area_error"].iloc[0]
        panel.plot(
            line["sigma"],
            line["nats"],
            color=colour,
            marker="o",
            markersize=3,
            gid=reference,
            label=f"{area:.3g} ± {CONFIDENCE * error:.2g} nats",
        )
        reach = CONFIDENCE * line["nats_error"]
        low = np.maximum(line["nats"] - reach, LOWEST * top)
        panel.fill_between(
            line["sigma"], low, line["nats"] + reach, color=colour, alpha=0.25, linewidth=0
        )
    panel.set_yscale("log")
    panel.set_ylim(max(LOWEST * top, 0.3 * rows["nats"].min()), 30 * top)
    panel.set_ylabel(r"nats per e-fold of $\sigma$")
    panel.legend(title="area", fontsize=8, title_fontsize=8, loc="upper left")


def _explained(panel, summary):
    """R^2 of the Gaussian with the right label and a wrong one, and of the score."""
    gaussian = summary[summary["reference"] == GAUSSIAN]
    lines = (
        (FORWARD, "explained", style.BLUE, "-", "denoiser, about class means"),
        (FORWARD, "overall", style.SKY_BLUE, "--", "denoiser, about the mean of all"),
        (FORWARD, "score", style.BLACK, ":", "score"),
        (WRONG_LABEL, "explained", style.ORANGE, "-", "denoiser, wrong label"),
    )
    for law, column, colour, dash, name in lines:
        rows = gaussian[gaussian["law"] == law]
        if len(rows):
            panel.plot(
                rows["sigma"], rows[column].clip(-1), color=colour, linestyle=dash, label=name
            )
    panel.axhline(0, color="black", linewidth=0.8)
    panel.set_ylim(-2.1, 1.05)  # with room for the legend
    panel.set_yticks([-1, -0.5, 0, 0.5, 1])
    panel.set_ylabel(r"$R^2$ of mean and covariance (cut at -1)")
    panel.set_title("(c) shares, each trivial at one end")
    panel.legend(fontsize=8, loc="lower left")


def _handles(panel):
    """Lines of a panel by their reference."""
    return {line.get_gid(): line for line in panel.get_lines() if line.get_gid() in LOOKS}
