"""The verdict on each cell, as a table.

A cell is a subset of classes, a loss, a source and a training size. The verdict is on the excess,
the accuracy of images less that of Gaussian data with the same means and covariances:

    excess        = acc_P(f_P) - acc_G(f_G) = scores half + training half
    scores half   = acc_P(f_P) - acc_G(f_P)
    training half = acc_G(f_P) - acc_G(f_G)

f_P is trained on images and f_G on mixed images (see `classifiers.mixing`). acc_P is the accuracy
on held-out images, and acc_G the unbiased accuracy under normal distributions of their scores (see
`classifiers.gaussian_accuracy`). `verdict_sentences` puts the table into words, and the figure
"verdict" draws it.
"""

import numpy as np
import pandas as pd

from gaussianity.universality.verdict import decisions, equivalence, error_ratio, validity
from gaussianity.universality.verdict.further_data import look_levels
from gaussianity.universality.verdict.units import unit_values

CELL = ["subset", "loss", "source", "train_size"]
PARTS = ["accuracy_source", "accuracy_gaussian", "scores_half", "training_half"]
SHARES = ["rate_at_edge", "last_epoch_best"]


def paired_differences(scores):
    """The accuracies of each cell and unit (pool or fold), and their differences.

    The seeds are averaged first, then `unit_values` gives a value for each unit. Both are linear,
    so that the parts of the excess add up.

    Args:    scores - DataFrame, a row per run and tested unit, with subset, loss, origin, seed,
             pool, tested, train_size, test_accuracy, gaussian_accuracy, test_images, rate_at_edge,
             epochs, best_epoch. Origins other than a source and `<source>-mixed` are left out.
    Returns: DataFrame, a row per cell and unit: PARTS, excess, seeds, test_images (on which a
             classifier is tested), and SHARES of the runs. A run without an accuracy or a partner
             makes the means NaN.
    """
    found = scores["origin"].str.extract(r"^(?P<source>[^-]+)(?P<arm>|-mixed)$")
    runs = scores.assign(**found)[found["source"].notna()]
    trained = runs["epochs"].fillna(0) > 0
    runs["last_epoch_best"] = (runs["best_epoch"] == runs["epochs"]) & trained
    keys = [*CELL, "pool", "tested"]
    wide = runs.pivot(
        index=[*keys, "seed"], columns="arm", values=["test_accuracy", "gaussian_accuracy"]
    )
    # reindex: without any run of an arm, its accuracies are missing.
    seeds = pd.DataFrame(
        dict(
            accuracy_source=wide.get(("test_accuracy", "")),
            accuracy_gaussian=wide.get(("gaussian_accuracy", "-mixed")),
            transferred=wide.get(("gaussian_accuracy", "")),
        ),
        index=wide.index,
        dtype=np.float64,
    )
    grouped = seeds.groupby(keys, sort=False)
    pairs = grouped.mean(skipna=False)
    pairs["scores_half"] = pairs["accuracy_source"] - pairs["transferred"]
    pairs["training_half"] = pairs["transferred"] - pairs["accuracy_gaussian"]
    pairs["excess"] = pairs["accuracy_source"] - pairs["accuracy_gaussian"]
    pairs["seeds"] = grouped.size()
    pairs = pairs.drop(columns="transferred").reset_index(["pool", "tested"])
    cells = pd.concat([_of_units(part) for _, part in pairs.groupby(CELL, sort=False)])
    by_cell = runs.groupby(CELL, sort=False)
    cells = cells.join(by_cell[SHARES].mean())
    tested = runs.groupby([*keys, "seed", "arm"])["test_images"].first()
    tested = tested.groupby([*CELL, "pool", "seed", "arm"]).sum().groupby(CELL).min()
    order = runs[CELL].drop_duplicates()  # a pivot sorts the cells
    return order.merge(cells.join(tested).reset_index(), on=CELL)


def _of_units(pairs):
    """Rows of the units of one cell, from those of its pairs of trained and tested units."""
    columns = [*PARTS, "excess"]
    names = zip(pairs["pool"], pairs["tested"], strict=True)
    values = unit_values(dict(zip(names, pairs[columns].to_numpy(), strict=True)))
    index = pd.MultiIndex.from_tuples([pairs.index[0]] * len(values), names=CELL)
    return pd.DataFrame(values, index, columns).assign(seeds=pairs["seeds"].min())


