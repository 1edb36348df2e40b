"""Made-up tables of the figures of classifiers, and the figures drawn from them."""

import itertools

import numpy as np
from figure_cases import ALL, DATA, SUBSETS, product

from gaussianity.classifiers.figures import accuracy, predicted_accuracy
from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.classifiers.measured_accuracy import against_prediction, over_seeds


def scores(subsets, origins):
    """Test accuracies of two seeds; the data have fewer images than the diffusion."""
    frame = product(
        subset=subsets,
        loss=list(LOSS_NAMES),
        origin=origins,
        seed=[0, 1],
        train_size=[8, 16, 32, 64, 128, 256, 512, 1024],
    )
    frame = frame[frame["origin"].str.startswith("diffusion") | (frame["train_size"] < 100)]
    noise = np.random.default_rng(0).uniform(0, 0.1, len(frame))
    shown = 1 - frame["train_size"] ** -0.5 + noise - 0.1
    measured = ("test_accuracy", "gaussian_accuracy", "exact_accuracy")
    return frame.assign(tested=frame["seed"], **dict.fromkeys(measured, shown))


def draw_accuracy(count, origins):
    return accuracy.draw(over_seeds(scores(SUBSETS[count], origins)))


def draw_predicted_accuracy(count, origins):
    measured = scores(SUBSETS[count], origins).assign(test_images=100, pool=0)
    sizes = measured.assign(source=measured["origin"].str.removesuffix("-gaussian"))
    predictions = sizes[["subset", "source", "train_size"]].drop_duplicates()
    predictions = predictions.assign(
        predicted_accuracy=1 - predictions["train_size"] ** -0.5,
        rows_per_direction=predictions["train_size"] / 100,
    )
    return predicted_accuracy.draw(against_prediction(measured, predictions))


CASES = [
    *itertools.product([draw_accuracy, draw_predicted_accuracy], [3], [ALL]),
]
LONGER = [
    *itertools.product([draw_accuracy, draw_predicted_accuracy], [1], [ALL, DATA]),
    *itertools.product([draw_accuracy, draw_predicted_accuracy], [3], [DATA]),
    *itertools.product([draw_accuracy, draw_predicted_accuracy], [20], [ALL]),
]
