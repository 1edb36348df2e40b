"""Effects of edits of images: changes of the pixels and of a classifier's probabilities.

Figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426, show edited images. The effects measured
here are ours.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.io.columns import concatenated
from gaussianity.io.images import to_unit
from gaussianity.molrg.semantic_directions import (
    both_signs,
    edited_images,
    leading_singular_vectors,
    state_at,
    unit_directions,
    whole_singular_vectors,
)
from gaussianity.sampling.jacobians import TOGETHER
from gaussianity.sampling.sampler import slices

HELD_OUT = 0.2  # share of the images that measure the classifier


@dataclass(frozen=True)
class EditSettings:
    """Which edits are made.

    sigma - noise level near which the state is taken; steps - of the sampler; directions - number
    of singular vectors, of which at most d - 1 are used; random - number of random directions of
    each kind; strengths - above 0, each is used with both signs; batch_size - edits at once;
    whole_pixels - number of pixels up to which the whole Jacobian is computed; iterations - see
    `leading_singular_vectors`, which is used for more pixels; shown_images, shown_directions -
    numbers of images and singular vectors whose edited images are returned.
    """

    sigma: float
    steps: int
    directions: int
    random: int
    strengths: tuple
    batch_size: int
    whole_pixels: int
    iterations: int
    shown_images: int
    shown_directions: int

    @property
    def signed_strengths(self):
        """Strengths with both signs, in increasing order."""
        return both_signs(self.strengths)


@dataclass(frozen=True)
class Classifier:
    """Logistic regression of the class on rows (n, d), black 0 and white 1.

    accuracy - share of right classes among images that the model was not fitted to.
    """

    model: object
    accuracy: float

    @classmethod
    def of_classes(cls, classes, generator):
        """Classifier of rows (n_k, d) of each class; HELD_OUT of all rows, drawn at random, measure
        its accuracy."""
        from sklearn.linear_model import LogisticRegression

        labels = np.repeat(np.arange(len(classes)), [len(rows) for rows in classes])
        rows, order = np.concatenate(classes), generator.permutation(len(labels))
        held, others = np.split(order, [round(HELD_OUT * len(rows))])
        model = LogisticRegression(max_iter=1000).fit(rows[others], labels[others])
        return cls(model, float(model.score(rows[held], labels[held])))

    def probabilities(self, images):
        """Probabilities (..., K) of the classes for images (..., C, H, W) in the network form."""
        found = self.model.predict_proba(to_unit(images).reshape(-1, math.prod(images.shape[-3:])))
        return found.reshape(*images.shape[:-3], -1)


def measure_effects(images, base, classifier):
    """Effects of edits on the pixels and on the classifier.

    Args:    images - (n, m, strengths, C, H, W), edited; base - (n, C, H, W), not edited, both in
             the network form; classifier - Classifier.
    Returns: dict of (n, m, strengths): rms_change - root mean square over the pixels, black 0 and
             white 1; probability_moved - half the sum of the absolute changes of the classifier's
             probabilities, 0 to 1; switched - 1 if the class with the largest probability changes.
    """
    images, base = images.cpu().numpy(), base.cpu().numpy()[:, None, None]
    before, after = classifier.probabilities(base), classifier.probabilities(images)
    return dict(
        rms_change=np.sqrt(np.square((images - base) / 2).mean(axis=(3, 4, 5))),
        probability_moved=np.abs(after - before).sum(axis=-1) / 2,
        switched=(after.argmax(axis=-1) != before.argmax(axis=-1)).astype(np.float64),
    )


def measure_edits(denoiser, seeds, class_labels, *, classifier, settings, generators, device):
    """Edits of images and their effects, in batches, with progress.

    Args:    denoiser, seeds, class_labels, device - as sampler.sample takes them; classifier -
             Classifier; settings - EditSettings; generators - NumPy generator of each image.
    Returns: dict of columns, a row per image, direction and strength: image (its number), seed,
             sigma, kind (see `unit_directions`), index (of the singular value, or number of the
             random direction, from 1), strength, those of `measure_effects`, and residual of the
             singular vector (see jacobians.Leading; 0 of a whole Jacobian, NaN of random
             directions); and the shown images, see `shown_edits`.
    """
    whole = math.prod(denoiser.image_shape) <= settings.whole_pixels
    tables, shown = [], []
    levels = dict(sigma=settings.sigma, steps=settings.steps, device=device)
    for part in slices(len(seeds), TOGETHER if whole else 1):
        labels = None if class_labels is None else class_labels[part]
        state = state_at(denoiser, seeds[part], labels, **levels)
        images, residual = _edits(state, settings, generators[part], whole=whole)
        numbers = np.arange(part.start, part.start + len(state.x))
        about = dict(image=numbers, seed=np.asarray(seeds[part]))
        table = _columns(state, images, about, classifier, settings.signed_strengths)
        residual = _per_row(residual, table["kind"], len(settings.signed_strengths))
        tables.append(table | dict(residual=residual))
        if part.start < settings.shown_images:
            shown.append(shown_edits(state, images, settings.shown_directions))
    return concatenated(tables), np.concatenate(shown)[: settings.shown_images]


def _edits(state, settings, generators, *, whole):
    """Edited images of a State: dict of each kind of direction to (n, m, strengths, C, H, W); and
    the residuals (n, m) of the singular vectors."""
    d = state.x[0].numel()
    count = min(settings.directions, d - 1)  # so that a direction outside their span exists
    normals = np.stack([g.standard_normal((settings.random, d)) for g in generators])
    if whole:
        vectors, residual = whole_singular_vectors(state, count)
    else:
        vectors, residual = leading_singular_vectors(state, count, settings.iterations, generators)
    moves = unit_directions(vectors, torch.from_numpy(normals).to(vectors))
    return {
        kind: edited_images(state, v, settings.signed_strengths, batch_size=settings.batch_size)
        for kind, v in moves.items()
    }, residual


def _columns(state, images, about, classifier, strengths):
    """Columns as `measure_edits` returns them; about - columns of the images, dict of (n,)."""
    tables = []
    for kind, edits in images.items():
        n, m, s = edits.shape[:3]
        tables.append(
            {name: np.repeat(column, m * s) for name, column in about.items()}
            | dict(
                sigma=np.full(n * m * s, state.sigma),
                kind=np.full(n * m * s, kind),
                index=np.tile(np.repeat(np.arange(1, m + 1), s), n),
                strength=np.tile(np.asarray(strengths, dtype=np.float64), n * m),
            )
            | {k: v.ravel() for k, v in measure_effects(edits, state.images, classifier).items()}
        )
    return concatenated(tables)


def _per_row(residual, kind, strengths):
    """Residuals (n, m) of the singular vectors, a row per strength; NaN in the other rows."""
    found = np.full(len(kind), np.nan)
    found[kind == "singular"] = np.repeat(residual.cpu().numpy().ravel(), strengths)
    return found


def shown_edits(state, images, count):
    """Edits along the first `count` singular vectors and the first random direction.

    Args:    state - State; images - dict of kind to edited images (n, m, strengths, C, H, W),
             strengths in the order of `both_signs`.
    Returns: (n, count + 1, strengths + 1, C, H, W); the image without edit is in the middle.
    """
    shown = torch.cat([images["singular"][:, :count], images["random"][:, :1]], dim=1)
    half = shown.shape[2] // 2
    base = state.images[:, None, None].expand(-1, shown.shape[1], 1, -1, -1, -1)
    return torch.cat([shown[:, :, :half], base, shown[:, :, half:]], dim=2).cpu().numpy()
