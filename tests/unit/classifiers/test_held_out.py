"""Results on images that classifiers were not trained on."""

import numpy as np
import pytest

from gaussianity.classifiers.gaussian_accuracy import gaussian_accuracy
from gaussianity.classifiers.held_out import held_out_results, loss_and_accuracy, two_layer_scores
from gaussianity.classifiers.splits import Unit
from gaussianity.io.class_images import ImageArrays


class InBatches(ImageArrays):
    """Arrays in batches of three rows."""

    def batches(self, k):
        yield from (self.rows[k][start : start + 3] for start in range(0, len(self.rows[k]), 3))


def classes(n=40, d=3, seed=0):
    generator = np.random.default_rng(seed)
    return [centre + generator.standard_normal((n, d)) for centre in (-0.5, 0.5)]


def unit(tested, number=0):
    return Unit(number, np.zeros((2, 1), int), {number: np.array(tested)})


def test_only_the_tested_images_count():
    rows = classes()
    tested = [[5, 1, 30, 12], [0, 39, 7, 8]]
    weights = np.random.default_rng(1).standard_normal((2, 3))
    networks = [[("least_squares", (weights,))]]
    (((found,),),) = held_out_results(
        InBatches(rows), [unit(tested)], networks, study_seed=0, seed=0
    )
    scores = np.stack([part[chosen] @ weights.T for part, chosen in zip(rows, tested, strict=True)])
    right = (scores.argmax(axis=2) == [[0], [1]]).mean()
    assert found["test_images"] == 8
    assert found["test_accuracy"] == right
    assert found["test_loss"] == pytest.approx(((scores - np.eye(2)[:, None]) ** 2).mean())
    assert found["gaussian_accuracy"] == pytest.approx(gaussian_accuracy(scores))


def test_each_unit_tests_its_own_networks():
    rows, up = classes(), np.array([[1.0, 1, 1]])
    networks = [[("mse", (up,))], [("mse", (-up,)), ("cross_entropy", (np.r_[-up, up],))]]
    parts = [unit([range(20)] * 2), unit([range(20, 40)] * 2, number=1)]
    first, second = held_out_results(InBatches(rows), parts, networks, study_seed=0, seed=0)
    right = [
        [(s * part[c].sum(axis=1) > 0).mean() for s, part in zip((-1, 1), rows, strict=True)]
        for c in (slice(0, 20), slice(20, 40))
    ]
    assert first[0][0]["test_accuracy"] == pytest.approx(np.mean(right[0]))
    assert second[0][0]["test_accuracy"] == pytest.approx(1 - np.mean(right[1]))
    assert second[1][0]["test_accuracy"] == pytest.approx(np.mean(right[1]))


def test_a_network_is_tested_on_mixed_images_which_a_constant_pixel_shows():
    # One hidden unit reads the constant pixel: its class is the same for all images and mixtures.
    rows = [np.c_[part, np.ones(len(part))] for part in classes()]
    first, second = np.array([[0.0, 0, 0, 1]]), np.array([[0.0], [1.0]])
    networks = [[("two_layer", (first, second, np.array([[0.5], [0.0]])))]]
    parts = [unit([range(40)] * 2)]
    (((found,),),) = held_out_results(ImageArrays(rows), parts, networks, study_seed=0, seed=0)
    assert found["test_accuracy"] == found["gaussian_accuracy"] == 0.5


def test_mixed_images_of_normal_classes_are_as_hard_as_the_images():
    # The ReLU of the sum: the right class where the sum of 3 pixels is above 0, else the first.
    networks = [
        [("two_layer", (np.ones((1, 3)), np.array([[0.0], [1.0]]), np.array([[1e-9], [0.0]])))]
    ]
    found = []
    for seed in range(300):
        parts = [unit([range(40)] * 2)]
        (((row,),),) = held_out_results(
            ImageArrays(classes(seed=seed)), parts, networks, study_seed=0, seed=seed
        )
        found.append((row["test_accuracy"], row["gaussian_accuracy"]))
    truth = 0.80677  # Phi(0.5 sqrt(3))
    error = np.std(found, axis=0) / len(found) ** 0.5
    assert (np.abs(np.mean(found, axis=0) - truth) < 4 * error).all()
    assert (error < 0.005).all()


def test_scores_of_a_two_layer_network():
    first, second = np.array([[1.0, 0], [0, -1]]), np.array([[2.0, 3], [0, 1]])
    scores = two_layer_scores((first, second, np.array([[0.5], [0.0]])), np.array([[1.0, -2]]))
    np.testing.assert_allclose(scores, [[2 * 1 + 3 * 2 + 0.5, 2]])


def test_loss_and_accuracy_of_one_output():
    scores = np.array([[3.0], [-0.5]])
    value, accuracy = loss_and_accuracy("mse", scores, 1, 2)
    assert accuracy == 0.5
    assert value == pytest.approx(((1 / (1 + np.exp(-scores)) - 1) ** 2).mean())
    assert loss_and_accuracy("mse", scores, 0, 2)[1] == 0.5


def test_loss_and_accuracy_of_three_classes():
    scores = np.array([[0.0, 2, 1], [1, 0, 0]])
    value, accuracy = loss_and_accuracy("cross_entropy", scores, 1, 3)
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert accuracy == 0.5
    assert value == pytest.approx(-np.log(p[:, 1]).mean())


def test_missing_images():
    rows = [part[:20] for part in classes()]
    with pytest.raises(ValueError, match="expected 40 tested images of a class"):
        held_out_results(
            ImageArrays(rows),
            [unit([range(40)] * 2)],
            [[("mse", (np.ones((1, 3)),))]],
            study_seed=0,
            seed=0,
        )


def test_each_tested_pool_has_its_own_result():
    rows, up = classes(), np.array([[1.0, 1, 1]])
    several = {3: np.array([range(20)] * 2), 1: np.array([range(20, 40)] * 2)}
    ((found,),) = held_out_results(
        InBatches(rows),
        [Unit(0, np.zeros((2, 1), int), several)],
        [[("mse", (up,))]],
        study_seed=0,
        seed=0,
    )
    assert [result["tested"] for result in found] == [3, 1]
    for result, chosen in zip(found, (slice(0, 20), slice(20, 40)), strict=True):
        signs = zip((-1, 1), rows, strict=True)
        right = [(s * part[chosen].sum(axis=1) > 0).mean() for s, part in signs]
        assert result["test_accuracy"] == pytest.approx(np.mean(right))
