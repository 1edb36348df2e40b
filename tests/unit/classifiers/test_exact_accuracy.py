"""Accuracy under the fitted mixture against closed forms and against samples of it."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm

from gaussianity.classifiers import exact_accuracy
from gaussianity.classifiers.exact_accuracy import (
    class_accuracies,
    fitted_accuracies,
    mixture_accuracy,
)
from gaussianity.classifiers.losses import predictions
from gaussianity.moments.gaussian import gaussian_samples
from gaussianity.moments.shrinkage import shrunk


@pytest.fixture
def classes():
    generator = np.random.default_rng(0)
    return [generator.standard_normal((500, 6)) @ np.diag(k + np.ones(6)) + k for k in range(3)]


def test_two_classes_are_a_normal_distribution_function(classes):
    """One output w: class 1 where w x > 0. Two outputs: where the second is larger."""
    zero, one = classes[0], classes[1]
    w = np.random.default_rng(1).standard_normal(6)

    def positive(rows):
        scores = rows @ w
        return norm.cdf(scores.mean() / scores.std(ddof=1))

    expected = (1 - positive(zero) + positive(one)) / 2
    rows = ([zero[:200], zero[200:]], [one])
    found = fitted_accuracies([w[None], np.stack([0 * w, w])], rows)
    np.testing.assert_allclose(found, [expected, expected], rtol=1e-10)


def test_agrees_with_samples_of_the_mixture(classes):
    generator = np.random.default_rng(2)
    weights = [generator.standard_normal((3, 6)) for _ in range(2)]
    found = fitted_accuracies(weights, [[rows] for rows in classes])
    samples = [gaussian_samples(rows, 100_000, generator) for rows in classes]
    for w, accuracy in zip(weights, found, strict=True):
        shares = [((x @ w.T).argmax(axis=1) == k).mean() for k, x in enumerate(samples)]
        assert accuracy == pytest.approx(np.mean(shares), abs=0.004)  # 4 standard errors


def test_sharding_does_not_matter(classes):
    w = np.random.default_rng(3).standard_normal((3, 6))
    whole = fitted_accuracies([w], [[rows] for rows in classes])
    parts = fitted_accuracies([w], [np.array_split(rows, 7) for rows in classes])
    np.testing.assert_allclose(whole, parts, rtol=1e-10)


def test_shrinkage_is_that_of_the_covariance(classes):
    """The expected accuracy uses the (d, d) matrices."""
    w, shrinkages = np.random.default_rng(4).standard_normal((3, 6)), [0.0, 0.3, 1.0]
    found = fitted_accuracies([w], [np.array_split(rows, 3) for rows in classes], shrinkages)
    shrunken = [shrunk(np.cov(rows.T), s) for rows, s in zip(classes, shrinkages, strict=True)]
    means = np.stack([w @ rows.mean(axis=0) for rows in classes])
    expected = mixture_accuracy(means, np.stack([w @ c @ w.T for c in shrunken]))
    np.testing.assert_allclose(found, [expected], rtol=1e-9)


def scores(classes, seed=0, rank=None):
    """Mean scores and score covariances, which have the rank `rank` if one is given."""
    generator = np.random.default_rng(seed)
    root = generator.standard_normal((classes, classes, rank or classes))
    means = generator.standard_normal((classes, classes)) + 2 * np.eye(classes)
    return means, root @ root.swapaxes(1, 2)


def monte_carlo(means, covariances, draws):
    """Share of draws of each class for which `predictions` is right."""
    generator = np.random.default_rng(1)
    return np.array(
        [
            (predictions(drawn.T[:, None]) == k).mean()
            for k, drawn in (
                (k, generator.multivariate_normal(mean, covariance, draws, method="eigh"))
                for k, (mean, covariance) in enumerate(zip(means, covariances, strict=True))
            )
        ]
    )


def test_two_classes_are_phi():
    means, covariances = scores(2)
    away = means[:, 0] - means[:, 1]
    deviation = np.sqrt([c[0, 0] + c[1, 1] - 2 * c[0, 1] for c in covariances])
    expected = ndtr(away / deviation * [1, -1])
    np.testing.assert_allclose(class_accuracies(means, covariances), expected, rtol=1e-12)
    assert mixture_accuracy(means, covariances, [0.2, 0.8]) == pytest.approx(expected @ [0.2, 0.8])


def test_one_output_is_class_1_above_zero():
    found = class_accuracies([[0.5], [1.5]], [[[4.0]], [[9.0]]])
    np.testing.assert_allclose(found, ndtr([-0.25, 0.5]), rtol=1e-12)


@pytest.mark.parametrize(("classes", "rank"), [(3, None), (6, None), (20, None), (6, 2), (6, 4)])
def test_monte_carlo(classes, rank):
    """The score covariances have full rank, or a lower rank, as those of few pixels have."""
    means, covariances = scores(classes, rank=rank)
    draws = 40_000
    found = class_accuracies(means, covariances)
    error = np.sqrt(found * (1 - found) / draws)
    assert (np.abs(found - monte_carlo(means, covariances, draws)) < 4 * error + 2e-4).all()


@pytest.mark.slow
def test_against_four_million_draws():
    means, covariances = scores(6)
    found = class_accuracies(means, covariances)
    away = found - monte_carlo(means, covariances, 4_000_000)
    error = np.sqrt(found * (1 - found) / 4e6)
    assert (np.abs(away) < 2e-4 + 2.5 * error).all()
    assert abs(away.mean()) < 2e-4


@pytest.mark.parametrize("classes", [3, 8, 40])
def test_exchangeable_scores_are_right_by_chance(classes):
    common = np.eye(classes) + 0.7  # noise that all outputs share has no effect
    found = class_accuracies(np.zeros((classes, classes)), np.tile(common, (classes, 1, 1)))
    np.testing.assert_allclose(found, 1 / classes, atol=2e-4)


def test_the_classes_of_one_point_share_all_probability():
    means, covariances = scores(7)
    everyone = [
        class_accuracies(np.tile(means[0], (7, 1)), np.tile(covariances[0], (7, 1, 1))).sum(),
        class_accuracies(np.tile(means[0], (7, 1)), np.zeros((7, 7, 7))).sum(),
    ]
    np.testing.assert_allclose(everyone, 1, atol=5e-4)


def test_what_is_added_to_all_outputs_does_not_matter():
    means, covariances = scores(5)
    shifted = mixture_accuracy(means + 3, covariances + 50)
    assert shifted == pytest.approx(mixture_accuracy(means, covariances), abs=1e-9)
    scaled = mixture_accuracy(1e-9 * means, 1e-18 * covariances)
    assert scaled == pytest.approx(mixture_accuracy(means, covariances), abs=1e-9)


def test_the_order_of_classes_does_not_matter():
    means, covariances = scores(6)
    order = np.array([3, 0, 5, 1, 4, 2])
    turned = class_accuracies(means[order][:, order], covariances[order][:, order][:, :, order])
    np.testing.assert_allclose(turned, class_accuracies(means, covariances)[order], atol=1e-9)


def test_scores_without_noise():
    means = np.array([[2.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 2.0, 2.0]])
    found = class_accuracies(means, np.zeros((3, 3, 3)))
    np.testing.assert_array_equal(found, [1, 0, 0])  # class 0 ties with 1, class 1 with 2
    np.testing.assert_array_equal(class_accuracies([[0.0], [0.0]], np.zeros((2, 1, 1))), [1, 0])


def test_equal_outputs_count_for_the_first_of_them():
    """Outputs 1 and 2 are equal, so that class 2 is never predicted."""
    means, covariances = scores(2)
    copy = np.array([[1.0, 0], [0, 1], [0, 1]])
    both = np.array([0, 1, 1])
    found = class_accuracies((means @ copy.T)[both], (copy @ covariances @ copy.T)[both])
    np.testing.assert_allclose(found[:2], class_accuracies(means, covariances), rtol=1e-9)
    assert found[2] == 0


def test_one_direction_of_noise():
    """Scores a_l + g_l z with one normal z: each class is an interval of z."""
    means, slopes = np.array([0.3, 0.1, -0.2]), np.array([0.0, 1.0, -2.0])
    found = class_accuracies(np.tile(means, (3, 1)), np.tile(np.outer(slopes, slopes), (3, 1, 1)))
    low, high = -0.5 / 2, 0.2  # where the first is the largest
    np.testing.assert_allclose(found, [ndtr(high) - ndtr(low), ndtr(-high), ndtr(low)], rtol=1e-9)


def test_very_unlikely_classes_stay_finite():
    means = np.array([[0.0, 60, 50, 40], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    found = class_accuracies(means, np.tile(np.eye(4), (4, 1, 1)))
    assert found[0] < 1e-100
    assert np.isfinite(found).all()


def test_many_classes():
    classes = 50
    means = 3 * np.eye(classes)
    found = class_accuracies(means, np.broadcast_to(np.eye(classes), (classes, classes, classes)))
    z = np.linspace(-9, 9, 20_001)
    density = np.exp(-((z - 3) ** 2) / 2) / np.sqrt(2 * np.pi)
    expected = (density * ndtr(z) ** (classes - 1)).sum() * (z[1] - z[0])
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize(
    ("means", "covariances", "priors", "message"),
    [
        (np.zeros((2, 3)), np.zeros((2, 3, 3)), None, "as many outputs as classes"),
        (np.zeros((1, 1)), np.zeros((1, 1, 1)), None, "as many outputs as classes"),
        (np.zeros((3, 3)), np.zeros((3, 3)), None, "must be of shape"),
        (np.full((3, 3), np.nan), np.zeros((3, 3, 3)), None, "must be finite"),
        (np.zeros((3, 3)), np.zeros((3, 3, 3)), [0.5, 0.5], "priors must be of shape"),
        (np.zeros((2, 2)), np.zeros((2, 2, 2)), [1.5, -0.5], "at least 0 and sum to 1"),
        (np.zeros((2, 2)), np.zeros((2, 2, 2)), [0.5, 0.6], "at least 0 and sum to 1"),
    ],
)
def test_errors(means, covariances, priors, message):
    with pytest.raises(ValueError, match=message):
        mixture_accuracy(means, covariances, priors)


def test_scores_that_differ_by_rounding_of_their_spread_are_equal():
    """Of one common deviation of 0.01, 1e-9 apart: rounding of the variance may be 1e-8 of it."""
    common = np.full((2, 2, 2), 1e-4)
    assert mixture_accuracy([[0, 1e-9], [0, 1e-9]], common, [1, 0]) == 1.0
    assert mixture_accuracy([[0, 1e-8], [0, 1e-8]], common, [1, 0]) == 0.0


@pytest.mark.parametrize(
    ("classes", "points"), [(3, 4096), (32, 4096), (33, 2048), (64, 2048), (512, 256), (1000, 256)]
)
def test_there_are_fewer_points_for_many_classes(classes, points):
    """The number is a power of two, as Sobol's sequence needs."""
    assert exact_accuracy._points(2, classes - 1).shape == (points, 2)


def test_large_scores_that_differ_by_more_than_rounding_are_not_equal():
    for added, first in ((1e-9, 1.0), (1e-4, 0.0)):
        means = np.tile([1e6, 1e6 + added], (2, 1))
        assert mixture_accuracy(means, np.zeros((2, 2, 2)), [1, 0]) == first


def test_a_coordinate_far_above_its_bound_leaves_no_probability():
    """P(y_0 > 40 and y_1 < 0) by separation of variables, without infinite coordinates."""
    assert exact_accuracy._probability(np.array([[-1.0, 0], [0, 1]]), np.array([-40.0, 0])) == 0
    certain = exact_accuracy._probability(np.array([[1.0, 0], [0, 1]]), np.array([40.0, 0]))
    assert certain == 0.5
