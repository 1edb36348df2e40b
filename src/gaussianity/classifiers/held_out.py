"""Results of trained classifiers on the images that they were not trained on."""

import itertools

import numpy as np

from gaussianity.classifiers.gaussian_accuracy import gaussian_accuracy, sphere_points
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
    return [list(zip(*(part.results() for part in of_unit), strict=True)) for of_unit in parts]


class _Part:
    """The networks of one unit, and their scores of the images of one tested pool or fold."""

    def __init__(self, number, tested, networks, names):
        self.number, self.networks, self.names = number, networks, names
        self.classes, self.count = tested.shape
        self.scores = [[[] for _ in range(self.classes)] for _ in networks]
        linear = [parameters[0] for _, parameters in networks if len(parameters) == 1]
        self.weights = np.concatenate(linear).astype(np.float64).T if linear else None
        self.tested = np.sort(tested, axis=1)
        self.seen = np.zeros(self.classes, dtype=int)
        self.is_mixed = len(linear) < len(networks)
        if self.is_mixed:
            study_seed, *indices = self.names
            generator = stream(study_seed, "mixed_test", *indices)
            self.mixing = mixing_rows(min(MIXED, self.count), self.count, generator)
            self.mixed = [0.0] * self.classes

    def add(self, k, start, batch):
        """Score the tested ones among rows start, start + 1, ... of class k."""
        numbers = self.tested[k]
        first, last = np.searchsorted(numbers, [start, start + len(batch)])
        if first == last:
            return
        rows = batch[numbers[first:last] - start].astype(np.float64)
        for scores, found in zip(self.scores, self._scored(rows), strict=True):
            scores[k].append(found)
        if self.is_mixed:
            self.mixed[k] = self.mixed[k] + self.mixing[:, first:last] @ rows
        self.seen[k] += last - first

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

    def results(self):
        """See `held_out_results`."""
        if (self.seen < self.count).any():
            raise ValueError(f"expected {self.count} tested images of a class, found {self.seen}")
        points = None
        if self.classes > 2:
            study_seed, *indices = self.names
            generator = stream(study_seed, "gaussian_points", *indices)
            points = sphere_points(self.classes, self.count, generator)
        return [
            self._result(
                loss, parameters, np.stack([np.concatenate(part) for part in scores]), points
            )
            for (loss, parameters), scores in zip(self.networks, self.scores, strict=True)
        ]

    def _result(self, loss, parameters, scores, points):
        value, accuracy = loss_and_accuracy(loss, scores)
        if len(parameters) == 1:
            gaussian = gaussian_accuracy(scores, points)
        else:
            mixed = np.stack([two_layer_scores(parameters, rows) for rows in self.mixed])
            gaussian = loss_and_accuracy(loss, mixed)[1]
        images = self.classes * self.count
        found = dict(tested=self.number, test_images=images)
        found |= dict(test_loss=value, test_accuracy=accuracy)
        return found | dict(gaussian_accuracy=gaussian)


def two_layer_scores(parameters, rows):
    """Scores (n, outputs) of a two-layer network of rows (n, d)."""
    scores, _ = TwoLayer.scores([part[:, None, :] for part in parameters], rows)
    return scores[:, 0, :].T


def loss_and_accuracy(loss, scores):
    """Mean loss and accuracy from scores (classes, n, outputs): two floats."""
    classes, n, outputs = scores.shape
    flat = scores.reshape(classes * n, outputs)
    one_hot = np.repeat(np.eye(classes), n, axis=0)
    if loss == "least_squares":
        right = flat.argmax(axis=1) == one_hot.argmax(axis=1)
        return float(((flat - one_hot) ** 2).mean()), float(right.mean())
    logits, targets = flat.T[:, None, :], one_hot.T[:, None, :]
    value = iterative_loss(loss, classes).value(logits, targets)
    right = predictions(logits) == targets.argmax(axis=0)
    return float(value.mean()), float(right.mean())
