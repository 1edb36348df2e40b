"""Variance and mean of generated images beside what the sampler alone makes of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaussianity.sampling.sampler_variance import sampled_moments, settings_of, spectrum

SMALLEST = 1e-6  # of the largest eigenvalue: smaller ones are rounding
# Images of a class whose covariance is decomposed where it has more pixels than that.
MOST_ROWS = 1024


@dataclass(frozen=True)
class ClassMoments:
    """The spectrum of a class, and mean and variance of its generated images along its directions.

    spectrum - Spectrum; shift - (r,), mean of the generated images minus the class's; generated -
    variance (r,). Both are None where there are no other images to compare with.
    """

    spectrum: object
    shift: np.ndarray | None = None
    generated: np.ndarray | None = None


def class_moments(rows, generated):
    """ClassMoments of one class.

    Args:    rows - images (n, d), network form, or None: then the spectrum is that of the generated
             images; generated - rows (m, d).
    """
    if rows is None:
        return ClassMoments(spectrum(_enough(generated)))
    found = spectrum(_enough(rows))
    along = (np.asarray(generated, dtype=np.float64) - found.mean) @ found.vectors.T
    return ClassMoments(found, along.mean(axis=0), along.var(axis=0, ddof=1))


def table(classes, settings, start=None):
    """Ratios per rank of the eigenvalue, over all classes, and in the row of rank 0 in all.

    Args:    classes - ClassMoments of each class; settings - of the sampler, a mapping;
             start - mapping with step, sigma and bound of its start in closed form, or None.
    Returns: DataFrame with rank; eigenvalue - mean over the classes; sampler - variance that the
             sampler makes of exactly Gaussian images, over the true one; generated - variance of
             the generated images over the classes'; sampler_shift, generated_shift - distance of
             the mean from the classes', in standard deviations; start_sigma, start_bound - of
             the start, the same in every row. NaN where nothing is compared, or without a start.
    """
    settings = dict(settings, start_step=None if start is None else int(start["step"]))
    columns = [_columns(each, settings) for each in classes]
    ranks = max(len(each["eigenvalue"]) for each in columns)
    sums = {name: sum(_padded(each[name], ranks) for each in columns) for name in columns[0]}
    # Classes with fewer images have fewer directions.
    counted = sum(_padded(np.ones(len(each["eigenvalue"])), ranks) for each in columns)
    sums = {name: np.append(values.sum(), values) for name, values in sums.items()}
    counted = np.append(len(columns), counted)
    eigenvalue = sums.pop("eigenvalue")
    ratios = {
        name: np.sqrt(values / eigenvalue) if name.endswith("shift") else values / eigenvalue
        for name, values in sums.items()
    }
    found = pd.DataFrame(dict(rank=range(ranks + 1), eigenvalue=eigenvalue / counted, **ratios))
    for name in ("sigma", "bound"):
        found[f"start_{name}"] = np.nan if start is None else start[name]
    return found[found["eigenvalue"] > SMALLEST * found["eigenvalue"][1]].reset_index(drop=True)


def _columns(of_class, settings):
    """Sums of the table, of one class."""
    found = of_class.spectrum
    sampled, missing = sampled_moments(found.variances, **settings_of(settings))
    nothing = np.full(len(found.variances), np.nan)
    return dict(
        eigenvalue=found.variances,
        sampler=sampled,
        generated=nothing if of_class.generated is None else of_class.generated,
        sampler_shift=(missing * found.means) ** 2,
        generated_shift=nothing if of_class.shift is None else of_class.shift**2,
    )


def _enough(rows):
    return rows[:MOST_ROWS] if rows.shape[1] > MOST_ROWS else rows


def _padded(values, size):
    return np.pad(values, (0, size - len(values)))
