"""The accuracy on Gaussian data of a few images, from a fit and from orthogonal mixtures.

The true accuracy is that of a classifier trained and tested on the classes' own normal
distributions. A Gaussian fitted to few images is easier to classify: the eigenvalues of its
covariance are too spread, and directions are missing. Mixtures of the images need no fit, so that
the verdict uses them.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.classifiers.gaussian_accuracy import gaussian_accuracy, sphere_points
from gaussianity.classifiers.mixing import mixed, mixing_rows
from gaussianity.io.columns import from_rows
from gaussianity.moments.moments import batch_moments
from gaussianity.moments.shrinkage import ledoit_wolf
from gaussianity.streams import stream
from gaussianity.universality.controls import synthetic

LAWS = {"normal": synthetic.normal_latent, "t_5": synthetic.heavy_latent}
ESTIMATORS = {"sample": None, "ledoit_wolf": lambda rows: ledoit_wolf(batch_moments(rows), [rows])}
METHODS = (*ESTIMATORS, "mixing")


@dataclass(frozen=True)
class Task:
    """Settings of least squares and of its test.

    train - images per class; ridge; seeds - training sets of each repetition; tested - held-out
    images of each class for the classifiers of mixtures.
    """

    train: int
    ridge: float
    seeds: int = 4
    tested: int = 1024


WORKFLOW = Task(train=32, ridge=10.0)
DIMENSION, SCALE = 64, 0.3  # see `synthetic.scattered_classes`


def accuracies(classes, latent, fit_size, task, generator):
    """Accuracy of least squares on Gaussian data: the true one, and estimates from few images.

    The training images of the fits come from the same normal numbers as those of the true classes.
    This does not change their distributions, and removes most of the noise from the differences.

    Args:    classes - means (K, d) and roots (K, d, d); latent - of LAWS; fit_size - images of a
             class; task - Task; generator - NumPy generator.
    Returns: dict: data, the true one, and for each of METHODS its estimate; means over the seeds.
    Raises:  ValueError - fewer images than mixed rows.
    """
    means, roots = classes
    count, d = means.shape
    roots = synthetic.symmetric_roots(roots @ roots.mT)  # symmetric, as the roots of the fits
    trained = generator.standard_normal((task.seeds, count, task.train, d))
    images, tested = (
        synthetic.images_of(means, roots, latent((count, n, d), means, roots, generator))
        for n in (fit_size, task.tested)
    )
    found = {"data": _exact(means, roots, trained, task)}
    for name, shrinkage in ESTIMATORS.items():
        fit, covariances = synthetic.fitted(images, shrinkage)
        found[name] = _exact(fit, synthetic.symmetric_roots(covariances), trained, task)
    return found | {"mixing": _mixing(images, tested, task, generator)}


def _exact(means, roots, trained, task):
    images = synthetic.images_of(means, roots, trained)
    weights = synthetic.least_squares_weights(images, task.ridge)
    return float(synthetic.gaussian_accuracy(weights, means, roots @ roots.mT).mean())


def _mixing(images, tested, task, generator):
    points = sphere_points(len(images), task.tested, generator) if len(images) > 2 else None
    found = []
    for _ in range(task.seeds):
        mixing = mixing_rows(task.train, images.shape[1], generator)
        rows = np.stack([mixed(mixing, [batch]) for batch in images])
        weights = synthetic.least_squares_weights(rows, task.ridge)
        found.append(gaussian_accuracy(tested @ weights, points))
    return float(np.mean(found))


def gap_curve(fit_sizes, repetitions, *, study_seed):
    """Accuracies in independent repetitions for every law and number of images.

    Returns: dict of columns (laws * fit_sizes * repetitions,): law, fit_size, images_per_pixel,
             repetition, and the columns of `accuracies`.
    """
    rows = []
    for law, latent in LAWS.items():
        for fit_size in fit_sizes:
            for repetition in range(repetitions):
                # The laws share their classes and the normal numbers of the training images.
                generator = stream(study_seed, "estimation_gap", fit_size, repetition)
                classes = synthetic.scattered_classes(DIMENSION, SCALE, generator)
                about = dict(law=law, fit_size=fit_size, images_per_pixel=fit_size / DIMENSION)
                found = accuracies(classes, latent, fit_size, WORKFLOW, generator)
                rows.append(dict(about, repetition=repetition, **found))
    return from_rows(rows)
