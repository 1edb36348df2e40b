"""Figure "real_transition_times": speciation and collapse of real images."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.intervals import binomial_error
from gaussianity.manifold.measured.image_times import (
    HALF,
    LEVELS,
    PREDICTED,
    find_row,
    headline,
)
from gaussianity.manifold.theory.two_classes import Criterion

SCORES = {
    "data": dict(label="images: exact score", color=style.VERMILION, linestyle="-", marker="s"),
    "trained": dict(label="images: trained denoiser", color=style.BLUE, linestyle="-", marker="o"),
    "data-gaussian": dict(
        label="Gaussian data: exact score", color=style.ORANGE, linestyle="--", marker="D"
    ),
    "mixture": dict(
        label="Gaussian mixture: exact score", color="black", linestyle=":", marker="^"
    ),
}
LINES = ("color", "linestyle", "label")
TRANSITIONS = {
    ("speciation", Criterion.DEFLECTION_ONE): dict(
        color=style.BLUE, marker="o", label=r"$t_S$: clones agree in class, 0.775"
    ),
    ("speciation", Criterion.DEFLECTION_HALF): dict(
        color=style.BLUE, marker="o", markerfacecolor="white", label=r"$t_S$: 0.675"
    ),
    ("collapse", Criterion.CLONES): dict(
        color=style.VERMILION, marker="s", label=r"$t_C$: clones end at one training image, 0.5"
    ),
    ("collapse", Criterion.WEIGHTS): dict(
        color=style.VERMILION, marker="x", label="weights of training images on the way, 0.5"
    ),
    ("collapse", Criterion.EXCESS_ENTROPY): dict(
        color=style.VERMILION, marker="D", markerfacecolor="white", label="excess entropy, log 2"
    ),
}


def draw(measured, summary):
    """Agreement of clones in class and in training image against time, and all times.

    Args:    measured - see `agreement_samples`; summary - see `time_table`.
    Returns: Figure.
    """
    with style.theme():
        figure, axes = style.mosaic(["ab", "cc"], [3.6, 2.6])
        _agreement(axes["a"], measured, summary)
        _collapse(axes["b"], measured, summary)
        _times(axes["c"], summary)
        for panel in axes.values():
            style.log_axis(panel)
            panel.set_xlabel("time t; the reverse process runs to the left")
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _curve(panel, score, curve, **options):
    """Means against time; those of clones, which are few, with standard errors."""
    times, samples = curve
    look = {name: SCORES[score][name] for name in LINES} | options
    mean = samples.mean(axis=1)
    if set(np.unique(samples)) <= {0.0, 1.0}:
        error = binomial_error(mean, samples.shape[1])  # not 0 where all clones agree
        look |= dict(marker=SCORES[score]["marker"], markersize=4, capsize=2, elinewidth=0.8)
        panel.errorbar(times, mean, error, **look)
    else:
        panel.plot(times, mean, **look)


def _agreement(panel, measured, summary):
    for (score, transition, _), curve in measured.items():
        if transition == "speciation":
            _curve(panel, score, curve)
        elif transition == "control":
            _curve(panel, score, curve, linestyle="none", label=None)
    for criterion, level in LEVELS.items():
        panel.axhline(level, color="grey", linewidth=0.8)
        beside = panel.get_yaxis_transform()
        panel.text(0.02, level, criterion, fontsize=8, va="bottom", transform=beside)
        predicted = find_row(summary, PREDICTED, criterion)["time"]
        if np.isfinite(predicted):
            panel.plot(predicted, level, color="grey", marker="*", markersize=11, linestyle="none")
    panel.set_ylim(min(0.45, panel.get_ylim()[0]), 1.03)  # a bar may end below 1/2
    panel.set_ylabel("clones end in one class")
    panel.set_title("(a) speciation; stars: predicted from moments")
    panel.legend(loc="lower left", fontsize=8)


def _collapse(panel, measured, summary):
    for (score, transition, criterion), curve in measured.items():
        if transition == "collapse" and criterion == Criterion.CLONES:
            _curve(panel, score, curve, label=None)
    for score in SCORES:
        if (score, "collapse", Criterion.WEIGHTS) in measured:
            times, samples = measured[score, "collapse", Criterion.WEIGHTS]
            look = dict(color=SCORES[score]["color"], linestyle="-.", linewidth=1)
            panel.plot(times, samples.mean(axis=1), **look)
    panel.plot([], [], color="grey", linestyle="-.", linewidth=1, label="weights on the way")
    band = [
        find_row(summary, PREDICTED, name)["time"]
        for name in (Criterion.ALL_IMAGES, Criterion.HALF_OF_IMAGES)
    ]
    if np.isfinite(band).all():
        panel.axvspan(*band, color="grey", alpha=0.3, linewidth=0, label="predicted from moments")
    panel.axhline(HALF, color="grey", linewidth=0.8)
    panel.set_ylim(-0.05, 1.05)
    panel.set_ylabel("clones end at one image")
    panel.set_title("(b) collapse; colours as in (a)")
    panel.legend(fontsize=8)


def _times(panel, summary):
    names = [score for score in [*SCORES, PREDICTED] if score in set(summary["law"])]
    for key, look in TRANSITIONS.items():
        chosen = summary[(summary["transition"] == key[0]) & (summary["criterion"] == key[1])]
        chosen = chosen[np.isfinite(chosen["time"])]
        places = [names.index(score) for score in chosen["law"]]
        panel.errorbar(
            chosen["time"], places, xerr=chosen["error"], linestyle="none", capsize=3, **look
        )
    ends = [
        find_row(summary, PREDICTED, name)["time"]
        for name in (Criterion.ALL_IMAGES, Criterion.HALF_OF_IMAGES)
    ]
    panel.plot(ends, [names.index(PREDICTED)] * 2, color=style.VERMILION, linewidth=5, alpha=0.6)
    panel.set_yticks(range(len(names)), [SCORES.get(n, dict(label=n))["label"] for n in names])
    panel.invert_yaxis()
    panel.set_ylim(len(names) - 0.5, -0.5)
    panel.set_title("(c) the times, with standard errors")
    panel.legend(loc="upper center", bbox_to_anchor=(0.4, -0.3), ncols=3, fontsize=8)
