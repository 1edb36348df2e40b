"""Everything about the normality of one class: test, distances, directions, power and pictures."""

from dataclasses import dataclass, fields

import numpy as np

from gaussianity.distribution.clipping.clipped_row import accuracy_columns, clipped_measures
from gaussianity.distribution.distances.class_distances import class_distances, has_covariance
from gaussianity.distribution.measured_scores import measured, no_directions, unmeasured_row
from gaussianity.distribution.network.network_accuracy import network_accuracy
from gaussianity.distribution.pictures.class_pictures import class_pictures, no_pictures
from gaussianity.distribution.pictures.pixel_map import pixel_map
from gaussianity.distribution.pictures.worst_direction import visible, worst_direction
from gaussianity.distribution.power.power import images_needed, no_power, null_of, subsample_power
from gaussianity.distribution.principal_scores import distinct, principal_scores
from gaussianity.errors import InputError
from gaussianity.io.columns import concatenated, from_rows
from gaussianity.io.images import in_batches
from gaussianity.moments.moments import stream_moments
from gaussianity.streams import stream

DRAWS = 999  # at least, of a null distribution that is not given
ROWS = 1024  # in a batch, whatever the shards are


@dataclass(frozen=True)
class Settings:
    """most - directions; level - of the tests; clip - whether the rows are images, not features."""

    most: int = 64
    level: float = 0.05
    clip: bool = True


@dataclass(frozen=True)
class Generators:
    """NumPy generators, one per purpose."""

    network: np.random.Generator
    worst: np.random.Generator
    clipped: np.random.Generator
    samples: np.random.Generator
    subsamples: np.random.Generator
    sliced: np.random.Generator
    null: np.random.Generator

    @classmethod
    def of(cls, seed, *indices):
        """The generators of a class.

        Args:    seed - of the study; indices - of source and class.
        """
        names = [field.name for field in fields(cls)]
        return cls(**{name: stream(seed, f"normality_{name}", *indices) for name in names})


@dataclass(frozen=True)
class ClassNormality:
    """Tables as dicts of equally long columns, and pictures.

    rows - a row per kind (images, gaussian, clipped); directions - a row per kind and principal
    direction; power - a row per size of the subsamples; pictures - dict of arrays.
    """

    rows: dict
    directions: dict
    power: dict
    pictures: dict


def class_normality(batches, gaussian_batches, nulls, generators, settings):
    """Everything about the normality of one class.

    Args:    batches - function without arguments that returns a new stream of the rows (n_i, d) of
             the images in [0, 1] units; gaussian_batches - the same for their Gaussian data; nulls
             - dict of number of images to Null, for the images, the Gaussian data and the
             subsamples; those that are missing are drawn; generators - Generators; settings -
             Settings.
    Returns: ClassNormality, the same for every sharding of the rows. Fewer than 20 distinct images
             have a row without numbers.
    """
    batches, gaussian_batches = regrouped(batches), regrouped(gaussian_batches)
    nulls = Nulls(nulls, generators.null, settings.most)
    seen, principal, row, directions = _measured("images", batches, nulls, settings)
    tables = [(row, directions), _measured("gaussian", gaussian_batches, nulls, settings)[2:]]
    moments = stream_moments(batches()) if seen.count > 1 and has_covariance(seen.d) else None
    row |= class_distances(batches, gaussian_batches, seen.count, moments, generators)
    power, pictures = no_power(), no_pictures(seen.d)
    if row["directions"]:
        null = nulls[row["images"]]
        row |= accuracy_columns("accuracy", network_accuracy(principal.scores, generators.network))
        different = batches
        if row["repeated"]:  # left out of all that follows
            different = regrouped(lambda: distinct(batches()))
            moments = moments and stream_moments(different())
        if settings.clip and seen.clipped and moments is not None:
            *clipped, beyond = clipped_measures(
                principal, moments, null, generators, settings.level
            )
            tables.append(clipped)
            row |= beyond
        power = subsample_power(
            principal.scores, principal.variances, nulls, generators.subsamples, settings.level
        )
        row["needed"] = images_needed(power) or np.nan
        seen_in_pictures = visible(principal)
        found = worst_direction(principal.scores[:, :seen_in_pictures], generators.worst)
        row |= dict(worst_delta=found.delta, worst_p=found.p_value)
        pictures = class_pictures(
            principal, found, directions["delta"][:seen_in_pictures], settings.level
        )
        pictures["pixel_map"] = pixel_map(different, null, principal.step)
    return ClassNormality(
        from_rows([of_kind for of_kind, _ in tables]),
        concatenated([of_kind for _, of_kind in tables]),
        power,
        pictures,
    )


def regrouped(batches):
    """The function that returns the stream of the same rows, ROWS in a batch."""
    return lambda: in_batches(batches(), ROWS)


def _measured(kind, batches, nulls, settings):
    """Range, PrincipalScores or None, row and directions of one kind of images."""
    seen = row_range(batches())  # reads all rows: what is wrong with a file is not caught below
    try:
        principal = principal_scores(batches, settings.most)
    except InputError:  # fewer than 20 distinct images
        different = sum(map(len, distinct(batches())))
        row = unmeasured_row(kind, different) | dict(repeated=seen.count - different)
        return seen, None, row, no_directions()
    null = nulls[len(principal.scores)]
    return seen, principal, *measured(kind, principal, null, settings.level)


class Nulls(dict):
    """Null distributions by the number of images; one that is missing is drawn when asked for.

    It has as many draws as the given ones: a study of many classes needs more than 999.
    """

    def __init__(self, given, generator, most):
        super().__init__(given)
        self._generator, self._most = generator, most
        self._draws = max([DRAWS, *(len(null.parts) for null in self.values())])

    def __missing__(self, images):
        self[images] = null_of(images, self._most, self._draws, self._generator)
        return self[images]


@dataclass(frozen=True)
class Range:
    """Number of rows (n, d), and whether they look clipped.

    They do where all lie in [0, 1] and a pixel that varies is at 0 or at 1.
    """

    count: int
    d: int
    clipped: bool


def row_range(batches):
    """Range of a stream of rows (n_i, d)."""
    count, low, high = 0, np.inf, -np.inf
    for batch in batches:
        if len(batch):
            low, high = np.minimum(low, batch.min(axis=0)), np.maximum(high, batch.max(axis=0))
            count += len(batch)
    inside = np.min(low) >= 0 and np.max(high) <= 1
    at_an_end = np.any((high > low) & ((low == 0) | (high == 1)))
    return Range(count, np.size(low), bool(count and inside and at_an_end))
