"""Edits of images: the sampler continues from a state that is moved along a direction.

Wang et al. (2024), arXiv 2409.02426, figures 6 and 9, interpret the leading right singular vectors
of the Jacobian of D(x; sigma) at a state x as attributes of the image. The state is moved along one
of them, and the deterministic sampler continues from there. Random directions and the principal
directions of the data are the controls.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from gaussianity.sampling.jacobians import Derivative, jacobian, leading_singular_values
from gaussianity.sampling.sampler import walk


@dataclass(frozen=True)
class State:
    """Intermediate state of a batch of the deterministic sampler.

    x - (n, C, H, W) at the noise level of the first of `steps`; steps - the remaining sampler.Step;
    images - the result of these steps, in the network form.
    """

    x: torch.Tensor
    steps: list
    images: torch.Tensor

    @property
    def sigma(self):
        """Noise level of x."""
        return self.steps[0].sigma

    def denoised(self, x):
        """D at the state's noise level."""
        return self.steps[0].denoised(x, self.sigma)


def state_at(denoiser, seeds, class_labels, sigma, **settings):
    """The state of trajectories at the step whose noise level has the ratio to sigma nearest to 1.

    Args:    denoiser, seeds, class_labels, settings - as sampler.walk takes them, without churn.
    Returns: State.
    """
    passed = list(walk(denoiser, seeds, class_labels, **settings))
    nearest = min(range(len(passed)), key=lambda i: abs(math.log(passed[i][0].sigma / sigma)))
    steps = [step for step, *_ in passed]
    return State(x=passed[nearest][1], steps=steps[nearest:], images=passed[-1][2])


def whole_singular_vectors(state, count):
    """Leading right singular vectors of the Jacobian of D at a State, from whole Jacobians.

    The sign of a singular vector is arbitrary; here the sum of its entries is not negative.

    Returns: vectors (n, count, d), orthonormal rows, and relative residuals (n, count), here 0.
    """
    vectors = _signed(torch.linalg.svd(jacobian(state.denoised, state.x))[2][:, :count])
    return vectors, torch.zeros_like(vectors[:, :, 0])


def leading_singular_vectors(state, count, iterations, generators):
    """As `whole_singular_vectors`, from products with J and J^T, for many pixels.

    Args:    iterations - of leading_singular_values; generators - NumPy generator of each image.
    """
    d = state.x[0].numel()
    start = torch.from_numpy(np.stack([g.standard_normal((d, count)) for g in generators]))
    derivative = Derivative(state.denoised, state.x)
    found = leading_singular_values(derivative, start.to(state.x.device), iterations)
    return _signed(found.vectors.mT), found.residual


def _signed(vectors):
    return vectors * torch.where(vectors.sum(dim=-1, keepdim=True) < 0, -1.0, 1.0)


def principal_directions(rows, count):
    """Leading eigenvectors of the covariance of rows (n, d), as rows (m, d), float64.

    The sign is as in `whole_singular_vectors`. m is `count`, or n - 1 or d if that is less.
    """
    centred = torch.as_tensor(rows, dtype=torch.float64)
    centred = centred - centred.mean(dim=0)
    kept = min(count, len(centred) - 1)
    return _signed(torch.linalg.svd(centred, full_matrices=False)[2][:kept])


def unit_directions(vectors, normals):
    """Unit vectors of each kind of direction.

    Args:    vectors - (n, k, d), orthonormal rows, k < d; normals - (n, m, d), standard normal.
    Returns: dict: singular - the vectors; random - the normals; inside - the part of the normals in
             the span of the vectors; outside - the rest of the normals. All are scaled to norm 1.
    """
    within = (normals @ vectors.mT) @ vectors
    drawn = dict(random=normals, inside=within, outside=normals - within)
    unit = {kind: v / v.norm(dim=-1, keepdim=True) for kind, v in drawn.items()}
    return dict(singular=vectors) | unit


def both_signs(strengths):
    """Strengths with both signs, in increasing order.

    >>> both_signs([2, 4])
    [-4, -2, 2, 4]
    """
    return [*(-s for s in sorted(strengths, reverse=True)), *sorted(strengths)]


@torch.no_grad()
def edited_images(state, moves, strengths, *, batch_size):
    """Results of the sampler from moved states x + strength sigma v.

    Args:    state - State; moves - unit vectors v (n, m, d); strengths - numbers; batch_size -
             states at once.
    Returns: (n, m, strengths, C, H, W) in the network form.
    """
    shape = (*moves.shape[:2], len(strengths), *state.x.shape[1:])
    scale = state.sigma * torch.as_tensor(strengths).to(state.x)
    added = scale[:, None] * moves.to(state.x)[:, :, None]
    moved = (state.x[:, None, None] + added.reshape(shape)).flatten(0, 2)
    of_image = torch.arange(len(state.x), device=moved.device)
    images = of_image.repeat_interleave(math.prod(shape[1:3]))
    parts = [
        _continued(state.steps, x, chosen)
        for x, chosen in zip(moved.split(batch_size), images.split(batch_size), strict=True)
    ]
    return torch.cat(parts).reshape(shape)


def _continued(steps, x, images):
    """Result of the steps from x; images - for each row of x the number of the edited image."""
    for step in steps:
        labels = step.class_labels
        x = replace(step, class_labels=None if labels is None else labels[images])(x)
    return x
