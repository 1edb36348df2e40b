"""Norms along the sampler: decreases and quantiles against numbers by hand."""

import numpy as np
import pandas as pd
import pytest
from figure_cases import CLASSES, product
from sampling_figure_cases import decrease_table, trajectory

from gaussianity.sampling.norms import (
    NORMS,
    decrease_moments,
    decrease_summary,
    norm_decreases,
    norm_quantiles,
)


@pytest.fixture
def two_steps():
    """Norms of three images; one grows in its second step, one stands still."""
    norms = {("a", 0): [5.0, 3.0, 4.0], ("a", 1): [5.0, 4.0, 2.0], ("b", 0): [5.0, 1.0, 1.0]}
    rows = [
        (image_class, seed, step, [80.0, 1.0, 0.0][step], norm)
        for (image_class, seed), values in norms.items()
        for step, norm in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["image_class", "seed", "step", "sigma", "x_norm"])


def test_decrease_of_each_step(two_steps):
    found = norm_decreases(two_steps)
    assert found["decrease"].tolist() == [2, -1, 1, 2, 4, 0]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["sigma"].tolist() == [80, 1] * 3
    assert found["seed"].tolist() == [0, 0, 1, 1, 0, 0]
    assert found["image_class"].tolist() == list("aaaabb")


def test_contraction_per_class_and_of_all(two_steps):
    found = decrease_table(norm_decreases(two_steps))
    assert found["image_class"].tolist() == ["a", "a", "b", "b", "all", "all"]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["images"].tolist() == [2, 2, 1, 1, 3, 3]
    np.testing.assert_allclose(found["mean"], [1.5, 0.5, 4, 0, 7 / 3, 1 / 3])
    np.testing.assert_allclose(found["share_grew"], [0, 0.5, 0, 0, 0, 1 / 3])
    spread = [np.sqrt(0.5), np.sqrt(4.5), np.nan, np.nan, np.sqrt(7 / 3), np.sqrt(7 / 3)]
    np.testing.assert_allclose(found["std"], spread)
    assert found["least"].tolist() == [1, -1, 4, 0, 1, -1]
    assert found["most"].tolist() == [2, 2, 4, 0, 4, 2]


def test_contraction_of_parts_is_that_of_the_whole():
    steps = norm_decreases(trajectory(CLASSES[10], images=7))
    parts = [decrease_moments(part) for _, part in steps.groupby(["image_class", "seed"])]
    whole = decrease_table(steps)
    found = decrease_summary([*parts[::2], *parts[1::2]])
    pd.testing.assert_frame_equal(found, whole, rtol=1e-12)
    grouped = steps.groupby(["image_class", "step"], sort=False)["decrease"]
    of_classes = whole[whole["image_class"] != "all"]
    np.testing.assert_allclose(of_classes["mean"], grouped.mean())
    np.testing.assert_allclose(of_classes["std"], grouped.std())


def test_quantiles_of_norms():
    """Five images: the quantile q of 0, 1, 2, 3, 4 is 4q."""
    frame = product(seed=range(5), step=[0, 1, 2])
    frame["sigma"] = 2.0 - frame["step"]
    for offset, name in enumerate(NORMS):
        frame[name] = frame["seed"] + 10 * frame["step"] + 100.0 * offset
    ended = frame["step"] == 2
    frame.loc[ended, ["denoised_norm", "direction_norm"]] = np.nan
    found = norm_quantiles(frame, [0, 2])
    assert found["norm"].tolist() == ["denoised_norm", "direction_norm", "x_norm", "x_norm"]
    assert found["step"].tolist() == [0, 0, 0, 2]
    assert found["sigma"].tolist() == [2, 2, 2, 0]
    quantiles = found[["q05", "q25", "q50", "q75", "q95"]]
    starts = np.array([100, 200, 0, 20])
    np.testing.assert_allclose(quantiles, starts[:, None] + [0.2, 1, 2, 3, 3.8])
