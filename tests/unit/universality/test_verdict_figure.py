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


def test_sources_stand_beside_one_another_with_their_intervals():
    """The second source is 8 % to the right of the first; the margin is the band."""
    shown = verdicts(["pair", "ten"], ["diffusion", "data"])
    shown["excess"] = np.linspace(-0.01, 0.01, len(shown))
    figure = verdict.draw(shown, 0.02)
    groups = list(shown.groupby(["subset", "loss"], sort=False))
    for panel, (_, of_panel) in zip(figure.axes, groups, strict=True):
        for right, bars in zip((1, 1.08), panel.containers, strict=True):
            rows = of_panel[of_panel["source"] == bars.get_label()]
            np.testing.assert_allclose(
                bars[0].get_xdata().astype(float), rows["train_size"] * right
            )
            np.testing.assert_allclose(bars[0].get_ydata().astype(float), rows["excess"])
            ends = np.array(bars[2][0].get_segments())[..., 1]
            np.testing.assert_allclose(ends, rows[["low", "high"]])
        (band,) = panel.patches
        assert (band.get_y(), band.get_height()) == pytest.approx((-0.02, 0.04))
    plt.close(figure)
