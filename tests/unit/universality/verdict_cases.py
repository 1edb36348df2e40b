"""Made-up scores and designs of the verdict."""

import itertools

import numpy as np
import pandas as pd

from gaussianity.universality.verdict import verdict

MARGIN, LEVEL, RATIO = 0.02, 0.05, 1.5
POOLS = dict(
    unit="pool",
    units=5,
    images=512,
    mixed_rows=320,
    tested=2048,
    images_per_class=2560,
    images_per_pixel=40.0,
)
FOLDS = dict(
    unit="fold",
    units=10,
    images=450,
    mixed_rows=320,
    tested=50,
    images_per_class=500,
    images_per_pixel=7.8,
)
DESIGNS = dict(diffusion=POOLS, data=FOLDS)


def scores(excess=0.0, deviation=0.004, *, half=0.0, accuracy=0.85, source="diffusion", **changed):
    """Scores of two runs in each unit, whose mean excess and its deviation are exact.

    half - the scores half of the excess; accuracy - on Gaussian data. The second seed is 0.01
    worse everywhere. A Gaussian origin that must not be used is 0.1 everywhere.
    """
    units = changed.pop("units", DESIGNS[source]["units"])
    noise = np.random.default_rng(0).standard_normal(units)
    if units > 1:
        noise = (noise - noise.mean()) / noise.std(ddof=1)
    rows = []
    for unit, seed in itertools.product(range(units), range(2)):
        gaussian = accuracy - 0.01 * seed
        image = gaussian + excess + deviation * noise[unit]
        for arm, tested, normal in (
            ("", image, image - half),
            ("-mixed", 0.2, gaussian),
            ("-gaussian", 0.1, 0.1),
        ):
            row = dict(origin=source + arm, seed=seed, pool=unit, best_epoch=10 * seed)
            row |= dict(rate_at_edge=seed == 0, test_accuracy=tested, gaussian_accuracy=normal)
            rows += [row | dict(tested=number) for number in tested_by(unit, units, source)]
    named = dict(subset="pair", loss="least_squares", train_size=256, epochs=10, test_images=1024)
    return pd.DataFrame(rows).assign(**(named | changed))


def tested_by(unit, units, source):
    """Numbers of the units that the classifiers of one are tested on."""
    if DESIGNS[source]["unit"] == "fold" or units == 1:
        return [unit]
    return [number for number in range(units) if number != unit]


def cells(*subsets, losses=("least_squares",), sizes=(256,), **given):
    """Scores of all combinations, one after the other."""
    frames = [
        scores(**given).assign(subset=subset, loss=loss, train_size=size)
        for subset, loss, size in itertools.product(subsets, losses, sizes)
    ]
    return pd.concat(frames, ignore_index=True)


def table(frame, designs=None, **changed):
    """The table with the settings of the default study."""
    settings = dict(margin=MARGIN, level=LEVEL, ratio=RATIO, primary_loss="least_squares")
    settings["generator"] = np.random.default_rng(0)
    return verdict.table(frame, designs or DESIGNS, **(settings | changed))


def row(**given):
    """The row of a single cell."""
    return table(scores(**given)).iloc[0]
