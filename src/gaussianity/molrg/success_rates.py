"""Shares of the trials that learn the true subspaces, and their step at N = d.

Figures 4 and 8 of Wang et al. (2024), arXiv 2409.02426.
"""

import pandas as pd

from gaussianity.intervals import share_ends


def success_rates(trials, threshold):
    """Share of the trials of each cell that succeed.

    Args:    trials - DataFrame of the rule phase_transition; threshold - largest spectral distance
             of a success.
    Returns: DataFrame with method, components K, noise, dimension d, samples N (from each
             subspace), trials, successes, rate and its 95 % interval low, high (Clopper and
             Pearson), and the medians of the distances spectral and frobenius.
    """
    cell = ["method", "components", "noise", "dimension", "samples"]
    judged = trials.assign(success=trials["spectral"] <= threshold)
    grouped = judged.groupby(cell, sort=False)
    summary = pd.DataFrame(
        dict(
            trials=grouped.size(),
            successes=grouped["success"].sum(),
            rate=grouped["success"].mean(),
            spectral=grouped["spectral"].median(),
            frobenius=grouped["frobenius"].median(),
        )
    ).reset_index()
    counts = zip(summary["successes"], summary["trials"], strict=True)
    low, high = zip(*(share_ends(*each) for each in counts), strict=True)
    return summary.assign(low=low, high=high)


def departures(summary):
    """Number of cells of SVD and clustering without noise that differ from the theorems, and the
    number of all such cells: all trials fail if N < d, all succeed if N >= d."""
    exact = summary[(summary["noise"] == 0) & (summary["method"] != "sgd")]
    expected = exact["samples"] >= exact["dimension"]
    return int((exact["rate"] != expected).sum()), len(exact)


def headline(summary):
    """One sentence that says whether the success rates have the step of the theorems."""
    wrong, cells = departures(summary)
    if not wrong:
        return (
            "Noiseless SVD and clustering: no trial succeeds below N = d, every one from N = d on "
            f"({cells} cells)"
        )
    return f"Noiseless SVD and clustering: {wrong} of {cells} cells are no step at N = d"
