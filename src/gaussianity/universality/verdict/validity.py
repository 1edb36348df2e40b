"""In which designs a verdict is right at its nominal rate, and what to change in the others.

The limits are those of simulations of the whole procedure with normal, heavy-tailed and two-mode
classes. Outside of them a verdict is withheld.
"""

import math

import numpy as np

from gaussianity.universality.verdict.equivalence import interval

LEAST_MIXED = 1.25  # images per row of the mixed data
LEAST_TESTED = 50  # images of all classes on which a classifier is tested
MOST_TRAINED = 0.6  # of a single pool: with more, the folds' training sets nearly coincide
FEW_TRAINED = 48  # below it, mixed data of heavy-tailed images are not normal enough


def obstacles(cell, units, design, largest, selection):
    """Why no verdict can be given on a cell, and the keys and values that would change it.

    Args:    cell - dict of source and train_size; units - rows of `verdict.paired_differences` of
             the cell; design - of the source, see `verdict.table`; largest - training size of the
             source; selection - on what epoch and learning rate were chosen.
    Returns: list of texts, empty where a verdict can be given.
    """
    tested = units["test_images"].min()
    found = of_design(cell["source"], cell["train_size"], design, largest, tested, selection)
    if len(units) == 1:
        found.append(_one_unit(cell["source"], design))
    return found + _of_accuracies(cell, units, f"{design['unit']}s")


def of_design(source, train_size, design, largest, tested, selection):
    """The obstacles that are known before any image is seen.

    Args:    tested - images of all classes on which a classifier is tested; the rest, Returns - see
             `obstacles`.
    """
    per_class, found = design["images_per_class"], []
    if selection == "test":
        found.append(
            "the tested images chose epoch and learning rate: set classifier.selection: validation"
        )
    if design["images"] < LEAST_MIXED * design["mixed_rows"]:
        found.append(_few_mixed(source, design, largest))
    if tested < LEAST_TESTED:
        needed = math.ceil(per_class * LEAST_TESTED / tested)
        found.append(
            f"a classifier is tested on {tested:g} images, fewer than {LEAST_TESTED}: set "
            f"images_per_class of {source} to at least {needed}"
        )
    if design["unit"] == "fold" and train_size > MOST_TRAINED * per_class:
        found.append(
            f"{train_size} of {per_class} images of a class are trained on, more than "
            f"{MOST_TRAINED:g} of them: set train_sizes of {source} to at most "
            f"{math.floor(MOST_TRAINED * per_class)}, or images_per_class to at least "
            f"{math.ceil(train_size / MOST_TRAINED)}"
        )
    return found


def _one_unit(source, design):
    return f"one {design['unit']} has no interval: set pools of {source} to at least 5"


def _few_mixed(source, design, largest):
    images, rows = design["images"], design["mixed_rows"]
    needed = math.ceil(LEAST_MIXED * rows * design["images_per_class"] / images)
    validation = rows - largest
    most = math.floor(images / LEAST_MIXED) - validation
    said = (
        f"{images} images are mixed into {rows} rows, fewer than {LEAST_MIXED:g} images a row: set "
        f"images_per_class of {source} to at least {needed}"
    )
    return f"{said}, or train_sizes to at most {most}" if most > 1 else said


def _of_accuracies(cell, units, named):
    """Obstacles that the accuracies show."""
    excess = units["excess"].to_numpy()
    if np.isnan(excess).any():
        return [f"a run of one of the {len(units)} {named}, or its partner, has no accuracy"]
    if len(units) == 1:
        return []
    if not np.ptp(excess) and units["accuracy_gaussian"].min() < 1:
        return [f"all {named} have the same excess, which leaves no error to judge it by"]
    scores = interval(units["scores_half"], 0.05)
    if cell["train_size"] < FEW_TRAINED and not scores.low <= 0 <= scores.high:
        return [
            f"with fewer than {FEW_TRAINED} training images per class, images whose scores are not "
            f"normal can have heavy tails that the mixed data keep: set train_sizes of "
            f"{cell['source']} to at least {FEW_TRAINED}"
        ]
    return []
