"""The panels of the figure of norms' decreases."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import CLASSES
from sampling_figure_cases import decrease_table, trajectory

from gaussianity.sampling.figures import norm_contraction
from gaussianity.sampling.norms import norm_decreases


def test_every_chosen_class_has_trajectories():
    classes = CLASSES[20][:12]
    steps = norm_decreases(trajectory(classes))
    figure = norm_contraction.draw(steps, decrease_table(steps), classes, 5)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [f"class {c}" for c in classes]
    assert len({line.get_color() for line in legend.get_lines()}) == 12
    plt.close(figure)


@pytest.mark.parametrize(("count", "named"), [(7, True), (10, True), (20, False)])
def test_means_of_many_classes_have_no_names(count, named):
    classes = CLASSES[20][:count]
    steps = norm_decreases(trajectory(classes))
    figure = norm_contraction.draw(steps, decrease_table(steps), classes[:4], 5)
    legend = figure.axes[1].get_legend()
    plt.close(figure)
    assert (legend is not None) == named
    if named:
        assert [text.get_text() for text in legend.get_texts()] == classes


@pytest.fixture(scope="module")
def panels():
    steps = norm_decreases(trajectory(CLASSES[10][:3]))
    summary = decrease_table(steps)
    figure = norm_contraction.draw(steps, summary, CLASSES[10][:3], 4)
    plt.close(figure)
    return figure.axes, steps, summary


def test_the_shares_of_growing_norms_are_those_of_all_images(panels):
    (_, _, panel), _, summary = panels
    overall = summary[summary["image_class"] == "all"]
    (line,) = panel.lines
    np.testing.assert_allclose(line.get_xdata(), overall["sigma"])
    np.testing.assert_allclose(line.get_ydata(), 100 * overall["share_grew"])
    mean = 100 * overall["share_grew"].mean()  # of as many images in each step
    assert panel.get_title() == f"(c) norm grew in {mean:.1f} % of all steps"


def test_bands_are_one_deviation_around_the_mean_of_a_class(panels):
    (_, panel, _), _, summary = panels
    for name, band in zip(CLASSES[10][:3], panel.collections, strict=True):
        line = summary[summary["image_class"] == name]
        drawn = band.get_paths()[0].vertices[:, 1]
        assert drawn.max() == pytest.approx((line["mean"] + line["std"]).max())
        assert drawn.min() == pytest.approx((line["mean"] - line["std"]).min())


def test_panels_hold_all_values(panels):
    (trajectories, means, grew), steps, _ = panels
    for panel in (trajectories, means):
        low, high = panel.get_ylim()
        assert low < min(0, steps["decrease"].min())
        assert high > steps["decrease"].max()
    low, high = grew.get_ylim()
    assert low < 0
    assert high > grew.lines[0].get_ydata().max()


def test_so_many_trajectories_of_each_class_are_drawn(panels):
    """Lines of one class are one class's trajectories, from the first step to the last."""
    (panel, _, _), steps, _ = panels
    lines = [line for line in panel.lines if len(line.get_xdata()) > 2]
    assert len(lines) == 3 * 4
    assert panel.get_title() == "(a) 4 trajectories per class"
    first = steps[(steps["image_class"] == CLASSES[10][0]) & (steps["seed"] == 0)]
    np.testing.assert_allclose(lines[0].get_xdata(), first["sigma"])
    np.testing.assert_allclose(lines[0].get_ydata(), first["decrease"])
