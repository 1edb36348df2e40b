"""Figure "linear_split": a denoiser as Wiener filter, another linear filter, and the rest.

Source: Li, Dai and Qu (2024) fit a linear map to a denoiser. The exact denoiser of any distribution
has the Wiener filter as its fit, so that linearity is the residual of the fit and not its matrix.
"""

import numpy as np

from gaussianity.drawing import style
from gaussianity.drawing.sentence import sentence

PARTS = {
    "wiener": (style.BLUE, "Wiener filter of mean and covariance"),
    "other": (style.ORANGE, "linear, but another filter"),
    "nonlinear": (style.LIGHT_GREY, "not linear"),
}


def draw(summary, reason):
    """(a) shares of the three parts; (b) energy of the fit beside the principal directions.

    Args:    summary - of `split_summary`; reason - of `reasons`. Returns: Figure.
    """
    if not len(summary):
        return sentence(f"The split is left out. {reason}")
    with style.theme():
        figure, axes = style.grid(1, 2, height=4.0)
        shares, beside = axes[0]
        _shares(shares, summary)
        beside.plot(
            summary["sigma"],
            summary["off_diagonal"],
            color=style.BLUE,
            marker="o",
            markersize=4,
            label="fit",
        )
        beside.plot(
            summary["sigma"],
            summary["floor"],
            color="black",
            linestyle=":",
            label="noise of the fit",
        )
        beside.set_yscale("log")
        beside.set_ylabel("energy off the diagonal / Wiener filter")
        beside.set_title("(b) the fit beside the principal directions")
        beside.legend(fontsize=8)
        for panel in axes[0]:
            panel.set_xlabel(r"noise level $\sigma$")
            style.log_axis(panel)
            panel.set_xlim(summary["sigma"].max(), summary["sigma"].min())
    return figure


def _shares(panel, summary):
    """Parts stacked between 0 and 1, and the line of the Wiener filter's share."""
    ends = np.zeros(len(summary))
    for name, (colour, said) in PARTS.items():
        top = np.clip(ends + summary[name], 0, 1)
        panel.fill_between(summary["sigma"], ends, top, color=colour, linewidth=0, label=said)
        ends = top
    panel.plot(
        summary["sigma"],
        summary["wiener"].clip(-1),
        color="black",
        marker="o",
        markersize=4,
        label="share of the Wiener filter (cut at -1)",
    )
    panel.axhline(0, color="black", linewidth=0.8)
    panel.set_ylim(min(0, max(-1.05, summary["wiener"].min() - 0.05)), 1)
    panel.set_ylabel("share of the denoiser's variance in a class")
    panel.set_title("(a) three parts of the denoiser")
    panel.legend(fontsize=8, loc="lower right")
