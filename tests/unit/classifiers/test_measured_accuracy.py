"""Accuracies over seeds and their comparison with the prediction, by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest

from gaussianity.classifiers.measured_accuracy import against_prediction, over_seeds


@pytest.fixture
def three_seeds():
    """Accuracies of data and of its Gaussian data, with the seeds in another order."""
    gaussian = {2: 0.9, 0: 0.7, 1: 0.7}
    rows = [("data", seed, value) for seed, value in enumerate([0.8, 0.9, 1.0])]
    rows += [("data-gaussian", seed, value) for seed, value in gaussian.items()]
    frame = pd.DataFrame(rows, columns=["origin", "seed", "test_accuracy"])
    exact = frame["test_accuracy"].where(frame["origin"] == "data-gaussian") + 0.01
    return frame.assign(subset="pair", loss="mse", train_size=8, exact_accuracy=exact).assign(
        gaussian_accuracy=lambda rows: rows["test_accuracy"] / 2
    )


def test_means_over_seeds(three_seeds):
    found = over_seeds(three_seeds)
    assert found["origin"].tolist() == ["data", "data-gaussian"]
    assert found["seeds"].tolist() == [3, 3]
    np.testing.assert_allclose(found["mean"], [0.9, 2.3 / 3])
    np.testing.assert_allclose(found["std"], [0.1, np.sqrt(1 / 75)])
    np.testing.assert_allclose(found["exact"], [np.nan, 2.3 / 3 + 0.01])
    np.testing.assert_allclose(found["gaussian"], [0.45, 2.3 / 6])


def test_the_folds_of_a_seed_are_one_test(three_seeds):
    folds = [
        three_seeds.assign(test_accuracy=three_seeds["test_accuracy"] + d) for d in (-0.1, 0.1)
    ]
    found = over_seeds(pd.concat(folds))
    assert found["seeds"].tolist() == [3, 3]
    np.testing.assert_allclose(found["mean"], [0.9, 2.3 / 3])
    np.testing.assert_allclose(found["std"], [0.1, np.sqrt(1 / 75)])


def test_an_accuracy_of_one_seed_has_no_spread(three_seeds):
    found = over_seeds(three_seeds[three_seeds["seed"] == 1])
    assert found["std"].isna().all()


def test_settings_are_not_mixed(three_seeds):
    settings = list(itertools.product(["pair", "ten"], ["mse", "cross_entropy"], [8, 16]))
    frames = [
        three_seeds.assign(
            subset=subset,
            loss=loss,
            train_size=size,
            test_accuracy=lambda f, i=i: f.test_accuracy + i,
        )
        for i, (subset, loss, size) in enumerate(settings)
    ]
    found = over_seeds(pd.concat(frames))
    of_data = found[found["origin"] == "data"]
    assert (
        list(zip(of_data["subset"], of_data["loss"], of_data["train_size"], strict=True))
        == settings
    )
    np.testing.assert_allclose(of_data["mean"], 0.9 + np.arange(8))


@pytest.fixture
def scores():
    """Four seeds of data and its Gaussian data, mixed images, and a second loss."""
    measured = {"data": [0.8, 0.8, 0.9, 0.9], "data-gaussian": [0.5, 0.6, 0.7, 0.6]}
    rows = [
        dict(origin=origin, seed=seed, test_accuracy=value)
        for origin, values in measured.items()
        for seed, value in enumerate(values)
    ]
    rows.append(dict(origin="data-mixed", seed=0, test_accuracy=0.1))
    frame = pd.DataFrame(rows).assign(subset="pair", train_size=8, test_images=100)
    frame["tested"] = 0
    frame["pool"] = 0
    gaussian = frame["origin"] == "data-gaussian"
    frame["exact_accuracy"] = np.where(gaussian, [0.9, 0.91, 0.92, 0.91] * 2 + [0], np.nan)
    return pd.concat([frame.assign(loss="least_squares"), frame.assign(loss="mse")])


def predictions(accuracy, **columns):
    given = dict(subset="pair", source="data", train_size=8, rows_per_direction=0.5) | columns
    return pd.DataFrame([given | dict(predicted_accuracy=accuracy)])


def test_comparison_by_hand(scores):
    found = against_prediction(scores, predictions(0.9))
    assert found["origin"].tolist() == ["data", "data-gaussian"]
    assert found["tested_on"].tolist() == ["images", "law"]
    assert found["seeds"].tolist() == [4, 4]
    assert found["rows_per_direction"].tolist() == [0.5, 0.5]
    np.testing.assert_allclose(found["mean"], [0.85, 0.91])
    np.testing.assert_allclose(found["std"], [np.sqrt(0.01 / 3), np.sqrt(0.0002 / 3)])
    sampled = (0.8 * 0.2 + 0.9 * 0.1) / 2 / 100  # binomial, of one test set
    errors = [np.sqrt(0.01 / 12 + sampled), np.sqrt(0.0002 / 12)]
    np.testing.assert_allclose(found["error"], errors)
    np.testing.assert_allclose(found["difference"], [-0.05, 0.01])


@pytest.mark.parametrize(("pools", "images"), [(2, 200), (4, 400)])
def test_several_tested_pools_have_more_images(scores, pools, images):
    found = against_prediction(scores.assign(tested=scores["seed"] % pools), predictions(0.9))
    sampled = (0.8 * 0.2 + 0.9 * 0.1) / 2 / images
    np.testing.assert_allclose(found["error"][0], np.sqrt(0.01 / 12 + sampled))


@pytest.mark.parametrize("side", [-1, 1])
def test_agreement_is_within_the_tolerance_and_two_errors(scores, side):
    reach = 0.005 + 2 * np.sqrt(0.0002 / 12)
    for share, agrees in [(0.99, True), (1.01, False)]:
        found = against_prediction(scores, predictions(0.91 + side * share * reach))
        assert found["agrees"].tolist()[1] is agrees


def test_the_error_of_one_seed_is_that_of_its_test_set(scores):
    found = against_prediction(scores[scores["seed"] == 0], predictions(0.9))
    np.testing.assert_allclose(found["error"], [np.sqrt(0.8 * 0.2 / 100), 0])
    assert found["std"].isna().all()
