"""Measures of all classes of a subset and of their mixture, with one class in memory at a time."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.fft import dctn

from gaussianity.universality.assumptions.class_measures import measure_class
from gaussianity.universality.assumptions.gram_measures import POOL, measure_gram, row_counts


@dataclass(frozen=True)
class Settings:
    """Sizes of the measurement.

    sizes - number of resolutions; smallest_size - share of height and width that the lowest
    resolution keeps; directions - number of random projections; replicates - number of bootstrap
    samples; gram_images - largest number of rows of X.
    """

    sizes: int
    smallest_size: float
    directions: int
    replicates: int
    gram_images: int


def measure_subset(classes, generators, mixing, settings):
    """Measures of every class and of the mixture with equal numbers of images.

    Args:    classes - dict of name to a function that reads the images (n, C, H, W) of a class,
             the same n for all; generators - NumPy generators, one per class; mixing - NumPy
             generator of the mixture; settings - Settings.
    Returns: list of dicts of quantity to Measure, one per class, and such a dict of the mixture.
    Raises:  ValueError - a class has too few images, or images that are all the same.
    """
    shares = np.geomspace(settings.smallest_size, 1, settings.sizes)
    parts, traces, kept = [], [], []
    for (name, read), generator in zip(classes.items(), generators, strict=True):
        levels = resolutions(read(), shares)
        try:
            measures, trace = measure_class(
                levels,
                generator,
                directions=settings.directions,
                replicates=settings.replicates,
            )
        except ValueError as error:
            raise ValueError(f"class {name}: {error}") from None
        sizes, count = [rows.shape[1] for rows in levels], len(levels[0])
        counts = row_counts(sizes, settings.gram_images, count * len(classes))
        needed = math.ceil(POOL * counts[-1] / len(classes))
        parts.append(measures)
        traces.append(trace)
        # Large means would give few rows a larger singular value than many rows.
        kept.append([(rows[:needed] - rows.mean(axis=0)).astype(np.float32) for rows in levels])
    levels = [np.stack(of_level) for of_level in zip(*kept, strict=True)]
    mean_traces = np.mean(traces, axis=0)
    mixture = measure_gram(levels, mean_traces, counts, mixing, replicates=settings.replicates)
    return parts, mixture


def resolutions(images, shares):
    """Images at rising resolution: the lowest cosine frequencies of each channel.

    The transform is orthogonal. Independent pixels of equal variance therefore stay independent
    with the same variance.

    Args:    images - (n, C, H, W); shares - of height and width that are kept, rising to 1.
    Returns: list of float64 rows (n, C h w), each size once; the last rows have all frequencies.
    """
    spectrum = dctn(np.asarray(images, dtype=np.float64), axes=(2, 3), norm="ortho")
    height, width = spectrum.shape[2:]
    sides = [(max(1, round(height * s)), max(1, round(width * s))) for s in shares]
    return [
        np.ascontiguousarray(spectrum[:, :, :h, :w]).reshape(len(images), -1)
        for h, w in dict.fromkeys(sides)
    ]
