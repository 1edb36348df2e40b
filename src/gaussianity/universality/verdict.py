"""The verdict: is the excess of accuracy on a source within the margin?

Gaussian data are matched to estimated moments, which alone makes the classes easier to tell apart.
So the gap of a source is held against the same gap of exactly Gaussian images: its Gaussian data
against Gaussian data matched to these (the refit). The difference of both gaps is the excess.
"""

import copy

import numpy as np
import pandas as pd

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.universality import equivalence

CELL = ["subset", "loss", "source", "train_size"]
# Fitted images per pixel from which the control removes nearly all that the fit itself does
# (figure "controls"): below it exactly Gaussian images keep a negative excess.
FEW = 2.0
ARMS = {"": "accuracy_source", "-gaussian": "accuracy_gaussian", "-refit": "accuracy_refit"}


def paired_differences(scores):
    """Paired differences of each repetition.

    Args:    scores - DataFrame with subset, loss, origin, seed, pool, train_size, test_accuracy,
             test_images, exact_accuracy (NaN for a source).
    Returns: DataFrame, a row per cell (subset, loss, source, train_size) and seed: pool, accuracy
             of each of ARMS, gap (source less gaussian), control_gap (gaussian less refit), excess
             (gap less control_gap), test_variance (binomial, of the excess, from those accuracies
             that are sampled).
    """
    found = scores["origin"].str.extract(r"^(?P<source>[^-]+)(?P<arm>.*)$")
    scores = scores.assign(source=found["source"], arm=found["arm"].map(ARMS))
    # The exact accuracy of Gaussian data has no error of a finite test set.
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
    order = scores[CELL].drop_duplicates()  # the table's, where a pivot's is the alphabet's
    return order.merge(wide.rename_axis(columns=None).reset_index(), on=CELL)


def table(scores, images_per_pixel, *, margin, level, generator):
    """The verdict of each cell.

    Args:    scores - see `paired_differences`; images_per_pixel - of a class of each source, dict
             of source to the number of fitted images over that of pixels; margin - largest difference
             that counts as none; level - of each one-sided test; generator - NumPy generator of the
             bootstrap, the same for every cell, so that no cell depends on which others there are.
    Returns: DataFrame, a row per subset, loss, source and train_size: mean accuracies, gap,
             control_gap and excess, the interval low to high of the excess with confidence
             1 - 2 level, p_equivalence, verdict, more_seeds (NaN where none would do) and the
             more_pools of images that they take (NaN for one pool), pools, seeds, images_per_pixel,
             and in words what the interval covers.
    """
    rows = []
    for cell, runs in paired_differences(scores).groupby(CELL, sort=False):
        pools = runs["pool"].nunique()
        interval = equivalence.mean_interval(
            runs["excess"].to_numpy(),
            runs["pool"].to_numpy(),
            finite_test_variance=runs["test_variance"].mean(),
            confidence=1 - 2 * level,
            generator=copy.deepcopy(generator),
        )
        more = equivalence.seeds_needed(interval, len(runs), margin, confidence=1 - 2 * level)
        rows.append(
            dict(zip(CELL, cell, strict=True))
            | dict(
                **runs[[*ARMS.values(), "gap", "control_gap"]].mean(),
                excess=interval.mean,
                low=interval.low,
                high=interval.high,
                p_equivalence=equivalence.two_one_sided(interval, margin),
                verdict=equivalence.verdict_of(interval, margin),
                more_seeds=np.nan if more is None else more,
                more_pools=np.nan if more is None or pools == 1 else more * pools / len(runs),
                pools=pools,
                seeds=len(runs),
                images_per_pixel=images_per_pixel[cell[CELL.index("source")]],
                covers=covers(pools),
            )
        )
    return pd.DataFrame(rows)


def covers(pools):
    """In words, what the interval of a number of pools covers."""
    if pools > 1:
        return f"draw of the images ({pools} disjoint pools), split, initial weights, shuffling"
    return "split of one pool of images, finite test set, initial weights, shuffling"


def sentences(verdicts, margin):
    """One plain sentence per subset on its largest training sizes: DataFrame subset, sentence.

    Args:    verdicts - see `table`; margin - as there.
    """
    rows = []
    for subset, of_subset in verdicts.groupby("subset", sort=False):
        parts = [_of_source(*part, margin) for part in of_subset.groupby("source", sort=False)]
        rows.append(dict(subset=subset, sentence=f"{subset}: {'; '.join(parts)}."))
    return pd.DataFrame(rows)


def _of_source(source, cells, margin):
    size = cells["train_size"].max()
    last = cells[cells["train_size"] == size]
    clauses = [_in_words(group, margin) for _, group in last.groupby("verdict", sort=False)]
    said = f"{source}, {size} training images per class: {'; '.join(clauses)}"
    if last["images_per_pixel"].min() < FEW:
        said += " (fitted to few images for their pixels: see the caption)"
    return said


def _in_words(group, margin):
    """What the losses of one verdict have in common, with the excess of each that is not settled as
    none, and what would decide."""
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
    """One, two and three of them: 'a', 'a and b', 'a, b and c'."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
