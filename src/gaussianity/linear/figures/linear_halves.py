"""Figure "linear_halves": do denoisers of two halves of a dataset make the same images?"""

import numpy as np

from gaussianity.drawing import style
from gaussianity.drawing.pictures import mosaic, show
from gaussianity.linear.halves.half_agreement import SIMILAR
from gaussianity.linear.halves.half_summary import PREDICTED, headline
from gaussianity.linear.measures import CONFIDENCE

LABELS = {
    "networks": "two networks",
    "same_half": "the same half, trained twice",
    "twins": "Gaussian twins of the halves",
    PREDICTED: "  predicted from the spectrum",
    "copiers": "copiers of the halves",
    "mixed": "seeds mixed",
}
LOOKS = {
    "networks": dict(color=style.BLUE, marker="o"),
    "same_half": dict(color=style.SKY_BLUE, marker="v"),
    "twins": dict(color=style.VERMILION, marker="s"),
    PREDICTED: dict(color=style.VERMILION, marker="|"),
    "copiers": dict(color=style.GREY, marker="^"),
    "mixed": dict(color=style.BLACK, marker="x"),
}
NAMES = {
    "network_first": "network, half 1",
    "network_second": "network, half 2",
    "network_again": "network, half 1 again",
    "twin_first": "twin, half 1",
    "twin_second": "twin, half 2",
    "copier_first": "copier, half 1",
    "copier_second": "copier, half 2",
}
DISTANCES = {  # of, column: label and look
    ("generated", "to_other"): ("the other's image of the seed", style.BLUE, "-"),
    ("generated", "to_training"): ("its half's images", style.VERMILION, "-"),
    ("held_out", "to_training"): ("held-out to this half", style.ORANGE, "--"),
}


def draw(summary, noise, tables, pictures):
    """Correlations, cosines of all seeds, distances to training images, noise of few images.

    Args:    summary, noise - of `half_summary.agreement_table` and `noise_table`; tables -
             HalfTables; pictures - dict of a denoiser's name to images (k, C, H, W), network form,
             of one seed per class.
    Returns: Figure.
    """
    shown = {name: pictures[name] for name in NAMES if name in pictures}
    count, _, height, width = next(iter(shown.values())).shape
    tall = 0.8 * style.WIDTH * len(shown) * (height + 1) / (count * (width + 1))
    with style.theme():
        figure, axes = style.mosaic(["aabb", "ccdd", "eeee"], [2.6, 2.9, min(tall, 4.8) + 0.3])
        _correlations(axes["a"], summary)
        _cosines(axes["b"], tables)
        _distances(axes["c"], tables.distances)
        _noise(axes["d"], noise)
        _pictures(axes["e"], shown)
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _correlations(panel, summary):
    of = summary.set_index("comparison")
    names = [name for name in LABELS if name in of.index]
    for place, name in enumerate(names):
        row = of.loc[name]
        error = None if np.isnan(row.error) else CONFIDENCE * row.error
        size = 12 if name == PREDICTED else 6
        panel.errorbar(row.correlation, -place, xerr=error, markersize=size, **LOOKS[name])
        panel.annotate(
            f"{row.correlation:z.3f}",
            (row.correlation, -place),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    panel.set_yticks([-place for place in range(len(names))], [LABELS[name] for name in names])
    panel.set_ylim(-len(names) + 0.4, 0.8)
    panel.set_xlim(min(0, of["correlation"].min()) - 0.12, 1.07)
    panel.set_xlabel("correlation of the images of a seed")
    panel.set_title("(a) agreement on the same seeds")


def _cosines(panel, tables):
    for name, found in tables.cosines().items():
        share = np.arange(1, len(found) + 1) / len(found)
        score = f"{np.mean(found > SIMILAR):.2f}"
        panel.plot(np.sort(found), 1 - share, color=LOOKS[name]["color"], label=score)
    panel.axvline(SIMILAR, color=style.BLACK, linestyle=":")
    panel.set_xlim(-1, 1)
    panel.set_xticks([-1, -0.5, 0, 0.5, 1])
    panel.set_ylim(0, 1)
    panel.set_xlabel("cosine of the two images of a seed")
    panel.set_ylabel("share of seeds above")
    panel.set_title(f"(b) cosines; RP score: share above {SIMILAR:g}")
    panel.legend(title="RP score", fontsize=8, title_fontsize=8, loc="lower left")


def _distances(panel, distances):
    for (of, column), (label, colour, dash) in DISTANCES.items():
        found = np.sort(distances[distances["of"] == of][column].to_numpy())
        share = np.arange(1, len(found) + 1) / len(found)
        panel.plot(found, share, color=colour, linestyle=dash, label=f"{label}: {found.mean():.2f}")
    largest = distances[["to_other", "to_training"]].quantile(0.99).max()
    panel.set_xlim(0, 2.1 * largest)  # room for the legend
    panel.set_ylim(0, 1)
    panel.set_xlabel("distance of an image, network unit")
    panel.set_ylabel("share of images below")
    panel.set_title("(c) distances, means in the legend")
    panel.legend(fontsize=8, loc="lower right")


def _noise(panel, noise):
    ratios = {c: noise[f"{c}_sigma"] / noise["sigma"] for c in ("predicted", "measured")}
    of = ratios["predicted"].groupby(noise["sigma"])
    panel.fill_between(of.min().index, of.min(), of.max(), color=style.SKY_BLUE, alpha=0.4)
    panel.plot(of.mean(), color=style.BLUE, label="predicted, mean and range of classes")
    panel.plot(
        noise["sigma"],
        ratios["measured"],
        linestyle="none",
        marker=".",
        markersize=4,
        color=style.VERMILION,
        label="measured, of each class",
    )
    panel.axhline(1, color=style.BLACK, linestyle=":")
    style.log_axis(panel)
    panel.set_xlabel(r"noise level $\sigma$")
    panel.set_ylabel(r"$\sqrt{\kappa}\,/\,\sigma$")
    panel.set_title("(d) noise level that the filter of a half acts with")
    panel.legend(fontsize=8, loc="upper right")


def _pictures(panel, shown):
    """A row per denoiser, a column per class, all of one seed of the class."""
    rows = [mosaic(np.asarray(images)) for images in shown.values()]
    height = rows[0].shape[1]
    line = np.full((rows[0].shape[0], 1, rows[0].shape[2]), 0.3)
    canvas = np.concatenate([part for row in rows for part in (row, line)], axis=1)[:, :-1]
    show(panel, canvas)
    places = [(height + 1) * number + (height - 1) / 2 for number in range(len(rows))]
    panel.set_yticks(places, [NAMES[name] for name in shown], fontsize=8)
    panel.tick_params(length=0)
    panel.set_title("(e) one seed of each class", fontsize=10)
