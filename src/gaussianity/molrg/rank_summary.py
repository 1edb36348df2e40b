"""Summary of numerical ranks per denoiser, definition and noise level.

Figures 3 and 7 of Wang et al. (2024), arXiv 2409.02426.
"""

import pandas as pd

from gaussianity.molrg.numerical_rank import SHARES

EXACT = "exact denoiser"


def rank_summary(mixture, classes=None):
    """Quantiles of the numerical rank over the images.

    Args:    mixture - DataFrame of the rule mixture_rank; classes - DataFrame of the rule
             numerical_rank, or None.
    Returns: DataFrame with panel (mixture or study), curve (the denoiser or the class), definition,
             step, sigma, snr, images, dimension d, reference (sum of the subspaces' dimensions, NaN
             if unknown), subspace (dimension of one), median, q25, q75, least and most of the rank,
             low and high, between which all true ranks lie, and share, the median over d.
    """
    subspaces = mixture["subspaces"] * mixture["subspace_dimension"]
    steps = mixture["training_steps"]
    curve = steps.map(lambda n: f"U-Net, {n:,} training steps" if n else EXACT)
    tables = [mixture.assign(panel="mixture", curve=curve, reference=subspaces)]
    if classes is not None:
        tables.append(classes.assign(panel="study", curve="class " + classes["image_class"]))
    rows = pd.concat(tables, ignore_index=True)
    keys = ["panel", "curve", "definition", "step", "sigma", "snr"]
    grouped = rows.groupby(keys, sort=False)
    rank = grouped["rank"]
    summary = pd.DataFrame(
        dict(
            images=grouped.size(),
            dimension=grouped["dimension"].first(),
            reference=grouped["reference"].first(),
            subspace=grouped["subspace_dimension"].first(),
            median=rank.median(),
            q25=rank.quantile(0.25),
            q75=rank.quantile(0.75),
            least=rank.min(),
            most=rank.max(),
            low=grouped["low"].min(),
            high=grouped["high"].max(),
        )
    )
    return summary.assign(share=summary["median"] / summary["dimension"]).reset_index()


def headline(summary):
    """The largest rank of the exact denoiser and the least of the others, in one or two lines."""
    first = summary[summary["definition"] == next(iter(SHARES))]
    mixture = first[first["panel"] == "mixture"]
    exact = mixture[mixture["curve"] == EXACT]
    most, bound = int(exact["most"].max()), int(exact["reference"].iloc[0])
    sentence = "Exact denoiser of the mixture: rank at most"
    sentence += f" {most}, the subspaces' dimensions sum up to {bound}"
    others = first[first["curve"] != EXACT]
    least = [
        f"{rows['median'].min():g} of {rows['dimension'].iloc[0]} ({name})"
        for name, rows in others.groupby("panel", sort=False)
    ]
    if least:
        sentence += f"\nLeast median rank of the other denoisers: {', '.join(least)}"
    return sentence
