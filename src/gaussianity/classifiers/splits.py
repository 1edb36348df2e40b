"""Images that a classifier is trained, chosen and tested on.

A source has several pools of images, or one. With several, a classifier is trained in one pool and
tested on each of the others. A single pool is divided into folds: the classifier is trained on
other folds and tested on the fold. Pools and folds are the units of which there are several, so
that the spread over them gives an interval.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.arguments import require_whole, require_wholes
from gaussianity.streams import stream

FEW = 600  # images of a class, below which a pool has more folds
FOLDS_OF_FEW, FOLDS = 10, 5
IN_A_FOLD = 25  # images of a class at least, if there are two folds of them


@dataclass(frozen=True)
class Unit:
    """Image numbers of one pool or fold; row k has those of class k.

    number - of the pool or fold; trained (classes, n) - images on which classifiers may be trained,
    in random order: the first are for training, the next for validation; tested - dict of the
    number of a tested pool or fold to its images (classes, t).
    """

    number: int
    trained: np.ndarray
    tested: dict


@dataclass(frozen=True)
class Split:
    """Row indices of the concatenated classes.

    train - dict of training size per class to int array (size * classes,); a smaller size is part
    of a larger one; validation, test - int arrays, disjoint from each other and from every train.
    """

    train: dict
    validation: np.ndarray
    test: np.ndarray


def folds(images):
    """Number of folds of a single pool with a number of images of each class."""
    return min(FOLDS_OF_FEW, max(2, images // IN_A_FOLD)) if images < FEW else FOLDS


def units(pools, images):
    """Number of units of a source, and images of a class that one of them trains and tests on.

    Returns: int, int, int: with folds, those of the largest fold.
    """
    if pools > 1:
        size = images // pools
        return pools, size, (pools - 1) * size
    tested = -(-images // folds(images))
    return folds(images), images - tested, tested


def design(source, dimension):
    """Sizes of the comparison of a source with its Gaussian data.

    Args:    source - dict with images_per_class, pools, train_sizes and validation_size, per class;
             dimension - of a row.
    Returns: dict: unit, "pool" or "fold"; units, their number; images of a class that are mixed;
             mixed_rows, into which; tested, images of a class; images_per_class; images_per_pixel.
    """
    count, images, tested = units(source["pools"], source["images_per_class"])
    return dict(
        unit="pool" if source["pools"] > 1 else "fold",
        units=count,
        images=images,
        mixed_rows=max(source["train_sizes"]) + source["validation_size"],
        tested=tested,
        images_per_class=source["images_per_class"],
        images_per_pixel=source["images_per_class"] / dimension,
    )


def pool_of_seed(classes, images, *, pools, study_seed, seed):
    """The pool that a repetition trains in, number `seed` modulo the number of pools.

    Args:    classes - class numbers, which name the random streams; images - of each class; pools -
             at least 2; study_seed - of the study; seed - of the repetition.
    Returns: Unit.
    """
    size, number = images // pools, seed % pools
    orders = [stream(study_seed, "split", seed, k).permutation(size) for k in classes]
    pool = np.tile(np.arange(size), (len(classes), 1))
    tested = {other: other * size + pool for other in range(pools) if other != number}
    return Unit(number, number * size + np.stack(orders), tested)


def folds_of_seed(classes, images, *, study_seed, seed):
    """All folds of a single pool for one repetition.

    The images of a fold are the same in all repetitions. Each repetition orders the images of the
    other folds anew.

    Args, Returns: see `pool_of_seed`; a list of Unit.
    """
    count = folds(images)
    parts = [
        np.array_split(stream(study_seed, "folds", k).permutation(images), count) for k in classes
    ]
    found = []
    for number in range(count):
        orders = []
        for k, of_class in zip(classes, parts, strict=True):
            rest = np.concatenate([part for i, part in enumerate(of_class) if i != number])
            orders.append(stream(study_seed, "cross_fit", seed, number, k).permutation(rest))
        tested = {number: np.stack([of_class[number] for of_class in parts])}
        found.append(Unit(number, np.stack(orders), tested))
    return found


def split_rows(classes, train_sizes, validation_size, test_size=0):
    """Split of rows in which every class has its training, validation and test images in turn.

    Args:    classes - their number; train_sizes, validation_size, test_size - per class.
    Returns: Split.
    Raises:  InputError - they are no numbers of rows.
    """
    require_whole(classes=classes)
    require_wholes(train_sizes=train_sizes)
    require_whole(0, validation_size=validation_size, test_size=test_size)
    most = max(train_sizes)
    starts = np.arange(classes)[:, None] * (most + validation_size + test_size)

    def rows(first, count):
        return (starts + first + np.arange(count)).ravel()

    return Split(
        train={n: rows(0, n) for n in train_sizes},
        validation=rows(most, validation_size),
        test=rows(most + validation_size, test_size),
    )
