"""Summary of the local Lipschitz constants of the sampler's steps, per class and step."""

import numpy as np
import pandas as pd

EXPANDS = 1 + 1e-5  # constants above 1 by less can be rounding errors of a network in float32


def contraction_summary(steps):
    """Shares of expanding steps and quantiles of the constants, per class and step.

    Args:    steps - DataFrame of contraction.measure_contraction with image_class and closed_form,
             a row per image and step.
    Returns: DataFrame with image_class ("all" for all classes), step, sigma, images, share_expands
             (local Lipschitz constant above 1), share_grew (norm grew), share_both (the constant is
             above 1, but the norm did not grow); median, q05, q95 and most of the constant; the
             largest residual; closed_form, NaN if there is none; singular_1, ..., medians.
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
            **{name: grouped[name].median() for name in rank_columns(steps)},
        )
    )
    return summary.reset_index()


def rank_columns(frame):
    """Columns of singular values, in the order of their rank."""
    return sorted(
        (name for name in frame if name.startswith("singular_") and name[9:].isdigit()),
        key=lambda name: int(name[9:]),
    )


def headline(summary):
    """The share of expanding steps and their noise levels, in one sentence."""
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
