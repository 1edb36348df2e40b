"""Cases whose truth is known, through the whole procedure of the verdict.

Each repetition draws pools of images of two classes, fits their Gaussian data, fits these once more
as the control of the estimation, trains least squares on all three, and asks for the verdict on
(source - Gaussian) - (Gaussian - refit). The true excess is 0, near -0.006 and near -0.08 for
CONTROLS in their order, so that the verdict on each is known for MARGIN.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.streams import stream
from gaussianity.universality import synthetic
from gaussianity.universality.equivalence import (
    NOT_UNIVERSAL,
    UNIVERSAL,
    mean_interval,
    two_one_sided,
)

# What the images' coordinates are, and the verdict that is true of them.
CONTROLS = {
    "gaussian": (synthetic.normal_latent, UNIVERSAL),
    "uniform": (synthetic.uniform_latent, UNIVERSAL),
    "two_modes": (synthetic.two_mode_latent, NOT_UNIVERSAL),
}
MARGIN = 0.02


@dataclass(frozen=True)
class Design:
    """Sizes of one repetition: pixels, distance of the classes in deviations, pools, seeds in each
    pool, images of a class in a pool, of which `train` go to each seed and the rest to the test."""

    dimension: int = 12
    distance: float = 1.5
    pools: int = 10
    seeds: int = 3
    images: int = 768
    train: int = 96


def simulated_gaps(control, design, generator):
    """The differences of one repetition.

    Args:    control - a name of CONTROLS; design - Design; generator - NumPy generator.
    Returns: gap, source less Gaussian, and control, Gaussian less refit: two (pools, seeds).
    """
    latent, _ = CONTROLS[control]
    means, roots = synthetic.separated_pair(design.dimension, design.distance, generator)
    shape = (design.pools, 2, design.images, design.dimension)
    pool = synthetic.images_of(means, roots, latent(shape, means, roots, generator))
    weights = _weights(pool, design)
    held = pool[:, None, :, design.seeds * design.train :]
    accuracies = [synthetic.sampled_accuracy(weights, held)]
    for count in (design.images, design.seeds * design.train):  # the refit ones train, no more
        means, covariances = synthetic.fitted(pool)
        z = generator.standard_normal((design.pools, 2, count, design.dimension))
        pool = synthetic.images_of(means, synthetic.symmetric_roots(covariances), z)
        known = means[:, None], covariances[:, None]  # the same for all seeds of a pool
        accuracies.append(synthetic.gaussian_accuracy(_weights(pool, design), *known))
    source, gaussian, refit = accuracies
    return source - gaussian, gaussian - refit


def _weights(pool, design):
    """Classifiers (pools, seeds, d, 2): the images are independent, so that consecutive ones are a
    random subset as good as any."""
    used = pool[:, :, : design.seeds * design.train]
    parts = used.reshape(design.pools, 2, design.seeds, design.train, design.dimension)
    return synthetic.least_squares_weights(np.moveaxis(parts, 2, 1), ridge=0.0)


def repetitions(control, count, *, study_seed, design=Design()):
    """The excess and its verdict in independent repetitions.

    Args:    control - a name of CONTROLS; count - repetitions; study_seed; design - Design.
    Returns: dict of columns (count,): repetition, gap and excess (means over pools and seeds),
             error, low and high of the excess's 90 % interval, p_value of equivalence within
             MARGIN.
    """
    pools = np.repeat(np.arange(design.pools), design.seeds)
    rows = []
    for repetition in range(count):
        generator = stream(study_seed, "control", list(CONTROLS).index(control), repetition)
        gap, estimation = simulated_gaps(control, design, generator)
        found = mean_interval((gap - estimation).ravel(), pools, generator=generator)
        p_value = two_one_sided(found, MARGIN)
        ends = (found.error, found.low, found.high)
        rows.append((repetition, gap.mean(), found.mean, *ends, p_value))
    names = ("repetition", "gap", "excess", "error", "low", "high", "p_value")
    return dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))
