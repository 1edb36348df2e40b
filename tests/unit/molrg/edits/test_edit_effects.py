"""Effects of edits by hand, and a classifier of known accuracy."""

import numpy as np
import pytest
import torch

from gaussianity.molrg.edits.edit_effects import Classifier, measure_effects

D = 16


@pytest.fixture(scope="module")
def classifier():
    """Classifier of two classes that differ in the first pixel, 0.2 and 0.8 with deviation 0.1."""
    generator = np.random.default_rng(0)
    classes = [generator.normal(0.5, 0.1, (400, D)) for _ in range(2)]
    for rows, centre in zip(classes, (0.2, 0.8), strict=True):
        rows[:, 0] += centre - 0.5
    return Classifier.of_classes(classes, np.random.default_rng(1))


def test_the_classifier_separates_its_classes(classifier):
    """The best possible classifier errs in 0.13 % of the cases."""
    assert classifier.accuracy > 0.97
    assert classifier.model.coef_[0, 0] > 5 * np.abs(classifier.model.coef_[0, 1:]).max()


def test_the_accuracy_is_of_images_held_out():
    """In 60 dimensions a classifier can fit random labels, but it cannot predict others."""
    classes = [np.random.default_rng(k).standard_normal((20, 60)) for k in range(2)]
    fitted = Classifier.of_classes(classes, np.random.default_rng(5))
    labels = np.repeat([0, 1], 20)
    assert fitted.model.score(np.concatenate(classes), labels) > 0.85
    assert fitted.accuracy < 0.85


def test_effects_by_hand(classifier):
    """The network form has twice the range. The first pixel moves the classifier."""
    base = torch.full((1, 1, 4, 4), 0.0, dtype=torch.float64)
    base[..., 0, 0] = -0.8
    edited = base.repeat(1, 1, 2, 1, 1, 1).reshape(1, 1, 2, 1, 4, 4).clone()
    edited[0, 0, 0, 0, 0, 0] = 0.8
    found = measure_effects(edited, base, classifier)
    np.testing.assert_allclose(found["rms_change"], [[[0.8 / 4, 0]]])
    np.testing.assert_allclose(found["switched"], [[[1, 0]]])
    before, after = (classifier.probabilities(x.numpy())[0] for x in (base, edited[0, 0, :1]))
    np.testing.assert_allclose(found["probability_moved"], [[[abs(after - before)[0], 0]]])
    assert found["probability_moved"][0, 0, 0] > 0.5
