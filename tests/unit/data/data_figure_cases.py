"""Made-up tables of the figures of the images themselves, and the figures drawn from them."""

import itertools

import numpy as np
from figure_cases import ALL, CLASSES, DATA

from gaussianity.data.figures import class_agreement, sample_grid


def draw_sample_grid(count, origins, shape=(1, 8, 8), images=10):
    shown = np.random.default_rng(0).uniform(-0.1, 1.1, (images, *shape))
    return sample_grid.draw({o: dict.fromkeys(CLASSES[count], shown) for o in origins})


def draw_class_agreement(count):
    classes = CLASSES[count]
    votes = np.full((len(classes), len(classes)), 3) + 94 * np.eye(len(classes), dtype=int)
    return class_agreement.draw(class_agreement.table(votes, classes, classes))


CASES = [
    (draw_sample_grid, 10, ALL),
    (draw_sample_grid, 10, DATA, (1, 8, 8), 1),
    (draw_class_agreement, 10),
]
LONGER = [
    *itertools.product([draw_sample_grid], [1], [ALL, DATA]),
    (draw_sample_grid, 10, DATA),
    (draw_sample_grid, 20, ALL),
    (draw_sample_grid, 10, ALL, (3, 32, 32)),
    *itertools.product([draw_class_agreement], [1, 20]),
]
