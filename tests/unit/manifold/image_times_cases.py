"""Images with a known distribution, and transition times measured on them."""

import numpy as np
import pandas as pd
import torch

from gaussianity.manifold.measured import image_times
from gaussianity.manifold.measured.image_weights import rows_of, weight_table
from gaussianity.manifold.theory.two_classes import TwoClasses

TIMES = np.geomspace(0.005, 3, 20)
SEED = 3


def isotropic_images(dimension, count, generator, d=32):
    """Two classes far apart, N(+-m, I) in some of the directions and no variance in the others."""
    rows = np.zeros((2 * count, d))
    rows[:, :dimension] = generator.standard_normal((2 * count, dimension))
    labels = np.repeat([0, 1], count)
    rows[:, -1] = np.where(labels, 200.0, -200.0)
    means = [rows[labels == c].mean(axis=0) for c in (0, 1)]
    covariances = [np.cov(rows[labels == c].T) for c in (0, 1)]
    pair = TwoClasses.of_moments(means, covariances, [count, count])
    return torch.from_numpy(rows), torch.from_numpy(labels), pair


def measured_of_images(rows, labels, generator):
    """Curves of the images' exact score; the mixture's classes are distinguished at all times."""
    found = weight_table(rows, labels, TIMES, count=400, generator=generator)
    posterior = pd.DataFrame(rows_of(TIMES, 2)).assign(same_class=1.0)
    return image_times.agreement_samples({"data": pd.DataFrame(found)}, {}, posterior)


def clones_of(copies, count=256):
    """Pairs at two times. The first `copies` pairs end at one copy with the weight 1. All pairs end
    in one class."""
    found = pd.DataFrame(rows_of([0.1, 3.0], count)).assign(same_class=1.0, class_accuracy=1.0)
    share = (found["image"] < copies).astype(float)
    return found.assign(copies=share, same_copy=share, participation=share)


def drawn_of(copies):
    """Curves and table of a trained denoiser with this number of copies in 256 samples."""
    generator = np.random.default_rng(SEED)
    rows, labels, pair = isotropic_images(5, 20, generator)
    clones = {"trained": clones_of(copies)}
    measured = measured_of_images(rows, labels, generator)
    measured |= image_times.agreement_samples({}, clones, clones_of(0))
    return measured, image_times.time_table(
        measured, pair, clones, replicates=20, generator=generator
    )
