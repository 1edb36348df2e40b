"""Normality of the images of one class in memory, by the functions that the rules call."""

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaussianity.distribution.alternatives import known_power
from gaussianity.distribution.class_normality import Generators, Settings, class_normality
from gaussianity.distribution.decisions import decided
from gaussianity.distribution.limits import FEWEST
from gaussianity.distribution.null import null_draws
from gaussianity.distribution.power import sizes
from gaussianity.distribution.principal_scores import IMAGES_PER_DIRECTION
from gaussianity.distribution.sentences import of_class
from gaussianity.errors import InputError
from gaussianity.moments.gaussian import gaussian_samples
from gaussianity.streams import stream

SETS = 50  # of each known distribution


@dataclass(frozen=True)
class Normality:
    """Whether images are normal as a distribution, where they are not, and how far.

    table - DataFrame, a row per kind (images, gaussian, clipped), with outcome, verdict and reason;
    directions - DataFrame, a row per kind and principal direction; power - DataFrame, a row per
    size of the subsamples; sentence - on the images. The text of the object is the sentence.
    """

    table: pd.DataFrame
    directions: pd.DataFrame
    power: pd.DataFrame
    sentence: str

    def __repr__(self):
        return self.sentence

    def plot(self):
        """The figure "normality_directions": distance from normal against rank. Returns: Figure."""
        from gaussianity.distribution.figures.normality_directions import draw

        figure = draw(self.directions)
        if len(self.directions):
            figure.axes[0].set_title(f"{self.table['images'].iloc[0]:,} images")
        return figure


def normality(
    images,
    *,
    directions=64,
    draws=999,
    distance_margin=0.05,
    accuracy_margin=0.05,
    level=0.05,
    seed=0,
):
    """Are the images of one class normal? Where not, how far, and from how many would one see it?

    Args:    images - (n, ...), uint8 from 0 to 255 or floats, 0 to 1 as a rule, n at least 20;
             directions - most principal directions; draws - of the null distribution;
             distance_margin, accuracy_margin - up to which images count as Gaussian, see
             `decisions.decided`; level - of the test; seed - of all random numbers.
    Returns: Normality.
    Raises:  InputError - an array or a setting that does not fit, or too few images.
    """
    _check(directions, draws, distance_margin, accuracy_margin, level)
    rows = _rows(images)
    samples = gaussian_samples(rows, len(rows), stream(seed, "gaussian", 0, 0, 0))
    nulls = _nulls(len(rows), directions, draws, stream(seed, "normality_null", len(rows), 0))
    names = [field.name for field in dataclasses.fields(Generators)]
    found = class_normality(
        lambda: iter([rows]),
        lambda: iter([samples]),
        nulls,
        Generators(**{name: stream(seed, f"normality_{name}", 0, 0) for name in names}),
        Settings(most=directions, level=level),
    )
    labels = dict(source="data", image_class="array")
    known = known_power(nulls[len(rows)], stream(seed, "normality_alternatives", len(rows)), SETS)
    table = decided(
        pd.DataFrame(labels | found.rows),
        pd.DataFrame(known),
        level=level,
        distance_margin=distance_margin,
        accuracy_margin=accuracy_margin,
    )
    of_images = table[table["kind"] == "images"].iloc[0].to_dict()
    return Normality(
        table,
        pd.DataFrame(labels | found.directions),
        pd.DataFrame(found.power),
        of_class(of_images, 1, table["covariance_error"].min()),
    )


def _nulls(images, directions, draws, generator):
    """Null distributions of so many images and of their subsamples."""
    return {
        n: null_draws(n, max(1, min(directions, n // IMAGES_PER_DIRECTION)), draws, generator)
        for n in (images, *sizes(images))
    }


def _check(directions, draws, distance_margin, accuracy_margin, level):
    """InputError where a number is outside of the range of the same key of a study."""
    ranges = dict(
        directions=(directions, "at least 1", directions >= 1),
        draws=(draws, "at least 19", draws >= 19),
        distance_margin=(distance_margin, "above 0", distance_margin > 0),
        accuracy_margin=(accuracy_margin, "above 0 and at most 0.5", 0 < accuracy_margin <= 0.5),
        level=(level, "above 0 and below 0.5", 0 < level < 0.5),
    )
    for name, (value, text, holds) in ranges.items():
        if not holds:
            raise InputError(f"{name}: expected a number {text}, found {value}")


def _rows(images):
    """Rows (n, d) in [0, 1] units; InputError where the array does not fit."""
    images = np.asarray(images)
    if images.ndim < 2:
        raise InputError(f"images: expected an array (n, ...), found the shape {images.shape}")
    if images.dtype != np.uint8 and images.dtype.kind != "f":
        raise InputError(f"images: expected uint8 or floats, found {images.dtype}")
    if len(images) < FEWEST:
        raise InputError(f"images: expected at least {FEWEST} of one class, found {len(images)}")
    if not np.isfinite(images).all():
        raise InputError("images: expected finite numbers, found NaN or infinity")
    rows = images.reshape(len(images), -1)
    return rows / np.float32(255) if images.dtype == np.uint8 else rows.astype(np.float32)
