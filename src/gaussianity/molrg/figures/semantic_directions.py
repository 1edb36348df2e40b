"""Figure "semantic_directions": images edited along singular vectors, and the edits' effects.

As figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gaussianity.drawing import style
from gaussianity.drawing.pictures import show
from gaussianity.molrg.edit_summary import EFFECTS, headline

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
LABELS = {
    "rms_change": "root mean square\nchange of the pixels",
    "probability_moved": "change of the\nclassifier's probabilities",
}
BETWEEN = 0.55  # grey between pictures


def draw(summary, pictures, strengths):
    """Edited images of each denoiser, and the effects of singular vectors and random directions.

    Args:    summary - see edit_summary.edit_summary; pictures - dict of denoiser to edited images
             (shown, rows, columns, C, H, W) in the network form, a row per direction, the last one
             random, and a column per strength; strengths - rising, in noise levels.
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
    """All images side by side, each with a row per direction and a column per strength."""
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
    panel.set_ylabel(LABELS[name])
    panel.set_ylim(bottom=0)


def _key(denoisers):
    """Legend of the colours and the dashes."""
    of_denoisers = [
        Line2D([], [], color=COLOURS[name], marker=MARKERS[name], label=f"{name}, singular vectors")
        for name in denoisers
    ]
    dashes = [Line2D([], [], color="black", linestyle=d, label=text) for d, text in RANDOM.values()]
    return [*of_denoisers, *dashes]
