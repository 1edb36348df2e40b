"""Figure "norm_evolution": one image along the sampler, and the norms of all images.

As the norm-evolution figure of Ghane et al. (2025), arXiv 2501.07741: noise schedule, images x,
denoised images D(x), and histograms of ||x||, ||D|| and ||d||.
"""

import math

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.ticker import MaxNLocator

from gaussianity.drawing import style
from gaussianity.drawing.pictures import show

SYMBOLS = {"x_norm": r"$\|x\|$", "denoised_norm": r"$\|D(x)\|$", "direction_norm": r"$\|d\|$"}


def draw(trajectory, schedule, snapshots, image_class):
    """Noise schedule, images x and D(x) of one trajectory, and histograms of three norms.

    Args:    trajectory - see norms.norm_quantiles; schedule - DataFrame of all steps and their
             sigma; snapshots - dict of x and denoised (images, kept, C, H, W) in the network form,
             and of step and sigma (kept,); image_class - class of the images.
    Returns: Figure.
    """
    steps = [int(step) for step in snapshots["step"]]
    colours = dict(zip(steps, sns.color_palette("viridis", len(steps)), strict=True))
    with style.theme():
        figure = plt.figure(figsize=(style.WIDTH, 9.0), layout="constrained")
        top, strips, histograms = figure.subfigures(3, 1, height_ratios=[2.2, 2.6, 3.4])
        _schedule(top.subplots(), schedule, colours)
        _strips(strips, snapshots, image_class)
        _histograms(histograms, trajectory, colours)
    return figure


def _schedule(panel, schedule, colours):
    levels = schedule.set_index("step")["sigma"].sort_index()
    panel.plot(levels.index, levels, color="0.4", linewidth=1.2, zorder=1)
    for step, colour in colours.items():
        panel.scatter(step, levels[step], color=[colour], s=36, zorder=2)
    panel.set_yscale("symlog", linthresh=levels[levels > 0].min())
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.set_xlabel("step i")
    panel.set_ylabel(r"noise level $\sigma_i$")
    panel.set_title("noise schedule; dots mark the steps shown below")


def _strips(figure, snapshots, image_class):
    kept = len(snapshots["step"])
    axes = figure.subplots(2, kept, squeeze=False)
    for column in range(kept):
        scale = np.sqrt(1 + snapshots["sigma"][column] ** 2)  # so that x stays visible
        show(axes[0, column], snapshots["x"][0, column] / scale)
        show(axes[1, column], snapshots["denoised"][0, column])
        axes[0, column].set_title(f"i = {snapshots['step'][column]}", fontsize=9)
    axes[0, 0].set_ylabel(r"$x / \sqrt{1 + \sigma^2}$", fontsize=9)
    axes[1, 0].set_ylabel("$D(x)$", fontsize=9)
    figure.suptitle(f"one image of class {image_class} on its way", fontsize=10)


def _histograms(figure, trajectory, colours):
    axes = figure.subplots(1, len(SYMBOLS))
    for panel, (name, symbol) in zip(axes, SYMBOLS.items(), strict=True):
        chosen = trajectory.dropna(subset=name)
        for step, colour in colours.items():
            values = chosen.loc[chosen["step"] == step, name]
            if len(values):
                counts, edges = np.histogram(values, bins=30)
                density = counts / counts.max()
                panel.stairs(density, edges, color=colour, fill=True, alpha=0.35)
                panel.stairs(density, edges, color=colour, linewidth=1.5, label=f"i = {step}")
        panel.set_xlabel(symbol)
        panel.set_ylim(0, 1.08)
    norms = trajectory["x_norm"]
    if norms.max() > 10 * norms.min():
        axes[0].set_xscale("log")  # the state's norm falls by orders of magnitude
    axes[0].set_ylabel("images per bin, highest = 1")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="outside lower center",
        ncols=math.ceil(len(handles) / math.ceil(len(handles) / 9)),
        frameon=False,
    )
    figure.suptitle("norms of all images, a colour per step", fontsize=10)
