"""Figure "contraction": local Lipschitz constants of the sampler's steps, beside the norms.

Theorem 2 of Ghane et al. (2025), arXiv 2501.07741, assumes steps that are 1-Lipschitz. The paper's
figure 9 shows norms.
"""

import numpy as np
import seaborn as sns

from gaussianity.drawing import style
from gaussianity.sampling.contraction_summary import headline, rank_columns

GREW, STRETCHED = style.ORANGE, style.BLUE


def draw(summary):
    """(a) local Lipschitz constants, (b) shares of expanding steps and growing norms, (c) singular
    values of the denoiser's Jacobian.

    Args:    summary - see `contraction_summary`.
    Returns: Figure.
    """
    overall = summary[summary["image_class"] == "all"]
    with style.theme():
        figure, axes = style.grid(1, 3, height=4.0)
        constants, shares, singular = axes[0]
        _constants(constants, overall, summary)
        _shares(shares, overall)
        _singular(singular, overall)
        for panel in axes[0]:
            panel.set_xscale("log")
            panel.invert_xaxis()
            panel.set_xlabel(r"noise level $\sigma_i$, from first step to last")
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _constants(panel, overall, summary):
    sigma = overall["sigma"]
    panel.fill_between(
        sigma,
        overall["q05"],
        overall["q95"],
        color=STRETCHED,
        alpha=0.25,
        linewidth=0,
        label="90 %",
    )
    panel.plot(sigma, overall["median"], color=STRETCHED, label="median")
    panel.plot(sigma, overall["most"], color=STRETCHED, linestyle=":", label="largest")
    known = overall.dropna(subset="closed_form")
    if len(known):
        panel.plot(
            known["sigma"],
            known["closed_form"],
            color="black",
            linestyle="none",
            marker="x",
            markersize=5,
            label="closed form, largest",
        )
    panel.axhline(1, color="black", linewidth=0.8)
    if overall["most"].max() > 10:
        panel.set_yscale("log")
    panel.set_ylabel("local Lipschitz constant of the step")
    images = int(overall["images"].max())
    classes = summary["image_class"].nunique() - 1
    panel.set_title(f"(a) {images} trajectories of {_counted(classes, 'class', 'classes')}")
    panel.legend(loc="best", fontsize=8)


def _counted(count, one, many):
    return f"{count} {one if count == 1 else many}"


def _shares(panel, overall):
    for name, colour, marker, label in (
        ("share_expands", STRETCHED, "o", "step expands"),
        ("share_grew", GREW, "s", "norm grew"),
    ):
        share = 100 * overall[name]
        mean = np.average(share, weights=overall["images"])
        panel.plot(
            overall["sigma"],
            share,
            color=colour,
            marker=marker,
            markersize=4,
            label=f"{label} ({mean:.3g} % of all)",
        )
    top = max(1.0, 100 * overall[["share_expands", "share_grew"]].to_numpy().max())
    panel.set_yticks([tick for tick in panel.get_yticks() if 0 <= tick <= top])
    panel.set_ylim(-0.05 * top, 1.3 * top)  # with room for the legend
    panel.set_ylabel("trajectories (%)")
    both = 100 * np.average(overall["share_both"], weights=overall["images"])
    panel.set_title(f"(b) norm falls, yet step expands: {both:.3g} %")
    panel.legend(loc="upper left", fontsize=8)


def _singular(panel, overall):
    ranks = rank_columns(overall)
    colours = sns.color_palette("viridis", len(ranks))
    for k, (name, colour) in enumerate(zip(ranks, colours, strict=True)):
        ends = k in (0, len(ranks) - 1)
        panel.plot(
            overall["sigma"],
            overall[name],
            color=colour,
            linewidth=1.2,
            label=f"rank {k + 1}" if ends else None,
        )
    panel.axhline(1, color="black", linewidth=0.8)
    panel.set_yscale("log")
    panel.set_ylabel(r"singular values of $J_D(\hat x_i)$, median")
    values = _counted(len(ranks), "leading singular value", "leading singular values")
    panel.set_title(f"(c) {values}")
    panel.legend(loc="lower right", fontsize=8)
