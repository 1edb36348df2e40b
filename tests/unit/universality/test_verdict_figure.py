"""The panels of the figure of the verdict."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from universality_figure_cases import draw_verdict, verdicts

from gaussianity.universality.figures import verdict


@pytest.mark.parametrize("reach", [0.05, np.inf])
def test_the_vertical_range_is_that_of_the_largest_sizes(reach):
    """Intervals of smaller sizes are wider; without an interval the gaps and the margin count."""
    shown = verdicts(["pair"], ["data"], reach)
    largest = shown[shown["train_size"] == 512].iloc[0]
    ends = largest[["low", "high", "gap"]].astype(float).abs()
    expected = max(0.04, 1.15 * ends[np.isfinite(ends)].max())
    figure = verdict.draw(shown, 0.02)
    for panel in figure.axes:
        assert panel.get_ylim() == pytest.approx((-expected, expected))
    if np.isfinite(reach):
        assert shown["low"].min() < -expected
    plt.close(figure)


def test_a_panel_per_subset_and_loss_with_the_excess_and_the_gap():
    figure = draw_verdict(3, ["diffusion", "data"])
    assert len(figure.axes) == 3 * 4
    assert figure.axes[0].get_title() == "pair: mean squared error"
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    names = [
        f"{name}: {what}"
        for name in ("diffusion", "data")
        for what in ("gap less control", "bare gap")
    ]
    assert sorted(labels) == sorted(["margin 0.02", *names])
    plt.close(figure)
