"""What fitting a Gaussian to few images does to accuracy, where the images are exactly Gaussian.

Fitted covariances spread their eigenvalues and lack directions, so that classes drawn from them are
easier to tell apart than the truth. A second fit, to images of the first, has nearly the same gap:
the control against which a gap of real images is read.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.moments.moments import batch_moments
from gaussianity.moments.shrinkage import ledoit_wolf
from gaussianity.streams import stream
from gaussianity.universality import synthetic

ESTIMATORS = {"sample": None, "ledoit_wolf": lambda rows: ledoit_wolf(batch_moments(rows), [rows])}


@dataclass(frozen=True)
class Task:
    """What is learned: training images per class, penalty of least squares."""

    train: int
    ridge: float


WORKFLOW = Task(train=32, ridge=10.0)
DIMENSION, SCALE = 64, 0.3  # of the classes of the workflow's curve


def accuracies(means, roots, fit_size, task, generator):
    """Exact accuracy of least squares on the truth, on a Gaussian fitted to it, on one fitted to
    images of that.

    All three train on the same normal numbers, which leaves their laws and takes most of the noise
    from their differences.

    Args:    means (K, d), roots (K, d, d) - the true classes; fit_size - images of a class that a
             fit sees; task - Task; generator - NumPy generator.
    Returns: dict: data, and for each of ESTIMATORS <name> and <name>_refit.
    """
    classes, d = means.shape
    trained = generator.standard_normal((classes, task.train, d))
    seen = generator.standard_normal((2, classes, fit_size, d))
    roots = synthetic.symmetric_roots(roots @ roots.mT)  # as those of the fits, to be near them
    found = {"data": _accuracy(means, roots, trained, task)}
    for name, shrinkage in ESTIMATORS.items():
        fitted = means, roots
        for label, z in zip((name, f"{name}_refit"), seen, strict=True):
            known = synthetic.fitted(synthetic.images_of(*fitted, z), shrinkage)
            fitted = known[0], synthetic.symmetric_roots(known[1])
            found[label] = _accuracy(*fitted, trained, task)
    return found


def _accuracy(means, roots, trained, task):
    images = synthetic.images_of(means, roots, trained)
    weights = synthetic.least_squares_weights(images, task.ridge)
    return float(synthetic.gaussian_accuracy(weights, means, roots @ roots.mT))


def curve(fit_sizes, repetitions, *, study_seed):
    """Accuracies of independent repetitions with every number of fitted images.

    Returns: dict of columns (fit_sizes * repetitions,): fit_size, repetition and what `accuracies`
             returns.
    """
    rows = []
    for fit_size in fit_sizes:
        for repetition in range(repetitions):
            generator = stream(study_seed, "estimation_gap", fit_size, repetition)
            classes = synthetic.scattered_classes(DIMENSION, SCALE, generator)
            found = accuracies(*classes, fit_size, WORKFLOW, generator)
            rows.append(dict(fit_size=fit_size, repetition=repetition, **found))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}
