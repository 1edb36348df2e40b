"""Measures of classes of which everything is known."""

import numpy as np

from gaussianity.denoisers.gaussian import GaussianDenoiser, Unlabelled
from gaussianity.io.images import rows, to_unit
from gaussianity.linear import classes
from gaussianity.linear.references import References
from gaussianity.sampling.sampler import sample

SHAPE = (1, 2, 3)
WALK = dict(steps=6, S_churn=2.0)
SEEDS = np.arange(40)


def class_images(mean, seed, n=300):
    """Normal images (n, 6) whose variance falls from 1 to 1/6, or rises for odd seeds."""
    z = np.random.default_rng(seed).standard_normal((n, 6))
    deviations = np.arange(1, 7) ** -0.5
    return mean + z * (deviations[::-1] if seed % 2 else deviations)


def stored(x):
    """Images as float32, in the network form."""
    return 2 * rows(to_unit(x)) - 1


def settings(**changes):
    given = dict(sigmas=[0.2, 1.0, 5.0], images=40, directions=4, batch_size=16, walk=WALK)
    return classes.Settings(**given | dict(stored=stored) | changes)


def measured(denoiser, given, *, conditional=True):
    """ClassMeasures of each class of a denoiser, by its number as text.

    Args:    given - rows of each class.
    """
    references = [References(each, SHAPE) for each in given]
    found = {}
    for k, own in enumerate(references):
        other = (k + 1) % len(references)
        label = np.eye(len(given))[[k] * len(SEEDS)] if conditional else None
        generated = stored(sample(denoiser, SEEDS, label, **WALK))
        found[str(k)] = classes.measure(
            denoiser,
            (k, other if other != k else None),
            (own, references[other] if other != k else None),
            generated,
            SEEDS,
            np.random.default_rng(k),
            settings(),
        )
    return found


def exact(means=(-1.0, 2.0)):
    """Measures of the exact denoiser of normal classes, and the classes' rows."""
    given = [class_images(mean, k) for k, mean in enumerate(means)]
    return measured(GaussianDenoiser.of_classes(given, SHAPE), given)


def exact_of_one_class():
    """Measures of an exact denoiser without labels."""
    given = [class_images(0.5, 3)]
    denoiser = Unlabelled(GaussianDenoiser.of_classes(given, SHAPE))
    return measured(denoiser, given, conditional=False)
