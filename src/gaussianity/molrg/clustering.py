"""Subspaces through rows: principal components, K-subspaces, and K-subspaces with jointly
orthonormal bases.

By Wang et al. (2024), arXiv 2409.02426, minimising the denoising loss over bases is PCA for one
component (theorem 1) and problem (18) for several components (theorem 3),

    max sum_k sum_{i in C_k} |U_k^T x_i|^2,  C_k = {i: |U_k^T x_i| >= |U_l^T x_i| for all l}.

All trials are solved at once, in float64. Their bases (..., n, d) may differ in dimension: `used`
(..., d) says which columns a trial uses. All other columns are zeros. Columns that the rows do not
determine are zeros, too.
"""

import itertools
from dataclasses import dataclass, replace

import torch

RANK = 1e-13  # eigenvalues of a Gram matrix below this share of the largest count as zero
ALL = 1 - 1e-12  # share of the rows' energy from which no further start is tried
RISES = 1e-10  # relative rise of the objective below which the ascent ends
SHIFT = 1e-3  # of `OrthogonalSubspaces`, relative to a direction's mean energy


def used_columns(dimensions):
    """The columns that bases of `dimensions` (trials,) use: bool (trials, d), d the largest.

    >>> used_columns([1, 2]).tolist()
    [[True, False], [True, True]]
    """
    return torch.arange(max(dimensions)) < torch.as_tensor(dimensions)[:, None]


def principal_bases(rows, used):
    """Leading right singular vectors of the rows, without centring (theorem 1).

    Args:    rows - (..., m, n), rows of zeros change nothing; used - (..., d), see the module.
    Returns: (..., n, d).
    """
    tall = rows.shape[-2] > rows.shape[-1]
    # Both Gram matrices have the squared singular values as eigenvalues; the smaller costs less.
    values, vectors = torch.linalg.eigh(rows.mT @ rows if tall else rows @ rows.mT)
    width = used.shape[-1]
    values, vectors = values.flip(-1)[..., :width], vectors.flip(-1)[..., :width]
    kept = used[..., : values.shape[-1]] & (values > RANK * values[..., :1])
    if tall:
        bases = vectors * kept[..., None, :]
    else:
        bases = rows.mT @ (vectors * torch.where(kept, values, torch.inf).rsqrt()[..., None, :])
    return torch.nn.functional.pad(bases, (0, width - bases.shape[-1]))


def nearest_subspaces(rows, bases):
    """The component whose subspace holds most of each row's energy: (trials, m)."""
    return energies(rows, bases).argmax(dim=1)


def energies(rows, bases):
    """|U_k^T x_i|^2: (trials, K, m) of rows (trials, m, n) and bases (trials, K, n, d)."""
    return (rows[:, None] @ bases).square().sum(dim=-1)


@dataclass(frozen=True)
class KSubspaces:
    """Problem (18) without a constraint between the U_k.

    rows - (trials, m, n); used - (trials, d), see the module; count - K.
    """

    rows: torch.Tensor
    used: torch.Tensor
    count: int

    def part(self, trials):
        """The problem of some of the trials."""
        return replace(self, rows=self.rows[trials], used=self.used[trials])

    def objective(self, bases):
        """sum_i max_k |U_k^T x_i|^2: (trials,)."""
        return energies(self.rows, bases).amax(dim=1).sum(dim=1)

    def start(self, labels):
        """Principal bases (trials, K, n, d) of the clusters with the labels (trials, m)."""
        members = torch.nn.functional.one_hot(labels, self.count).mT  # (trials, K, m)
        largest = int(members.sum(dim=2).max())
        order = members.argsort(dim=2, descending=True, stable=True)[:, :, :largest]
        trials = torch.arange(len(labels))[:, None, None]
        clusters = self.rows[trials, order] * members.gather(2, order)[..., None]
        return principal_bases(clusters, self.used[:, None].expand(-1, self.count, -1))

    def update(self, labels, bases):
        """Bases with at least the objective of the given ones for these clusters."""
        return self.start(labels)


@dataclass(frozen=True)
class OrthogonalSubspaces(KSubspaces):
    """Problem (18): the bases of all components together have orthonormal columns.

    filling - standard normals (trials, K, n, d) for the columns that the rows do not determine.
    """

    filling: torch.Tensor

    def part(self, trials):
        return replace(super().part(trials), filling=self.filling[trials])

    def start(self, labels):
        bases = super().start(labels)
        energy = self._spread(labels, bases).diagonal(dim1=2, dim2=3)[..., None, :]
        # The filling is weighted like its column and does not hide columns of little energy.
        filled = bases + SHIFT * self.filling * self.used[:, None, None]
        weighted = filled * torch.where(energy > 0, energy, 1).sqrt()
        return _apart(polar(_together(weighted)), self.count)

    def _spread(self, labels, bases):
        """U_k^T S_k U_k (trials, K, d, d), S_k the scatter of cluster k."""
        own = self._own(labels)[..., None] * (self.rows[:, None] @ bases)
        return own.mT @ own

    def _own(self, labels):
        return torch.nn.functional.one_hot(labels, self.count).mT.to(self.rows)

    def update(self, labels, bases, most=30):
        """Ascent of sum_k tr U_k^T S_k U_k by [U_k] <- polar([S_k U_k]).

        The objective is convex and the polar factor maximises its linear approximation. No step
        therefore decreases the objective.
        """
        own = self._own(labels)[..., None]
        shift = SHIFT * self.rows.square().sum(dim=(1, 2)) / self.rows.shape[2]
        shift = shift[:, None, None, None]  # S_k + shift I has the same maximisers and full rank
        before = torch.zeros(len(labels)).to(self.rows)
        for _ in range(most):
            coordinates = own * (self.rows[:, None] @ bases)  # (trials, K, m, d)
            reached = coordinates.square().sum(dim=(1, 2, 3))
            if not (reached > before * (1 + RISES)).any():
                break
            before = reached
            ahead = self.rows.mT[:, None] @ coordinates + shift * bases
            bases = _apart(polar(_together(ahead)), self.count)
        return bases


