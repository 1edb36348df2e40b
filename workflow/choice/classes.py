"""Which classes a study compares, and in which subsets."""

import math

from choice.sizes import FROM_POOLS, MOST_IMAGES, POOLS
from gaussianity.classifiers.splits import units
from gaussianity.errors import InputError

MOST_CLASSES = 10
ENOUGH = 50  # images of a class, with which two classes can have a verdict
FEWEST = 20  # images of a class, with which every figure can be drawn
SHARE = 4  # a class with fewer images than this part of the second largest is left out
WORDS = {2: "pair", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}


def chosen_classes(counts, asked=None):
    """The classes of a study, in the order of the source.

    Asked ones; else the MOST_CLASSES with the most images. Of these, classes with less than a
    SHARE-th of the images of the second largest are left out, and with fewer than ENOUGH images
    where two others have as many, because all classes get as many images as the smallest has.

    Args:    counts - dict of class name to its number of images, None where there is no limit;
             asked - names, or None.
    Raises:  InputError - a class is asked for that does not exist; fewer than two classes have
             FEWEST images; more classes are asked for than the images allow.
    """
    if asked is not None:
        return _asked_classes(counts, asked)
    if None in counts.values():
        return list(counts)[:MOST_CLASSES]
    largest = sorted(counts, key=counts.get, reverse=True)[:MOST_CLASSES]
    if len(largest) < 2 or counts[largest[1]] < FEWEST:
        raise InputError(
            f"expected two classes of {FEWEST} images or more, found "
            f"{', '.join(f'{name} ({counts[name]})' for name in largest)}"
        )
    second = counts[largest[1]]
    least = max(ENOUGH if second >= ENOUGH else FEWEST, math.ceil(second / SHARE))
    kept = [name for name in largest if counts[name] >= least]
    kept = kept[: most_classes(min(counts[name] for name in kept))]
    return [name for name in counts if name in kept]


def _asked_classes(counts, asked):
    unknown = [name for name in asked if name not in counts]
    if unknown:
        raise InputError(f"classes must be among {_listed(counts)}, found {', '.join(unknown)}")
    if len(set(asked)) < max(2, len(asked)):
        raise InputError(f"classes must be two or more that differ, found {', '.join(asked)}")
    few = {name: counts[name] for name in asked if counts[name] is not None}
    for name, count in few.items():
        if count < FEWEST or most_classes(count) < len(asked):
            raise InputError(
                f"{len(asked)} classes need at least "
                f"{fewest_images(len(asked))} images of each, found {count} of {name}"
            )
    return list(asked)


def _listed(names, most=20):
    shown = ", ".join(list(names)[:most])
    return f"{shown} and {len(names) - most} others" if len(names) > most else shown


def most_classes(images):
    """The number of classes that a classifier can be tested on with so many images of each.

    The estimate of an accuracy needs two images more of a class than there are classes.
    """
    images = min(images, MOST_IMAGES)
    pools = POOLS if images >= FROM_POOLS else 1
    return images // units(pools, images)[0] - 2


def fewest_images(classes):
    """The smallest number of images of a class for a number of classes."""
    return next(n for n in range(FEWEST, 100 * classes) if most_classes(n) >= classes)


def subsets(classes, images):
    """The first two classes, and all: names, classes, and the images of a class in Gram matrices.

    >>> [(s["name"], s["gram_images_per_class"]) for s in subsets(["a", "b", "c"], 900)]
    [('pair', 512), ('three', 512)]
    """
    sizes = {len(classes)} | {2}
    return [
        dict(
            name=WORDS.get(size, "ten" if size == 10 else f"classes_{size}"),
            classes=classes[:size],
            gram_images_per_class=min(images, 512, max(2, 2048 // size)),
        )
        for size in sorted(sizes)
    ]
