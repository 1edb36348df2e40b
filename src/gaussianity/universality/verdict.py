"""The verdict on each cell: a table, and a sentence for each subset.

`paired_differences` and `decide` make the decisions, `table` collects them, and `sentences` puts
them into words. The figure "verdict" draws the table.

A cell is a subset of classes, a loss, a source and a training size. The verdict is on the excess:

    gap         = accuracy on the source - accuracy on its Gaussian data
    control gap = accuracy on the Gaussian data - accuracy on the refit
    excess      = gap - control gap

Gaussian data have estimated moments, which alone make the classes easier to distinguish. The
control gap measures this effect, because the Gaussian data and the refit are both Gaussian.
"""

import copy

import numpy as np
import pandas as pd

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.universality import equivalence

CELL = ["subset", "loss", "source", "train_size"]
# The ending of an origin's name, and the column of the accuracy on it.
ARMS = {"": "accuracy_source", "-gaussian": "accuracy_gaussian", "-refit": "accuracy_refit"}
# With fewer fitted images per pixel, exactly Gaussian images have a negative excess: see the
# figure "controls".
FEW = 2.0


def paired_differences(scores):
    """The differences of accuracy within each repetition.

    Args:    scores - DataFrame with subset, loss, origin, seed, pool, train_size, test_accuracy,
             test_images, exact_accuracy (NaN for a source).
    Returns: DataFrame, a row per cell and seed: pool, the accuracy of each of ARMS, gap,
             control_gap, excess, and test_variance, the binomial variance of the excess from the
             accuracies that are measured on test images.
    """
    found = scores["origin"].str.extract(r"^(?P<source>[^-]+)(?P<arm>.*)$")
    scores = scores.assign(source=found["source"], arm=found["arm"].map(ARMS))
    # An exact accuracy has no error of a finite test set.
    scores["accuracy"] = scores["exact_accuracy"].fillna(scores["test_accuracy"])
    keys = [*CELL, "seed"]
    wide = scores.pivot(index=keys, columns="arm", values="accuracy")
    source, gaussian, refit = (wide[name] for name in ARMS.values())
    wide["pool"] = scores[scores["arm"] == "accuracy_source"].set_index(keys)["pool"]
    wide["gap"] = source - gaussian
    wide["control_gap"] = gaussian - refit
    wide["excess"] = wide["gap"] - wide["control_gap"]
    sampled = scores["exact_accuracy"].isna()
    p = scores["test_accuracy"]
    scores["variance"] = (p * (1 - p) / scores["test_images"]).where(sampled, 0.0)
    variances = scores.pivot(index=keys, columns="arm", values="variance")
    # The excess is source - 2 gaussian + refit.
    wide["test_variance"] = variances[list(ARMS.values())] @ [1, 4, 1]
    order = scores[CELL].drop_duplicates()  # a pivot sorts the cells
    return order.merge(wide.rename_axis(columns=None).reset_index(), on=CELL)


def decide(runs, *, margin, level, generator):
    """The verdict on one cell.

    Args:    runs - rows of `paired_differences` of the cell; margin, level, generator - see
             `table`.
    Returns: dict: excess, low, high, p_equivalence, verdict, more_seeds, more_pools.
    """
    pools, confidence = runs["pool"].nunique(), 1 - 2 * level
    interval = equivalence.mean_interval(
        runs["excess"].to_numpy(),
        runs["pool"].to_numpy(),
        finite_test_variance=runs["test_variance"].mean(),
        confidence=confidence,
        generator=generator,
    )
    more = equivalence.seeds_needed(interval, len(runs), margin, confidence=confidence)
    return dict(
        excess=interval.mean,
        low=interval.low,
        high=interval.high,
        p_equivalence=equivalence.two_one_sided(interval, margin),
        verdict=equivalence.verdict_of(interval, margin),
        more_seeds=np.nan if more is None else more,
        more_pools=np.nan if more is None or pools == 1 else more * pools / len(runs),
    )


