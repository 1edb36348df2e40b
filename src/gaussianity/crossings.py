"""Times at which a measured probability falls through a level, with bootstrap standard errors."""

import numpy as np


def crossing(times, values, level):
    """Largest time at which a curve through the values passes a level; NaN where it does not.

    Between times it is straight in log t, in which such curves are S-shaped.

    Args:    times - (T,), rising, above 0; values - (T,); level - number.
    >>> round(float(crossing([1.0, 2.0, 4.0], [0.9, 0.6, 0.2], 0.4)), 6) == round(8**0.5, 6)
    True
    """
    times, above = np.asarray(times, dtype=np.float64), np.asarray(values) - level
    (passes,) = np.nonzero((above[:-1] > 0) & (above[1:] <= 0))
    if not len(passes):
        return np.nan
    i = passes[-1]
    share = above[i] / (above[i] - above[i + 1])
    return times[i] ** (1 - share) * times[i + 1] ** share


def measured_crossing(times, samples, level, *, replicates, generator):
    """Crossing of the mean of samples, with its standard error over the samples.

    Args:    times - (T,), rising; samples - (T, n), a column per starting point, which bootstrap
             samples are drawn from; level - number; replicates - bootstrap samples; generator -
             NumPy's.
    Returns: time and standard error; NaN where the mean does not cross, or too few replicates do.
    """
    time = crossing(times, samples.mean(axis=1), level)
    n = samples.shape[1]
    drawn = generator.multinomial(n, np.full(n, 1 / n), size=replicates) / n  # (replicates, n)
    found = np.array([crossing(times, values, level) for values in drawn @ samples.T])
    found = found[np.isfinite(found)]
    if not np.isfinite(time) or len(found) < max(2, replicates // 2):
        return time, np.nan
    return time, float(found.std(ddof=1))
