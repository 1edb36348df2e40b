"""Distribution of data on a manifold: x = phi(F z), z a mixture of two normal classes.

    z ~ N(+mu, I_p) or N(-mu, I_p), both equally likely,  |mu|^2 = p m^2,
    F (d, p) with independent entries N(0, kappa / p), or with F^T F = (kappa / beta) I_p,

with beta = p / d. For kappa = beta, F^T F is close to I_p, its value for the isometric manifold.
For kappa = 1, a coordinate of F z has the variance 1 + m^2 for every p.

Source: George, Veiga and Macris (2025), arXiv 2502.04339. ASSUME: this normalisation; both closed
forms of the paper hold with it.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.manifold.theory.activations import Activation, hermite_coefficients


@dataclass(frozen=True)
class ManifoldDistribution:
    """Parameters of the distribution of the data, without the draw of F and mu.

    Args:    d - dimension of x; p - dimension of z, any positive number in theory; activation -
             phi; separation - m = |mu| / sqrt(p); kappa - see the module; isometric - whether F^T F
             is a multiple of I_p, which needs p <= d.
    Raises:  ValueError - p or kappa is not positive, or F is isometric with p > d.
    """

    d: int
    p: int
    activation: Activation
    separation: float = 0.0
    kappa: float = 1.0
    isometric: bool = False

    def __post_init__(self):
        if self.p <= 0 or self.kappa <= 0:
            raise ValueError(f"p and kappa must be positive, found {self.p} and {self.kappa}")
        if self.isometric and self.p > self.d:
            raise ValueError(f"an isometric F needs p <= d, found p = {self.p} and d = {self.d}")

    @property
    def beta(self):
        """p / d."""
        return self.p / self.d

    @property
    def deviation(self):
        """Standard deviation of a coordinate of F z over F and classes: sqrt(kappa (1 + m^2))."""
        return np.sqrt(self.kappa * (1 + self.separation**2))

    @property
    def signal(self):
        """Mean of |F mu|^2 over F: (kappa / beta) |mu|^2 = kappa m^2 d."""
        return self.kappa * self.separation**2 * self.d

    @property
    def coefficients(self):
        """HermiteCoefficients of the activation for the pre-activations' standard deviation."""
        return hermite_coefficients(self.activation, self.deviation)


@dataclass(frozen=True)
class Manifold:
    """A drawn manifold: weights F (d, p), centre mu (p,), activation phi."""

    weights: np.ndarray
    centre: np.ndarray
    activation: Activation

    def sample(self, labels, generator):
        """Data (n, d), float64, of classes labels (n,): 0 around +mu, 1 around -mu.

        The first rows do not depend on the number of rows.
        """
        z = generator.standard_normal((len(labels), len(self.centre)))  # (n, p)
        z += np.where(np.asarray(labels) == 0, 1.0, -1.0)[:, None] * self.centre
        return self.activation(z @ self.weights.T)


def balanced_labels(n):
    """Classes of n samples, int64, alternately 0 and 1."""
    return np.arange(n) % 2


def random_weights(distribution, generator):
    """F (d, p): independent normal entries, or orthogonal columns, uniformly drawn."""
    entries = generator.standard_normal((distribution.d, distribution.p))
    if not distribution.isometric:
        return np.sqrt(distribution.kappa / distribution.p) * entries
    q, r = np.linalg.qr(entries)
    # LAPACK chooses the signs of R's diagonal. Positive signs make Q uniform (Mezzadri, 2007).
    return np.sqrt(distribution.kappa / distribution.beta) * q * np.sign(np.diagonal(r))


def random_manifold(distribution, generator):
    """A drawn Manifold: F, and mu in a uniform direction with |mu|^2 = p m^2 exactly."""
    weights = random_weights(distribution, generator)
    direction = generator.standard_normal(distribution.p)
    centre = (
        distribution.separation * np.sqrt(distribution.p) * direction / np.linalg.norm(direction)
    )
    return Manifold(weights, centre, distribution.activation)
