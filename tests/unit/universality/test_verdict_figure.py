"""The panels of the figure of the verdict."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from universality_figure_cases import draw_verdict, verdicts

from gaussianity.universality.figures import verdict


@pytest.mark.parametrize("reach", [0.05, np.inf])
def test_the_vertical_range_is_that_of_the_largest_sizes(reach):
    """Intervals of smaller sizes are wider; without any, the excess and the margin count."""
    shown = verdicts(["pair"], ["data"], reach)
    largest = shown[shown["train_size"] == 512].iloc[0]
    ends = largest[["low", "high", "excess"]].astype(float).abs()
    expected = max(0.04, 1.15 * ends[np.isfinite(ends)].max())
    figure = verdict.draw(shown, 0.02)
    for panel in figure.axes:
        assert panel.get_ylim() == pytest.approx((-expected, expected))
    if np.isfinite(reach):
        assert shown["low"].min() < -expected
    plt.close(figure)


def test_a_panel_per_subset_and_loss_with_the_excess_and_the_primary_cell():
    figure = draw_verdict(3, ["diffusion", "data"])
    assert len(figure.axes) == 3 * 4
    assert figure.axes[0].get_title() == "pair: mean squared error"
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert sorted(labels) == ["data", "diffusion", "diffusion: primary cell", "margin 0.02"]
    plt.close(figure)


def test_only_the_primary_cell_is_filled():
    """One marker, at the largest size of the primary loss."""
    figure = draw_verdict(1, ["data"])
    for panel in figure.axes:
        filled = [line for line in panel.lines if line.get_label() == "data: primary cell"]
        assert len(filled) == ("least squares" in panel.get_title())
        for line in filled:
            assert line.get_xdata() == [512]
            assert line.get_ydata() == pytest.approx([0.3 / 512 - 0.01])
    plt.close(figure)


def test_an_excess_that_is_missing_leaves_the_margin_in_view():
    shown = verdicts(["pair"], ["data"]).assign(excess=np.nan, low=-np.inf, high=np.inf)
    figure = verdict.draw(shown, 0.02)
    assert figure.axes[0].get_ylim() == pytest.approx((-0.04, 0.04))
    plt.close(figure)
