"""Figure "semantic_directions": images edited along singular vectors, and what the edits change.

Figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426.
"""

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gaussianity.drawing import style
from gaussianity.drawing.pictures import show

DENOISERS = {
    "study": "the study's denoiser, with class labels",
    "mixture": "exact denoiser of Gaussian classes, without labels",
}
COLOURS = {"study": style.BLUE, "mixture": style.VERMILION}
MARKERS = {"study": "o", "mixture": "s"}
RANDOM = {
    "inside": ("-.", "random, in their span"),
    "random": ("--", "random"),
    "outside": (":", "random, outside it"),
}
EFFECTS = {
    "rms_change": "root mean square\nchange of the pixels",
    "probability_moved": "change of the\nclassifier's probabilities",
}
BETWEEN = 0.55  # grey between pictures


def table(effects):
    """Effects per unit of strength, with standard errors over the seeds: images of one seed, where
    the classes share them, are counted as one.

    Args:    effects - DataFrame of the tables of effects, row per image, direction and strength.
    Returns: DataFrame with denoiser, kind, index (of the singular value; 0 for all directions of a
             random kind together), images and seeds, and of each of EFFECTS, over |strength| and
             averaged over strengths: mean, error, times_random (its ratio to that of random
             directions) and its error; switched, the share of edits of the largest strength that
             change the class which the classifier names; sigma, the classifier's accuracy, and
             residual, the singular vectors' largest.
    """
    singular = effects["kind"].eq("singular")
    largest = effects["strength"].abs().eq(effects["strength"].abs().max())
    judged = effects.assign(
        index=effects["index"].where(singular, 0),
        switched=effects["switched"].where(largest),
        **{name: effects[name] / effects["strength"].abs() for name in EFFECTS},
    )
    keys = ["denoiser", "kind", "index"]
    values = [*EFFECTS, "switched", "sigma", "accuracy"]
    of_seed = judged.groupby([*keys, "seed"], sort=False)[values].mean().reset_index()
    rows = [
        dict(zip(keys, key, strict=True)) | _summary(group, _random(of_seed, key[0]))
        for key, group in of_seed.groupby(keys, sort=False)
    ]
    grouped = judged.groupby(keys, sort=False)
    whole = dict(images=grouped["image"].nunique(), residual=grouped["residual"].max())
    return pd.DataFrame(rows).merge(pd.DataFrame(whole).reset_index(), on=keys)


def _random(of_seed, denoiser):
    chosen = of_seed["denoiser"].eq(denoiser) & of_seed["kind"].eq("random")
    return of_seed[chosen].set_index("seed")


def _summary(group, random):
    """Means over seeds, and their ratios to the random directions of the same seeds."""
    group = group.set_index("seed")
    found = dict(seeds=len(group))
    for name in EFFECTS:
        effect, other = group[name], random[name].loc[group.index]
        ratio = effect.mean() / other.mean()
        found |= {
            name: effect.mean(),
            f"{name}_error": effect.sem(),
            f"{name}_times_random": ratio,
            # Of a ratio of means over the same seeds, to first order.
            f"{name}_times_random_error": (effect - ratio * other).sem() / other.mean(),
        }
    return found | {name: group[name].mean() for name in ("switched", "sigma", "accuracy")}


def headline(summary):
    """How far the leading singular vector moves images, against random directions."""
    first = summary[summary["kind"].eq("singular") & summary["index"].eq(1)]
    lines = [
        f"{row['denoiser']}'s denoiser: image {_times(row, 'rms_change')}, classifier "
        f"{_times(row, 'probability_moved')} times as far"
        for row in first.to_dict("records")
    ]
    lines = ["An edit along singular vector 1, against random ones of equal norm", *lines]
    residual = summary["residual"].max()
    if residual > 0:
        lines.append(f"Largest relative residual of a singular vector: {residual:.2g}")
    return "\n".join(lines)


