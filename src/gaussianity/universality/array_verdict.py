"""The verdict on images in memory, without Snakemake, by the functions that the rules call."""

import contextlib
import os
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaussianity.arguments import as_array, require_whole, require_wholes
from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.classifiers.splits import design
from gaussianity.classifiers.trial import trial, units_of_trial
from gaussianity.errors import InputError, require_numbers
from gaussianity.io.class_images import ImageArrays
from gaussianity.io.columns import from_rows
from gaussianity.io.images import array_rows
from gaussianity.streams import stream
from gaussianity.universality.verdict.validity import LEAST_MIXED
from gaussianity.universality.verdict.verdict import table
from gaussianity.universality.verdict.verdict_sentences import sentences

FEWEST = 24  # images of a class
TRAINED = 0.55  # largest share of a single pool's images that a classifier is trained on
# Settings of the training, which least squares does not need.
TRAINING = dict(
    hidden=64,
    learning_rates=[1.0, 3.0, 10.0, 30.0],
    epochs=40,
    min_steps=600,
    batch_size=64,
    patience=None,
    selection="validation",
    ridge=0.0,
)
RANGES = dict(  # of the same keys of a study
    pools=("at least 1", lambda n: n >= 1),
    seeds=("at least 1", lambda n: n >= 1),
    margin=("above 0 and at most 1", lambda x: 0 < x <= 1),
    level=("above 0 and below 0.5", lambda x: 0 < x < 0.5),
    ratio=("above 1", lambda x: x > 1),
)


@dataclass(frozen=True)
class Verdict:
    """How Gaussian images are for a linear classifier.

    table - DataFrame of `universality.verdict.table`, a row per loss and training size; headline -
    one sentence on the first loss at the largest training size; margin - see `verdict`. The text of
    the object is the headline.
    """

    table: pd.DataFrame
    headline: str
    margin: float

    def __repr__(self):
        return self.headline

    def plot(self):
        """The figure "verdict": excess and interval against training size. Returns: Figure."""
        from gaussianity.universality.figures.verdict import draw

        return draw(self.table, self.margin)


def verdict(
    images,
    labels,
    *,
    losses=("least_squares",),
    train_sizes=None,
    pools=1,
    seeds=8,
    margin=0.02,
    level=0.05,
    ratio=1.5,
    seed=0,
    **training,
):
    """Compare the accuracy of classifiers on images and on Gaussian data with their moments.

    Every class is used with as many images as the smallest class has, chosen at random.

    Args:    images - (n, ...), uint8 from 0 to 255 or floats, 0 to 1 as a rule; labels - (n,), at
             least two different ones; losses - names as in `classifier.losses` of a study, the
             first is decided at the level and the others are corrected (Holm); train_sizes - per
             class, None for the largest in the range of the verdict; pools, seeds - as in a study;
             margin - the largest difference of accuracy that counts as none; level - of each
             one-sided test; ratio - the largest factor of error rates that counts as none; seed -
             of all random numbers; training - settings to replace in TRAINING.
    Returns: Verdict.
    Raises:  InputError - arrays or settings that do not fit, or too few images.
    """
    require_numbers(RANGES, pools=pools, seeds=seeds, margin=margin, level=level, ratio=ratio)
    require_whole(pools=pools, seeds=seeds)
    require_whole(0, seed=seed)
    _check_training(losses, training)
    classes = _classes(images, labels, seed)
    sizes = _sizes(len(classes), len(classes[0]), pools, train_sizes)
    settings = TRAINING | dict(losses=list(losses)) | training
    designs = {"data": design(sizes, classes[0].shape[1])}
    rows = []
    for number in range(max(seeds, pools)):
        names = dict(study_seed=seed, seed=number)
        units = units_of_trial(range(len(classes)), sizes, all_folds=True, **names)
        for origin in ("data", "data-mixed"):
            with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
                found = trial(
                    ImageArrays(classes), units, sizes, settings, mixes=origin != "data", **names
                )
            rows += [dict(row, origin=origin, seed=number) for row in found]
    for row in rows:
        row.pop("parameters")
    found = table(
        pd.DataFrame(from_rows(rows)).assign(subset="images"),
        designs,
        margin=margin,
        level=level,
        ratio=ratio,
        primary_loss=losses[0],
        selection=settings["selection"],
        generator=stream(seed, "verdict"),
    )
    return Verdict(found, sentences(found, margin)["sentence"][0], margin)


def _check_training(losses, training):
    """InputError where a loss or a setting of the training is not known."""
    unknown = sorted(set(training) - set(TRAINING))
    if unknown:
        raise InputError(f"training: expected {', '.join(TRAINING)}, found {', '.join(unknown)}")
    known = np.ndim(losses) == 1 and set(losses) <= set(LOSS_NAMES)
    if not known or not 0 < len(losses) == len(set(losses)):
        names = ", ".join(LOSS_NAMES)
        raise InputError(f"losses: expected a list of different ones of {names}, found {losses!r}")
    selection = training.get("selection", TRAINING["selection"])
    if selection not in ("validation", "test"):
        raise InputError(f"selection: expected validation or test, found {selection!r}")


def _classes(images, labels, seed):
    """Rows (n, d) in [0, 1] units of each class, as many of each; InputError where they misfit."""
    images, labels = as_array("images", images), as_array("labels", labels)
    if images.ndim < 2 or labels.shape != images.shape[:1]:
        raise InputError(
            "expected images (n, ...) and labels (n,), found arrays of the shapes "
            f"{images.shape} and {labels.shape}"
        )
    rows = array_rows(images)
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise InputError("labels: expected finite numbers, found NaN or infinity")
    try:
        names, counts = np.unique(labels, return_counts=True)
    except TypeError:
        raise InputError("labels: expected numbers or strings, found objects") from None
    if len(names) < 2 or counts.min() < FEWEST:
        found = ", ".join(f"{n} of {name}" for name, n in zip(names, counts, strict=True))
        raise InputError(
            f"labels: expected at least two classes of at least {FEWEST} images, found {found}"
        )
    chosen = [
        stream(seed, "array_images", k).permutation(np.flatnonzero(labels == name))[: counts.min()]
        for k, name in enumerate(names)
    ]
    return [rows[numbers] for numbers in chosen]


def _sizes(classes, images, pools, train_sizes):
    """Sizes of the comparison, as an entry of a study's sources; InputError where they misfit.

    Args:    classes - their number; images - of a class; the rest - see `verdict`.
    """
    source = dict(images_per_class=images, pools=pools, train_sizes=[1], validation_size=0)
    sizes = design(source, 1)
    if images // sizes["units"] < classes + 2:
        raise InputError(
            f"labels: expected at least {(classes + 2) * sizes['units']} images of each of "
            f"{classes} classes in {sizes['units']} {sizes['unit']}s, found {images}"
        )
    mixed = int(sizes["images"] / LEAST_MIXED)
    validation = max(1, mixed // 6)
    if np.ndim(train_sizes) != 1 and train_sizes is not None:
        raise InputError(f"train_sizes: expected a list, found {train_sizes!r}")
    if train_sizes is None:
        most = mixed - validation
        train_sizes = [most if pools > 1 else min(most, int(TRAINED * images))]
    elif min(train_sizes, default=0) < 1 or max(train_sizes) + validation > mixed:
        raise InputError(
            f"train_sizes: expected 1 to {mixed - validation} of {images} images of a class in "
            f"{pools} pools, found {list(train_sizes)}"
        )
    else:
        require_wholes(train_sizes=train_sizes)
    return source | dict(train_sizes=sorted(train_sizes), validation_size=validation)
