"""About how long a study takes on a CPU, without the sampling of a denoiser.

The constants were measured on two cores of an Intel Xeon (docs/performance.md).
"""

import os

JOB = 2.5  # seconds of a core that a job takes to start, to read and to write
OF_TRAINING = 4e-7  # seconds for one image, learning rate and epoch
OF_WEIGHT = 3.5e-10  # more for each weight of the classifier
OF_EIGENVALUES = 5e-10  # seconds for the cube of a row's length, of all decompositions of a class
OF_SCORE = 2e-9  # seconds for one random score of the test of normality


def minutes(study, costs, cores=None):
    """Minutes of a study on a number of cores, by default those of this machine."""
    seconds = JOB * sum(costs.jobs().values())
    seconds += sum(_training(study, label) for label in study.classifiers.scores)
    seconds += OF_EIGENVALUES * costs.d**3 * len(study.moments.spectra)
    seconds += sum(_scores(study, label["images"]) for label in study.normality.sizes)
    return seconds / (cores or os.cpu_count() or 1) / 60


def _training(study, label):
    """Seconds of one classifier job: all losses, training sizes and folds."""
    settings, source = study.config["classifier"], study.source_of(label["origin"])
    classes = len(study.subsets[label["subset"]]["classes"])
    sizes = study.sources[source]
    images = [max(classes * n, _least(settings)) for n in sizes["train_sizes"]]
    seen = settings["epochs"] * sum(images) * len(settings["learning_rates"])
    iterative = sum(loss != "least_squares" for loss in settings["losses"])
    folds = 1 if sizes["pools"] > 1 else study.classifiers.designs[source]["units"]
    return iterative * folds * seen * (OF_TRAINING + OF_WEIGHT * classes * study.dimension)


def _least(settings):
    """Images of an epoch that make as many steps as the settings ask for."""
    return settings["min_steps"] * settings["batch_size"] / settings["epochs"]


def _scores(study, images):
    return OF_SCORE * images * study.normality.directions * study.normality.draws
