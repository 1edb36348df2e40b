"""Numerical rank of a denoiser's Jacobian along trajectories of the deterministic sampler.

In figures 3 and 7 of Wang et al. (2024), arXiv 2409.02426, the Jacobian of D(x; sigma) has low
rank. The paper interprets the rank as the sum of the dimensions of the data's subspaces.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.io.columns import concatenated
from gaussianity.sampling.contraction import require_derivative
from gaussianity.sampling.jacobians import TOGETHER, Derivative, jacobian, krylov, products
from gaussianity.sampling.sampler import slices, walk

# The rank is the smallest number of singular values whose squares have more than this share of the
# sum of all squares. The published code compares square roots of the sums with 0.99, that is the
# sums with 0.9801. A note on the paper says 0.99 for its definition (equation 46 of the text that
# was available to us, 52 in the note), which was not confirmed. The second rank is never below the
# first.
SHARES = {"energy 0.9801": 0.99**2, "energy 0.99": 0.99}
ERRORS = 2  # standard errors of the sum of squares that `low` and `high` allow for


@dataclass(frozen=True)
class Energies:
    """Squared singular values of the Jacobian of each image, all or the largest ones.

    squares - (n, m), falling; total - (n,), the sum of all d squares; error - (n,), standard error
    of total, 0 if it is exact. All float64.
    """

    squares: torch.Tensor
    total: torch.Tensor
    error: torch.Tensor


@dataclass(frozen=True)
class WholeEnergies:
    """Exact energies from whole Jacobians, by d products backward for each image."""

    def __call__(self, f, x, generators):
        """Energies of the map f at the images x; `generators` is ignored."""
        squares = torch.linalg.svdvals(jacobian(f, x)).square()
        total = squares.sum(dim=1)
        return Energies(squares, total, torch.zeros_like(total))


@dataclass(frozen=True)
class LeadingEnergies:
    """Energies of the largest singular values, from products with J and J^T.

    A space grows block by block. It ends when it holds the share of every definition, with a margin
    of ERRORS standard errors, and the last block has changed no rank. The singular values on the
    space are no larger than the true ones, so that the ranks are not too small. The sum of all
    squares is the sum of |J Q|^2 on the space Q, which is exact, and Hutchinson's estimate of the
    rest, E |J (I - Q Q^T) z|^2 over normal z, which takes no new products as Q grows. The rest is
    at most a hundredth of the sum.

    block - vectors by which the space grows; most - vectors at which it ends; probes - vectors z.
    Each vector of the space takes a product with J and one with J^T, each probe one with J.
    Source:  Halko, Martinsson and Tropp (2011), SIAM Review 53(2), algorithm 4.2 for the growth;
             Meyer et al. (2021), Hutch++, for the sum.
    """

    block: int
    most: int
    probes: int

    def __call__(self, f, x, generators):
        """Energies of the map f at the images x; generators - NumPy generator of each image."""
        d = x[0].numel()
        block = min(self.block, d)
        drawn = [g.standard_normal((d, block + self.probes)) for g in generators]
        start, probes = torch.from_numpy(np.stack(drawn)).to(x.device).tensor_split([block], dim=2)
        derivative = Derivative(f, x)
        left, space, before = products(derivative, probes), [], None
        for basis, pushed, _ in krylov(derivative, start):
            left = left - pushed @ (basis.mT @ probes)
            space.append(pushed)
            found = _found(torch.cat(space, dim=2), left)
            now = torch.stack([_rank(found, share, ERRORS) for share in SHARES.values()])
            held = len(space) * block
            if held >= min(d, self.most) or (
                before is not None and torch.equal(now, before) and (now <= held).all()
            ):
                return found
            before = now


def _found(pushed, left):
    """Energies from J Q (n, d, m) and J (I - Q Q^T) z (n, d, probes)."""
    squares = torch.linalg.svdvals(pushed).square()
    samples = left.square().sum(dim=1)
    total = squares.sum(dim=1) + samples.mean(dim=1)
    return Energies(squares, total, samples.std(dim=1) / math.sqrt(samples.shape[1]))


def _rank(energies, share, errors=0):
    """Smallest r with sum_{i <= r} s_i^2 > share (total + errors * error): int (n,). It is m + 1 if
    the m squares are not enough, and 0 for a Jacobian of zeros."""
    target = share * (energies.total + errors * energies.error)
    short = energies.squares.cumsum(dim=1) <= target[:, None]
    return (short.sum(dim=1) + 1) * (energies.total > 0)


def _least_rank(energies, share):
    """As `_rank`, for the upper bound of the sum of the true r leading squares: the sum of the r
    leading found ones and all energy that is left (Ky Fan, for J Q Q^T J^T and the rest of J J^T).
    """
    found = energies.squares.sum(dim=1)
    left = energies.total + ERRORS * energies.error - found
    short = energies.squares.cumsum(dim=1) <= (share * found - (1 - share) * left)[:, None]
    return (short.sum(dim=1) + 1) * (energies.total > 0)


def rank_bounds(energies, share, dimension):
    """Numerical rank of the Jacobian of each image, with bounds.

    Args:    energies - Energies; share - of the sum of all squares, see SHARES; dimension - d, the
             largest possible rank.
    Returns: dict of int (n,): rank, low and high. The true rank lies from low to high unless the
             error of the total exceeds ERRORS standard errors. The rank is not below the true one,
             since singular values on a subspace are no larger than the true ones. If too few
             singular values were found, rank is their number and high is d.
    """
    known = energies.squares.shape[1]
    rank, high = (_rank(energies, share, errors) for errors in (0, ERRORS))
    return dict(
        rank=rank.clamp(max=known),
        low=_least_rank(energies, share).clamp(max=known),
        high=torch.where(high > known, dimension, high),
    )


def batch_ranks(denoiser, seeds, class_labels, energies, generators, **settings):
    """Numerical rank at every step of the deterministic sampler, for the images of one batch.

    Args:    denoiser, seeds, class_labels - as sampler.sample takes them; energies - WholeEnergies
             or LeadingEnergies; generators - NumPy generator of each image; settings - steps,
             sigma_min, sigma_max, rho and device, as sampler.sample takes them.
    Returns: dict of columns of length n * steps * 2, image by image, then step by step: seed,
             step, sigma, snr = 1 / sigma, definition (of SHARES), rank, low, high (see
             `rank_bounds`), dimension d and total_error, the standard error of the sum of
             squares relative to it.
    Raises:  NotDifferentiable - the denoiser's derivative is not that of its values.
    """
    levels, measured = [], []
    for step, x, *_ in walk(denoiser, seeds, class_labels, **settings):
        if step.index == settings["steps"] // 2:
            require_derivative(step, x)
        # The published code differentiates the network without the class label of the trajectory.
        # Here the label is that of the trajectory.
        found = energies(lambda y, s=step: s.denoised(y, s.sigma_hat), x, generators)
        levels.append((step.index, step.sigma))
        measured.append(_of_step(found, x[0].numel()))
    values = torch.stack(measured, dim=1).cpu().numpy()
    return _columns(values, np.array(levels), seeds) | dict(
        dimension=np.full(values[..., 0].size, x[0].numel(), dtype=np.int32)
    )


def _of_step(found, dimension):
    """Rank, low, high and relative error of the total, of each definition: (n, definitions, 4)."""
    error = found.error / found.total.clamp_min(1e-300)
    ranks = [rank_bounds(found, share, dimension) for share in SHARES.values()]
    return torch.stack([torch.stack([*r.values(), error], dim=1) for r in ranks], dim=1)


def _columns(values, levels, seeds):
    """Columns in the order of `batch_ranks` from (n, steps, definitions, 4)."""
    shape = values.shape[:3]

    def column(given, axis):
        sides = [shape[axis] if i == axis else 1 for i in range(3)]
        return np.broadcast_to(np.asarray(given).reshape(sides), shape).ravel()

    rank, low, high, error = values.reshape(-1, 4).T
    return dict(
        seed=column(np.asarray(seeds, dtype=np.int64), 0),
        step=column(levels[:, 0].astype(np.int32), 1),
        sigma=column(levels[:, 1], 1),
        snr=column(1 / levels[:, 1], 1),
        definition=column(list(SHARES), 2),
        **{k: v.astype(np.int32) for k, v in dict(rank=rank, low=low, high=high).items()},
        total_error=error,
    )


def measure_ranks(denoiser, seeds, class_labels, *, settings, generators, **sampling):
    """`batch_ranks` in batches, with progress.

    Args:    settings - dict of whole_pixels, the number of pixels up to which whole Jacobians are
             computed, and of block, most and probes of LeadingEnergies, which is used for more
             pixels; the others - see `batch_ranks`.
    Returns: dict of columns, see `batch_ranks`.
    Raises:  NotDifferentiable - the denoiser's derivative is not that of its values.
    """
    whole = math.prod(denoiser.image_shape) <= settings["whole_pixels"]
    own = {key: settings[key] for key in ("block", "most", "probes")}
    energies, size = (WholeEnergies(), TOGETHER) if whole else (LeadingEnergies(**own), 1)
    tables = []
    for part in slices(len(seeds), size):
        labels = None if class_labels is None else class_labels[part]
        tables.append(
            batch_ranks(denoiser, seeds[part], labels, energies, generators[part], **sampling)
        )
    return concatenated(tables)
