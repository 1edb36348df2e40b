"""The accuracy of a linear classifier on normal classes, from its scores of a finite test set.

The accuracy of the normal distribution with the *sample* moments of the scores is biased. The
functions here return its unbiased estimate, the mean of the accuracy on all orthogonal mixtures of
the test images (see `mixing`). For normal images its expectation is the accuracy on the
classes' normal distributions, whatever the number of test images.

Source: Kolmogorov (1950), Izv. Akad. Nauk SSSR 14; Lieberman and Resnikoff (1955), J. American
Statistical Association 50; more than two classes: Ghurye and Olkin (1969), Annals of Mathematical
Statistics 40.
"""

import numpy as np
from scipy import special

POINTS = 1024  # of a Kronecker sequence, for one test set


def sphere_points(classes, images, generator):
    """Points of K coordinates of the uniform distribution on the unit sphere in n - 1 dimensions.

    Args:    classes - K, at least 3; images - n of a class, at least K + 2; generator - NumPy
             generator of the shift of the Kronecker sequence, new for every test set.
    Returns: float64 (POINTS, K).
    Raises:  ValueError - too few images.
    """
    if images < classes + 2:
        raise ValueError(
            f"expected at least {classes + 2} test images of each of {classes} classes, "
            f"found {images}"
        )
    # scipy.stats has sequences that are not better here, and its import takes half a second.
    steps = np.sqrt(_primes(classes + 1))
    cube = (np.arange(POINTS)[:, None] * steps + generator.uniform(size=classes + 1)) % 1
    cube = cube.clip(1e-12, 1 - 1e-12)
    normal = special.ndtri(cube[:, :classes])
    rest = 2 * special.gammaincinv((images - 1 - classes) / 2, cube[:, classes])  # chi-square
    return normal / np.sqrt((normal**2).sum(axis=1) + rest)[:, None]


def _primes(count):
    """The first prime numbers.

    >>> _primes(5)
    [2, 3, 5, 7, 11]
    """
    found, number = [], 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def gaussian_accuracy(scores, points=None):
    """Accuracy under the normal distributions of the classes, unbiased for normal images.

    Args:    scores - (classes, n, outputs) of n test images of each class, outputs as in
             `mixture_accuracy`; points - of `sphere_points`, for three classes or more.
    Returns: float in [0, 1], for equally frequent classes: exact for two classes, else within about
             0.002.
    Raises:  ValueError - fewer than 3 test images of a class, or too few for the points.
    """
    scores = np.asarray(scores, dtype=np.float64)
    return float(np.mean([class_accuracy(part, k, points) for k, part in enumerate(scores)]))


def class_accuracy(scores, k, points=None):
    """`gaussian_accuracy` of one class.

    Args:    scores - (n, outputs) of test images of class k; k - its number; points - see there.
    """
    n, outputs = scores.shape
    if n < 3:
        raise ValueError(f"expected at least 3 test images of a class, found {n}")
    if outputs <= 2:
        lead = scores[:, -1] if outputs == 1 else scores[:, 1] - scores[:, 0]
        return _of_two(lead if k else -lead)
    mean = scores.mean(axis=0)
    centred = scores - mean
    values, vectors = np.linalg.eigh(centred.T @ centred)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    drawn = mean + np.sqrt(1 - 1 / n) * (points @ root)
    return float((drawn.argmax(axis=1) == k).mean())


def _of_two(lead):
    """Probability that a normal lead is positive, from samples (n,)."""
    n, mean = len(lead), lead.mean()
    scatter = ((lead - mean) ** 2).sum()
    # The largest |v| is 1: all of the sphere is then on one side.
    with np.errstate(divide="ignore", invalid="ignore"):
        v = np.nan_to_num(mean / np.sqrt((1 - 1 / n) * scatter)).clip(-1 + 1e-12, 1 - 1e-12)
    return float(special.stdtr(n - 2, v * np.sqrt((n - 2) / (1 - v * v))))
