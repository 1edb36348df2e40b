"""Edits of sampled and of given images along several kinds of directions, and their effects.

As figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426, which show edited images at one and at
several noise levels.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch

from gaussianity.io.columns import concatenated
from gaussianity.molrg.edits.edit_effects import Classifier, measure_effects
from gaussianity.molrg.edits.inversion import inverted_state, round_trip_error
from gaussianity.molrg.edits.semantic_directions import (
    both_signs,
    edited_images,
    leading_singular_vectors,
    state_at,
    unit_directions,
    whole_singular_vectors,
)
from gaussianity.sampling.jacobians import TOGETHER
from gaussianity.sampling.sampler import slices


@dataclass(frozen=True)
class EditSettings:
    """Which edits are made.

    sigma - noise level near which the state is taken; levels - those of the sweep; steps - of the
    sampler; directions - number of singular vectors, of which at most d - 1 are used; random -
    number of random directions of each kind; strengths - above 0, each is used with both signs;
    batch_size - edits at once; whole_pixels - number of pixels up to which the whole Jacobian is
    computed; iterations - see `leading_singular_vectors`, which is used for more pixels;
    shown_images, shown_directions - numbers of images and singular vectors whose edited images are
    returned; spans - whether there are also random directions inside and outside the span of the
    singular vectors.
    """

    sigma: float
    levels: tuple
    steps: int
    directions: int
    random: int
    strengths: tuple
    batch_size: int
    whole_pixels: int
    iterations: int
    shown_images: int
    shown_directions: int
    spans: bool = True

    @property
    def signed_strengths(self):
        """Strengths with both signs, in increasing order."""
        return both_signs(self.strengths)


@dataclass(frozen=True)
class Editing:
    """How n images are edited and measured.

    principal - unit vectors (n, m, d), the principal directions beside the singular vectors;
    generators - NumPy generator of each image; classifier - Classifier; settings - EditSettings.
    """

    principal: torch.Tensor
    generators: list
    classifier: Classifier
    settings: EditSettings

    def of_few(self, **changed):
        """The same along as many vectors as are shown, and one kind of random directions."""
        shown = self.settings.shown_directions
        settings = replace(self.settings, directions=shown, spans=False, **changed)
        return replace(self, principal=self.principal[:, :shown], settings=settings)


@dataclass(frozen=True)
class Sampled:
    """Sampled images that are edited.

    seeds - (n,); class_labels - as sampler.sample takes them; editing - Editing.
    """

    seeds: np.ndarray
    class_labels: torch.Tensor | None
    editing: Editing


@dataclass(frozen=True)
class Given:
    """Given images that are inverted and edited.

    images - (n, C, H, W) in the network form; class_labels - one-hot or None; editing - Editing;
    steps - of the sampler between the edits' noise level and 0.
    """

    images: torch.Tensor
    class_labels: torch.Tensor | None
    editing: Editing
    steps: int


def measure_all(denoiser, sampled, given, device):
    """Edits of sampled images at one noise level and in the sweep, and of given images.

    Args:    denoiser, device - as sampler.sample takes them; sampled - Sampled; given - Given, or
             None.
    Returns: dict of columns of `measure_edits` with part (edits, sweep or inversion) and
             round_trip, see `round_trip_error` (NaN of sampled images); dict of images and
             inverted, as `measure_edits` and `measure_inversions` return them.
    """
    table, shown = measure_edits(denoiser, sampled, device)
    parts, pictures = dict(edits=table), dict(images=shown)
    if sampled.editing.settings.levels:
        parts["sweep"] = measure_sweep(denoiser, sampled, device)
    if given is not None:
        parts["inversion"], pictures["inverted"] = measure_inversions(denoiser, given, device)
    return concatenated([_part(name, table) for name, table in parts.items()]), pictures


def measure_sweep(denoiser, sampled, device):
    """Columns of `measure_edits` at each of the levels, for edits of the largest strength along few
    directions."""
    editing, tables = sampled.editing, []
    for level in editing.settings.levels:
        at = editing.of_few(sigma=level, strengths=[max(editing.settings.strengths)])
        tables.append(measure_edits(denoiser, replace(sampled, editing=at), device)[0])
    return concatenated(tables)


def _part(name, table):
    rows = len(table["image"])
    return dict(part=np.full(rows, name), round_trip=np.full(rows, np.nan)) | table


def measure_edits(denoiser, sampled, device):
    """Edits of sampled images and their effects, in batches, with progress.

    Returns: dict of columns, a row per image, direction and strength: image (its number), seed,
             sigma, kind (singular, principal or of `unit_directions`), index (of the singular or
             principal value, or number of the random direction, from 1), strength, those of
             `measure_effects`, and residual of the singular vector (see jacobians.Leading; 0 of a
             whole Jacobian, NaN of other directions); and the shown images, see `shown_edits`.
    """
    settings = sampled.editing.settings

    def states(part):
        at = dict(sigma=settings.sigma, steps=settings.steps, device=device)
        return state_at(denoiser, sampled.seeds[part], _of(sampled.class_labels, part), **at)

    return _measured(states, np.asarray(sampled.seeds), sampled.editing)


def measure_inversions(denoiser, given, device):
    """Edits of given images, as `measure_edits` measures those of sampled ones.

    Returns: its columns, with the number of the image as seed, and round_trip; the shown images,
             with the given image before those of the strengths.
    """
    editing, errors = given.editing.of_few(), []

    def states(part):
        images, labels = given.images[part].to(device), _of(given.class_labels, part)
        labels = None if labels is None else labels.to(device)
        state = inverted_state(denoiser, images, labels, editing.settings.sigma, steps=given.steps)
        errors.append(round_trip_error(state, images).cpu().numpy())
        return state

    table, shown = _measured(states, np.arange(len(given.images)), editing)
    first = given.images[: len(shown), None, None].expand(-1, shown.shape[1], 1, -1, -1, -1)
    shown = np.concatenate([first.numpy(), shown], axis=2)
    return table | dict(round_trip=np.concatenate(errors)[table["image"]]), shown


def _of(class_labels, part):
    return None if class_labels is None else class_labels[part]


def _measured(states, seeds, editing):
    """Table and shown images; states - function of a slice of the images to their State."""
    settings, tables, shown = editing.settings, [], []
    d = editing.principal.shape[2]
    whole = d <= settings.whole_pixels
    for part in slices(len(seeds), TOGETHER if whole else 1):
        state = states(part)
        images, residual = _edits(state, editing, part, whole=whole)
        numbers = np.arange(part.start, part.start + len(state.x))
        about = dict(image=numbers, seed=seeds[part])
        table = _columns(state, images, about, editing.classifier, settings.signed_strengths)
        residual = _per_row(residual, table["kind"], len(settings.signed_strengths))
        tables.append(table | dict(residual=residual))
        if part.start < settings.shown_images:
            shown.append(shown_edits(state, images, settings.shown_directions))
    return concatenated(tables), np.concatenate(shown)[: settings.shown_images]


def _edits(state, editing, part, *, whole):
    """Edited images of a State: dict of each kind of direction to (n, m, strengths, C, H, W); and
    the residuals (n, m) of the singular vectors."""
    settings, generators, d = editing.settings, editing.generators[part], state.x[0].numel()
    count = min(settings.directions, d - 1)  # so that a direction outside their span exists
    normals = np.stack([g.standard_normal((settings.random, d)) for g in generators])
    if whole:
        vectors, residual = whole_singular_vectors(state, count)
    else:
        vectors, residual = leading_singular_vectors(state, count, settings.iterations, generators)
    moves = unit_directions(vectors, torch.from_numpy(normals).to(vectors))
    if not settings.spans:
        moves = {kind: moves[kind] for kind in ("singular", "random")}
    moves["principal"] = editing.principal[part].to(vectors)
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
