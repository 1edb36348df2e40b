"""Do two denoisers that were trained on disjoint halves make the same image of the same seed?

All numbers follow from inner products of the images that several denoisers make of one seed, about
the means of the class and of the denoiser.

Source: Kadkhodaie et al. (2024) for the experiment; Zhang et al. (2024) for the RP score, the share
of seeds whose two images have a similarity above 0.6. The published code takes the similarity from
a copy detection network. Here it is the cosine of pixels about the class mean, and the network's
where the study has one.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.data.neighbours import nearest_distances
from gaussianity.intervals import share_interval
from gaussianity.linear.measures import one_minus_ratio, squared
from gaussianity.linear.twins import centred

SIMILAR = 0.6  # similarity from which two images count as the same, the published threshold
NETWORK, TWIN, COPIER, MIXED = "network", "twin", "copier", "mixed"


def named(kind, half):
    """Name of a denoiser in the tables.

    >>> named(TWIN, "first")
    'twin_first'
    """
    return f"{kind}_{half}"


def inner_products(images):
    """Inner products of the images that denoisers make of the same seeds, about their means.

    Args:    images - dict of a denoiser's name to rows (n, d), of one class and the same seeds.
    Returns: dict of columns, a row per pair of denoisers (a denoiser with itself too) and seed:
             first, second, image, product, identified (1 if the second's nearest image to the
             first's has the same seed, else 0).
    """
    about = {name: centred(rows) for name, rows in images.items()}
    parts = []
    for number, first in enumerate(about):
        for second in list(about)[number:]:
            a, b = about[first], about[second]
            product, identified = np.sum(a * b, axis=1), _identified(a, b)
            parts.append((first, second, np.arange(len(a)), product, identified))
    names = ("first", "second", "image", "product", "identified")
    lengths = [len(part[2]) for part in parts]
    columns = dict(zip(names, zip(*parts, strict=True), strict=True))
    return {
        name: np.repeat(values, lengths) if name in names[:2] else np.concatenate(values)
        for name, values in columns.items()
    }


def _identified(a, b):
    """1 where the nearest row of b to each row of a has the same number: int8 (n,)."""
    distances = squared(a)[:, None] - 2 * a @ b.T + squared(b)[None, :]
    return (distances.argmin(axis=1) == np.arange(len(a))).astype(np.int8)


class Products:
    """Inner products by the names of two denoisers, over the seeds of all classes.

    Args:    table - DataFrame of `inner_products` of every class, with image_class.
    """

    def __init__(self, table):
        self._of = dict(iter(table.groupby(["first", "second"], sort=False)))
        self.classes = table["image_class"].nunique()

    def rows(self, first, second):
        """The rows of a pair, in either order."""
        return self._of.get((first, second), self._of.get((second, first)))

    def __call__(self, first, second):
        """<a, b> of every seed: float64 (n,)."""
        return self.rows(first, second)["product"].to_numpy(np.float64)

    def cosines(self, first, second):
        """Cosine of the two images of every seed, about class means: float64 (n,)."""
        norms = np.sqrt(self(first, first) * self(second, second))
        return self(first, second) / norms


@dataclass(frozen=True)
class Agreement:
    """Agreement of the images of two denoisers on the same seeds.

    correlation - 2 sum <a, b> / (sum |a|^2 + sum |b|^2) about class means, error - its standard
    error over seeds; cosine - mean over seeds; rp_score - share of seeds with a cosine above .6,
    rp_low, rp_high - its 95 % interval; identified - share whose nearest image of the other
    denoiser, of the same class, has the same seed; chance - of that.
    """

    correlation: float
    error: float
    cosine: float
    rp_score: float
    rp_low: float
    rp_high: float
    identified: float
    chance: float


def agreement(products, first, second):
    """Agreement of two denoisers.

    Args:    products - Products; first, second - names.
    """
    spreads = products(first, first) + products(second, second)
    correlation = one_minus_ratio(spreads - 2 * products(first, second), spreads)
    found = products.cosines(first, second)
    hits = products.rows(first, second)["identified"]
    return Agreement(
        correlation.value,
        correlation.error,
        float(found.mean()),
        *share_interval(found > SIMILAR),
        identified=float(hits.mean()),
        chance=products.classes / len(hits),
    )


@dataclass(frozen=True)
class Shares:
    """Shares of sum <a, b>, of sum 1: of both twins, of one twin with the other's rest, of both
    rests; and the correlation of the rests. A rest is what the regression on the own twin leaves
    over."""

    twins: float
    crossed: float
    rests: float
    rest_correlation: float


def shares(products, first, second, first_twin, second_twin):
    """Through what two denoisers agree.

    Args:    products - Products; the others - names: two denoisers, and the Gaussian twin of each
             one's own half.
    """

    def total(a, b):
        return np.sum(products(a, b))

    b1 = total(first, first_twin) / total(first_twin, first_twin)
    b2 = total(second, second_twin) / total(second_twin, second_twin)
    whole, twins = total(first, second), b1 * b2 * total(first_twin, second_twin)
    crossed = b1 * total(first_twin, second) + b2 * total(first, second_twin) - 2 * twins
    rests = whole - twins - crossed
    norms = [
        total(name, name) - b**2 * total(twin, twin)
        for name, twin, b in ((first, first_twin, b1), (second, second_twin, b2))
    ]
    correlation = rests / np.sqrt(np.prod(norms)) if min(norms) > 0 else np.nan
    return Shares(*(float(part / whole) for part in (twins, crossed, rests)), float(correlation))


def nearest(first, second, own, held_out):
    """Distances that tell agreement from copying, of one class.

    Args:    first, second - images of two denoisers, of the same seeds, rows (n, d); own, held_out
             - training images of the first and of the second denoiser, rows.
    Returns: dict of columns, a row per generated and per held-out image: of (generated or
             held_out), image, to_training (distance to the nearest image of the first half),
             to_other (to the second denoiser's image; NaN for held-out images).
    """
    parts = (first, held_out)
    counts = [len(part) for part in parts]
    to_other = np.sqrt(squared(np.asarray(first, float) - np.asarray(second, float)))
    return dict(
        of=np.repeat(["generated", "held_out"], counts),
        image=np.concatenate([np.arange(count) for count in counts]),
        to_training=np.concatenate([nearest_distances(part, own) for part in parts]),
        to_other=np.concatenate([to_other, np.full(counts[1], np.nan)]),
    )
