"""Figure "norm_contraction": decrease of the image's norm in each step of the sampler.

As figure 9 of Ghane et al. (2025), arXiv 2501.07741. The share of steps in which the norm grew is
ours.
"""

import numpy as np
import seaborn as sns

from gaussianity.drawing import style


def draw(steps, summary, classes, count):
    """(a) trajectories of some classes, (b) mean and band of each class, (c) share of grown norms.

    Args:    steps - see norms.norm_decreases, of the images of panel (a); summary - see
             norms.decrease_summary, of all images; classes - of panel (a); count - trajectories
             per class in panel (a).
    Returns: Figure.
    """
    least, most = summary["least"].min(), summary["most"].max()
    with style.theme():
        figure, axes = style.grid(1, 3, height=3.8)
        trajectories, means, grew = axes[0]
        _trajectories(trajectories, steps, classes, count)
        _means(means, summary)
        _grew(grew, summary[summary["image_class"] == "all"])
        for panel in (trajectories, means):
            panel.axhline(0, color="black", linewidth=0.8)
            panel.set_yscale("symlog", linthresh=0.1)
            panel.set_ylim(min(-0.1, 2 * least), 2 * most)
        for panel in axes[0]:
            panel.set_xscale("log")
            panel.invert_xaxis()
            panel.set_xlabel(r"noise level $\sigma_i$, from first step to last")
    return figure


def _trajectories(panel, steps, classes, count):
    palette = sns.color_palette("colorblind" if len(classes) <= 10 else "husl", len(classes))
    colours = dict(zip(classes, palette, strict=True))
    wide = {
        image_class: steps[steps["image_class"] == image_class]
        .pivot(index="sigma", columns="seed", values="decrease")
        .iloc[::-1, :count]
        for image_class in classes
    }
    for start in range(0, count, 5):  # drawn in turns, so that no class hides the others
        for image_class, lines in wide.items():
            part = lines.iloc[:, start : start + 5]
            colour = colours[image_class]
            panel.plot(part.index, part.to_numpy(), color=colour, linewidth=0.5, alpha=0.4)
    for image_class, colour in colours.items():
        panel.plot([], [], color=colour, label=f"class {image_class}")
    panel.set_ylabel(r"$\|x_i\| - \|x_{i+1}\|$")
    panel.set_title(f"(a) {min(len(w.columns) for w in wide.values())} trajectories per class")
    panel.legend(loc="upper right", fontsize=8)


def _means(panel, summary):
    classes = [name for name in summary["image_class"].unique() if name != "all"]
    colours = sns.color_palette("viridis", len(classes))
    for colour, image_class in zip(colours, classes, strict=True):
        line = summary[summary["image_class"] == image_class]
        low, high = line["mean"] - line["std"], line["mean"] + line["std"]
        panel.plot(line["sigma"], line["mean"], color=colour, linewidth=1.2, label=image_class)
        panel.fill_between(line["sigma"], low, high, color=colour, alpha=0.12, linewidth=0)
    panel.set_ylabel("mean decrease, band of one std")
    panel.set_title(f"(b) mean of each of {len(classes)} classes")
    if len(classes) <= 10:  # more names would cover the curves
        columns = 2 if len(classes) > 5 else 1
        panel.legend(loc="upper right", ncols=columns, fontsize=8, title="class", title_fontsize=8)


def _grew(panel, overall):
    share = 100 * overall["share_grew"]
    panel.plot(overall["sigma"], share, color="black", marker="o", markersize=4)
    mean = np.average(share, weights=overall["images"])
    top = max(1.0, share.max())
    panel.set_ylim(-0.05 * top, 1.08 * top)
    panel.set_ylabel("images whose norm grew (%)")
    panel.set_title(f"(c) norm grew in {mean:.1f} % of all steps")
