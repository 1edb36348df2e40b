"""Figure "semantic_directions": images edited along singular vectors, and the edits' effects.

As figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426.
"""

from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from gaussianity.drawing import style
from gaussianity.molrg.edits.edit_summary import EFFECTS, PER_CHANGE, headline
from gaussianity.molrg.figures.edited_images import draw_pictures, height_of

DENOISERS = {
    "study": "the study's denoiser, with class labels",
    "mixture": "exact denoiser of Gaussian classes, without labels",
}
INVERTED = {
    "study": "given images, the study's denoiser",
    "mixture": "given images, exact denoiser",
}
COLOURS = {"study": style.BLUE, "mixture": style.VERMILION}
MARKERS = {"study": "o", "mixture": "s"}
PRINCIPAL = dict(markerfacecolor="white", linestyle="--", linewidth=1)
RANDOM = {
    "inside": ("-.", "random, in the singular vectors' span"),
    "random": ("--", "random"),
    "outside": (":", "random, outside it"),
}
LABELS = {
    "rms_change": "root mean square\nchange of the pixels",
    "probability_moved": "change of the\nclassifier's probabilities",
    PER_CHANGE: "classifier's change\nover random directions'",
}


def draw(summary, pictures, inverted, strengths):
    """Edited images of each denoiser, and the effects of singular vectors and random directions.

    Args:    summary - see edit_summary.edit_summary; pictures - dict of denoiser to edited images
             (shown, rows, columns, C, H, W) in the network form, a row per direction, the last one
             random, and a column per strength; inverted - the same of given images, with these in
             a column of their own in front; {} without; strengths - rising, in noise levels.
    Returns: Figure.
    """
    tall = height_of(pictures)
    top, last = _row("ab", pictures), _row("gh", inverted)
    heights = [tall, 3.2, 3.2] + [height_of(inverted)] * bool(inverted)
    with style.theme():
        layout = [top, "ccdd", "eeff"] + [last] * bool(inverted)
        figure, axes = style.mosaic(layout, heights)
        for letter, name in zip("ab", pictures, strict=False):
            draw_pictures(axes[letter], pictures[name], [f"{s:g}" for s in strengths])
            axes[letter].set_title(f"({letter}) {DENOISERS[name]}")
        for letter, name in zip("gh", inverted, strict=False):
            names = ["given", *(f"{s:g}" for s in strengths)]
            draw_pictures(axes[letter], inverted[name], names)
            axes[letter].set_title(f"({letter}) {INVERTED[name]}")
        _measured(axes, summary)
        key = _key(pictures)
        figure.legend(handles=key, loc="outside lower center", ncols=4, fontsize=8)
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _row(letters, pictures):
    return "".join(2 * letter for letter in letters) if len(pictures) > 1 else 4 * letters[0]


def _measured(axes, summary):
    """Panels (c) to (f), the effects."""
    made, swept = (summary[summary["part"].eq(part)] for part in ("edits", "sweep"))
    for letter, name in zip("cd", EFFECTS, strict=True):
        _effects(axes[letter], made, name)
    axes["c"].set_title("(c) the image, per noise level of strength")
    accuracy = f"accuracy {summary['accuracy'].iloc[0]:.3f}"
    axes["d"].set_title(f"(d) the classifier ({accuracy}), the same")
    _ratios(axes["e"], made, "index")
    axes["e"].set_title("(e) the classifier, per change of the image")
    axes["e"].set_xlabel("singular vector, principal direction")
    axes["e"].xaxis.set_major_locator(MaxNLocator(integer=True))
    _ratios(axes["f"], swept[swept["index"].eq(1)], "sigma")
    axes["f"].set_title("(f) the same of vector and direction 1, by noise level")
    axes["f"].set_xlabel(r"noise level $\sigma$ of the edit")
    if len(swept):
        style.log_axis(axes["f"])


def _effects(panel, summary, name):
    for denoiser, rows in summary.groupby("denoiser", sort=False):
        _curves(panel, rows, denoiser, "index", name)
        for row in rows[rows["kind"].isin(RANDOM)].to_dict("records"):
            colour, dashes = COLOURS[denoiser], RANDOM[row["kind"]][0]
            panel.axhline(row[name], color=colour, linestyle=dashes)
            low, high = row[name] - row[f"{name}_error"], row[name] + row[f"{name}_error"]
            panel.axhspan(low, high, color=colour, alpha=0.12, linewidth=0)
    panel.set_xlabel("singular vector, principal direction")
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.set_ylabel(LABELS[name])
    panel.set_ylim(bottom=0)


def _ratios(panel, summary, across):
    """Changes of the classifier for the same change of the pixels, over random directions'."""
    for denoiser, rows in summary.groupby("denoiser", sort=False):
        _curves(panel, rows, denoiser, across, f"{PER_CHANGE}_times_random")
    panel.axhline(1, color="black", linewidth=0.8)
    panel.set_ylabel(LABELS[PER_CHANGE])
    panel.set_ylim(bottom=0)


def _curves(panel, rows, denoiser, across, name):
    """Singular vectors and principal directions of one denoiser, with errors."""
    look = dict(color=COLOURS[denoiser], marker=MARKERS[denoiser], markersize=4, capsize=2)
    for kind, own in (("singular", {}), ("principal", PRINCIPAL)):
        found = rows[rows["kind"].eq(kind)]
        panel.errorbar(found[across], found[name], found[f"{name}_error"], **look | own)


def _key(denoisers):
    """Legend of the colours and the dashes."""
    lines = [
        Line2D([], [], color=COLOURS[name], marker=MARKERS[name], label=f"{name}, {what}", **own)
        for what, own in (("singular vectors", {}), ("principal directions", PRINCIPAL))
        for name in denoisers
    ]
    dashes = [Line2D([], [], color="black", linestyle=d, label=text) for d, text in RANDOM.values()]
    return [*lines, *dashes]
