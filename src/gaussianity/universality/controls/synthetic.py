"""Classes of known distribution: many sets at once are drawn, fitted and classified.

The leading axes of every array are repetitions, pools or seeds. K classes of d pixels follow.
"""

import functools

import numpy as np
from scipy import special, stats

from gaussianity.moments.shrinkage import shrunk

POINTS = 1024  # points of the Sobol sequence
CARRIED = 0.95  # standard deviation of a two-mode coordinate that comes from its modes
DOF = 5  # degrees of freedom of Student's t of the heavy tails


def power_law_root(dimension, exponent, generator):
    """Root R (d, d) of a covariance R R^T in a random basis with eigenvalues ~ rank^-exponent."""
    basis = np.linalg.qr(generator.standard_normal((dimension, dimension)))[0]
    values = np.arange(1, dimension + 1) ** -exponent
    return basis * np.sqrt(values * dimension / values.sum())


def separated_pair(dimension, distance, generator):
    """Two classes at a distance: means (2, d), which are +- one vector, and roots (2, d, d).

    Args:    distance - of the means along `discriminant`, in standard deviations of the mean
             covariance; a linear classifier reaches the accuracy Phi(distance / 2) on normal data.
    """
    roots = np.stack([power_law_root(dimension, e, generator) for e in (0.6, 1.0)])
    difference = roots[0] @ generator.standard_normal(dimension)
    length = np.sqrt(difference @ discriminant(difference, roots))
    half = difference * distance / (2 * length)
    return np.stack([half, -half]), roots


def scattered_classes(dimension, scale, generator):
    """Four classes whose covariances decay differently: means (4, d) and roots (4, d, d).

    Each mean is `scale` times a normal sample with the covariance of its class.
    """
    roots = np.stack([power_law_root(dimension, e, generator) for e in (0.5, 1.0, 1.5, 0.8)])
    means = scale * (roots @ generator.standard_normal((4, dimension, 1)))[..., 0]
    return means, roots


def discriminant(difference, roots):
    """The direction (d,) that distinguishes two classes.

    It is the inverse of the mean covariance times the difference of the means.
    """
    return np.linalg.solve((roots @ roots.mT).mean(axis=0), difference)


def normal_latent(shape, means, roots, generator):
    """Standard normal coordinates (..., K, n, d), of normal classes."""
    return generator.standard_normal(shape)


def uniform_latent(shape, means, roots, generator):
    """Independent uniform coordinates of variance 1.

    These coordinates are not normal, but a linear classifier adds many of them, and the sum is
    nearly normal.
    """
    return generator.uniform(-np.sqrt(3), np.sqrt(3), shape)


def heavy_latent(shape, means, roots, generator):
    """Normal coordinates of variance 1, where each image has a factor of its own: Student's t_5.

    The pixels of an image then share its scale, and each pixel has the kurtosis 9.
    """
    z = generator.standard_normal(shape)
    return z * np.sqrt((DOF - 2) / generator.chisquare(DOF, size=(*shape[:-1], 1)))


def two_mode_latent(shape, means, roots, generator, *, carried=CARRIED):
    """Normal coordinates, except that the one along `discriminant` has two modes and variance 1.

    The first two classes differ in this coordinate. `carried` is the part of its standard deviation
    that comes from the modes.
    """
    z = generator.standard_normal(shape)
    directions = _decisive(means, roots)
    along = (z @ directions[..., None])[..., 0]  # (..., K, n)
    mode = generator.choice([-carried, carried], size=along.shape)
    moved = mode + np.sqrt(1 - carried**2) * along - along
    return z + moved[..., None] * directions[:, None]


def _decisive(means, roots):
    """Unit vectors (K, d): the coordinate along `discriminant` of the first two classes."""
    directions = roots.mT @ discriminant(means[0] - means[1], roots)
    return directions / np.linalg.norm(directions, axis=1, keepdims=True)


def images_of(means, roots, latent):
    """Images (..., K, n, d) with the means (..., K, d) and covariances R R^T of roots."""
    return means[..., None, :] + latent @ roots.mT


