"""What a study's samplers alone change of the variance of the images, as far as it is known before
the first job: in closed form, from the spectra of the dataset."""

import functools
import math
import os

import numpy as np

from configuration.sampling import step_at
from gaussianity.errors import InputError
from gaussianity.io.images import to_network
from gaussianity.io.remembered import remembered
from gaussianity.sampling.sampler_variance import (
    LARGEST_ERROR,
    sampled_moments,
    sampler_error,
    spectrum,
    variance_ratio,
)

MOST_NUMBERS = 5e7  # pixel values of a dataset that are read before a run
MOST_PIXELS = 1024  # of an image
TYPICAL = (4.0, 0.25, 0.01)  # eigenvalues, where no dataset says them; black -1 and white 1
STARTS = (20.0, 10.0, 5.0, 2.0)  # noise levels of a start in closed form
REMEDY = (
    "more sampling.steps, S_churn: 0, or sigma_min and sigma_max nearer to the images' spread make "
    "it smaller"
)


def errors(study):
    """The SamplerError of each sampled source by its name; empty where no dataset says it."""
    spectra = dataset_spectra(study)
    if spectra is None:
        return {}
    return {
        each.part.name: sampler_error(*spectra, each.schedule | dict(start_step=start_step(each)))
        for each in study.samplings.values()
    }


def start_step(sampling):
    """First step after a start in closed form; 0 where the job `gaussian_start` finds it."""
    return sampling.start_step or 0 if sampling.starts_late else None


def dataset_spectra(study):
    """Eigenvalues of the classes of the study's dataset and the means along them, two arrays.

    None where the study has no dataset, or one that is too large to be read before a run.
    """
    if not study.sampled or not study.datasets:
        return None
    home = next(iter(study.datasets))
    pixels, counts = math.prod(study.image_shape), study.counts[home]
    if pixels > MOST_PIXELS or pixels * sum(counts.values()) > MOST_NUMBERS:
        return None
    files = [str(file) for file in study.dataset_inputs[home]]
    try:
        stamps = [[file, os.stat(file).st_size, os.stat(file).st_mtime_ns] for file in files]
        key = ["spectra", study.datasets[home], study.classes, stamps]
        return remembered(key, functools.partial(_read, study, home))
    except (InputError, OSError):  # the job that reads the dataset says what is wrong
        return None


def _read(study, home):
    data = study.given_datasets[home].read(study.classes)
    found = [
        spectrum(
            to_network(data.of_class(name), np.float64).reshape(-1, math.prod(study.image_shape))
        )
        for name in study.classes
    ]
    variances = np.concatenate([each.variances for each in found])
    return variances.tolist(), np.concatenate([each.means for each in found]).tolist()


def lines(study):
    """Lines of the plan on the samplers."""
    found = errors(study)
    for sampling in study.samplings.values():
        name = sampling.part.name
        of = f"sampler of {name}" if len(study.sampled) > 1 else "sampler"
        yield from _known(of, found[name]) if found else _typical(of, sampling.schedule)
        yield _of_start(sampling)


def warnings(study):
    """One sentence for each source whose sampler changes the variance by more than 5 %."""
    for name, error in errors(study).items():
        if error.is_large:
            yield (
                f"warning: the sampler alone makes {percent(error.total)} total variance of the "
                f"images of {name} (in closed form for exactly Gaussian images), more than "
                f"{100 * LARGEST_ERROR:g} %: this is not the model's; {REMEDY}"
            )


def percent(ratio):
    """A ratio as its difference from 1.

    >>> percent(1.256)
    '+25.6 %'
    """
    return f"{100 * (ratio - 1):+.1f} %"


def _known(of, error):
    yield (
        f"{of}: its steps alone change the variance of exactly Gaussian images by "
        f"{percent(error.total)} in all"
    )
    yield (
        f"  {percent(error.leading)} along the largest eigenvalue, {percent(error.median)} along "
        f"the median one, {percent(error.smallest)} along the smallest of those that hold 99 %"
    )
    yield f"  they move the mean by {100 * math.sqrt(error.mean_shift):.1f} % of the images' spread"
    if error.is_large:
        yield f"  warning: more than {100 * LARGEST_ERROR:g} %, which is not the model's; {REMEDY}"


def _of_start(sampling):
    """What a start in closed form saves, or would save."""
    steps, section = sampling.section["steps"], sampling.section
    if sampling.starts_late:
        at = section["start_level"]
        where = "the level that its job finds" if at is None else f"sigma {at:g}"
        least = "at most " if at is None else ""
        return (
            f"  start in closed form at {where}: {least}{sampling.evaluations} evaluations an image"
        )
    saved = ", ".join(
        f"{2 * max(0, step_at(section, level)) / (2 * steps - 1):.0%} at sigma {level:g}"
        for level in STARTS
    )
    return (
        f"  a start in closed form (sampling.start: gaussian) would save of the evaluations {saved}"
    )


def _typical(of, schedule):
    ratios = variance_ratio(TYPICAL, **schedule)
    missing = sampled_moments(TYPICAL, **schedule)[1][0]
    known = ", ".join(
        f"{percent(ratio)} at {value:g}" for value, ratio in zip(TYPICAL, ratios, strict=True)
    )
    yield (
        f"{of}: how its steps alone change the variance depends on the images' covariance, which "
        "is known after the run (figure sampler_variance)"
    )
    lost = f"{missing:.0%} of the mean is lost at {TYPICAL[0]:g}"
    yield f"  along typical eigenvalues: {known}; {lost}"
