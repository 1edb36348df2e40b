"""Figure "phase_transition": success rates of learning subspaces against N and d.

As figures 4 and 8 of Wang et al. (2024), arXiv 2409.02426.
"""

import math

import numpy as np

from gaussianity.drawing import style
from gaussianity.molrg.success_rates import headline

NAMES = {"svd": "SVD", "clustering": "clustering", "orthogonal": "orthonormal", "sgd": "SGD"}


def draw(summary):
    """A map of success rates for every method, K and noise: N on the x axis, d on the y axis.

    Args:    summary - see `success_rates`. Returns: Figure.
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
    """Maps of two rows of panels: SVD and clustering, then SGD; the maps of the orthonormal form
    stand at their ends."""
    chosen = summary[summary["noise"] == noise]
    maps = dict(list(chosen.groupby(["method", "components"], sort=True)))
    closed = [of for (method, _), of in maps.items() if method == "svd"]
    closed += [of for (method, _), of in maps.items() if method == "clustering"]
    descent = [of for (method, _), of in maps.items() if method == "sgd"]
    others = [of for (method, _), of in maps.items() if method == "orthogonal"]
    half = math.ceil(len(others) / 2)
    return closed + others[:half], descent + others[half:]


def _map(panel, found):
    """Draw one map with the line N = d, and return its image."""
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
