"""Transition times of given images: measured for several scores and predicted from moments.

The scores are the exact empirical score of the images, the same of their Gaussian data, a denoiser
trained on the images, and the exact score of the Gaussian mixture with the classes' means and
covariances. The column "law" of the tables names them: data, data-gaussian, trained, mixture.

Source: George, Veiga and Macris (2025), arXiv 2502.04339, and Biroli et al. (2024), arXiv
2402.18491, for the two times.
"""

import numpy as np
import pandas as pd

from gaussianity.intervals import share_ends
from gaussianity.manifold.measured.weight_curves import measured_crossing
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.speciation import clone_agreement
from gaussianity.manifold.theory.two_classes import Criterion, effective_dimension, predictions

PREDICTED = "predicted from moments"
# Clone agreement at D = 1 and D = 1/2 where the log-odds of the classes are normal.
LEVELS = {
    Criterion.DEFLECTION_ONE: clone_agreement(1.0),
    Criterion.DEFLECTION_HALF: clone_agreement(0.5),
}
HALF = 0.5


def agreement_samples(weights, clones, mixture):
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
        found[law, "speciation", None] = _samples(frame, "same_class")
        found[law, "collapse", Criterion.CLONES] = _samples(frame, "same_image")
    found["mixture", "speciation", None] = _samples(mixture, "same_class")
    for law, frame in clones.items():
        transition = "control" if law == "mixture" else "speciation"
        found[law, transition, None] = _samples(frame, "same_class")
        found[law, "collapse", Criterion.CLONES] = _samples(frame, "same_copy")
        found[law, "collapse", Criterion.WEIGHTS] = _samples(frame, "participation")
    return found


def _samples(frame, name):
    wide = frame.pivot(index="time", columns="image", values=name)
    return wide.index.to_numpy(), wide.to_numpy()


def time_table(measured, pair, clones, *, replicates, generator):
    """The times, as measured and as predicted.

    Args:    measured - see `agreement_samples`; pair - TwoClasses of the images; clones - as for
             `agreement_samples`; replicates, generator - see `measured_crossing`.
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
    asked = frame["transition"].eq("collapse") & ~frame["criterion"].isin(
        [Criterion.WEIGHTS, Criterion.HALF_OF_IMAGES]
    )
    found = np.full((len(frame), 2), np.nan)
    for row in np.flatnonzero(asked):
        fewest = images if frame["law"][row] == PREDICTED else images / 2
        found[row] = [
            effective_dimension(total, count, frame["time"][row]) for count in (fewest, images)
        ]
    return found


def find_row(summary, law, criterion):
    """The row of a law and criterion, or None."""
    found = summary[(summary["law"] == law) & (summary["criterion"] == criterion)]
    return None if found.empty else found.iloc[0]


def _said(row):
    """A time with its standard error."""
    error = "" if np.isnan(row["error"]) else rf" $\pm$ {row['error']:.2g}"
    return f"t = {row['time']:.3g}{error}"


def headline(summary):
    """Does a trained model collapse later than the empirical score says? In one sentence."""
    data, trained = (find_row(summary, law, Criterion.CLONES) for law in ("data", "trained"))
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
    own, other = (find_row(summary, law, Criterion.WEIGHTS) for law in ("trained", "mixture"))
    if own is None or np.isnan(own["time"]):
        return ""
    found = f";\nweights of training images are 1/2 on its way at {_said(own)}"
    if other is None or np.isnan(other["time"]):
        return found
    return f"{found}, on that of the Gaussian mixture at {_said(other)}"
