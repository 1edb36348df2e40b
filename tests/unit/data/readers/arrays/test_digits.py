"""The digits against scikit-learn's own."""

import numpy as np
from sklearn.datasets import load_digits

from gaussianity.data.datasets import GivenDataset, read_dataset


def test_digits_are_scikit_learns():
    data, original = read_dataset("digits"), load_digits()
    assert data.images.shape == (1797, 1, 8, 8)
    assert data.images.dtype == np.float32
    assert (data.images.min(), data.images.max()) == (0, 1)
    np.testing.assert_array_equal(data.images[:, 0], original.images / 16)
    np.testing.assert_array_equal(data.labels, original.target)
    assert data.class_names == tuple("0123456789")


def test_counts_of_digits():
    data = read_dataset("digits")
    counts = np.bincount(data.labels).tolist()
    assert GivenDataset("digits").class_counts() == dict(zip(data.class_names, counts, strict=True))
