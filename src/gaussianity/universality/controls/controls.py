"""The procedure of the verdict on synthetic images whose true excess is known.

Each repetition draws new pools of images of two classes. The excess is measured as in a study: the
Gaussian data are orthogonal mixtures of a pool's images, and all classifiers of a pool are tested
on the images of each other pool. With one pool, they are tested on the fold that they did not see.

At the margin, a verdict is wrong as often as the level of the test allows. Therefore two cases have
their true excess there: below it with two modes, above it with heavy tails. Their margin is the
measured truth, so that no error of a separation enters.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gaussianity.classifiers.gaussian_accuracy import gaussian_accuracy
from gaussianity.classifiers.mixing import mixed, mixing_rows
from gaussianity.classifiers.splits import folds_of_seed, pool_of_seed
from gaussianity.io.columns import from_rows
from gaussianity.streams import stream
from gaussianity.universality.controls import synthetic
from gaussianity.universality.verdict.equivalence import interval, outcome
from gaussianity.universality.verdict.units import unit_values

MARGIN = 0.02
LEVEL = 0.05  # of each one-sided test: the interval has the confidence 1 - 2 LEVEL
CLASSES = 1  # seed of the means and covariances, which are the same in every study
RIDGE = 1e-3  # solves the equations with fewer images than pixels; far below their eigenvalues
TRAINING_SETS = 4000  # over which the true excess is averaged
AT_ONCE = 1000  # training sets in memory
SEPARATED = 0.843  # of the modes whose excess is near -MARGIN; see `separation`


@dataclass(frozen=True)
class Design:
    """Sizes of one repetition.

    dimension - pixels; distance - of the classes, in standard deviations; pools; images - of a
    class in a pool; seeds - of each pool or fold; train - images of a class that a classifier is
    trained on, and rows of the mixtures.
    """

    dimension: int = 12
    distance: float = 1.2
    pools: int = 5
    images: int = 192
    seeds: int = 2
    train: int = 48

    def classes(self):
        """Means (2, d) and roots (2, d, d) of the two classes."""
        generator = np.random.default_rng(CLASSES)
        return synthetic.separated_pair(self.dimension, self.distance, generator)


@dataclass(frozen=True)
class Control:
    """A distribution of the images of two classes.

    latent - of the coordinates, see `synthetic`; accuracy - exact, of weights on such images, or
    None where there is no closed form; at_margin - the margin is the true excess; design - Design.
    """

    latent: Callable
    accuracy: Callable | None = None
    at_margin: bool = False
    design: Design = Design()


def _normal_accuracy(weights, means, roots):
    return synthetic.gaussian_accuracy(weights, means, roots @ roots.mT)


def two_modes(carried, **options):
    """The control with two modes at +-carried, in standard deviations."""
    latent = partial(synthetic.two_mode_latent, carried=carried)
    return Control(latent, partial(synthetic.two_mode_accuracy, carried=carried), **options)


EASIER = Design(distance=2.0)  # accuracies vary less, and more verdicts are decided
CONTROLS = {
    "gaussian": Control(synthetic.normal_latent, _normal_accuracy, design=EASIER),
    "one_pool": Control(
        synthetic.normal_latent,
        _normal_accuracy,
        design=replace(EASIER, pools=1, images=400, seeds=1),
    ),
    "uniform": Control(synthetic.uniform_latent, design=EASIER),
    "two_modes": two_modes(synthetic.CARRIED, design=EASIER),
    "modes_at_margin": two_modes(SEPARATED, at_margin=True),
    "tails_at_margin": Control(synthetic.heavy_latent, synthetic.heavy_accuracy, at_margin=True),
}


def true_excess(control, generator, training_sets=TRAINING_SETS):
    """The mean accuracy of classifiers of the images less that of classifiers of Gaussian data.

    Each is trained and tested on its own distribution, with exact accuracies. Both are trained on
    the same normal numbers, which removes most of the noise of their difference.

    Args:    control - Control; generator - NumPy generator; training_sets - number of them.
    Returns: the mean and its standard error; 0 for normal images, NaN without a closed form.
    """
    if control.latent is synthetic.normal_latent:
        return 0.0, 0.0
    if control.accuracy is None:
        return np.nan, np.nan
    design, differences = control.design, []
    means, roots = design.classes()
    for start in range(0, training_sets, AT_ONCE):
        count = min(AT_ONCE, training_sets - start)
        shape, seed = (count, 2, design.train, design.dimension), generator.integers(2**32)
        found = []
        for latent, accuracy in (
            (control.latent, control.accuracy),
            (synthetic.normal_latent, _normal_accuracy),
        ):
            z = latent(shape, means, roots, np.random.default_rng(seed))
            images = synthetic.images_of(means, roots, z)
            weights = synthetic.least_squares_weights(images, RIDGE)
            found.append(accuracy(weights, means, roots))
        differences.append(found[0] - found[1])
    differences = np.concatenate(differences)
    return float(differences.mean()), float(differences.std() / len(differences) ** 0.5)


def measured_excesses(control, generator):
    """The excess of every pool, or of every fold of one pool, in one repetition: (units,).

    Args:    control - Control; generator - NumPy generator.
    """
    design = control.design
    means, roots = design.classes()
    shape = (2, design.pools * design.images, design.dimension)
    images = synthetic.images_of(means, roots, control.latent(shape, means, roots, generator))
    excesses = {}
    for unit in _units(design, int(generator.integers(2**32))):
        weights = _trained(_chosen(images, unit.trained), design, generator)
        for number, tested in unit.tested.items():
            found = _excess(weights, _chosen(images, tested))
            excesses.setdefault((unit.number, number), []).append(found)
    return unit_values({pair: np.mean(found) for pair, found in excesses.items()})


def _units(design, study_seed):
    """All units of all seeds, as in a study."""
    images, named = design.pools * design.images, dict(study_seed=study_seed)
    if design.pools > 1:
        for seed in range(design.pools * design.seeds):
            yield pool_of_seed((0, 1), images, pools=design.pools, seed=seed, **named)
    else:
        for seed in range(design.seeds):
            yield from folds_of_seed((0, 1), images, seed=seed, **named)


def _chosen(images, numbers):
    return np.stack([rows[of_class] for rows, of_class in zip(images, numbers, strict=True)])


def _trained(seen, design, generator):
    """Weights (d, 2) trained on images, and on Gaussian data.

    Args:    seen - images (2, n, d), of which the first ones are trained on, and all are mixed.
    """
    mixing = mixing_rows(design.train, seen.shape[1], generator)
    trained = np.stack([seen[:, : design.train], [mixed(mixing, [rows]) for rows in seen]])
    return synthetic.least_squares_weights(trained, RIDGE)


def _excess(weights, held):
    """Accuracy on images (2, t, d) that are held out less that on their Gaussian data."""
    images, gaussian = weights
    return synthetic.sampled_accuracy(images, held) - gaussian_accuracy(held @ gaussian)


def repetitions(name, count, *, study_seed):
    """The excess and its interval in independent repetitions.

    Args:    name - of CONTROLS; count - number of repetitions; study_seed - of the study.
    Returns: dict of columns (count,): repetition; truth, the true excess, and its standard error;
             margin; excess, error, low and high of its interval; outcome.
    """
    control, index = CONTROLS[name], list(CONTROLS).index(name)
    truth, truth_error = true_excess(control, stream(study_seed, "control", index + 1000, 0))
    margin = abs(truth) if control.at_margin else MARGIN
    rows = []
    for repetition in range(count):
        generator = stream(study_seed, "control", index, repetition)
        found = interval(measured_excesses(control, generator), LEVEL)
        rows.append(
            dict(
                repetition=repetition,
                truth=truth,
                truth_error=truth_error,
                margin=margin,
                excess=found.mean,
                error=found.error,
                low=found.low,
                high=found.high,
                outcome=outcome(found, margin),
            )
        )
    return from_rows(rows)