def _times(row, name):
    return f"{row[f'{name}_times_random']:.1f} ± {row[f'{name}_times_random_error']:.1f}"


def draw(summary, pictures, strengths):
    """Edited images of each denoiser, and the effects of singular vectors and random directions.

    Args:    summary - see `table`; pictures - dict of denoiser to edited images (shown, rows + 1,
             columns, C, H, W) in the network form, the last row of a random direction, a column per
             strength; strengths - rising, in noise levels.
    Returns: Figure.
    """
    shown, rows, columns, _, height, width = next(iter(pictures.values())).shape
    tall = 0.46 * style.WIDTH * rows * (height + 1) / (shown * columns * (width + 1)) + 0.7
    cells = {"a": "study", "b": "mixture"} if len(pictures) > 1 else dict(a=next(iter(pictures)))
    top = "aabb" if len(pictures) > 1 else "aaaa"
    with style.theme():
        figure, axes = style.mosaic([top, "ccdd"], [tall, 3.4])
        for letter, name in cells.items():
            _pictures(axes[letter], pictures[name], strengths)
            axes[letter].set_title(f"({letter}) {DENOISERS[name]}")
        for letter, name in zip("cd", EFFECTS, strict=True):
            _effects(axes[letter], summary, name)
        axes["c"].set_title("(c) the image, per noise level of strength")
        accuracy = f"accuracy {summary['accuracy'].iloc[0]:.3f}"
        axes["d"].set_title(f"(d) the classifier ({accuracy}), the same")
        key = _key(pictures)
        figure.legend(handles=key, loc="outside lower center", ncols=len(key), fontsize=8)
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _pictures(panel, images, strengths):
    """Grids of all shown images side by side: rows are directions, columns strengths."""
    shown, rows, columns, channels, height, width = images.shape
    tiles = np.full((shown, rows, columns, channels, height + 1, width + 1), BETWEEN * 2 - 1)
    tiles[..., :height, :width] = images
    tiles[:, :, -1, :, :, width:] = 1  # white between the images
    canvas = tiles.transpose(3, 1, 4, 0, 2, 5).reshape(channels, rows * (height + 1), -1)
    show(panel, canvas[:, :-1, :-1])
    names = [*(f"vector {i + 1}" for i in range(rows - 1)), "random"]
    panel.set_yticks([(height + 1) * i + (height - 1) / 2 for i in range(rows)], names)
    labels = [f"{strength:g}" for strength in strengths] * shown
    places = [(width + 1) * i + (width - 1) / 2 for i in range(shown * columns)]
    panel.set_xticks(places, labels, fontsize=8)
    panel.set_xlabel(r"strength, in noise levels $\sigma$")
    panel.tick_params(length=0)


def _effects(panel, summary, name):
    for denoiser, rows in summary.groupby("denoiser", sort=False):
        colour = COLOURS[denoiser]
        singular = rows[rows["kind"].eq("singular")]
        panel.errorbar(
            singular["index"],
            singular[name],
            singular[f"{name}_error"],
            color=colour,
            marker=MARKERS[denoiser],
            markersize=4,
            capsize=2,
        )
        for row in rows[rows["kind"].isin(RANDOM)].to_dict("records"):
            panel.axhline(row[name], color=colour, linestyle=RANDOM[row["kind"]][0])
            low, high = row[name] - row[f"{name}_error"], row[name] + row[f"{name}_error"]
            panel.axhspan(low, high, color=colour, alpha=0.12, linewidth=0)
    panel.set_xlabel("singular vector")
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.set_ylabel(EFFECTS[name])
    panel.set_ylim(bottom=0)


def _key(denoisers):
    """What the colours and dashes mean."""
    of_denoisers = [
        Line2D([], [], color=COLOURS[name], marker=MARKERS[name], label=f"{name}, singular vectors")
        for name in denoisers
    ]
    dashes = [Line2D([], [], color="black", linestyle=d, label=text) for d, text in RANDOM.values()]
    return [*of_denoisers, *dashes]
