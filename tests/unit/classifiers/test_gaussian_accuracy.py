"""The accuracy on normal classes from scores: unbiased at any number of test images."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.classifiers.exact_accuracy import mixture_accuracy
from gaussianity.classifiers.gaussian_accuracy import gaussian_accuracy, sphere_points


@pytest.mark.parametrize("outputs", [1, 2])
def test_two_normal_classes_with_five_images(outputs):
    # Scores N(+-0.75, 1): the accuracy is 0.77337. The accuracy of the sample moments has 0.775.
    generator = np.random.default_rng(0)
    found = []
    for _ in range(4000):
        scores = np.stack([s * 0.75 + generator.standard_normal((5, 1)) for s in (-1, 1)])
        if outputs == 2:  # the first output is added to both
            first = generator.standard_normal((2, 5, 1))
            scores = np.concatenate([first, first + scores], axis=2)
        found.append(gaussian_accuracy(scores))
    error = np.std(found) / len(found) ** 0.5
    assert error < 0.002
    assert abs(np.mean(found) - stats.norm.cdf(0.75)) < 4 * error


def test_three_normal_classes_with_six_images():
    generator = np.random.default_rng(1)
    means, roots = np.eye(3), generator.standard_normal((3, 3, 3))
    truth = mixture_accuracy(means, roots.mT @ roots)
    found = []
    for _ in range(400):
        scores = means[:, None] + generator.standard_normal((3, 6, 3)) @ roots
        found.append(gaussian_accuracy(scores, sphere_points(3, 6, generator)))
    error = np.std(found) / len(found) ** 0.5
    assert error < 0.005
    assert abs(np.mean(found) - truth) < 4 * error


def test_it_approaches_the_exact_accuracy_of_many_images():
    generator = np.random.default_rng(2)
    scores = np.eye(4)[:, None] + generator.standard_normal((4, 4000, 4))
    exact = mixture_accuracy(scores.mean(axis=1), np.stack([np.cov(part.T) for part in scores]))
    found = gaussian_accuracy(scores, sphere_points(4, 4000, generator))
    assert abs(found - exact) < 0.003


def test_sphere_points_are_uniform():
    points = sphere_points(3, 20, np.random.default_rng(3))  # of the sphere in 19 dimensions
    assert points.shape == (1024, 3)
    np.testing.assert_allclose((points**2).mean(axis=0), 1 / 19, rtol=0.01)
    np.testing.assert_allclose((points**4).mean(axis=0), 3 / (19 * 21), rtol=0.05)


def test_classes_without_variation_are_right_or_wrong():
    scores = np.array([[-1.0], [1.0]])[:, None] * np.ones((2, 4, 1))
    assert gaussian_accuracy(scores) == pytest.approx(1, abs=1e-9)
    assert gaussian_accuracy(-scores) == pytest.approx(0, abs=1e-9)


def test_too_few_images():
    with pytest.raises(ValueError, match="at least 3 test images of a class, found 2"):
        gaussian_accuracy(np.zeros((2, 2, 1)))
    with pytest.raises(ValueError, match="at least 6 test images of each of 4 classes, found 5"):
        sphere_points(4, 5, np.random.default_rng(0))


@pytest.mark.parametrize("images", [3, 4])
def test_few_images_have_a_closed_form(images):
    """The mixtures of 3 images are on a circle, with arcsine law; those of 4 on a sphere."""
    lead = np.array([0.3, 1.2, -0.7, 0.1])[:images]
    v = lead.mean() / np.sqrt((1 - 1 / images) * ((lead - lead.mean()) ** 2).sum())
    expected = 0.5 + np.arcsin(v) / np.pi if images == 3 else (1 + v) / 2
    scores = np.stack([-lead, lead])[..., None]
    assert gaussian_accuracy(scores) == pytest.approx(expected, rel=1e-12)
    assert gaussian_accuracy(-scores) == pytest.approx(1 - expected, rel=1e-12)


def test_a_class_that_never_wins_does_not_matter():
    """Six images of each of two classes, and a third score that is always the lowest."""
    generator = np.random.default_rng(4)
    scores = np.eye(2)[:, None] * 0.8 + generator.standard_normal((2, 6, 2))
    three = np.concatenate([scores, np.full((2, 6, 1), -1e3)], axis=2)
    found = [gaussian_accuracy(three, sphere_points(3, 6, generator)) for _ in range(60)]
    assert np.mean(found) == pytest.approx(gaussian_accuracy(scores), abs=1e-3)
