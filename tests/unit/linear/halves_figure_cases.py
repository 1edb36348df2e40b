"""Made-up tables of the figures of two halves and of the rows of filters, and the figures."""

import numpy as np
import pandas as pd
from figure_cases import CLASSES

from gaussianity.linear.figures import linear_halves, linear_locality
from gaussianity.linear.filter_summary import filter_table
from gaussianity.linear.halves.half_images import ClassHalves
from gaussianity.linear.halves.half_summary import HalfTables, agreement_table, noise_table

SEEDS, HALF = 12, 6
MADE = ("network_first", "network_second", "network_again", "twin_first", "twin_second")
MADE += ("copier_first", "copier_second", "mixed")
LEVELS = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 20.0]


def class_halves(generator, d, networks):
    """Images that share most of their variance, but for the mixed ones."""
    shared = generator.standard_normal((SEEDS, d))
    images = {
        name: (0 if name == "mixed" else shared) + 0.4 * generator.standard_normal((SEEDS, d))
        for name in MADE
        if networks or not name.startswith("network")
    }
    variances = {name: np.linspace(1, 0.05, d) for name in ("all", "first", "second")}
    rows = tuple(generator.standard_normal((HALF, d)) for _ in range(2))
    return ClassHalves(images, variances, rows)


def draw_halves(classes, image_shape, networks):
    generator, d = np.random.default_rng(0), int(np.prod(image_shape))
    made = {c: class_halves(generator, d, networks) for c in CLASSES[classes]}
    found = [of.tables(name) for name, of in made.items()]
    keys = ("products", "distances", "spectra")
    tables = HalfTables(*(pd.concat([pd.DataFrame(of[key]) for of in found]) for key in keys))
    pictures = {
        name: np.stack([of.images[name][0].reshape(image_shape) for of in made.values()])
        for name in made[CLASSES[classes][0]].images
    }
    return linear_halves.draw(
        agreement_table(tables), noise_table(tables, LEVELS), tables, pictures
    )


def draw_locality(classes, levels, image_shape):
    d, count = int(np.prod(image_shape)), len(CLASSES[classes])
    shape = (count, levels, 6, d)
    filters = dict(
        pixels=np.arange(6),
        sigmas=np.array(LEVELS[:levels]),
        classes=np.array(CLASSES[classes]),
        fitted=np.random.default_rng(0).standard_normal(shape),
        wiener=np.random.default_rng(1).standard_normal(shape),
    )
    return linear_locality.draw(filter_table(filters, image_shape), filters, image_shape, "")


CASES = [(draw_halves, 10, (1, 8, 8), True), (draw_locality, 10, 8, (1, 8, 8))]
LONGER = [
    (draw_halves, 1, (3, 6, 6), False),
    (draw_halves, 7, (3, 4, 4), True),
    (draw_locality, 1, 1, (3, 4, 4)),
]
