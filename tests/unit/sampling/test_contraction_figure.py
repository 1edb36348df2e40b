"""The panels of the figure of contraction."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sampling_figure_cases import stretches

from gaussianity.sampling.contraction_summary import contraction_summary
from gaussianity.sampling.figures import contraction


def test_the_panel_of_shares_ends_above_the_largest():
    """Half of the images expand at low noise."""
    frame = stretches(["7"])
    frame.loc[frame["seed"] < 2, "lipschitz"] = 0.5
    figure = contraction.draw(contraction_summary(frame))
    panel = figure.axes[1]
    largest = max(line.get_ydata().max() for line in panel.lines)
    low, high = panel.get_ylim()
    plt.close(figure)
    assert largest == 50
    assert low < 0
    assert largest < high < 1.5 * largest


@pytest.fixture(scope="module")
def drawn():
    """Four trajectories of two classes, with the largest constants in closed form."""
    summary = contraction_summary(stretches(["7", "8"], closed=True))
    figure = contraction.draw(summary)
    plt.close(figure)
    return figure.axes, summary[summary["image_class"] == "all"]


def test_constants_are_those_of_all_classes(drawn):
    (panel, *_), overall = drawn
    lines = {line.get_label(): line for line in panel.lines}
    shown = {"median": "median", "largest": "most", "closed form, largest": "closed_form"}
    for label, name in shown.items():
        np.testing.assert_allclose(lines[label].get_xydata(), overall[["sigma", name]])
    band = panel.collections[0].get_paths()[0].vertices[:, 1]
    assert (band.min(), band.max()) == (overall["q05"].min(), overall["q95"].max())
    assert panel.get_title() == "(a) 8 trajectories of 2 classes"
    assert panel.get_yscale() == "linear"
    assert any(set(line.get_ydata()) == {1} for line in panel.lines)


def test_large_constants_have_a_logarithmic_axis():
    for factor, scale in ((1.0, "linear"), (50.0, "log")):
        frame = stretches(["7"], images=2, ranks=1)
        frame["lipschitz"] *= factor
        figure = contraction.draw(contraction_summary(frame))
        plt.close(figure)
        assert figure.axes[0].get_yscale() == scale
        assert figure.axes[0].get_title() == "(a) 2 trajectories of 1 class"
        assert figure.axes[2].get_title() == "(c) 1 leading singular value"


def test_shares_are_percent_of_all_trajectories(drawn):
    (_, panel, _), overall = drawn
    for line, name in zip(panel.lines, ("share_expands", "share_grew"), strict=False):
        np.testing.assert_allclose(line.get_ydata(), 100 * overall[name])
        assert f"({100 * overall[name].mean():.3g} % of all)" in line.get_label()
    both = 100 * overall["share_both"].mean()
    assert panel.get_title() == f"(b) norm falls, yet step expands: {both:.3g} %"


def test_singular_values_are_named_at_both_ends(drawn):
    (*_, panel), overall = drawn
    for k, line in enumerate(panel.lines[:8]):
        np.testing.assert_allclose(line.get_ydata(), overall[f"singular_{k + 1}"])
    legend = [text.get_text() for text in panel.get_legend().get_texts()]
    assert legend == ["rank 1", "rank 8"]
    assert set(panel.lines[8].get_ydata()) == {1}
