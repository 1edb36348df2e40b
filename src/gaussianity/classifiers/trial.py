"""One repetition: the classifiers of all losses and training sizes, trained and tested."""

import contextlib

import numpy as np

from gaussianity.classifiers.held_out import held_out_results
from gaussianity.classifiers.least_squares import least_squares_classifiers
from gaussianity.classifiers.mixing import mixed, mixing_rows
from gaussianity.classifiers.sgd import SGD, Problem, sgd_classifiers
from gaussianity.classifiers.splits import folds_of_seed, pool_of_seed, split_rows
from gaussianity.streams import stream

OF_SGD = ("learning_rates", "epochs", "min_steps", "batch_size", "patience", "selection")


def units_of_trial(classes, sizes, *, all_folds, study_seed, seed):
    """The units in which a repetition trains.

    Args:    classes - class numbers; sizes - dict with images_per_class and pools; all_folds - of a
             single pool, else the fold with the number `seed` modulo the number of folds.
    Returns: list of Unit.
    """
    images, named = sizes["images_per_class"], dict(study_seed=study_seed, seed=seed)
    if sizes["pools"] > 1:
        return [pool_of_seed(classes, images, pools=sizes["pools"], **named)]
    found = folds_of_seed(classes, images, **named)
    return found if all_folds else [found[seed % len(found)]]


def trial(
    images,
    units,
    sizes,
    settings,
    *,
    mixes,
    study_seed,
    seed,
    to_device=np.asarray,
    while_training=contextlib.nullcontext,
):
    """Train the classifiers of a repetition on images or on their Gaussian data, and test them.

    Args:    images - ImageFiles or ImageArrays; units - list of Unit; sizes - dict with
             images_per_class, train_sizes and validation_size; settings - dict with losses, hidden,
             ridge and those of SGD; mixes - train on mixed images (see `mixing`) instead of images;
             study_seed, seed - of the study and the repetition; to_device - of an array, for
             training; while_training - makes a context manager for the errors of the settings.
    Returns: list of dicts, a row for each unit, loss, training size, and tested pool or fold: loss,
             pool (number of the unit), the keys of `sgd_classifiers`, and those of
             `held_out_results`.
    Raises:  InputError - see `sgd_classifiers`.
    """
    if mixes:  # there are no images of a test among the mixed ones
        settings = settings | dict(selection="validation")
    used, found = max(sizes["train_sizes"]) + sizes["validation_size"], []
    for unit in units:
        print(f"pool or fold {unit.number}", flush=True)
        if mixes:
            rows = _mixed_rows(images, unit, used, (study_seed, seed))
        else:
            rows = _image_rows(images, unit, used, settings["selection"])
        tested = len(rows) // len(images) - used
        parts = (sizes["train_sizes"], sizes["validation_size"], tested)
        split = split_rows(len(images), *parts)
        names = dict(study_seed=study_seed, seed=_training_seed(seed, unit, len(units)))
        with while_training():
            found.append(_trained(rows, split, len(images), settings, names, to_device))
    networks = [[(row["loss"], row["parameters"]) for row in part] for part in found]
    tested = held_out_results(images, units, networks, study_seed=study_seed, seed=seed)
    return [
        row | dict(pool=unit.number) | result
        for unit, part, of_unit in zip(units, found, tested, strict=True)
        for row, results in zip(part, of_unit, strict=True)
        for result in results
    ]


def _training_seed(seed, unit, count):
    """Number of the initial weights and the shuffling, which differs between folds."""
    return seed * count + (unit.number if count > 1 else 0)


def _trained(rows, split, classes, settings, names, to_device):
    """Rows of all losses and training sizes of one unit."""
    one_hot = np.repeat(np.eye(classes, dtype=np.float32), len(rows) // classes, axis=0)
    given, found = None, []
    for loss in settings["losses"]:
        if loss == "least_squares":
            trained = least_squares_classifiers(rows, one_hot, split, ridge=settings["ridge"])
        else:
            given = given or (to_device(rows), to_device(one_hot))
            problem = Problem(*given, split, loss, settings["hidden"])
            sgd = SGD(**{key: settings[key] for key in OF_SGD})
            trained = sgd_classifiers(problem, sgd, **names)
        found += [dict(loss=loss, **row) for row in trained]
    return found


def _image_rows(images, unit, used, selection):
    """Images for training, validation, and the test if it chooses: class after class."""
    chosen = unit.trained[:, :used]
    if selection == "test":
        chosen = np.hstack([chosen, *unit.tested.values()])
    return np.concatenate([images.chosen(k, numbers) for k, numbers in enumerate(chosen)])


def _mixed_rows(images, unit, used, names):
    """Mixed images of the unit for training and validation: class after class.

    Every class has a mixing of its own, as it has training images of its own: images of different
    classes can come from the same seed of the sampler. It reads every image that may be trained on.
    """
    (study_seed, seed), found = names, []
    for k, numbers in enumerate(unit.trained):
        generator = stream(study_seed, "mixing", seed, unit.number, k)
        mixing = mixing_rows(used, len(numbers), generator)
        found.append(mixed(mixing, images.selected(k, np.sort(numbers))).astype(np.float32))
    return np.concatenate(found)
