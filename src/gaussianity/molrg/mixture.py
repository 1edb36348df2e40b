"""Mixtures of low-rank Gaussians: random bases and samples."""

from dataclasses import dataclass

import torch

from gaussianity.denoisers.low_rank import require_orthonormal, require_weights


@dataclass(frozen=True)
class LowRankMixture:
    """The mixture sum_k weights_k N(0, U_k U_k^T) (definition 1).

    bases - U_k (n, d_k) of each component, float64, with orthonormal columns; weights - (K,),
    positive, of sum 1; equal weights by default.

    Raises:  ValueError - the bases have different n or are not orthonormal, or the weights are not
             as described.
    """

    bases: tuple
    weights: tuple = ()

    def __post_init__(self):
        bases = tuple(torch.as_tensor(u, dtype=torch.float64) for u in self.bases)
        weights = tuple(float(w) for w in self.weights) or (1 / len(bases),) * len(bases)
        object.__setattr__(self, "bases", bases)
        object.__setattr__(self, "weights", weights)
        require_orthonormal(bases)
        require_weights(weights, len(bases))

    @property
    def dimension(self):
        """n, the dimension of the space around the subspaces."""
        return len(self.bases[0])

    @property
    def dimensions(self):
        """The dimension d_k of each component."""
        return [basis.shape[1] for basis in self.bases]

    @property
    def covariance(self):
        """sum_k weights_k U_k U_k^T (n, n); the mean of the mixture is 0."""
        return sum(w * u @ u.T for w, u in zip(self.weights, self.bases, strict=True))

    def sample(self, generator, size, *, noise=0.0):
        """Rows (size, n), float64, and the component (size,) of each.

        Args:    generator - NumPy generator; noise - standard deviation of the normal noise that is
                 added to every coordinate.
        """
        labels = generator.choice(len(self.bases), size=size, p=self.weights)
        latents = torch.from_numpy(generator.standard_normal((size, max(self.dimensions))))
        labels = torch.from_numpy(labels)
        rows = torch.zeros(size, self.dimension, dtype=torch.float64)
        for k, basis in enumerate(self.bases):
            members = labels == k
            rows[members] = latents[members, : basis.shape[1]] @ basis.T
        if noise:
            rows += noise * torch.from_numpy(generator.standard_normal(rows.shape))
        return rows, labels


def random_bases(generators, n, dimensions, *, orthogonal=True):
    """Bases of uniformly random (Haar) subspaces, for several trials at once.

    Args:    generators - a NumPy generator per trial; n - dimension of the space; dimensions - d_k;
             orthogonal - whether the subspaces of a trial are orthogonal to each other; otherwise
             they are independent.
    Returns: list of the bases (trials, n, d_k) of each component, float64.
    Raises:  ValueError - the subspaces do not fit into the space.
    """
    needed = sum(dimensions) if orthogonal else max(dimensions)
    if needed > n:
        raise ValueError(f"subspaces of {dimensions} dimensions do not fit into {n}")
    dimensions = list(dimensions)
    normals = _normals(generators, (n, sum(dimensions)))
    if orthogonal:
        return list(torch.linalg.qr(normals)[0].split(dimensions, dim=2))
    return [torch.linalg.qr(part)[0] for part in normals.split(dimensions, dim=2)]


def random_rows(generators, bases, counts, *, noise=0.0):
    """Samples of each component, for several trials at once.

    Args:    generators - a NumPy generator per trial; bases - see `random_bases`; counts - number
             of rows of each component; noise - standard deviation of the normal noise that is added
             to every coordinate.
    Returns: rows (trials, sum of counts, n), float64, component by component, and the component
             (sum of counts,) of each row.
    """
    latents = [
        _normals(generators, (count, basis.shape[2]))
        for count, basis in zip(counts, bases, strict=True)
    ]
    rows = torch.cat([a @ u.mT for a, u in zip(latents, bases, strict=True)], dim=1)
    if noise:
        rows = rows + noise * _normals(generators, rows.shape[1:])
    return rows, torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))


def _normals(generators, shape):
    return torch.stack([torch.from_numpy(g.standard_normal(tuple(shape))) for g in generators])
