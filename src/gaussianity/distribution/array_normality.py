"""Normality of the images of one class in memory, by the functions that the rules call."""

from dataclasses import dataclass

import pandas as pd

from gaussianity.arguments import as_array, require_whole
from gaussianity.distribution.class_normality import Generators, Settings, class_normality
from gaussianity.distribution.limits import FEWEST
from gaussianity.distribution.outcome.class_sentences import of_class
from gaussianity.distribution.outcome.decisions import decided
from gaussianity.distribution.power.alternatives import known_power
from gaussianity.distribution.power.power import nulls_of
from gaussianity.errors import InputError, require_numbers
from gaussianity.io.images import array_rows
from gaussianity.moments.gaussian import gaussian_samples
from gaussianity.streams import stream

SETS = 50  # of each known distribution
RANGES = dict(  # of the same keys of a study
    directions=("at least 1", lambda n: n >= 1),
    draws=("at least 19", lambda n: n >= 19),
    distance_margin=("above 0", lambda x: x > 0),
    accuracy_margin=("above 0 and at most 0.5", lambda x: 0 < x <= 0.5),
    level=("above 0 and below 0.5", lambda x: 0 < x < 0.5),
)


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
    require_numbers(
        RANGES,
        directions=directions,
        draws=draws,
        distance_margin=distance_margin,
        accuracy_margin=accuracy_margin,
        level=level,
    )
    require_whole(directions=directions, draws=draws)
    require_whole(0, seed=seed)
    rows = _rows(images)
    samples = gaussian_samples(rows, len(rows), stream(seed, "gaussian", 0, 0, 0))
    nulls = nulls_of(len(rows), directions, draws, stream(seed, "normality_null", len(rows), 0))
    found = class_normality(
        lambda: iter([rows]),
        lambda: iter([samples]),
        nulls,
        Generators.of(seed, 0, 0),
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


def _rows(images):
    """Rows (n, d) in [0, 1] units; InputError where the array does not fit."""
    images = as_array("images", images)
    if images.ndim < 2:
        raise InputError(f"images: expected an array (n, ...), found the shape {images.shape}")
    if len(images) < FEWEST:
        raise InputError(f"images: expected at least {FEWEST} of one class, found {len(images)}")
    return array_rows(images)
