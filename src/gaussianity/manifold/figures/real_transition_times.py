"""Figure "real_transition_times": when real images choose a class, and when they are memorised.

Ours: the two times of George, Veiga and Macris, arXiv 2502.04339, and Biroli et al. (2024), arXiv
2402.18491, for given images: under their exact empirical score, a denoiser trained on them and the
Gaussian mixture with the classes' means and covariances.
"""

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.intervals import binomial_error, share_ends
from gaussianity.manifold.measured.weight_curves import measured_crossing
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.speciation import clone_agreement
from gaussianity.manifold.theory.two_classes import effective_dimension, predictions

LAWS = {
    "data": dict(label="images: exact score", color=style.VERMILION, linestyle="-", marker="s"),
    "trained": dict(label="images: trained denoiser", color=style.BLUE, linestyle="-", marker="o"),
    "data-gaussian": dict(
        label="twin: exact score of its samples", color=style.ORANGE, linestyle="--", marker="D"
    ),
    "mixture": dict(label="twin: score of its law", color="black", linestyle=":", marker="^"),
}
LINES = ("color", "linestyle", "label")
PREDICTED = "predicted from moments"
# Clone agreement at D = 1 and D = 1/2 where the log-odds of the classes are normal.
LEVELS = {"D = 1": clone_agreement(1.0), "D = 1/2": clone_agreement(0.5)}
HALF = 0.5
COLLAPSE = "clones end at one image"
WEIGHTS = "weights where it passes"
TRANSITIONS = {
    ("speciation", "D = 1"): dict(
        color=style.BLUE, marker="o", label=r"$t_S$: clones agree in class, 0.775"
    ),
    ("speciation", "D = 1/2"): dict(
        color=style.BLUE, marker="o", markerfacecolor="white", label=r"$t_S$: 0.675"
    ),
    ("collapse", COLLAPSE): dict(
        color=style.VERMILION, marker="s", label=r"$t_C$: clones end at one training image, 0.5"
    ),
    ("collapse", WEIGHTS): dict(
        color=style.VERMILION, marker="x", label="weights of training images on the way, 0.5"
    ),
}


def curves(weights, clones, mixture):
    """What is measured at every time, of each noisy image.

    Args:    weights - DataFrame per law of empirical scores: time, image, same_class, same_image,
             entropy; clones - DataFrame per denoiser: time, image, same_class, same_copy,
             participation, ...; mixture - of the exact mixture: time, image, same_class.
    Returns: dict of (law, transition, criterion) to times (T,) and samples (T, n), of which the
             means are probabilities; the transition "control" is of clones whose agreement is known
             without them.
    """
    found = {}
    for law, frame in weights.items():
        found[law, "speciation", "clones"] = _samples(frame, "same_class")
        found[law, "collapse", COLLAPSE] = _samples(frame, "same_image")
    found["mixture", "speciation", "clones"] = _samples(mixture, "same_class")
    for law, frame in clones.items():
        transition = "control" if law == "mixture" else "speciation"
        found[law, transition, "clones"] = _samples(frame, "same_class")
        found[law, "collapse", COLLAPSE] = _samples(frame, "same_copy")
        found[law, "collapse", WEIGHTS] = _samples(frame, "participation")
    return found


def _samples(frame, name):
    wide = frame.pivot(index="time", columns="image", values=name)
    return wide.index.to_numpy(), wide.to_numpy()


def table(measured, pair, clones, *, replicates, generator):
    """The times, as measured and as predicted.

    Args:    measured - see `curves`; pair - TwoClasses of the images; clones - as for
             `curves`; replicates, generator - see `measured_crossing`.
    Returns: DataFrame with law, transition, criterion, time, error, sigma, the noise level at that
             time in the images' unit, and effective_dimension_low and _high, see `_dimensions`; of
             denoisers copies, the share of their samples that are copies of training images,
             copies_low and _high, its 95 % interval, and class_accuracy of what told the classes of
             their samples apart.
    """
    rows = []
    for (law, transition, criterion), (times, samples) in measured.items():
        if transition == "control":
            continue
        levels = LEVELS if transition == "speciation" else {criterion: HALF}
        for name, level in levels.items():
            time, error = measured_crossing(
                times, samples, level, replicates=replicates, generator=generator
            )
            rows.append(
                dict(law=law, transition=transition, criterion=name, time=time, error=error)
            )
    rows += [dict(law=PREDICTED, **row) for row in predictions(pair)]
    frame = pd.DataFrame(rows)
    frame["sigma"] = noise_level(frame["time"].to_numpy())
    ends = _dimensions(frame, pair)
    frame["effective_dimension_low"], frame["effective_dimension_high"] = ends.T
    for law, clone in clones.items():
        for name, value in _samples_of(clone).items():
            frame.loc[frame["law"] == law, name] = value
    return frame


