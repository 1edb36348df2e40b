"""What edits of images change: their pixels, and what a classifier says of them.

The measured side of figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426, which show pictures.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

from gaussianity.io.images import to_unit
from gaussianity.molrg.semantic_directions import (
    directions,
    edited,
    leading_singular_vectors,
    signed,
    state_at,
    whole_singular_vectors,
)

HELD_OUT = 0.2  # share of the images that measure the classifier
TOGETHER = 16  # images at once where the whole Jacobian is taken, one by one where it is not


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


def of_images(denoiser, seeds, class_labels, *, classifier, settings, generators, device):
    """Edits of images and their effects, in batches, with progress.

    Args:    denoiser, seeds, class_labels, device - as sampling.sample takes them; classifier - a
             Classifier; settings - sigma, near which the state is taken; steps of the sampler;
             directions, number of singular vectors, at most d - 1 of them; random, number of random
             directions of each kind; strengths, above 0, each taken with both signs; batch_size;
             whole_pixels, up to which the whole Jacobian is taken, and iterations, see
             leading_singular_vectors, beyond; shown_images and shown_directions, whose edits are
             returned; generators - NumPy generator of each image.
    Returns: dict of columns, a row per image, direction and strength: image (its number), seed,
             sigma, kind (see `directions`), index (of the singular value, or number of the random
             direction, from 1), strength, those of `effects` and residual, of the singular vector
             (see jacobians.Leading; 0 of a whole Jacobian, NaN of random directions); and the shown
             edits, see `pictures`.
    """
    whole = math.prod(denoiser.image_shape) <= settings["whole_pixels"]
    size, tables, shown = TOGETHER if whole else 1, [], []
    levels = dict(sigma=settings["sigma"], steps=settings["steps"], device=device)
    for start in tqdm(range(0, len(seeds), size), desc="batches", mininterval=5):
        part = slice(start, start + size)
        labels = None if class_labels is None else class_labels[part]
        state = state_at(denoiser, seeds[part], labels, **levels)
        images, residual = _edits(state, settings, generators[part], whole=whole)
        numbers = dict(image=np.arange(start, start + len(state.x)), seed=np.asarray(seeds[part]))
        strengths = signed(settings["strengths"])
        table = _columns(state, images, numbers, classifier, strengths)
        tables.append(table | dict(residual=_of_rows(residual, table["kind"], len(strengths))))
        if start < settings["shown_images"]:
            shown.append(pictures(state, images, settings["shown_directions"]))
    columns = {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}
    return columns, np.concatenate(shown)[: settings["shown_images"]]


def _edits(state, settings, generators, *, whole):
    """Edited images of a State (n, m, strengths, C, H, W) of each kind of direction, and the
    residuals (n, m) of the singular vectors."""
    d = state.x[0].numel()
    count = min(settings["directions"], d - 1)  # there is something outside their span
    normals = np.stack([g.standard_normal((settings["random"], d)) for g in generators])
    if whole:
        vectors, residual = whole_singular_vectors(state, count)
    else:
        vectors, residual = leading_singular_vectors(
            state, count, settings["iterations"], generators
        )
    moves = directions(vectors, torch.from_numpy(normals).to(vectors))
    return {
        kind: edited(state, v, signed(settings["strengths"]), batch_size=settings["batch_size"])
        for kind, v in moves.items()
    }, residual


def _columns(state, images, numbers, classifier, strengths):
    """Columns in the order of `of_images`; numbers - of the images, dict of (n,)."""
    tables = []
    for kind, shown in images.items():
        n, m, s = shown.shape[:3]
        tables.append(
            {name: np.repeat(of_image, m * s) for name, of_image in numbers.items()}
            | dict(
                sigma=np.full(n * m * s, state.sigma),
                kind=np.full(n * m * s, kind),
                index=np.tile(np.repeat(np.arange(1, m + 1), s), n),
                strength=np.tile(np.asarray(strengths, dtype=np.float64), n * m),
            )
            | {k: v.ravel() for k, v in effects(shown, state.images, classifier).items()}
        )
    return {key: np.concatenate([table[key] for table in tables]) for key in tables[0]}


def _of_rows(residual, kind, strengths):
    """Residuals (n, m) of the singular vectors, a row per strength, and NaN of the other rows."""
    found = np.full(len(kind), np.nan)
    found[kind == "singular"] = np.repeat(residual.cpu().numpy().ravel(), strengths)
    return found


def pictures(state, images, count):
    """Edits along the first `count` singular vectors and the first random direction.

    Args:    state - State; images - dict of kind to edited images (n, m, strengths, C, H, W),
             strengths as `signed` orders them.
    Returns: (n, count + 1, strengths + 1, C, H, W): the image without edit in the middle.
    """
    shown = torch.cat([images["singular"][:, :count], images["random"][:, :1]], dim=1)
    half = shown.shape[2] // 2
    base = state.images[:, None, None].expand(-1, shown.shape[1], 1, -1, -1, -1)
    return torch.cat([shown[:, :, :half], base, shown[:, :, half:]], dim=2).cpu().numpy()
