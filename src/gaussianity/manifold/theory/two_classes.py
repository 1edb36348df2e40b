"""Speciation and collapse times predicted from two classes' means and covariances.

Classes are N(mean_c, C_c) with weights pi_c, in the unit of the noise: y = x_0 + sigma g and
t = log(1 + sigma^2) / 2, see `manifold.process`. The half distance m of the means and the average S
of the covariances give the deflection

    D = m^T (S + sigma^2 I)^-1 m = e^-2t m^T (e^-2t S + Delta_t I)^-1 m.

It decides speciation where the classes share a covariance. The collapse time is that at which x_t
has enough information about x_0 to name one of n training images, I(x_0; x_t) = log n (Biroli et
al., 2024, arXiv 2402.18491, section 4, where the entropy s(t) equals that of separate points).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import brentq

from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.collapse import gaussian_time
from gaussianity.manifold.theory.quadrature import normal_rule
from gaussianity.manifold.theory.speciation import (
    deflection,
    deflection_time,
    potential_time,
    spectral_time,
)

TIMES = 1e-6, 20.0  # bounds of the search for a time


class Criterion(StrEnum):
    """What defines a transition time; the values stand in the tables of results."""

    DEFLECTION_ONE = "D = 1"
    DEFLECTION_HALF = "D = 1/2"
    SPECTRAL = "log(Lambda) / 2"
    POTENTIAL = "log(2 Lambda) / 2"
    ALL_IMAGES = "n images"
    HALF_OF_IMAGES = "n / 2 images"
    PARTICIPATION_RATIO = "participation ratio"
    CLONES = "clones end at one image"
    WEIGHTS = "weights where it passes"
    EXCESS_ENTROPY = "excess entropy log 2"


@dataclass(frozen=True)
class TwoClasses:
    """Quantities of two classes that the predictions need.

    variances - eigenvalues of each class's covariance (2, d); counts - training images of each
    (2,), n in total; within - eigenvalues of the average covariance S (d,); distance - squared
    coordinates (d,) of the half distance m of the means along its eigenvectors; largest -
    eigenvalue Lambda of the covariance of both classes together.
    """

    variances: np.ndarray
    counts: np.ndarray
    within: np.ndarray
    distance: np.ndarray
    largest: float

    @classmethod
    def of_moments(cls, means, covariances, counts):
        """The quantities from the moments of each class.

        Args:    means - two (d,); covariances - two (d, d); counts - images of each class.
        Raises:  ValueError - not two classes, or two of equal means.
        """
        if len(means) != 2:
            raise ValueError(f"speciation is between 2 classes, found {len(means)}")
        half = (means[0] - means[1]) / 2
        if not half.any():
            raise ValueError("speciation is between classes of different means, found equal ones")
        counts = np.asarray(counts, dtype=np.float64)
        shares = counts / counts.sum()
        within, vectors = np.linalg.eigh((covariances[0] + covariances[1]) / 2)
        whole = shares[0] * covariances[0] + shares[1] * covariances[1]
        whole = whole + 4 * shares[0] * shares[1] * np.outer(half, half)
        return cls(
            variances=_floored([np.linalg.eigvalsh(covariance) for covariance in covariances]),
            counts=counts,
            within=_floored(within),
            distance=(vectors.T @ half) ** 2,
            largest=float(np.linalg.eigvalsh(whole)[-1]),
        )

    @property
    def images(self):
        """Number n of training images."""
        return float(self.counts.sum())

    @property
    def shares(self):
        """pi_c, the shares of the training images."""
        return self.counts / self.images

    def deflection(self, time):
        """D(t), see the module."""
        return float(deflection(time, self.distance, self.within))

    def information(self, time):
        """I(x_0; x_t) in nats: the information about the class plus that about the image within it.

        ASSUME: the information about the class is that of classes of one covariance, see
        `class_information`.
        """
        images = self.shares @ [normal_information(v, time) for v in self.variances]
        return images + class_information(self.deflection(time))

    def speciation_time(self, level):
        """t at which D(t) is `level`; NaN where the classes are too close."""
        return deflection_time(level, self.deflection)

    def collapse_time(self, images):
        """t at which the information suffices to name one of `images` training images.

        Returns: float; NaN where there is no such time.
        """
        left = [self.information(t) - np.log(images) for t in TIMES]
        if not left[0] > 0 > left[1]:
            return np.nan
        return float(brentq(lambda t: self.information(t) - np.log(images), *TIMES, xtol=1e-12))


def _floored(values):
    """Eigenvalues with their rounding error as a lower bound, which prevents 0 / 0 in D."""
    values = np.asarray(values)
    return np.maximum(values, values.max() * values.shape[-1] * np.finfo(np.float64).eps)


def normal_information(variances, time):
    """I(x_0; x_t) of a normal distribution in nats, sum_i log(1 + lambda_i / sigma^2) / 2.

    >>> print(f"{normal_information([3.0, 0.0], np.log(2) / 2):.6f} {np.log(2):.6f}")
    0.693147 0.693147
    """
    return np.log1p(np.asarray(variances) / noise_level(time) ** 2).sum() / 2


def class_information(level):
    """I(class; x_t) in nats of two equally likely normal classes of one covariance with D = level.

    The log-odds of the true class are 2 u with u ~ N(D, D). So the information is
    log 2 - E log(1 + e^-2u).
    """
    nodes, weights = normal_rule()
    u = level + np.sqrt(level) * nodes
    return float(np.log(2) - weights @ np.logaddexp(0, -2 * u))


@dataclass(frozen=True)
class Isotropic:
    """A normal distribution of equal variance in `dimension` directions and none in the others.

    Its collapse time has a closed form and depends on the training set through n^(2/p) alone:
    t_C = log(1 + variance / (n^(2/p) - 1)) / 2.
    """

    dimension: float
    variance: float

    @classmethod
    def like(cls, variances):
        """The distribution with the trace and the trace of the square of a covariance.

        Its dimension is the participation ratio (sum_i lambda_i)^2 / sum_i lambda_i^2.

        Args:    variances - lambda, the eigenvalues of the covariance.
        """
        total = np.sum(variances)
        dimension = total**2 / np.sum(np.square(variances))
        return cls(float(dimension), float(total / dimension))

    def collapse_time(self, images):
        """t_C of `images` training images."""
        return float(gaussian_time(np.log(images) / self.dimension, self.variance))


def effective_dimension(total, images, time):
    """p of the isotropic distribution with this total variance that collapses at the given time.

    Args:    total - sum of the variances; images - n; time - t_C(n). Finite sets collapse between
             t_C(n) and t_C(n / 2). A measured time therefore gives an interval: call this function
             with n / 2 and with n.
    Returns: float; NaN where no p has that time, for example for sigma^2 above the limit
             total / (2 log n).
    """
    if images <= 1:
        return np.nan

    def late(log_dimension):
        dimension = np.exp(log_dimension)
        return time - Isotropic(dimension, total / dimension).collapse_time(images)

    ends = np.log(0.05 * np.log(images)), np.log(1e6)
    if not late(ends[0]) > 0 > late(ends[1]):
        return np.nan
    return float(np.exp(brentq(late, *ends)))


def _if_positive(time):
    """A time that is positive, else NaN."""
    return float(time) if time > 0 else np.nan


def predictions(pair):
    """The times that the moments predict.

    Args:    pair - TwoClasses.
    Returns: list of dict with transition, criterion (Criterion) and time. Speciation: where D is 1
             and 1/2, and Biroli et al.'s e^-2t Lambda = 1 and 1/2, which assume images of unit
             variance. Collapse: for n and n / 2 images, between which finite sets collapse, and for
             isotropic classes with the participation ratio of these.
    """
    isotropic = [
        Isotropic.like(variances).collapse_time(count)
        for variances, count in zip(pair.variances, pair.counts, strict=True)
    ]
    found = [
        ("speciation", Criterion.DEFLECTION_ONE, pair.speciation_time(1.0)),
        ("speciation", Criterion.DEFLECTION_HALF, pair.speciation_time(0.5)),
        ("speciation", Criterion.SPECTRAL, _if_positive(spectral_time(pair.largest))),
        ("speciation", Criterion.POTENTIAL, _if_positive(potential_time(pair.largest))),
        ("collapse", Criterion.ALL_IMAGES, pair.collapse_time(pair.images)),
        ("collapse", Criterion.HALF_OF_IMAGES, pair.collapse_time(pair.images / 2)),
        ("collapse", Criterion.PARTICIPATION_RATIO, float(pair.shares @ isotropic)),
    ]
    return [dict(zip(("transition", "criterion", "time"), row, strict=True)) for row in found]
