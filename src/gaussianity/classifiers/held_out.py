"""Results of trained classifiers on the images that they were not trained on."""

import itertools

import numpy as np

from gaussianity.classifiers.gaussian_accuracy import class_accuracy, sphere_points
from gaussianity.classifiers.losses import iterative_loss, predictions
from gaussianity.classifiers.mixing import mixing_rows
from gaussianity.classifiers.models import TwoLayer
from gaussianity.streams import stream

MIXED = 512  # most mixed test images of a class, for classifiers that are not linear


def held_out_results(images, units, networks, *, study_seed, seed):
    """Loss and accuracy on the tested images, and the accuracy on their Gaussian data.

    Args:    images - ImageFiles or ImageArrays; units - list of Unit; networks - for each unit a
             list of (loss, parameters), parameters as in the result of `sgd_classifiers`;
             study_seed, seed - of the study and the repetition.
    Returns: for each unit, for each network, a list of dicts, one for each tested pool or fold:
             tested (its number), test_images (of all classes), test_loss, test_accuracy,
             gaussian_accuracy (of linear networks under the normal distributions of their scores,
             of others on mixed images).
    """
    parts = [
        [
            _Part(number, tested, found, (study_seed, seed, unit.number, number))
            for number, tested in unit.tested.items()
        ]
        for unit, found in zip(units, networks, strict=True)
    ]
    for k in range(len(images)):
        start = 0
        for batch in images.batches(k):
            for part in itertools.chain(*parts):
                part.add(k, start, batch)
            start += len(batch)
        for part in itertools.chain(*parts):
            part.end(k)
    return [list(zip(*(part.results() for part in of_unit), strict=True)) for of_unit in parts]


class _Part:
    """The networks of one unit, and their results on the images of one tested pool or fold.

    The scores of one class are in memory at a time.
    """

    def __init__(self, number, tested, networks, names):
        self.number, self.networks = number, networks
        self.classes, self.count = tested.shape
        self.tested = np.sort(tested, axis=1)
        linear = [parameters[0] for _, parameters in networks if len(parameters) == 1]
        self.weights = np.concatenate(linear).astype(np.float64).T if linear else None
        self.sums = np.zeros((len(networks), 3))  # over classes: loss, accuracy, Gaussian accuracy
        study_seed, *indices = names
        self.points = self.mixing = None
        if self.classes > 2:
            generator = stream(study_seed, "gaussian_points", *indices)
            self.points = sphere_points(self.classes, self.count, generator)
        if len(linear) < len(networks):
            generator = stream(study_seed, "mixed_test", *indices)
            self.mixing = mixing_rows(min(MIXED, self.count), self.count, generator)
        self._begin()

    def _begin(self):
        self.scores = [[] for _ in self.networks]
        self.seen, self.mixed = 0, 0.0

    def add(self, k, start, batch):
        """Score the tested ones among rows start, start + 1, ... of class k."""
        numbers = self.tested[k]
        first, last = np.searchsorted(numbers, [start, start + len(batch)])
        if first == last:
            return
        rows = batch[numbers[first:last] - start].astype(np.float64)
        for scores, found in zip(self.scores, self._scored(rows), strict=True):
            scores.append(found)
        if self.mixing is not None:
            self.mixed = self.mixed + self.mixing[:, first:last] @ rows
        self.seen += last - first

    def _scored(self, rows):
        """Scores (n, outputs) of each network."""
        linear = None if self.weights is None else rows @ self.weights
        found, start = [], 0
        for _, parameters in self.networks:
            if len(parameters) == 1:
                outputs = len(parameters[0])
                found.append(linear[:, start : start + outputs])
                start += outputs
            else:
                found.append(two_layer_scores(parameters, rows))
        return found

    def end(self, k):
        """Add the results of class k."""
        if self.seen < self.count:
            raise ValueError(f"expected {self.count} tested images of a class, found {self.seen}")
        for sums, (loss, parameters), parts in zip(
            self.sums, self.networks, self.scores, strict=True
        ):
            scores = np.concatenate(parts)
            if len(parameters) == 1:
                gaussian = class_accuracy(scores, k, self.points)
            else:
                mixed = two_layer_scores(parameters, self.mixed)
                gaussian = loss_and_accuracy(loss, mixed, k, self.classes)[1]
            sums += [*loss_and_accuracy(loss, scores, k, self.classes), gaussian]
        self._begin()

    def results(self):
        """See `held_out_results`."""
        named = dict(tested=self.number, test_images=self.classes * self.count)
        keys = ("test_loss", "test_accuracy", "gaussian_accuracy")
        means = (self.sums / self.classes).tolist()
        return [named | dict(zip(keys, of_network, strict=True)) for of_network in means]


def two_layer_scores(parameters, rows):
    """Scores (n, outputs) of a two-layer network of rows (n, d)."""
    scores, _ = TwoLayer.scores([part[:, None, :] for part in parameters], rows)
    return scores[:, 0, :].T


def loss_and_accuracy(loss, scores, k, classes):
    """Mean loss and accuracy of one class: two floats.

    Args:    loss - a name; scores - (n, outputs) of images of class k; classes - their number.
    """
    target = np.eye(classes)[k]
    if loss == "least_squares":
        right = scores.argmax(axis=1) == k
        return float(((scores - target) ** 2).mean()), float(right.mean())
    logits = scores.T[:, None, :]
    value = iterative_loss(loss, classes).value(logits, target[:, None, None])
    return float(value.mean()), float((predictions(logits) == k).mean())
