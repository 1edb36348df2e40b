"""Accuracy of linear classifiers on the Gaussian mixture whose moments are those of given rows."""

import numpy as np

from gaussianity.moments import of_stream
from gaussianity.score_laws import mixture_accuracy


def fitted_accuracies(weights, classes, shrinkages=None):
    """Exact accuracy of each classifier where class k is N(mean, covariance) of the k-th rows.

    A classifier sees a mixture of Gaussian classes through its scores alone, whose mean and
    covariance W^T mean and W^T covariance W are those of the scores of the rows: no (d, d) matrix.

    Args:    weights - arrays (outputs, d), one for each classifier, without bias; classes - for
             each class an iterable of its rows (n_i, d), of which one batch is held at a time;
             shrinkages - s of each class, whose covariance is (1 - s) C + s m I, m the mean
             variance of a pixel; None for 0.
    Returns: float64 (classifiers,), free of test images; classes are equally frequent.
    """
    everything = np.concatenate(weights).T  # (d, all outputs)
    if shrinkages is None:
        laws = [_Scores(batches, everything) for batches in classes]
        shrinkages = np.zeros(len(laws))
    else:
        laws = [_ScoresAndPixels(batches, everything) for batches in classes]
    ends, found = np.cumsum([len(w) for w in weights]), []
    for w, end in zip(weights, ends, strict=True):
        own = slice(end - len(w), end)
        means = np.stack([law.scores.mean[own] for law in laws])
        covariances = [
            (1 - s) * law.scores.covariance[own, own] + s * law.mean_variance * (w @ w.T)
            for law, s in zip(laws, shrinkages, strict=True)
        ]
        found.append(mixture_accuracy(means, np.stack(covariances)))
    return np.array(found)


class _Scores:
    """Moments of the scores of rows."""

    mean_variance = 0.0  # of a pixel; needed by shrinkage alone

    def __init__(self, batches, weights):
        self.scores = of_stream(batch @ weights for batch in batches)


class _ScoresAndPixels:
    """Moments of the scores of rows, and the mean variance of a pixel of the rows themselves."""

    def __init__(self, batches, weights):
        self.mean, self.squares, self.count = 0.0, 0.0, 0
        self.scores = of_stream(self._scored(batch, weights) for batch in batches)
        self.mean_variance = float(np.sum(self.squares) / (self.count - 1) / len(weights))

    def _scored(self, batch, weights):
        """Scores of a batch, whose variances are added on the way: Chan, Golub and LeVeque."""
        part = np.asarray(batch, dtype=np.float64)
        total = self.count + len(part)
        shift = part.mean(axis=0) - self.mean
        self.squares += part.var(axis=0) * len(part) + shift**2 * self.count * len(part) / total
        self.mean, self.count = self.mean + shift * len(part) / total, total
        return batch @ weights
