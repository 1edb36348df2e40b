"""Statistics of norms along the sampler: decreases per step, and quantiles.

Figure 9 and the norm-evolution figure of Ghane et al. (2025), arXiv 2501.07741.
"""

import numpy as np
import pandas as pd

NORMS = ("x_norm", "denoised_norm", "direction_norm")


def norm_decreases(trajectory):
    """Decrease of the norm in each step.

    Args:    trajectory - DataFrame with image_class, seed, step, sigma, x_norm, sorted by step
             within each seed, ending at sigma 0.
    Returns: DataFrame with image_class, seed, step, sigma (where the step starts) and decrease,
             ||x_i|| - ||x_(i+1)||, in network units.
    """
    after = trajectory.groupby(["image_class", "seed"], sort=False)["x_norm"].shift(-1)
    steps = trajectory.assign(decrease=trajectory["x_norm"] - after)
    columns = ["image_class", "seed", "step", "sigma", "decrease"]
    return steps.loc[after.notna(), columns].reset_index(drop=True)


def decrease_moments(steps):
    """Moments of the decreases of some images, from which `decrease_summary` computes those of all.

    Args:    steps - see `norm_decreases`.
    Returns: DataFrame with a row per class and step: image_class, step, sigma, images, mean,
             squares (sum of squared deviations from the mean), grew (number of images whose norm
             grew), least, most.
    """
    grouped = steps.groupby(["image_class", "step", "sigma"], sort=False)["decrease"]
    return grouped.agg(
        images="size",
        mean="mean",
        squares=lambda part: part.var(ddof=0) * len(part),
        grew=lambda part: int((part < 0).sum()),
        least="min",
        most="max",
    ).reset_index()


def decrease_summary(partials):
    """Mean, std, share of growing norms, least and largest decrease per class and step; the class
    "all" stands for all classes.

    Args:    partials - DataFrames as `decrease_moments` gives them, of disjoint sets of images.
    """
    parts = pd.concat(partials, ignore_index=True)
    both = pd.concat([parts, parts.assign(image_class="all")])
    keys = ["image_class", "step", "sigma"]
    grouped = both.groupby(keys, sort=False)
    images = grouped["images"].sum()
    both["weighted"] = both["images"] * both["mean"]
    mean = grouped["weighted"].sum() / images
    away = both["mean"].to_numpy() - mean.loc[pd.MultiIndex.from_frame(both[keys])].to_numpy()
    both["squares"] += both["images"] * away**2  # Chan, Golub and LeVeque
    spread = grouped["squares"].sum() / (images - 1).where(images > 1)
    return pd.DataFrame(
        dict(
            mean=mean,
            std=np.sqrt(spread),
            share_grew=grouped["grew"].sum() / images,
            least=grouped["least"].min(),
            most=grouped["most"].max(),
            images=images,
        )
    ).reset_index()


def norm_quantiles(trajectory, steps):
    """Quantiles of each norm at the chosen steps.

    Args:    trajectory - DataFrame with step, sigma and the columns of NORMS; steps - chosen.
    Returns: DataFrame with norm, step, sigma, and quantiles q05, q25, q50, q75, q95. The last state
             has only x_norm.
    """
    lines = []
    for name in NORMS:
        chosen = trajectory[trajectory["step"].isin(steps)].dropna(subset=name)
        for (step, sigma), part in chosen.groupby(["step", "sigma"]):
            values = np.quantile(part[name], [0.05, 0.25, 0.5, 0.75, 0.95])
            quantiles = dict(zip(["q05", "q25", "q50", "q75", "q95"], values, strict=True))
            lines.append(dict(norm=name, step=step, sigma=sigma, **quantiles))
    return pd.DataFrame(lines).sort_values(["norm", "step"], ignore_index=True)
