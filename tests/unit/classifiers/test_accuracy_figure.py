"""The table of the figure of accuracies."""

import itertools

import numpy as np
import pandas as pd
import pytest

from gaussianity.classifiers.figures import accuracy


@pytest.fixture
def three_seeds():
    """Accuracies of data and of its Gaussian data, whose seeds stand in another order."""
    gaussian = {2: 0.9, 0: 0.7, 1: 0.7}
    rows = [("data", seed, value) for seed, value in enumerate([0.8, 0.9, 1.0])]
    rows += [("data-gaussian", seed, value) for seed, value in gaussian.items()]
    frame = pd.DataFrame(rows, columns=["origin", "seed", "test_accuracy"])
    exact = frame["test_accuracy"].where(frame["origin"] == "data-gaussian") + 0.01
    return frame.assign(subset="pair", loss="mse", train_size=8, exact_accuracy=exact)


def test_accuracy_over_seeds(three_seeds):
    found = accuracy.table(three_seeds)
    assert found["origin"].tolist() == ["data", "data-gaussian"]
    assert found["seeds"].tolist() == [3, 3]
    np.testing.assert_allclose(found["mean"], [0.9, 2.3 / 3])
    np.testing.assert_allclose(found["std"], [0.1, np.sqrt(1 / 75)])
    np.testing.assert_allclose(found["exact"], [np.nan, 2.3 / 3 + 0.01])


def test_accuracy_of_one_seed_has_no_spread(three_seeds):
    found = accuracy.table(three_seeds[three_seeds["seed"] == 1])
    assert found["std"].isna().all()


def test_accuracy_keeps_settings_apart(three_seeds):
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
    found = accuracy.table(pd.concat(frames))
    of_data = found[found["origin"] == "data"]
    assert (
        list(zip(of_data["subset"], of_data["loss"], of_data["train_size"], strict=True))
        == settings
    )
    np.testing.assert_allclose(of_data["mean"], 0.9 + np.arange(8))