def table(scores, images_per_pixel, *, margin, level, generator):
    """The verdict on each cell, with the numbers that it rests on.

    Args:    scores - see `paired_differences`; images_per_pixel - dict of source to the number of
             images of a class in the fit, divided by the number of pixels; margin - the largest
             difference that counts as none; level - of each one-sided test; generator - NumPy
             generator of the bootstrap. Every cell starts from the same state of the generator, so
             that a cell's result does not depend on the other cells.
    Returns: DataFrame, a row per cell: mean accuracies, gap and control_gap; excess and its
             interval low to high of confidence 1 - 2 level; p_equivalence; verdict; more_seeds,
             the number of further seeds that a verdict needs (NaN where no number suffices);
             more_pools, the number of further pools for these seeds (NaN for one pool); pools;
             seeds; images_per_pixel; covers, the sources of variation in the interval, in words.
    """
    rows = []
    for cell, runs in paired_differences(scores).groupby(CELL, sort=False):
        named = dict(zip(CELL, cell, strict=True))
        pools = runs["pool"].nunique()
        rows.append(
            named
            | dict(runs[[*ARMS.values(), "gap", "control_gap"]].mean())
            | decide(runs, margin=margin, level=level, generator=copy.deepcopy(generator))
            | dict(
                pools=pools,
                seeds=len(runs),
                images_per_pixel=images_per_pixel[named["source"]],
                covers=covers(pools),
            )
        )
    return pd.DataFrame(rows)


def covers(pools):
    """The sources of variation that the interval of a number of pools covers, in words."""
    if pools > 1:
        return f"draw of the images ({pools} disjoint pools), split, initial weights, shuffling"
    return "split of one pool of images, finite test set, initial weights, shuffling"


def at_largest_size(verdicts):
    """The rows of the largest training size of each subset and source, on which the verdict is."""
    sizes = verdicts.groupby(["subset", "source"], sort=False)["train_size"]
    return verdicts[verdicts["train_size"] == sizes.transform("max")]


def sentences(verdicts, margin):
    """One sentence for each subset on its largest training sizes.

    Args:    verdicts - see `table`; margin - see `table`.
    Returns: DataFrame with subset and sentence.
    """
    rows = []
    for subset, cells in at_largest_size(verdicts).groupby("subset", sort=False):
        parts = [_on_source(*part, margin) for part in cells.groupby("source", sort=False)]
        rows.append(dict(subset=subset, sentence=f"{subset}: {'; '.join(parts)}."))
    return pd.DataFrame(rows)


def _on_source(source, cells, margin):
    """The verdicts on one source of a subset, the losses with the same verdict together."""
    clauses = [_on_losses(group, margin) for _, group in cells.groupby("verdict", sort=False)]
    size = cells["train_size"].max()
    said = f"{source}, {size} training images per class: {'; '.join(clauses)}"
    if cells["images_per_pixel"].min() < FEW:
        said += " (fitted to few images for their pixels: see the caption)"
    return said


def _on_losses(group, margin):
    """The clause on the losses with one verdict.

    Each loss has its excess beside it, unless the verdict is "universal". An inconclusive verdict
    is followed by what would decide.
    """
    verdict, names = group["verdict"].iloc[0], [LOSS_NAMES[loss] for loss in group["loss"]]
    if verdict == equivalence.UNIVERSAL:
        return f"universal within {margin:g} for {_listed(names)}"
    pairs = zip(names, group["excess"], strict=True)
    said = f"{verdict} for {_listed(f'{name} ({excess:+.3f})' for name, excess in pairs)}"
    if verdict == equivalence.INCONCLUSIVE:
        said += f", {_what_would_decide(group)}"
    return said


def _what_would_decide(group):
    several, more = group["pools"].iloc[0] > 1, group["more_seeds"].dropna()
    if group["seeds"].iloc[0] == 1:
        return "a second seed is needed to know the spread"
    if more.empty:
        return "too near to the margin to decide" if several else "more images could decide"
    least, most = int(more.min()), int(more.max())
    count = f"{least} more seed{'s' if least > 1 else ''}"
    if least < most:
        count = f"{least} to {most} more seeds"
    return f"{count} needed{' on new pools of images' if several else ''}"


def _listed(texts):
    """The texts joined: 'a', 'a and b', 'a, b and c'."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
