"""How many images a study takes of a class, and for what."""

import math
from dataclasses import dataclass

from gaussianity.classifiers.splits import units
from gaussianity.universality.verdict.validity import LEAST_MIXED, MOST_TRAINED

MOST_IMAGES = 5000  # of a class
FROM_POOLS = 800  # images of a class, from which five pools of 160 decide better than folds of one
POOLS = 5
MOST_SIZES = 5  # training sizes, each half of the next
SMALLEST = 8  # training images of a class
VALIDATION = 5  # every fifth of the images that a classifier gets chooses epoch and rate
TRAINED = 150_000  # images in all epochs of a training, at least of 10 epochs
EPOCHS = 10, 40
# A rate of 30 is large enough for the digits, whose rows have the mean square 15.
LARGEST_STEP = 450.0
RATES = 4


@dataclass(frozen=True)
class Sizes:
    """Numbers of images of a class: in all, in training from small to large, in validation."""

    images: int
    pools: int
    train_sizes: list
    validation: int

    @property
    def source(self):
        """The sizes as a source of a study has them."""
        return dict(
            images_per_class=self.images,
            pools=self.pools,
            train_sizes=self.train_sizes,
            validation_size=self.validation,
        )


def chosen_sizes(available):
    """The Sizes for a number of images of the smallest class.

    A verdict needs LEAST_MIXED images for each training and validation image, and in a single pool
    at most the share MOST_TRAINED of the images in training. Both are used up to these limits.

    >>> chosen_sizes(174).source
    {'images_per_class': 174, 'pools': 1, 'train_sizes': [10, 20, 40, 80], 'validation_size': 23}
    """
    images = min(available, MOST_IMAGES)
    pools = POOLS if images >= FROM_POOLS else 1
    _, left, _ = units(pools, images)
    rows = math.floor(left / LEAST_MIXED)
    validation = max(1, rows // VALIDATION)
    largest = rows - validation
    if pools == 1:
        largest = min(largest, math.floor(MOST_TRAINED * images))
    return Sizes(images, pools, halved(rounded(largest)), validation)


def rounded(size):
    """A training size that can be halved: a multiple of 16, below 48 of 4.

    >>> rounded(115), rounded(39), rounded(3)
    (112, 36, 3)
    """
    step = 16 if size >= 48 else 4 if size >= 4 else 1
    return size - size % step


def halved(largest):
    """Training sizes from small to large, each half of the next, down to SMALLEST.

    >>> halved(112), halved(6)
    ([14, 28, 56, 112], [6])
    """
    sizes = [largest]
    while len(sizes) < MOST_SIZES and sizes[0] // 2 >= SMALLEST:
        sizes.insert(0, sizes[0] // 2)
    return sizes


def learning_rates(square):
    """RATES values of a grid of 1 and 3 times powers of ten; gradients grow with |x|^2.

    Args:    square - mean of |x|^2 over rows.
    >>> learning_rates(15.0), learning_rates(860.0)
    ([1.0, 3.0, 10.0, 30.0], [0.01, 0.03, 0.1, 0.3])
    """
    top = round(2 * math.log10(LARGEST_STEP / max(square, 1e-12)))
    return [_of_grid(number) for number in range(top - RATES + 1, top + 1)]


def _of_grid(number):
    power, odd = divmod(number, 2)
    return float(f"{3 if odd else 1}e{power}")


def epochs(classes, largest):
    """Epochs of a training: fewer where an epoch has many images.

    >>> epochs(2, 96), epochs(10, 640)
    (40, 23)
    """
    low, high = EPOCHS
    return max(low, min(high, TRAINED // (classes * largest)))
