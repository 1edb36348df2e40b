"""Figure "norm_contraction": how the image's norm falls along the sampler.

Figure 9 of Ghane et al. (2025), arXiv 2501.07741; the share of steps in which the norm grew is
ours.
"""

import numpy as np
import pandas as pd
import seaborn as sns

from gaussianity.drawing import style


def decreases(trajectory):
    """Norm lost in each step.

    Args:    trajectory - DataFrame with image_class, seed, step, sigma, x_norm, sorted by step
             within each seed, ending at sigma 0.
    Returns: DataFrame with image_class, seed, step, sigma (where the step starts) and decrease,
             ||x_i|| - ||x_(i+1)||, in network units.
    """
    after = trajectory.groupby(["image_class", "seed"], sort=False)["x_norm"].shift(-1)
    steps = trajectory.assign(decrease=trajectory["x_norm"] - after)
    columns = ["image_class", "seed", "step", "sigma", "decrease"]
    return steps.loc[after.notna(), columns].reset_index(drop=True)


def partial(steps):
    """What `table` needs of some images.

    Args:    steps - see `decreases`.
    Returns: DataFrame with image_class, step, sigma, images, mean, squares (sum of squared
             deviations from the mean), grew (images), least, most: a row per class and step.
    """
    grouped = steps.groupby(["image_class", "step", "sigma"], sort=False)["decrease"]
    return grouped.agg(
        images="size",
        mean="mean",
        squares=lambda part: part.var(ddof=0) * len(part),
        grew=lambda part: int((part < 0).sum()),
        least="min",
        most="max",
    ).reset_index()


def table(partials):
    """Mean, std, share of growing norms, least and largest decrease per class and step, "all" for
    all classes.

    Args:    partials - DataFrames as `partial` gives them, of disjoint sets of images.
    """
    parts = pd.concat(partials, ignore_index=True)
    both = pd.concat([parts, parts.assign(image_class="all")])
    keys = ["image_class", "step", "sigma"]
    grouped = both.groupby(keys, sort=False)
    images = grouped["images"].sum()
    both["weighted"] = both["images"] * both["mean"]
    mean = grouped["weighted"].sum() / images
    away = both["mean"].to_numpy() - mean.loc[pd.MultiIndex.from_frame(both[keys])].to_numpy()
    both["squares"] += both["images"] * away**2  # Chan, Golub and LeVeque
    spread = grouped["squares"].sum() / (images - 1).where(images > 1)
    return pd.DataFrame(
        dict(
            mean=mean,
            std=np.sqrt(spread),
            share_grew=grouped["grew"].sum() / images,
            least=grouped["least"].min(),
            most=grouped["most"].max(),
            images=images,
        )
    ).reset_index()


def draw(steps, summary, classes, count):
    """Trajectories of some classes, mean with envelope of all, and the share of growing norms.

    Args:    steps - see `decreases`, of the images shown one by one; summary - see `table`, of all;
             classes - shown in the first panel; count - trajectories shown per class.
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
    for start in range(0, count, 5):  # in turns, so that no class hides the others
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
    if len(classes) <= 10:  # more names would cover the curves; the table has them
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
