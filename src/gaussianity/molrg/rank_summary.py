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
             if unknown), subspace (dimension of one), mean, median, q25, q75, least and most of the
             rank, low and high, between which all true ranks lie, and share, the median over d.
    """
    mixture = mixture.sort_values("training_steps", kind="stable")
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
            mean=rank.mean(),
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
    """The largest rank of the exact denoiser, the least of the others, and what the length of the
    training changes, in up to three lines."""
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
    return "\n".join([sentence, *by_length(mixture[mixture["curve"] != EXACT])])


def by_length(rows):
    """The median ranks of U-Nets after each length of training, at the highest noise level and
    where the last one has its least rank: a list of one line; none for one length.

    Args:    rows - of `rank_summary`, of one definition, in the order of the lengths.
    """
    ranks = rows.pivot(index="sigma", columns="curve", values="median")
    ranks = ranks[list(dict.fromkeys(rows["curve"]))]
    if ranks.shape[1] < 2:
        return []
    levels = (ranks.index.max(), ranks.iloc[:, -1].idxmin())
    found = [f"{', '.join(f'{r:g}' for r in ranks.loc[at])} at σ = {at:.3g}" for at in levels]
    return [f"U-Nets of the mixture, shortest to longest training: {'; '.join(found)}"]