def table(
    scores,
    designs,
    *,
    margin,
    level,
    ratio,
    primary_loss,
    looks=None,
    selection="validation",
    generator,
):
    """The verdict on each cell, with the numbers that it rests on.

    The primary cell of a subset (first source, primary loss, largest training size) is decided at
    the level. The other cells of a subset and source at the largest training size are corrected
    together by Holm's method, and so are those at smaller sizes.

    Args:    scores - see `paired_differences`; designs - dict of source to a dict of unit ("pool"
             or "fold"), units, images (of a class that are mixed), mixed_rows (into which), tested
             (images of a class), images_per_class, images_per_pixel; margin - the largest
             difference that counts as none; level - of each one-sided test; ratio - the largest
             factor between error rates that counts as none; primary_loss; looks - planned numbers
             of pools, None for one look; selection - on what epoch and learning rate were chosen;
             generator - NumPy generator of the further data. Every cell starts from its same state.
    Returns: DataFrame, a row per cell: CELL; primary; outcome, a short name; verdict, in words;
             reason, why there is none or what would decide; excess, low, high, p_none, p_beyond;
             PARTS; error_ratio, ratio_low, ratio_high; pools, their number; unit; seeds;
             images_per_pixel; mixed_images_per_row; SHARES; pools_needed, in words; level, of the
             interval low to high of confidence 1 - 2 level; correction and covers, in words.
    Raises:  ValueError - no cell has the primary loss, or pools are not among the looks.
    """
    rows = []
    differences = paired_differences(scores)
    largest = differences.groupby(["subset", "source"])["train_size"].max()
    first = {
        subset: next(source for source in designs if source in set(cells["source"]))
        for subset, cells in differences.groupby("subset", sort=False)
    }
    for cell, units in differences.groupby(CELL, sort=False):
        named = dict(zip(CELL, cell, strict=True))
        design, size = designs[named["source"]], largest[named["subset"], named["source"]]
        at_largest = named["train_size"] == size
        primary = at_largest and named["loss"] == primary_loss
        look_level = level_of(design, looks, level)
        rows.append(
            named
            | dict(primary=primary and named["source"] == first[named["subset"]])
            | dict(at_largest=at_largest, level=look_level)
            | measured(units, margin, ratio, look_level)
            | described(units, design)
            | dict(obstacles=validity.obstacles(named, units, design, size, selection))
        )
    frame = pd.DataFrame(rows)
    missing = set(frame["subset"]) - set(frame.loc[frame["primary"], "subset"])
    if missing:
        raise ValueError(f"expected scores of the primary loss {primary_loss!r} of {missing}")
    decided = decisions.decided(frame, margin, ratio)
    return decisions.explained(
        decided, designs, margin=margin, level=level, looks=looks, generator=generator
    )


def level_of(design, looks, level):
    """One-sided level of a source's interval: its share of the planned looks at several pools.

    Raises:  ValueError - its number of pools is not among the looks.
    """
    if not looks or design["unit"] == "fold":
        return level
    if design["units"] not in looks:
        raise ValueError(f"expected one of the looks {looks}, found {design['units']} pools")
    return float(look_levels(looks, level)[list(looks).index(design["units"])])


def measured(units, margin, ratio, level):
    """Numbers of a cell: excess, interval, p values, PARTS, and the ratio of error rates.

    Without a finite accuracy of every run the interval is infinite and the p values are 1.
    """
    parts = dict(units[PARTS].mean(skipna=False))
    errors, reference = 1 - units["accuracy_source"], 1 - units["accuracy_gaussian"]
    if not np.isfinite(units["excess"]).all():
        found = dict(excess=np.nan, low=-np.inf, high=np.inf, p_none=1.0, p_beyond=1.0)
        near = dict(error_ratio=np.nan, ratio_low=0.0, ratio_high=np.inf, p_near=1.0, p_apart=1.0)
        return found | parts | near
    interval = equivalence.interval(units["excess"], level)
    low, high = error_ratio.ratio_interval(errors, reference, level)
    return (
        dict(excess=interval.mean, low=interval.low, high=interval.high)
        | dict(p_none=equivalence.p_inside(interval, margin))
        | dict(p_beyond=equivalence.p_beyond(interval, margin))
        | parts
        | dict(error_ratio=errors.mean() / reference.mean() if reference.mean() else np.nan)
        | dict(ratio_low=low, ratio_high=high)
        | dict(p_near=error_ratio.p_near(errors, reference, ratio))
        | dict(p_apart=error_ratio.p_apart(errors, reference, ratio))
    )


def described(units, design):
    """What the numbers of a cell rest on."""
    return dict(
        pools=len(units),
        unit=design["unit"],
        seeds=int(units["seeds"].min()),
        images_per_pixel=design["images_per_pixel"],
        mixed_images_per_row=design["images"] / design["mixed_rows"],
        **units[SHARES].mean(),
        deviation=units["excess"].std(ddof=1),
        covers=covers(len(units), design["unit"]),
    )


def covers(units, unit):
    """The sources of variation that an interval covers, in words."""
    rest = "choice of the training images, mixing, initial weights, shuffling"
    if unit == "pool":
        return f"draw of the images ({units} disjoint pools), {rest}"
    return f"draw of the images ({units} folds of one pool), {rest}"


def at_largest_size(verdicts):
    """The rows of the largest training size of each subset and source, on which the verdict is."""
    sizes = verdicts.groupby(["subset", "source"], sort=False)["train_size"]
    return verdicts[verdicts["train_size"] == sizes.transform("max")]
