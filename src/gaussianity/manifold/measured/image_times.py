"""Transition times of given images: measured for several scores and predicted from moments.

The scores are the exact empirical score of the images, the same of their Gaussian data, a denoiser
trained on the images, and the exact score of the Gaussian mixture with the classes' means and
covariances. The column "law" of the tables names them: data, data-gaussian, trained, mixture.

The excess entropy of n images is f(t) = (log n + h(y | x_0) - h(y)) / d, with y the noisy image and
h the differential entropy. For the empirical distribution d f(t) is E H(w), the mean entropy of the
images' weights, because log n less the information about which image y comes from is what y leaves
open. The collapse is where f vanishes as d grows. For finite d it never does. ASSUME: it is read at
d f = log 2, where two images are left. E H(w) is at least log n - I(x_0; y), so this time is at
most t_C(n / 2), the upper end of the band of finite sets, which it approaches as d grows.

Source: George, Veiga and Macris (2025), arXiv 2502.04339, and Biroli et al. (2024), arXiv
2402.18491, for the two times; the latter, section 4, for the excess entropy.
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
IN_NATS = {Criterion.EXCESS_ENTROPY: np.log(2)}  # levels of collapse that are not 1/2


def agreement_samples(weights, clones, mixture):
    """Agreement of clones at every time, for each noisy image.

    Args:    weights - DataFrame of `image_weights.weight_table` per score: time, image, same_class,
             same_image, entropy; clones - DataFrame of `image_clones.clone_table` per denoiser:
             time, image, same_class, same_copy, participation, ...; mixture - of the exact mixture:
             time, image, same_class.
    Returns: dict of (score, transition, criterion) to times (T,) and samples (T, n), whose means
             are probabilities. The criterion of speciation is None, since its two criteria share
             the samples. The transition "control" is that of clones whose agreement is known
             exactly, and "entropy" that of entropies in nats, of which a collapse is read.
    """
    found = {}
    for score, frame in weights.items():
        found[score, "speciation", None] = _samples(frame, "same_class")
        found[score, "collapse", Criterion.CLONES] = _samples(frame, "same_image")
    found["mixture", "speciation", None] = _samples(mixture, "same_class")
    for score, frame in clones.items():
        transition = "control" if score == "mixture" else "speciation"
        found[score, transition, None] = _samples(frame, "same_class")
        found[score, "collapse", Criterion.CLONES] = _samples(frame, "same_copy")
        found[score, "collapse", Criterion.WEIGHTS] = _samples(frame, "participation")
    for score, frame in weights.items():
        found[score, "entropy", Criterion.EXCESS_ENTROPY] = _samples(frame, "entropy")
    return found


def _samples(frame, name):
    wide = frame.pivot(index="time", columns="image", values=name)
    return wide.index.to_numpy(), wide.to_numpy()


def time_table(measured, pair, clones, *, replicates, generator):
    """The times, measured and predicted.

    Args:    measured - see `agreement_samples`; pair - TwoClasses of the images; clones - as for
             `agreement_samples`; replicates, generator - see `measured_crossing`.
    Returns: DataFrame with law (the score), transition, criterion, time, error, sigma (the noise
             level at that time in the images' unit), and effective_dimension_low and _high, see
             `_dimensions`. For denoisers also copies, the share of their samples that are copies of
             training images; copies_low and _high, its 95 % interval; class_accuracy, that of the
             classification of their samples.
    """
    rows = []
    for (score, transition, criterion), (times, samples) in measured.items():
        if transition == "control":
            continue
        levels = LEVELS
        if transition != "speciation":
            transition, levels = "collapse", {criterion: IN_NATS.get(criterion, HALF)}
        for name, level in levels.items():
            time, error = measured_crossing(
                times, samples, level, replicates=replicates, generator=generator
            )
            rows.append(
                dict(law=score, transition=transition, criterion=name, time=time, error=error)
            )
    rows += [dict(law=PREDICTED, **row) for row in predictions(pair)]
    frame = pd.DataFrame(rows)
    frame["sigma"] = noise_level(frame["time"].to_numpy())
    ends = _dimensions(frame, pair)
    frame["effective_dimension_low"], frame["effective_dimension_high"] = ends.T
    for score, clone in clones.items():
        for name, value in _samples_of(clone).items():
            frame.loc[frame["law"] == score, name] = value
    return frame


def _samples_of(clone):
    """Columns copies to class_accuracy of `time_table`, from the clones at the last time.

    These clones are samples of a denoiser. The two ends of a pair share a noisy image and count as
    one trial.
    """
    ends = clone[clone["time"] == clone["time"].max()]
    low, high = share_ends(round(ends["copies"].sum()), len(ends))
    return dict(
        copies=ends["copies"].mean(),
        copies_low=low,
        copies_high=high,
        class_accuracy=ends["class_accuracy"].iloc[0],
    )


def _dimensions(frame, pair):
    """Dimensions of isotropic normal images of the same total variance and collapse time.

    A measured time lies between t_C of all images of a class and of half of them. This gives an
    interval of dimensions. A prediction is asymptotic, so its interval is a point.

    Returns: low and high (rows, 2) for each collapse time of all images, NaN in the other rows;
             high is NaN where no dimension is too large for the time.
    """
    total = float(pair.shares @ pair.variances.sum(axis=1))
    images = pair.images / 2  # ASSUME: the class is chosen before the collapse
    asked = frame["transition"].eq("collapse") & ~frame["criterion"].isin(
        [Criterion.WEIGHTS, Criterion.HALF_OF_IMAGES, Criterion.EXCESS_ENTROPY]
    )
    found = np.full((len(frame), 2), np.nan)
    for row in np.flatnonzero(asked):
        fewest = images if frame["law"][row] == PREDICTED else images / 2
        found[row] = [
            effective_dimension(total, count, frame["time"][row]) for count in (fewest, images)
        ]
    return found


def find_row(summary, score, criterion):
    """The row of a score and criterion, or None."""
    found = summary[(summary["law"] == score) & (summary["criterion"] == criterion)]
    return None if found.empty else found.iloc[0]


def _said(row):
    """A time with its standard error."""
    error = "" if np.isnan(row["error"]) else rf" $\pm$ {row['error']:.2g}"
    return f"t = {row['time']:.3g}{error}"


def headline(summary):
    """Whether a trained denoiser collapses later than the exact score, in one sentence."""
    data, trained = (find_row(summary, score, Criterion.CLONES) for score in ("data", "trained"))
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
    """The share of a denoiser's samples that are copies, with its interval."""
    share, low, high = (100 * row[name] for name in ("copies", "copies_low", "copies_high"))
    return f"{share:.3g} % of its samples are copies (95 % interval {low:.3g} to {high:.3g} %)"


def _compared(trained, data):
    """Whether a trained denoiser collapses later than the images' exact score, within errors."""
    difference, error = trained["time"] - data["time"], np.hypot(trained["error"], data["error"])
    if np.isnan(difference) or np.isnan(error):
        return "at "
    if abs(difference) <= 2 * error:
        return "at the same time within 2 standard errors, "
    return "later, " if difference < 0 else "earlier, "


def _passing(summary):
    """Times at which the weights are 1/2 along the trained denoiser and along the Gaussian mixture.

    The mixture has no training images. Its time shows how much of the other is no sign of
    memorisation.
    """
    own, other = (find_row(summary, score, Criterion.WEIGHTS) for score in ("trained", "mixture"))
    if own is None or np.isnan(own["time"]):
        return ""
    found = f";\nweights of training images are 1/2 on its way at {_said(own)}"
    if other is None or np.isnan(other["time"]):
        return found
    return f"{found}, on that of the Gaussian mixture at {_said(other)}"
