"""Accuracy of linear classifiers on the Gaussian mixture whose moments are those of given rows."""

import numpy as np

from gaussianity.mixture_accuracy import mixture_accuracy
from gaussianity.moments import of_stream


def fitted_accuracies(weights, classes):
    """Exact accuracy of each classifier where class k is N(mean, covariance) of the k-th rows.

    A classifier sees a mixture of Gaussian classes through its scores alone, whose mean and
    covariance W^T mean and W^T covariance W are those of the scores of the rows: no (d, d) matrix.

    Args:    weights - arrays (outputs, d), one for each classifier, without bias; classes - for
             each class an iterable of its rows (n_i, d), of which one batch is held at a time.
    Returns: float64 (classifiers,), free of test images; classes are equally frequent.
    """
    everything = np.concatenate(weights).T  # (d, all outputs)
    laws = [of_stream(batch @ everything for batch in batches) for batches in classes]
    ends = np.cumsum([len(w) for w in weights])
    found = []
    for w, end in zip(weights, ends, strict=True):
        own = slice(end - len(w), end)
        means = np.stack([law.mean[own] for law in laws])
        covariances = np.stack([law.scatter[own, own] / (law.count - 1) for law in laws])
        found.append(mixture_accuracy(means, covariances))
    return np.array(found)
