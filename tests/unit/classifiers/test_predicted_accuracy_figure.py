"""The table of predicted and measured accuracies by hand."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from gaussianity.classifiers.figures import predicted_accuracy


@pytest.fixture
def scores():
    """Four seeds of data (0.8, 0.8, 0.9, 0.9), of its Gaussian data, and of what is left out."""
    measured = {"data": [0.8, 0.8, 0.9, 0.9], "data-gaussian": [0.5, 0.6, 0.7, 0.6]}
    rows = [
        dict(origin=origin, seed=seed, test_accuracy=value)
        for origin, values in measured.items()
        for seed, value in enumerate(values)
    ]
    rows.append(dict(origin="data-refit", seed=0, test_accuracy=0.1))
    frame = pd.DataFrame(rows).assign(subset="pair", train_size=8, test_images=100)
    frame["pool"] = 0
    gaussian = frame["origin"] == "data-gaussian"
    frame["exact_accuracy"] = np.where(gaussian, [0.9, 0.91, 0.92, 0.91] * 2 + [0], np.nan)
    return pd.concat([frame.assign(loss="least_squares"), frame.assign(loss="mse")])


def predictions(accuracy, **columns):
    given = dict(subset="pair", source="data", train_size=8, rows_per_direction=0.5) | columns
    return pd.DataFrame([given | dict(predicted_accuracy=accuracy)])


def test_table_by_hand(scores):
    found = predicted_accuracy.table(scores, predictions(0.9))
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


def test_test_sets_of_several_pools_are_independent(scores):
    found = predicted_accuracy.table(scores.assign(pool=scores["seed"] % 2), predictions(0.9))
    sampled = (0.8 * 0.2 + 0.9 * 0.1) / 2 / 100 / 2
    np.testing.assert_allclose(found["error"][0], np.sqrt(0.01 / 12 + sampled))


@pytest.mark.parametrize("side", [-1, 1])
def test_agreement_is_within_the_tolerance_and_two_errors(scores, side):
    reach = 0.005 + 2 * np.sqrt(0.0002 / 12)
    for share, agrees in [(0.99, True), (1.01, False)]:
        found = predicted_accuracy.table(scores, predictions(0.91 + side * share * reach))
        assert found["agrees"].tolist()[1] is agrees


def test_one_seed_has_no_spread(scores):
    found = predicted_accuracy.table(scores[scores["seed"] == 0], predictions(0.9))
    np.testing.assert_allclose(found["error"], [np.sqrt(0.8 * 0.2 / 100), 0])
    assert found["std"].isna().all()


def test_the_threshold_is_marked_where_it_lies_among_the_sizes(scores):
    scores = pd.concat([scores, scores.assign(train_size=32)])
    both = [predictions(0.9), predictions(0.9, train_size=32, rows_per_direction=2.0)]
    figure = predicted_accuracy.draw(predicted_accuracy.table(scores, pd.concat(both)))
    (mark,) = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert list(mark.get_xdata()) == [16, 16]
    plt.close(figure)
