"""Speciation and collapse along the forward process of a training set, without a reverse process.

With the exact empirical score, the reverse process from x_t ends at training point i with its
posterior probability w_i(x_t). So two clones that part at time t end in one class, or at one point,
with the probabilities

    phi(t) = E sum_c (sum of w_i over class c)^2,   E sum_i w_i^2,   x_t ~ P_t^e,

and x_t is a training point with noise. Whether x_t still knows that point, E w_true, and how many
points it may have come from, the excess entropy of Biroli et al. (2024), E entropy(w), come from
the same pass. Who the nearest training point is would tell less: that is the true one at times when
its weight is far below one half.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from scipy.interpolate import PchipInterpolator

from gaussianity.empirical_score import noised_weights
from gaussianity.manifold_data import balanced_labels, random_manifold
from gaussianity.ornstein_uhlenbeck import noise_level

STATISTICS = ("true", "participation", "entropy", "same_class")
BLOCK = 4096  # samples drawn at once
PILOT_POINTS = 192
PILOT_TIMES = np.geomspace(0.02, 6.0, 28)


@dataclass(frozen=True)
class Design:
    """Sizes of a measurement: training points n, noised points of each training set, times."""

    n: int
    points: int
    times: int


def training_set(law, n, generator):
    """n samples of a drawn manifold, float32 (n, d), and their classes (n,), half of each.

    Args:    law - ManifoldLaw; generator - NumPy generator.
    """
    manifold = random_manifold(law, generator)
    labels, rows = balanced_labels(n), np.empty((n, law.d), dtype=np.float32)
    for start in range(0, n, BLOCK):
        block = slice(start, start + BLOCK)
        rows[block] = manifold.sample(labels[block], generator)
    return torch.from_numpy(rows), labels


def curves(rows, labels, times, *, points, generator):
    """Means over noised training points along times; all times see the same points and noise.

    Args:    rows - (n, d); labels - classes (n,); times - (k,); points - how many are noised;
             generator - NumPy generator.
    Returns: dict of columns (k,): time; of STATISTICS each the mean, and as <name>_error its
             standard error over the points.
    """
    chosen = generator.integers(len(rows), size=points)
    noise = generator.standard_normal((points, rows.shape[1]), dtype=np.float32)
    found = noised_weights(rows, chosen, noise, noise_level(np.asarray(times)), labels=labels)
    columns = dict(time=np.asarray(times))
    for name in STATISTICS:
        values = np.array([getattr(each, name).numpy() for each in found])  # (k, points)
        columns[name] = values.mean(axis=1)
        columns[f"{name}_error"] = values.std(axis=1, ddof=1) / np.sqrt(points)
    return columns


def crossing(times, values, level):
    """Last time at which a curve crosses a level, by monotone cubic interpolation; NaN if never."""
    found = PchipInterpolator(times, np.asarray(values) - level).roots(extrapolate=False)
    found = found[np.isfinite(found)]
    return found[-1] if len(found) else np.nan


def pilot_time(rows, labels, name, level, generator):
    """Roughly where a statistic crosses a level, so that times can be laid around it; NaN if it
    doesn't between the first and the last of PILOT_TIMES."""
    found = curves(rows, labels, PILOT_TIMES, points=PILOT_POINTS, generator=generator)
    return crossing(PILOT_TIMES, found[name], level)


def collapse_times(time, count):
    """Times around that of the collapse."""
    return time * np.linspace(0.6, 1.5, count)


def speciation_times(time, count):
    """Times around that of the speciation, from well within one class to nearly none."""
    return np.linspace(max(0.05, time - 2.0), time + 1.2, count)


def measured(law, design, around, generators):
    """The curves of several training sets of a law, each of its own manifold.

    Args:    law - ManifoldLaw; design - Design; around - (statistic, level, times): the times are
             laid around the statistic's crossing in the first training set, by one of
             `collapse_times` and `speciation_times`; generators - one for each training set.
    Returns: dict of columns, a row per training set (`seed`) and time; NaN times, if there is no
             crossing, are left to the caller.
    """
    parts, times = [], None
    name, level, laid = around
    for seed, generator in enumerate(generators):
        rows, labels = training_set(law, design.n, generator)
        if times is None:
            times = laid(pilot_time(rows, labels, name, level, generator), design.times)
        part = curves(rows, labels, times, points=design.points, generator=generator)
        parts.append(pd.DataFrame(part).assign(seed=seed))
    return pd.concat(parts, ignore_index=True)


def measured_times(frame, name, level, by):
    """When a statistic crosses a level: mean and standard error over training sets.

    Args:    frame - DataFrame, rows of `measured` with the columns `by`; by - names of the columns
             that tell the cases apart.
    Returns: DataFrame with `by`, time, error (NaN of a single training set) and seeds.
    """
    rows = []
    for case, of_case in frame.groupby(by, sort=False):
        each = [crossing(one["time"], one[name], level) for _, one in of_case.groupby("seed")]
        error = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.nan
        rows.append((*case, np.mean(each), error, len(each)))
    return pd.DataFrame(rows, columns=[*by, "time", "error", "seeds"])
