"""Times at which a measured probability passes a level, with bootstrap standard errors."""

import numpy as np

from gaussianity.posterior_curves import crossing

LEAST = 0.95  # share of the bootstrap samples that must cross: the others have no spread to add


def measured_crossing(times, samples, level, *, replicates, generator):
    """Crossing of the mean of samples, with its standard error over the samples.

    Args:    times - (T,), rising; samples - (T, n), a column per starting point, which bootstrap
             samples are drawn from; level - number; replicates - bootstrap samples; generator -
             NumPy's.
    Returns: time and standard error; both NaN where the mean does not cross, the error alone where
             fewer than LEAST of the bootstrap samples do.
    """
    time = crossing(times, samples.mean(axis=1), level)
    n = samples.shape[1]
    drawn = generator.multinomial(n, np.full(n, 1 / n), size=replicates) / n  # (replicates, n)
    found = np.array([crossing(times, values, level) for values in drawn @ samples.T])
    found = found[np.isfinite(found)]
    if not np.isfinite(time) or len(found) < max(2, LEAST * replicates):
        return time, np.nan
    return time, float(found.std(ddof=1))