def _samples_of(clone):
    """What the clones at the last time, a denoiser's samples, are: columns copies to class_accuracy
    of `table`. The two ends of a pair count as one trial, as they share a noisy image."""
    ends = clone[clone["time"] == clone["time"].max()]
    low, high = share_ends(round(ends["copies"].sum()), len(ends))
    return dict(
        copies=ends["copies"].mean(),
        copies_low=low,
        copies_high=high,
        class_accuracy=ends["class_accuracy"].iloc[0],
    )


def _dimensions(frame, pair):
    """Dimensions of isotropic normal images, of the pair's total variance, that collapse then.

    Measured times are between t_C of all images of a class and of half of them, which leaves an
    interval of dimensions; a prediction is asymptotic, and its interval a point.

    Returns: low and high (rows, 2) of each collapse time of all images, NaN in the other rows; high
             is NaN where no dimension is too large for the time.
    """
    total = float(pair.shares @ pair.variances.sum(axis=1))
    images = pair.images / 2  # ASSUME: the collapse comes after the classes are told apart
    asked = frame["transition"].eq("collapse") & ~frame["criterion"].isin([WEIGHTS, "n / 2 images"])
    found = np.full((len(frame), 2), np.nan)
    for row in np.flatnonzero(asked):
        fewest = images if frame["law"][row] == PREDICTED else images / 2
        found[row] = [
            effective_dimension(total, count, frame["time"][row]) for count in (fewest, images)
        ]
    return found


def _row(summary, law, criterion):
    """The row of a law and criterion, or None."""
    found = summary[(summary["law"] == law) & (summary["criterion"] == criterion)]
    return None if found.empty else found.iloc[0]


def _said(row):
    """A time with its standard error."""
    error = "" if np.isnan(row["error"]) else rf" $\pm$ {row['error']:.2g}"
    return f"t = {row['time']:.3g}{error}"


def headline(summary):
    """Does a trained model collapse later than the empirical score says? In one sentence."""
    data, trained = (_row(summary, law, COLLAPSE) for law in ("data", "trained"))
    sentence = f"The images' exact score collapses at {_said(data)}"
    if np.isnan(data["time"]):
        sentence = "The images' exact score collapses at no time measured"
    if trained is None:
        return sentence
    copies = _copies(trained)
    if np.isnan(trained["time"]):
        passing = _passing(summary)
        return f"{sentence};\nthe trained denoiser at no time measured: {copies}{passing}"
    word = _compared(trained, data)
    return f"{sentence},\nthe trained denoiser {word}{_said(trained)}: {copies}"


def _copies(row):
    """How many samples of a denoiser are copies, and how many may be, also where none is seen."""
    share, low, high = (100 * row[name] for name in ("copies", "copies_low", "copies_high"))
    return f"{share:.3g} % of its samples are copies (95 % interval {low:.3g} to {high:.3g} %)"


def _compared(trained, data):
    """Whether a trained model collapses later than the data, as far as their errors tell."""
    difference, error = trained["time"] - data["time"], np.hypot(trained["error"], data["error"])
    if np.isnan(difference) or np.isnan(error):
        return "at "
    if abs(difference) <= 2 * error:
        return "at the same time within 2 standard errors, "
    return "later, " if difference < 0 else "earlier, "


def _passing(summary):
    """When the weights are 1/2 where the trained denoiser passes, and where the score of a law
    without training images does, which says how much of it is no sign of memory."""
    own, other = (_row(summary, law, WEIGHTS) for law in ("trained", "mixture"))
    if own is None or np.isnan(own["time"]):
        return ""
    found = f";\nweights of training images are 1/2 on its way at {_said(own)}"
    if other is None or np.isnan(other["time"]):
        return found
    return f"{found}, on that of the twin's law at {_said(other)}"


