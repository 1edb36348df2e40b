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

from tqdm import tqdm

from gaussianity.images import to_unit
from gaussianity.jacobians import Derivative, jacobian, leading_singular_values
from gaussianity.sampling import walk

HELD_OUT = 0.2  # share of the images that measure the classifier
TOGETHER = 16  # images at once where the whole Jacobian is taken, one by one where it is not


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
    """Leading right singular vectors of the Jacobian of D at a State, from whole Jacobians.

    Returns: (n, count, d), orthonormal rows whose entries sum up to 0 or more: a sign of its own a
             singular vector has not.
    """
    vectors = torch.linalg.svd(jacobian(state.denoised, state.x))[2]
    return _signed(vectors[:, :count])


def leading_singular_vectors(state, count, iterations, generators):
    """As `whole_singular_vectors` from products with J and J^T, for many pixels.

    Args:    iterations - of leading_singular_values; generators - NumPy generator of each image.
    """
    d = state.x[0].numel()
    start = torch.from_numpy(np.stack([g.standard_normal((d, count)) for g in generators]))
    derivative = Derivative(state.denoised, state.x)
    found = leading_singular_values(derivative, start.to(state.x.device), iterations)
    return _signed(found.vectors.mT)


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
    added = scale[:, None] * moves.to(state.x)[:, :, None]
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
    def of_classes(cls, classes, generator):
        """Fitted to all but HELD_OUT of the rows (n_k, d) of each class, drawn at random."""
        from sklearn.linear_model import LogisticRegression

        labels = np.repeat(np.arange(len(classes)), [len(rows) for rows in classes])
        rows, order = np.concatenate(classes), generator.permutation(len(labels))
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


def signed(strengths):
    """Strengths of both signs, rising.

    >>> signed([2, 4])
    [-4, -2, 2, 4]
    """
    return [*(-s for s in sorted(strengths, reverse=True)), *sorted(strengths)]


def of_images(denoiser, seeds, class_labels, *, classifier, settings, generators, device):
    """Edits of images and their effects, in batches, with progress.

    Args:    denoiser, seeds, class_labels, device - as sampling.sample takes them; classifier - a
             Classifier; settings - sigma, near which the state is taken; steps of the sampler;
             directions, number of singular vectors, fewer than pixels; random, number of random
             directions of each kind; strengths, above 0, each taken with both signs; batch_size;
             whole_pixels, up to which the whole Jacobian is taken, and iterations, see
             leading_singular_vectors, beyond; shown, of how many images edits are returned, and
             rows, along how many singular vectors; generators - NumPy generator of each image.
    Returns: dict of columns, a row per image, direction and strength: image (its number), seed,
             sigma, kind (see `directions`), index (of the singular value, or number of the random
             direction, from 1), strength, and those of `effects`; and (shown, rows + 1, strengths + 1, C, H, W) in
             the network form: singular vectors and the first random one, strengths rising, 0 among
             them.
    """
    whole = math.prod(denoiser.image_shape) <= settings["whole_pixels"]
    size, tables, pictures = TOGETHER if whole else 1, [], []
    for start in tqdm(range(0, len(seeds), size), desc="batches", mininterval=5):
        part = slice(start, start + size)
        labels = None if class_labels is None else class_labels[part]
        levels = dict(sigma=settings["sigma"], steps=settings["steps"], device=device)
        state = state_at(denoiser, seeds[part], labels, **levels)
        moves = _moves(state, settings, generators[part], whole=whole)
        images = {
            kind: edited(
                state, v, signed(settings["strengths"]), batch_size=settings["batch_size"]
            )
            for kind, v in moves.items()
        }
        found = _columns(state, images, seeds[part], classifier, settings)
        tables.append(found | dict(image=found["image"] + start))
        left = settings["shown"] - start
        pictures.append(_pictures(state, images, settings["rows"])[: max(0, left)])
    columns = {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}
    return columns, np.concatenate(pictures)


def _moves(state, settings, generators, *, whole):
    d, count = state.x[0].numel(), settings["directions"]
    normals = np.stack([g.standard_normal((settings["random"], d)) for g in generators])
    if whole:
        vectors = whole_singular_vectors(state, count)
    else:
        vectors = leading_singular_vectors(state, count, settings["iterations"], generators)
    return directions(vectors, torch.from_numpy(normals).to(vectors))


def _columns(state, images, seeds, classifier, settings):
    strengths, tables = signed(settings["strengths"]), []
    for kind, shown in images.items():
        found = effects(shown, state.images, classifier)
        n, m, s = shown.shape[:3]
        tables.append(
            dict(
                image=np.repeat(np.arange(n), m * s),
                seed=np.repeat(np.asarray(seeds, dtype=np.int64), m * s),
                sigma=np.full(n * m * s, state.sigma),
                kind=np.full(n * m * s, kind),
                index=np.tile(np.repeat(np.arange(1, m + 1), s), n),
                strength=np.tile(np.asarray(strengths, dtype=np.float64), n * m),
                **{name: values.ravel() for name, values in found.items()},
            )
        )
    return {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}


def _pictures(state, images, rows):
    shown = torch.cat([images["singular"][:, :rows], images["random"][:, :1]], dim=1)
    half = shown.shape[2] // 2
    base = state.images[:, None, None].expand(-1, shown.shape[1], 1, -1, -1, -1)
    return torch.cat([shown[:, :, :half], base, shown[:, :, half:]], dim=2).cpu().numpy()
