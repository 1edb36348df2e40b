"""The gap of accuracy from estimation alone: a Gaussian fitted to exactly Gaussian images.

The eigenvalues of a covariance estimated from few images are too spread, and directions are
missing. Classes drawn from it are therefore easier to distinguish than the true classes. A second
fit, to images of the first fit, has nearly the same gap. It is the control of the verdict.
"""

from dataclasses import dataclass

from gaussianity.io.columns import from_rows
from gaussianity.moments.moments import batch_moments
from gaussianity.moments.shrinkage import ledoit_wolf
from gaussianity.streams import stream
from gaussianity.universality import synthetic

ESTIMATORS = {"sample": None, "ledoit_wolf": lambda rows: ledoit_wolf(batch_moments(rows), [rows])}


@dataclass(frozen=True)
class Task:
    """Settings of least squares: training images per class, and ridge."""

    train: int
    ridge: float


WORKFLOW = Task(train=32, ridge=10.0)
DIMENSION, SCALE = 64, 0.3  # see `synthetic.scattered_classes`


def accuracies(means, roots, fit_size, task, generator):
    """Exact accuracy of least squares on the true classes, on their fit and on its refit.

    The training images of all three come from the same normal numbers. This does not change their
    distributions, and removes most of the noise from the differences.

    Args:    means (K, d), roots (K, d, d) - the true classes; fit_size - images of a class in a
             fit; task - Task; generator - NumPy generator.
    Returns: dict: data, and for each of ESTIMATORS <name> and <name>_refit.
    """
    classes, d = means.shape
    trained = generator.standard_normal((classes, task.train, d))
    seen = generator.standard_normal((2, classes, fit_size, d))
    roots = synthetic.symmetric_roots(roots @ roots.mT)  # symmetric, as the roots of the fits
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


def gap_curve(fit_sizes, repetitions, *, study_seed):
    """Accuracies in independent repetitions for every number of fitted images.

    Returns: dict of columns (fit_sizes * repetitions,): fit_size, repetition, and the columns of
             `accuracies`.
    """
    rows = []
    for fit_size in fit_sizes:
        for repetition in range(repetitions):
            generator = stream(study_seed, "estimation_gap", fit_size, repetition)
            classes = synthetic.scattered_classes(DIMENSION, SCALE, generator)
            found = accuracies(*classes, fit_size, WORKFLOW, generator)
            rows.append(dict(fit_size=fit_size, repetition=repetition, **found))
    return from_rows(rows)
