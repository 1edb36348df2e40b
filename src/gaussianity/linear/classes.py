"""What mean and covariance decide of a denoiser and of its images, one class after the other.

The images of two classes are in memory at a time, the numbers of each image of all.
"""

from dataclasses import dataclass, field

import numpy as np

from gaussianity.io.columns import concatenated, of_class
from gaussianity.linear import twins
from gaussianity.linear.levels import along, between_classes, forward
from gaussianity.linear.references import EMPIRICAL, GAUSSIAN
from gaussianity.sampling.class_samples import class_labels
from gaussianity.sampling.sampler import sample_batches

# What images are compared with: their twins, and controls.
TWIN, MIXED, COPIED, WRONG = "twin", "mixed_seeds", "empirical_score", "wrong_class"
WRONG_LABEL = "wrong_label"  # noisy images that D is told another class of
SHARE = 4  # one of so many images is denoised with a wrong label


@dataclass(frozen=True)
class Settings:
    """How a class is measured.

    sigmas - noise levels; images - of a class; directions - principal directions along which images
    and twins are compared; batch_size - images at once; walk - settings of `sampler.walk`; stored -
    function of images in the network form to the form that the study stores, as rows in the network
    form; device - of the denoiser.
    """

    sigmas: list
    images: int
    directions: int
    batch_size: int
    walk: dict
    stored: object
    device: str = "cpu"


@dataclass
class ClassMeasures:
    """Numbers of one class.

    levels - list of (columns, mean of D), see `levels.forward`; pairs - dict of what images are
    compared with to the columns of `twins.twin_columns`; mean - of the images (d,); directions -
    columns of `twins.of_directions`, with rank and variance; images, twins - rows (n, d).
    """

    levels: list
    pairs: dict
    mean: np.ndarray
    directions: dict
    images: np.ndarray = field(repr=False)
    twins: np.ndarray = field(repr=False)


def measure(denoiser, labels, references, generated, seeds, generator, settings):
    """Measure one class.

    Args:    denoiser - D(x, sigma, class_labels); labels - its labels of the class, and of another
             class or None; references - the References of both, None for no other; generated -
             images of the denoiser (n, d), network form; seeds - of those (n,); generator -
             NumPy's, of the noise.
    Returns: ClassMeasures.
    """
    own, other = references
    made = {TWIN: _sampled(denoiser, own, GAUSSIAN, labels[0], seeds, settings)}
    made[MIXED] = twins.mixed_seeds(made[TWIN])
    made[COPIED] = _sampled(denoiser, own, EMPIRICAL, labels[0], seeds, settings)
    if other is not None:
        made[WRONG] = _sampled(denoiser, other, GAUSSIAN, labels[0], seeds, settings)
    vectors = own.vectors[: settings.directions].numpy()
    return ClassMeasures(
        levels=list(_levels(denoiser, labels, own, seeds, generator, settings)),
        pairs={kind: twins.twin_columns(generated, rows) for kind, rows in made.items()},
        mean=np.mean(generated, axis=0, dtype=np.float64),
        directions=dict(
            rank=np.arange(1, len(vectors) + 1),
            variance=own.variances[: len(vectors)].numpy(),
            **twins.of_directions(generated, made[TWIN], vectors),
        ),
        images=generated,
        twins=made[TWIN],
    )


def _levels(denoiser, labels, references, seeds, generator, settings):
    """Noisy images, noisy images with a wrong label, and states of the sampler."""
    computed = dict(batch_size=settings.batch_size, device=settings.device)
    clean, sigmas = references.rows[: settings.images], settings.sigmas
    yield from forward(denoiser, labels[0], clean, references, sigmas, generator, **computed)
    if labels[1] is not None:
        few = clean[: max(2, len(clean) // SHARE)]
        for columns, mean in forward(
            denoiser, labels[1], few, references, sigmas, generator, **computed
        ):
            yield columns | dict(law=np.array([WRONG_LABEL] * len(few))), mean
    yield from along(denoiser, labels[0], seeds, references, settings.walk, device=settings.device)


def _sampled(denoiser, references, name, label, seeds, settings):
    """What the sampler makes of the seeds with a reference in the denoiser's place: rows (n, d), as
    the study stores images."""
    standing_in = references.in_place_of(denoiser, name)
    labels = class_labels(denoiser, label, len(seeds))
    batches = sample_batches(
        standing_in, seeds, labels, batch_size=settings.batch_size, **settings.walk
    )
    return np.concatenate([settings.stored(images) for _, images, _ in batches])


def level_table(found):
    """Columns of the noise levels of all classes.

    Args:    found - dict of class to ClassMeasures.
    Returns: columns of `levels.forward` with image_class and between, the squared distance of the
             class's mean of D from that of all classes.
    """
    tables = {name: [columns for columns, _ in of.levels] for name, of in found.items()}
    for parts in zip(*(of.levels for of in found.values()), strict=True):
        counts = [len(columns["image"]) for columns, _ in parts]
        for (columns, _), distance in zip(
            parts, between_classes([mean for _, mean in parts], counts), strict=True
        ):
            columns["between"] = np.full(len(columns["image"]), distance)
    return concatenated([of_class(name, t) for name, parts in tables.items() for t in parts])


def twin_table(found, seeds):
    """Columns of the images and what they are compared with, for all classes.

    Args:    found - dict of class to ClassMeasures; seeds - dict of class to the seeds (n,).
    Returns: columns of `twins.twin_columns` with image_class, seed, compared_with and between, the
             squared distance of the class's mean from that of all images.
    """
    counts = [len(of.images) for of in found.values()]
    distances = between_classes([of.mean for of in found.values()], counts)
    tables = []
    for (name, of), distance in zip(found.items(), distances, strict=True):
        n = len(of.images)
        for kind, columns in of.pairs.items():
            about = dict(compared_with=np.array([kind] * n), seed=np.asarray(seeds[name]))
            tables.append(of_class(name, about | columns | dict(between=np.full(n, distance))))
    return concatenated(tables)


def direction_table(found):
    """Columns of the principal directions of all classes, see ClassMeasures."""
    return concatenated([of_class(name, of.directions) for name, of in found.items()])


def pictures(found, shown):
    """Arrays for a figure: the first images of each class and their twins (K, shown, d), float32,
    their cosines (K, shown), and the classes' names (K,)."""
    return dict(
        images=np.stack([of.images[:shown] for of in found.values()]).astype(np.float32),
        twins=np.stack([of.twins[:shown] for of in found.values()]).astype(np.float32),
        cosines=np.stack([twins.cosines(of.pairs[TWIN])[:shown] for of in found.values()]),
        classes=np.array(list(found)),
    )
