"""Edits of an image along the directions that its denoiser keeps, and what they change.

Wang et al. (2024), arXiv 2409.02426, figures 6 and 9: the leading right singular vectors of the
Jacobian of D(x; sigma) at a state x of the sampler are held to be attributes of the image. The
state is moved along one and the deterministic sampler goes on from there. Here what this changes is
measured, and held against moves of the same length that know nothing of the Jacobian.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from gaussianity.images import to_unit
from gaussianity.jacobians import Derivative, jacobian, leading_singular_values
from gaussianity.sampling import walk

HELD_OUT = 0.2  # share of the images that measure the classifier
KINDS = ("singular", "random", "inside", "outside")


@dataclass(frozen=True)
class State:
    """A batch on its way through the deterministic sampler.

    x - (n, C, H, W) at the noise level of the first of `steps`, the sampling.Step from there to the
    end; images - where they lead, in the network form.
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
    """The state of trajectories at the step whose noise level is nearest to sigma, as a ratio.

    Args:    denoiser, seeds, class_labels, settings - as sampling.walk takes them, without churn.
    Returns: State.
    """
    passed = list(walk(denoiser, seeds, class_labels, **settings))
    nearest = min(range(len(passed)), key=lambda i: abs(math.log(passed[i][0].sigma / sigma)))
    steps = [step for step, *_ in passed]
    return State(x=passed[nearest][1], steps=steps[nearest:], images=passed[-1][2])


def whole_singular_vectors(state, count):
    """Right singular vectors (n, count, d), rows, and singular values (n, count), falling, of the
    Jacobian of D at a State: from whole Jacobians, exact. The sum of a vector's entries is not
    negative, so that a positive strength does not darken the image."""
    _, values, vectors = torch.linalg.svd(jacobian(state.denoised, state.x))
    return _signed(vectors[:, :count]), values[:, :count]


def leading_singular_vectors(state, count, iterations, generators):
    """As `whole_singular_vectors` from products with J and J^T, for many pixels.

    Args:    iterations - of leading_singular_values; generators - NumPy generator of each image.
    """
    d = state.x[0].numel()
    start = torch.from_numpy(np.stack([g.standard_normal((d, count)) for g in generators]))
    derivative = Derivative(state.denoised, state.x)
    found = leading_singular_values(derivative, start.to(state.x.device), iterations)
    return _signed(found.vectors.mT), found.values


def _signed(vectors):
    return vectors * torch.where(vectors.sum(dim=-1, keepdim=True) < 0, -1.0, 1.0)


def directions(vectors, normals):
    """Unit vectors to move along, of each kind.

    Args:    vectors - (n, k, d) orthonormal rows, k < d; normals - (n, m, d) standard normal.
    Returns: dict: singular - the vectors; random - the normals; inside and outside - the part of
             the normals in the span of the vectors, and the rest; all of norm 1.
    """
    within = (normals @ vectors.mT) @ vectors
    drawn = dict(random=normals, inside=within, outside=normals - within)
    unit = {kind: v / v.norm(dim=-1, keepdim=True) for kind, v in drawn.items()}
    return dict(singular=vectors) | unit


@torch.no_grad()
def edited(state, moves, strengths, *, batch_size):
    """Where the sampler leads from states that were moved.

    Args:    state - State; moves - (n, m, d) unit vectors; strengths - numbers, in noise levels of
             the state: x + strength sigma v; batch_size - states at once.
    Returns: (n, m, strengths, C, H, W) in the network form.
    """
    shape = (*moves.shape[:2], len(strengths), *state.x.shape[1:])
    scale = state.sigma * torch.as_tensor(strengths).to(state.x)
    added = scale[:, None] * moves.to(state.x)[:, :, None]  # (n, m, strengths, d)
    moved = (state.x[:, None, None] + added.reshape(shape)).flatten(0, 2)
    images = torch.arange(len(state.x), device=moved.device).repeat_interleave(math.prod(shape[1:3]))
    parts = [
        _continued(state.steps, x, chosen)
        for x, chosen in zip(moved.split(batch_size), images.split(batch_size), strict=True)
    ]
    return torch.cat(parts).reshape(shape)


def _continued(steps, x, images):
    """The end of the sampler from x, a batch of edits of the images of these numbers."""
    for step in steps:
        labels = step.class_labels
        x = replace(step, class_labels=None if labels is None else labels[images])(x)
    return x


@dataclass(frozen=True)
class Classifier:
    """Logistic regression from rows (n, d), black 0 and white 1, and its accuracy on images that it
    was not fitted to."""

    model: object
    accuracy: float

    @classmethod
    def fitted(cls, rows, labels, generator):
        """Fitted to all but HELD_OUT of the rows (n, d) of the labels (n,), drawn at random."""
        from sklearn.linear_model import LogisticRegression

        order = generator.permutation(len(rows))
        held, others = np.split(order, [round(HELD_OUT * len(rows))])
        model = LogisticRegression(max_iter=1000).fit(rows[others], labels[others])
        return cls(model, float(model.score(rows[held], labels[held])))

    def probabilities(self, images):
        """Of the classes (..., K) for images (..., C, H, W) in the network form."""
        found = self.model.predict_proba(to_unit(images).reshape(-1, math.prod(images.shape[-3:])))
        return found.reshape(*images.shape[:-3], -1)


def effects(images, base, classifier):
    """What edits change.

    Args:    images - (n, m, strengths, C, H, W) edited; base - (n, C, H, W) not edited, both in the
             network form; classifier - a Classifier.
    Returns: dict of (n, m, strengths): rms_change - root mean square over the pixels, black 0 and
             white 1; probability_moved - half the sum of the absolute changes of the classifier's
             probabilities, 0 to 1; switched - 1 where it names another class.
    """
    images, base = images.cpu().numpy(), base.cpu().numpy()[:, None, None]
    before, after = classifier.probabilities(base), classifier.probabilities(images)
    return dict(
        rms_change=np.sqrt(np.square((images - base) / 2).mean(axis=(3, 4, 5))),
        probability_moved=np.abs(after - before).sum(axis=-1) / 2,
        switched=(after.argmax(axis=-1) != before.argmax(axis=-1)).astype(np.float64),
    )
