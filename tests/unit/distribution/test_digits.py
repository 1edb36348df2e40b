"""The handwritten digits: known figures, measured independently of this code."""

import numpy as np
import pytest

from gaussianity.data.datasets import read_dataset
from gaussianity.distribution.departure import departure
from gaussianity.distribution.distances.distance import distance
from gaussianity.distribution.null import null_draws
from gaussianity.distribution.principal_scores import principal_scores

IMAGES = 174  # of each class
KNOWN = {  # parts of the test, first two deltas, D with its ends
    "3": ([4.2, 5.6, 7.3], [0.215, 0.113], [0.115, 0.088, 0.137]),
    "8": ([2.2, 3.6, 4.0], [0.171, 0.141], [0.082, 0.049, 0.105]),
    "1": ([10, 13, 11], [0.363, 0.438], [0.293, 0.252, 0.330]),
}


@pytest.fixture(scope="module")
def null():
    return null_draws(IMAGES, 17, 999, np.random.default_rng(0))


@pytest.mark.parametrize("image_class", KNOWN)
def test_the_digits_have_the_known_figures(null, image_class):
    digits = read_dataset("digits")
    chosen = digits.labels == digits.class_names.index(image_class)
    rows = digits.images[chosen][:IMAGES].reshape(IMAGES, -1)
    parts, deltas, ends = KNOWN[image_class]
    found = principal_scores(lambda: iter([rows]))
    assert (found.scores.shape[1], found.step) == (17, pytest.approx(1 / 16))
    test = departure(found.scores, null)
    np.testing.assert_allclose([test.largest, test.mean, test.radius], parts, rtol=0.08)
    np.testing.assert_allclose(np.sqrt(test.squared[:2]), deltas, atol=1e-3)
    moved = distance(found.scores, found.variances, found.total, null.mean)
    np.testing.assert_allclose([moved.value, moved.low, moved.high], ends, atol=2e-3)
    assert test.p_value <= 0.01
