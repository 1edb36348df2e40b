"""Speciation and collapse along the forward process of a training set, without a reverse process.

With the exact empirical score, the reverse process from x_t ends at training point i with its
posterior probability w_i(x_t). So two clones that separate at time t end in one class, or at one
point, with the probabilities

    phi(t) = E sum_c (sum of w_i over class c)^2,   E sum_i w_i^2,   x_t ~ P_t^e,

where x_t is a training point with noise. The weight of that point, E w_true, and the excess entropy
of Biroli et al. (2024), E entropy(w), are computed in the same pass. The nearest training point is
no substitute: it is still the true one at times when the true weight is far below one half.
"""

import numpy as np
import torch
from scipy.interpolate import PchipInterpolator

from gaussianity.denoisers.empirical_score import noised_weights
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.distribution import balanced_labels, random_manifold

STATISTICS = ("true", "participation", "entropy", "same_class")
BLOCK = 4096  # samples drawn at once
PILOT_POINTS = 192
PILOT_TIMES = np.geomspace(0.02, 6.0, 28)
LEAST = 0.95  # share of the bootstrap samples that must cross the level


def training_set(distribution, n, generator):
    """n samples of a drawn manifold, float32 (n, d), and their classes (n,), half of each.

    Args:    distribution - ManifoldDistribution; generator - NumPy generator.
    """
    manifold = random_manifold(distribution, generator)
    labels, rows = balanced_labels(n), np.empty((n, distribution.d), dtype=np.float32)
    for start in range(0, n, BLOCK):
        block = slice(start, start + BLOCK)
        rows[block] = manifold.sample(labels[block], generator)
    return torch.from_numpy(rows), labels


def weight_curves(rows, labels, times, *, points, generator):
    """Means over noised training points along times, with the same points and noise at all times.

    Args:    rows - (n, d); labels - classes (n,); times - (k,); points - number of noised points;
             generator - NumPy generator.
    Returns: dict of columns (k,): time; the mean of each of STATISTICS, and as <name>_error its
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
    """Approximate time at which a statistic crosses a level.

    Returns: float; NaN where there is no crossing between the first and the last of PILOT_TIMES.
    """
    found = weight_curves(rows, labels, PILOT_TIMES, points=PILOT_POINTS, generator=generator)
    return crossing(PILOT_TIMES, found[name], level)


def measured_crossing(times, samples, level, *, replicates, generator):
    """Crossing of the mean of samples, with its bootstrap standard error.

    Args:    times - (T,), rising; samples - (T, n), a column per starting point; level - number;
             replicates - number of bootstrap samples; generator - NumPy's.
    Returns: time and standard error. Both are NaN where the mean does not cross. The error alone is
             NaN where less than the share LEAST of the bootstrap samples crosses.
    """
    time = crossing(times, samples.mean(axis=1), level)
    n = samples.shape[1]
    drawn = generator.multinomial(n, np.full(n, 1 / n), size=replicates) / n  # (replicates, n)
    found = np.array([crossing(times, values, level) for values in drawn @ samples.T])
    found = found[np.isfinite(found)]
    if not np.isfinite(time) or len(found) < max(2, LEAST * replicates):
        return time, np.nan
    return time, float(found.std(ddof=1))
