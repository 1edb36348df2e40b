"""1-Lipschitz functionals of an image: they change by at most the distance of two images."""

from dataclasses import dataclass

import numpy as np

from gaussianity.moments.principal import principal_components

HIDDEN = 64  # outputs of the layer W


@dataclass(frozen=True)
class Functionals:
    """1-Lipschitz functionals of rows x (n, d) in the Euclidean norm.

    mean (d,); anchors (a, d), fixed images; directions (r, d), random, of unit length;
    principal (k, d), principal directions; weights W (HIDDEN, d) of operator norm 1.
    """

    mean: np.ndarray
    anchors: np.ndarray
    directions: np.ndarray
    principal: np.ndarray
    weights: np.ndarray

    @property
    def names(self):
        """Names of the columns of `values`; the numbers begin with 1."""
        return (
            "norm",
            "mean_distance",
            *_numbered("anchor_distance", self.anchors),
            "nearest_anchor",
            *_numbered("random_projection", self.directions),
            *_numbered("principal_projection", self.principal),
            "maximum",
            "relu_norm",
        )

    def values(self, rows):
        """Every functional of every row: float64 (n, len(names)).

        Norms, distances, the least of several distances, products with unit vectors and the largest
        element are 1-Lipschitz. |relu(W x)| is 1-Lipschitz because W and relu are.
        """
        distances = np.stack([_norm(rows - anchor) for anchor in self.anchors], axis=1)
        return np.column_stack(
            [
                _norm(rows),
                _norm(rows - self.mean),
                distances,
                distances.min(axis=1),
                rows @ self.directions.T,
                rows @ self.principal.T,
                rows.max(axis=1),
                _norm(np.maximum(rows @ self.weights.T, 0)),
            ]
        )

    def values_of(self, batches):
        """`values` of an iterable of batches of rows, with one batch in memory at a time."""
        return np.concatenate([self.values(rows) for rows in batches])


def class_functionals(batches, anchors, *, projections, fixed, start):
    """The functionals of a class, and the largest eigenvalue of its covariance.

    Classes with the same `fixed` have the same directions and weights.

    Args:    batches - function without arguments that returns an iterable of rows (n_i, d);
             anchors - (a, d), none of these rows; projections - number of random directions, and
             largest number of principal directions; fixed - NumPy generator of directions and
             weights; start - NumPy generator, see `principal_components`.
    Returns: Functionals, lambda_max.
    Raises:  ValueError - fewer than 2 rows, or rows that do not differ.
    """
    d = anchors.shape[1]
    principal = principal_components(batches, projections, start)
    functionals = Functionals(
        mean=principal.mean,
        anchors=anchors,
        directions=random_directions(projections, d, fixed),
        principal=principal.directions,
        weights=random_weights(d, fixed),
    )
    return functionals, principal.variances[0]


def family(name):
    """The family of a functional: its name without the number.

    >>> family("anchor_distance_2"), family("relu_norm")
    ('anchor_distance', 'relu_norm')
    """
    stem, _, number = name.rpartition("_")
    return stem if number.isdigit() else name


def random_directions(count, d, generator):
    """Directions of uniform distribution on the sphere: float64 (count, d) of unit length."""
    normals = generator.standard_normal((count, d))
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


def random_weights(d, generator):
    """Gaussian weights (HIDDEN, d), divided by their operator norm."""
    normals = generator.standard_normal((HIDDEN, d))
    return normals / np.linalg.norm(normals, 2)


def _norm(rows):
    return np.linalg.norm(rows, axis=1)


def _numbered(name, members):
    return (f"{name}_{number}" for number in range(1, len(members) + 1))
