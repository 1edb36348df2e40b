"""Figure "phase_transition": from how many samples a subspace is learnt, by which algorithm.

As figures 4 and 8 of Wang et al. (2024), arXiv 2409.02426.
"""

import math

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.intervals import share_ends

NAMES = {"svd": "SVD", "clustering": "clustering", "orthogonal": "orthonormal", "sgd": "SGD"}


def table(trials, threshold):
    """Share of the trials of each cell that succeed.

    Args:    trials - DataFrame of the tables of phase_transition; threshold - largest spectral
             distance of a success.
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
    """Of the noiseless maps of SVD and clustering, cells whose trials do not all fail below N = d
    or all succeed from N = d on; and the number of cells."""
    exact = summary[(summary["noise"] == 0) & (summary["method"] != "sgd")]
    expected = exact["samples"] >= exact["dimension"]
    return int((exact["rate"] != expected).sum()), len(exact)


def headline(summary):
    """Whether the maps are the step that the theorems say, in one sentence."""
    wrong, cells = departures(summary)
    if not wrong:
        return (
            "Noiseless SVD and clustering: no trial succeeds below N = d, every one from N = d on "
            f"({cells} cells)"
        )
    return f"Noiseless SVD and clustering: {wrong} of {cells} cells are no step at N = d"


def draw(summary):
    """A map of success rates for every method, K and noise: N to the right, d upwards.

    Args:    summary - see `table`. Returns: Figure.
    """
    rows = [row for noise in sorted(summary["noise"].unique()) for row in _rows(summary, noise)]
    with style.theme():
        figure, axes = style.grid(len(rows), max(map(len, rows)), height=2.1)
        for panels, maps in zip(axes, rows, strict=True):
            for panel, found in zip(panels, maps, strict=False):
                image = _map(panel, found)
            for panel in panels[len(maps) :]:
                panel.set_visible(False)
            panels[0].set_ylabel("dimension d")
        for panel in axes[-1]:
            panel.set_xlabel("samples of a subspace N")
        bar = figure.colorbar(image, ax=axes, shrink=0.5, aspect=40, pad=0.01)
        bar.set_label("share of trials that succeed")
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _rows(summary, noise):
    """Maps of two rows of panels: SVD and clustering, then SGD, the orthonormal form at their
    ends."""
    chosen = summary[summary["noise"] == noise]
    maps = dict(list(chosen.groupby(["method", "components"], sort=True)))
    closed = [of for (method, _), of in maps.items() if method == "svd"]
    closed += [of for (method, _), of in maps.items() if method == "clustering"]
    descent = [of for (method, _), of in maps.items() if method == "sgd"]
    others = [of for (method, _), of in maps.items() if method == "orthogonal"]
    half = math.ceil(len(others) / 2)
    return closed + others[:half], descent + others[half:]


def _map(panel, found):
    """One map with the line N = d; the image."""
    rates = found.pivot(index="dimension", columns="samples", values="rate")
    across, up = rates.columns.to_numpy(), rates.index.to_numpy()
    image = panel.pcolormesh(across, up, rates.to_numpy(), vmin=0, vmax=1, cmap="cividis")
    # The staircase between N < d and N >= d.
    edge = np.clip(up - 0.5, across[0] - 0.5, across[-1] + 0.5)
    panel.step(
        np.append(edge, edge[-1]),
        np.append(up - 0.5, up[-1] + 0.5),
        where="pre",
        color=style.VERMILION,
        linewidth=1.8,
    )
    panel.set_xticks(across[:: max(1, len(across) // 6)])
    panel.set_yticks(up[:: max(1, len(up) // 4)])
    panel.grid(False)
    first = found.iloc[0]
    noise = f", noise {first['noise']:g}" if first["noise"] else ""
    panel.set_title(f"{NAMES[first['method']]}, K = {first['components']}{noise}", fontsize=9)
    return image
