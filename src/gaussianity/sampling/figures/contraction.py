"""Figure "contraction": where the sampler's steps expand, and that falling norms do not tell.

Theorem 2 of Ghane et al. (2025), arXiv 2501.07741, wants steps that are 1-Lipschitz; the paper's
figure 9 shows norms.
"""

import numpy as np
import pandas as pd
import seaborn as sns

from gaussianity.drawing import style

EXPANDS = 1 + 1e-5  # more than 1 by more than what a network in float32 rounds
GREW, STRETCHED = style.ORANGE, style.BLUE


def table(steps):
    """What the steps do, per class and step, "all" for all classes.

    Args:    steps - DataFrame of the contraction tables: a row per image and step.
    Returns: DataFrame with image_class, step, sigma, images, share_expands (local Lipschitz
             constant above 1), share_grew (norm), share_both (norm not grown, and yet expanding);
             of the constant median, q05, q95 and most; residual, its largest; closed_form, NaN
             where there is none; singular_1, ..., medians.
    """
    judged = steps.assign(
        share_expands=steps["lipschitz"] > EXPANDS,
        share_grew=steps["norm_ratio"] > 1,
        share_both=(steps["lipschitz"] > EXPANDS) & ~(steps["norm_ratio"] > 1),
    )
    both = pd.concat([judged, judged.assign(image_class="all")])
    grouped = both.groupby(["image_class", "step", "sigma"], sort=False)
    constant = grouped["lipschitz"]
    summary = pd.DataFrame(
        dict(
            images=grouped.size(),
            **{name: grouped[name].mean() for name in judged if name.startswith("share_")},
            median=constant.median(),
            q05=constant.quantile(0.05),
            q95=constant.quantile(0.95),
            most=constant.max(),
            residual=grouped["lipschitz_residual"].max(),
            closed_form=grouped["closed_form"].max(),
            **{name: grouped[name].median() for name in _ranks(steps)},
        )
    )
    return summary.reset_index()


def _ranks(frame):
    """Columns of singular values, in order."""
    return sorted(
        (name for name in frame if name.startswith("singular_") and name[9:].isdigit()),
        key=lambda name: int(name[9:]),
    )


def headline(summary):
    """Where the sampler expands, in one sentence."""
    overall = summary[summary["image_class"] == "all"]
    measured = int(overall["images"].sum())
    expanding = overall[overall["share_expands"] > 0]
    largest = overall.loc[overall["most"].idxmax()]
    at = rf"{largest['most']:.4g} at $\sigma$ = {largest['sigma']:.2g}"
    if expanding.empty:
        if largest["most"] > 0.9995:  # which would be printed as 1
            at = "close to 1"
        return f"No step of the {measured} measured expands; largest local Lipschitz constant {at}"
    share = 100 * np.average(overall["share_expands"], weights=overall["images"])
    low, high = expanding["sigma"].min(), expanding["sigma"].max()
    where = rf"$\sigma$ from {high:.2g} to {low:.2g}" if low < high else rf"$\sigma$ = {low:.2g}"
    return f"{share:.3g} % of {measured} steps expand: at {where}, up to {at}"


def draw(summary):
    """Local Lipschitz constant, shares of growing norms and of expanding steps, singular values.

    Args:    summary - see `table`.
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
    ranks = _ranks(overall)
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
