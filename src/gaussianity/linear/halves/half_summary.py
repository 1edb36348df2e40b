"""The table of the figure "linear_halves": agreement of the denoisers of two halves."""

from dataclasses import asdict

import numpy as np
import pandas as pd

from gaussianity.intervals import share_interval
from gaussianity.linear.finite_moments import effective_noise, expected_agreement, measured_noise
from gaussianity.linear.halves.dataset_halves import AGAIN, FIRST, SECOND
from gaussianity.linear.halves.half_agreement import (
    COPIER,
    MIXED,
    NETWORK,
    SIMILAR,
    TWIN,
    Products,
    agreement,
    named,
    shares,
)
from gaussianity.linear.measures import CONFIDENCE

PREDICTED = "predicted"
COMPARED = {  # comparison to its two denoisers
    "networks": (named(NETWORK, FIRST), named(NETWORK, SECOND)),
    "same_half": (named(NETWORK, FIRST), named(NETWORK, AGAIN)),
    "twins": (named(TWIN, FIRST), named(TWIN, SECOND)),
    "copiers": (named(COPIER, FIRST), named(COPIER, SECOND)),
}


class HalfTables:
    """Tables of the rule `halves`, as DataFrames.

    products - of `half_agreement.inner_products`; distances - of `half_agreement.nearest`, with
    similarity, that of a copy detector for the two images of a seed, NaN without one; spectra -
    variance by image_class and rows (all, first, second), and images, the number of each half.
    """

    def __init__(self, products, distances, spectra):
        self.products, self.distances = Products(products), distances
        found = spectra.groupby(["image_class", "rows"], sort=False)
        self.variances = {key: rows["variance"].to_numpy() for key, rows in found}
        self.images = spectra.groupby("image_class", sort=False)["images"].first().to_dict()

    @property
    def compared(self):
        """The comparison that the others are controls of: of networks, else of twins."""
        return "networks" if self.products.rows(*COMPARED["networks"]) is not None else "twins"

    def cosines(self):
        """Cosine of the two images of every seed (n,), by comparison."""
        pairs = {**COMPARED, MIXED: (COMPARED[self.compared][0], MIXED)}
        return {
            name: self.products.cosines(*pair)
            for name, pair in pairs.items()
            if self.products.rows(*pair) is not None
        }


def agreement_table(tables):
    """A row per comparison of two denoisers on the same seeds.

    Args:    tables - HalfTables.
    Returns: DataFrame with comparison and the fields of `half_agreement.Agreement`; those of
             `half_agreement.Shares` for networks; detector_score, detector_low, detector_high (the
             RP score by a copy detector) and those of `_copying` for the comparison in question.
             The row `predicted` has the correlation of the twins that follows from the spectrum.
    """
    rows = []
    for name in tables.cosines():
        pair = COMPARED.get(name, (COMPARED[tables.compared][0], MIXED))
        row = dict(comparison=name) | asdict(agreement(tables.products, *pair))
        if name in ("networks", "same_half"):
            other = SECOND if name == "networks" else FIRST
            twins = (named(TWIN, FIRST), named(TWIN, other))
            row |= asdict(shares(tables.products, *pair, *twins))
        if name == tables.compared:
            row |= _copying(tables.distances)
        rows.append(row)
    return pd.DataFrame([*rows, dict(comparison=PREDICTED, correlation=predicted(tables))])


def predicted(tables):
    """Correlation of the twins of two halves, from the spectrum of all rows."""
    classes = list(tables.images)
    variances = [tables.variances[name, "all"] for name in classes]
    return expected_agreement(variances, [tables.images[name] for name in classes])


def _copying(distances):
    """Is an image nearer to the other denoiser's than to any training image, and is it farther from
    these than a held-out image is? Distances are means, network unit."""
    generated = distances[distances["of"] == "generated"]
    held_out = distances[distances["of"] == "held_out"]
    nearer = generated["to_other"] < generated["to_training"]
    found = dict(
        zip(("nearer", "nearer_low", "nearer_high"), share_interval(nearer), strict=True),
        to_other=generated["to_other"].mean(),
        to_training=generated["to_training"].mean(),
        held_out_to_training=held_out["to_training"].mean(),
    )
    similarity = generated["similarity"]
    if similarity.notna().all():
        names = ("detector_score", "detector_low", "detector_high")
        found |= dict(zip(names, share_interval(similarity > SIMILAR), strict=True))
    return found


def noise_table(tables, sigmas):
    """Noise levels that the moments of a half act with, of every class.

    Args:    tables - HalfTables; sigmas - (levels,).
    Returns: DataFrame with comparison ("noise"), image_class, sigma, predicted_sigma (sqrt(kappa))
             and measured_sigma (see `finite_moments.measured_noise`, mean of both halves).
    """
    z, rows = np.square(np.asarray(sigmas, dtype=np.float64)), []
    for name, count in tables.images.items():
        variances = tables.variances[name, "all"]
        predicted_z = effective_noise(z, variances, count - 1)
        halves = [tables.variances[name, half] for half in (FIRST, SECOND)]
        measured = np.mean([measured_noise(z, variances, half) for half in halves], axis=0)
        rows += [
            dict(
                comparison="noise",
                image_class=name,
                sigma=np.sqrt(level),
                predicted_sigma=np.sqrt(kappa),
                measured_sigma=np.sqrt(found),
            )
            for level, kappa, found in zip(z, predicted_z, measured, strict=True)
        ]
    return pd.DataFrame(rows)


def headline(summary):
    """What was found, a sentence per line.

    Args:    summary - of `agreement_table`.
    """
    of = summary.set_index("comparison")
    twins = (
        f"Gaussian twins of the two halves: correlation {_value(of.loc['twins'])}; the spectrum "
        f"alone predicts {of.correlation[PREDICTED]:.3f}"
    )
    if "networks" not in of.index:
        return twins
    found = of.loc["networks"]
    return (
        f"Networks of the two halves: correlation {_value(found)} (same half twice "
        f"{of.correlation['same_half']:.3f}, copiers {of.correlation['copiers']:.3f})\n{twins}\n"
        f"Of the networks' agreement {_percent(found.twins)} is that of the twins, "
        f"{_percent(found.crossed)} crossed, {_percent(found.rests)} that of what they leave over"
    )


def _value(row):
    return f"{row.correlation:.3f} ± {CONFIDENCE * row.error:.3f}"


def _percent(share):
    return f"{100 * share:.0f} %"