def fitted(images, shrinkage=None):
    """Means (..., K, d) and covariances (..., K, d, d) of images (..., K, n, d).

    Args:    shrinkage - function of the centred images (n, d) of a class that returns its s, see
             `shrunk`; None for sample covariances.
    """
    means = images.mean(axis=-2)
    centred = images - means[..., None, :]
    covariances = centred.mT @ centred / (images.shape[-2] - 1)
    if shrinkage is not None:
        flat = centred.reshape(-1, *centred.shape[-2:])
        s = np.array([shrinkage(rows) for rows in flat]).reshape(centred.shape[:-2])
        covariances = shrunk(covariances, s)
    return means, covariances


def symmetric_roots(covariances):
    """Symmetric roots of a stack of covariances, which can be singular."""
    values, vectors = np.linalg.eigh(covariances)
    return (vectors * np.sqrt(values.clip(0))[..., None, :]) @ vectors.mT


def least_squares_weights(images, ridge):
    """One-hot least squares W (..., d, K) of training images (..., K, n, d).

    The equations are those of `least_squares.solve`, for a whole stack.
    """
    classes, n, d = images.shape[-3:]
    rows = images.reshape(*images.shape[:-3], classes * n, d)
    targets = np.repeat(np.eye(classes), n, axis=0)
    return np.linalg.solve(rows.mT @ rows + ridge * np.eye(d), rows.mT @ targets)


def sampled_accuracy(weights, images):
    """Share of the images (..., K, n, d) that weights (..., d, K) assign to the right class."""
    right = np.arange(images.shape[-3])[:, None]
    return ((images @ weights[..., None, :, :]).argmax(axis=-1) == right).mean(axis=(-2, -1))


def gaussian_accuracy(weights, means, covariances):
    """Accuracy of weights (..., d, K) on normal classes.

    It is exact for two classes. For more, the scores are a Sobol sequence: the standard deviation
    of the error is about 0.002.

    Args:    means (..., K, d); covariances (..., K, d, d), broadcast against the weights.
    Returns: (...).
    """
    classes = weights.shape[-1]
    if classes == 2:
        lead, deviation = _lead(weights, means, covariances)
        return special.ndtr(lead / deviation).mean(axis=-1)
    scores = means @ weights  # (..., K, K)
    spread = weights[..., None, :, :].mT @ covariances @ weights[..., None, :, :]  # (..., K, K, K)
    drawn = scores[..., None, :] + _normal_points(classes) @ symmetric_roots(spread)
    right = np.arange(classes)[:, None]
    return (drawn.argmax(axis=-1) == right).mean(axis=(-2, -1))


def heavy_accuracy(weights, means, roots):
    """Exact accuracy (...) of weights (..., d, 2) on images of `heavy_latent`, two classes."""
    lead, deviation = _lead(weights, means, roots @ roots.mT)
    return special.stdtr(DOF, lead / deviation * np.sqrt(DOF / (DOF - 2))).mean(axis=-1)


def two_mode_accuracy(weights, means, roots, *, carried=CARRIED):
    """Exact accuracy (...) of weights (..., d, 2) on images of `two_mode_latent`, two classes."""
    lead, deviation = _lead(weights, means, roots @ roots.mT)
    modes = (roots @ _decisive(means, roots)[..., None])[..., 0]  # (2, d)
    shift = carried * (weights[..., 0] - weights[..., 1]) @ modes.T  # (..., 2)
    narrow = np.sqrt(deviation**2 - shift**2)
    sides = np.stack([lead - shift, lead + shift]) / narrow
    return special.ndtr(sides).mean(axis=(0, -1))


def _lead(weights, means, covariances):
    """Mean and standard deviation (..., 2) of the right score less the wrong one."""
    contrast = weights[..., 0] - weights[..., 1]  # (..., d)
    lead = (means @ contrast[..., None])[..., 0] * [1, -1]
    row = contrast[..., None, None, :]
    return lead, np.sqrt((row @ covariances @ row.mT)[..., 0, 0])


@functools.cache
def _normal_points(dimension):
    """Evenly spread points (POINTS, dimension) of the normal distribution: a Sobol sequence."""
    sequence = stats.qmc.Sobol(dimension, rng=0)
    return stats.norm.ppf(sequence.random(POINTS))