def _together(bases):
    """(trials, K, n, d) -> (trials, n, K d)."""
    return bases.transpose(1, 2).flatten(2)


def _apart(frames, count):
    """(trials, n, K d) -> (trials, K, n, d)."""
    return frames.unflatten(2, (count, -1)).transpose(1, 2)


def polar(frames):
    """The nearest frames (..., n, c) with orthonormal columns; columns of zeros stay zero."""
    values, vectors = torch.linalg.eigh(frames.mT @ frames)
    kept = values > RANK * values[..., -1:]
    scale = torch.where(kept, values, torch.inf).rsqrt()
    nearest_frames = frames @ ((vectors * scale[..., None, :]) @ vectors.mT)
    return nearest_frames * (frames != 0).any(dim=-2, keepdim=True)  # without rounding errors


def spectral_labels(rows, count):
    """Spectral clustering by |cos| between rows, which is 0 for rows of orthogonal subspaces.

    The leading eigenvectors of the normalised matrix of |cos| give each row a point on the sphere.
    Each next centre is the point farthest from the previous centres.

    Args:    rows - (trials, m, n), none zero; count - K.
    Returns: (trials, m), int.
    Source:  the start of Wang et al. (2022), arXiv 2206.05553, with |cos| in place of thresholded
             inner products.
    """
    directions = torch.nn.functional.normalize(rows, dim=2)
    affinity = (directions @ directions.mT).abs()
    affinity.diagonal(dim1=1, dim2=2).zero_()
    scale = affinity.sum(dim=2).clamp_min(1e-12).rsqrt()
    points = torch.linalg.eigh(scale[:, :, None] * affinity * scale[:, None, :])[1][:, :, -count:]
    points = torch.nn.functional.normalize(points, dim=2)
    trials, centres = torch.arange(len(rows)), points[:, :1]
    for _ in range(count - 1):
        farthest = (points @ centres.mT).abs().amax(dim=2).argmin(dim=1)
        centres = torch.cat([centres, points[trials, farthest][:, None]], dim=1)
    return (points @ centres.mT).argmax(dim=2)


def lloyd(problem, labels, iterations):
    """Update clusters and bases alternately until no row changes its cluster.

    Args:    problem - KSubspaces; labels - (trials, m) of the start; iterations - at most.
    Returns: bases (trials, K, n, d).
    """
    bases, labels = problem.start(labels), labels.clone()
    moving = torch.arange(len(labels))
    for _ in range(iterations):
        part = problem.part(moving)
        bases[moving] = part.update(labels[moving], bases[moving])
        found = nearest_subspaces(part.rows, bases[moving])
        moved = (found != labels[moving]).any(dim=1)
        labels[moving] = found
        moving = moving[moved]
        if not len(moving):
            break
    return bases


def best_clustering(problem, starts, *, iterations=30):
    """Bases with the largest objective over several starts. A trial whose bases hold all of the
    rows' energy takes no further start.

    Args:    problem - KSubspaces; starts - list of labels (trials, m).
    Returns: bases (trials, K, n, d).
    """
    most = ALL * problem.rows.square().sum(dim=(1, 2))
    best = lloyd(problem, starts[0], iterations)
    reached = problem.objective(best)
    for labels in starts[1:]:
        left = (reached < most).nonzero()[:, 0]
        if not len(left):
            break
        part = problem.part(left)
        bases = lloyd(part, labels[left], iterations)
        found = part.objective(bases)
        better = found > reached[left]
        best[left[better]], reached[left[better]] = bases[better], found[better]
    return best


def subspace_distances(bases, truth):
    """Distances of learnt subspaces from the true ones, for the best matching of components.

    The distance is the mean over k of |U_pi(k) U_pi(k)^T - U*_k U*_k^T|, minimised over
    permutations pi. Columns of zeros in U count as orthogonal to the truth.

    Args:    bases, truth - (trials, K, n, d); truth has columns of zeros if its dimension is below
             d.
    Returns: distances (trials,) in the spectral norm, which is the sine of the largest principal
             angle, and in the Frobenius norm.
    """
    count, d = truth.shape[1], truth.shape[3]
    products = bases[:, :, None].mT @ truth[:, None]  # (trials, K, K, d, d)
    absent = (truth[:, 0] == 0).all(dim=1).to(truth)  # (trials, d)
    products = (
        products + torch.diag_embed(absent)[:, None, None]
    )  # columns that the truth lacks count as equal
    cosines = torch.linalg.svdvals(products)
    spectral = (1 - cosines[..., -1] ** 2).clamp_min(0).sqrt()
    frobenius = (2 * (d - cosines.square().sum(dim=-1))).clamp_min(0).sqrt()
    return _matched(spectral, count), _matched(frobenius, count)


def _matched(distances, count):
    """Smallest mean over permutations of distances (trials, K, K)."""
    ways = itertools.permutations(range(count))
    means = [distances[:, list(way), range(count)].mean(dim=1) for way in ways]
    return torch.stack(means).amin(dim=0)
