"""The table and the panels of the figure of norms' decreases."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from figure_cases import CLASSES
from sampling_figure_cases import contraction_table, trajectory

from gaussianity.sampling.figures import norm_contraction


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
    found = norm_contraction.decreases(two_steps)
    assert found["decrease"].tolist() == [2, -1, 1, 2, 4, 0]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["sigma"].tolist() == [80, 1] * 3
    assert found["seed"].tolist() == [0, 0, 1, 1, 0, 0]
    assert found["image_class"].tolist() == list("aaaabb")


def test_contraction_per_class_and_of_all(two_steps):
    found = contraction_table(norm_contraction.decreases(two_steps))
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
    steps = norm_contraction.decreases(trajectory(CLASSES[10], images=7))
    parts = [norm_contraction.partial(part) for _, part in steps.groupby(["image_class", "seed"])]
    whole = contraction_table(steps)
    found = norm_contraction.table([*parts[::2], *parts[1::2]])
    pd.testing.assert_frame_equal(found, whole, rtol=1e-12)
    grouped = steps.groupby(["image_class", "step"], sort=False)["decrease"]
    of_classes = whole[whole["image_class"] != "all"]
    np.testing.assert_allclose(of_classes["mean"], grouped.mean())
    np.testing.assert_allclose(of_classes["std"], grouped.std())


def test_every_chosen_class_has_trajectories():
    classes = CLASSES[20][:12]
    steps = norm_contraction.decreases(trajectory(classes))
    figure = norm_contraction.draw(steps, contraction_table(steps), classes, 5)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [f"class {c}" for c in classes]
    plt.close(figure)
