"""The procedure of the verdict on synthetic images with a known excess.

Each repetition draws pools of images of two classes, and makes the Gaussian data of each pool and
their refit. Least squares is trained on all three. The verdict is on the excess
(source - Gaussian data) - (Gaussian data - refit). The true excess of CONTROLS, in their order, is
0, near -0.006 and near -0.08, so that the right verdict within MARGIN is known.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.io.columns import from_rows
from gaussianity.streams import stream
from gaussianity.universality import synthetic
from gaussianity.universality.equivalence import (
    NOT_UNIVERSAL,
    UNIVERSAL,
    mean_interval,
    two_one_sided,
)

# The distribution of the coordinates of the images, and the right verdict.
CONTROLS = {
    "gaussian": (synthetic.normal_latent, UNIVERSAL),
    "uniform": (synthetic.uniform_latent, UNIVERSAL),
    "two_modes": (synthetic.two_mode_latent, NOT_UNIVERSAL),
}
MARGIN = 0.02


@dataclass(frozen=True)
class Design:
    """Sizes of one repetition.

    dimension - pixels; distance - of the classes, in standard deviations; pools; seeds - of each
    pool; images - of a class in a pool; train - images of a class that each seed trains on; the
    test has the images that no seed trains on.
    """

    dimension: int = 12
    distance: float = 1.5
    pools: int = 10
    seeds: int = 3
    images: int = 768
    train: int = 96


def simulated_gaps(control, design, generator):
    """The gap and the control gap of one repetition.

    Args:    control - a name of CONTROLS; design - Design; generator - NumPy generator.
    Returns: two arrays (pools, seeds): source less Gaussian data, and Gaussian data less refit.
    """
    latent, _ = CONTROLS[control]
    means, roots = synthetic.separated_pair(design.dimension, design.distance, generator)
    shape = (design.pools, 2, design.images, design.dimension)
    pool = synthetic.images_of(means, roots, latent(shape, means, roots, generator))
    weights = _weights(pool, design)
    held = pool[:, None, :, design.seeds * design.train :]
    accuracies = [synthetic.sampled_accuracy(weights, held)]
    for count in (design.images, design.seeds * design.train):  # the refit needs no test images
        means, covariances = synthetic.fitted(pool)
        z = generator.standard_normal((design.pools, 2, count, design.dimension))
        pool = synthetic.images_of(means, synthetic.symmetric_roots(covariances), z)
        known = means[:, None], covariances[:, None]  # the same for all seeds of a pool
        accuracies.append(synthetic.gaussian_accuracy(_weights(pool, design), *known))
    source, gaussian, refit = accuracies
    return source - gaussian, gaussian - refit


def _weights(pool, design):
    """Classifiers (pools, seeds, d, 2), each trained on consecutive images.

    The images are independent, so that consecutive images are a random choice.
    """
    used = pool[:, :, : design.seeds * design.train]
    parts = used.reshape(design.pools, 2, design.seeds, design.train, design.dimension)
    return synthetic.least_squares_weights(np.moveaxis(parts, 2, 1), ridge=0.0)


def repetitions(control, count, *, study_seed, design=Design()):
    """The excess and its interval in independent repetitions.

    Args:    control - a name of CONTROLS; count - number of repetitions; study_seed - of the study;
             design - Design.
    Returns: dict of columns (count,): repetition; gap and excess, means over pools and seeds;
             error, low and high of the 90 % interval of the excess; p_value of equivalence within
             MARGIN.
    """
    pools = np.repeat(np.arange(design.pools), design.seeds)
    rows = []
    for repetition in range(count):
        generator = stream(study_seed, "control", list(CONTROLS).index(control), repetition)
        gap, estimation = simulated_gaps(control, design, generator)
        found = mean_interval((gap - estimation).ravel(), pools, generator=generator)
        p_value = two_one_sided(found, MARGIN)
        rows.append(
            dict(
                repetition=repetition,
                gap=gap.mean(),
                excess=found.mean,
                error=found.error,
                low=found.low,
                high=found.high,
                p_value=p_value,
            )
        )
    return from_rows(rows)