def draw(measured, summary):
    """Agreement of clones in class and in training image against time, and all times.

    Args:    measured - see `curves`; summary - see `table`.
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


def _curve(panel, law, curve, **options):
    """Means against time; of clones, which few tell, with standard errors."""
    times, samples = curve
    look = {name: LAWS[law][name] for name in LINES} | options
    mean = samples.mean(axis=1)
    if set(np.unique(samples)) <= {0.0, 1.0}:
        error = binomial_error(mean, samples.shape[1])  # not 0 where all clones agree
        look |= dict(marker=LAWS[law]["marker"], markersize=4, capsize=2, elinewidth=0.8)
        panel.errorbar(times, mean, error, **look)
    else:
        panel.plot(times, mean, **look)


def _agreement(panel, measured, summary):
    for (law, transition, _), curve in measured.items():
        if transition == "speciation":
            _curve(panel, law, curve)
        elif transition == "control":
            _curve(panel, law, curve, linestyle="none", label=None)
    for criterion, level in LEVELS.items():
        panel.axhline(level, color="grey", linewidth=0.8)
        beside = panel.get_yaxis_transform()
        panel.text(0.02, level, criterion, fontsize=8, va="bottom", transform=beside)
        predicted = _row(summary, PREDICTED, criterion)["time"]
        if np.isfinite(predicted):
            panel.plot(predicted, level, color="grey", marker="*", markersize=11, linestyle="none")
    panel.set_ylim(min(0.45, panel.get_ylim()[0]), 1.03)  # a bar may end below 1/2
    panel.set_ylabel("clones end in one class")
    panel.set_title("(a) speciation; stars: predicted from moments")
    panel.legend(loc="lower left", fontsize=8)


def _collapse(panel, measured, summary):
    for (law, transition, criterion), curve in measured.items():
        if transition == "collapse" and criterion == COLLAPSE:
            _curve(panel, law, curve, label=None)
    for law in LAWS:
        if (law, "collapse", WEIGHTS) in measured:
            times, samples = measured[law, "collapse", WEIGHTS]
            look = dict(color=LAWS[law]["color"], linestyle="-.", linewidth=1)
            panel.plot(times, samples.mean(axis=1), **look)
    panel.plot([], [], color="grey", linestyle="-.", linewidth=1, label="weights on the way")
    band = [_row(summary, PREDICTED, name)["time"] for name in ("n images", "n / 2 images")]
    if np.isfinite(band).all():
        panel.axvspan(*band, color="grey", alpha=0.3, linewidth=0, label="predicted from moments")
    panel.axhline(HALF, color="grey", linewidth=0.8)
    panel.set_ylim(-0.05, 1.05)
    panel.set_ylabel("clones end at one image")
    panel.set_title("(b) collapse; colours as in (a)")
    panel.legend(fontsize=8)


def _times(panel, summary):
    names = [law for law in [*LAWS, PREDICTED] if law in set(summary["law"])]
    for key, look in TRANSITIONS.items():
        chosen = summary[(summary["transition"] == key[0]) & (summary["criterion"] == key[1])]
        chosen = chosen[np.isfinite(chosen["time"])]
        places = [names.index(law) for law in chosen["law"]]
        panel.errorbar(
            chosen["time"], places, xerr=chosen["error"], linestyle="none", capsize=3, **look
        )
    ends = [_row(summary, PREDICTED, name)["time"] for name in ("n images", "n / 2 images")]
    panel.plot(ends, [names.index(PREDICTED)] * 2, color=style.VERMILION, linewidth=5, alpha=0.6)
    panel.set_yticks(range(len(names)), [LAWS.get(n, dict(label=n))["label"] for n in names])
    panel.invert_yaxis()
    panel.set_ylim(len(names) - 0.5, -0.5)
    panel.set_title("(c) the times, with standard errors")
    panel.legend(loc="upper center", bbox_to_anchor=(0.4, -0.3), ncols=4, fontsize=8)
