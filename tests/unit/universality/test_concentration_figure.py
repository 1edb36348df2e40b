"""The lines of the figure of concentration."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import ALL, DATA
from universality_figure_cases import concentrations, draw_concentration

from gaussianity.universality.figures import concentration


def test_every_base_of_the_sampler_has_a_line():
    from gaussianity.sampling.arguments import BASES

    assert set(concentration.BASES) == {f"base-{base}" for base in BASES}
    colours = [concentration.look(name)["color"] for name in (*ALL, *concentration.BASES)]
    assert len(set(colours)) == len(colours)


def test_marks_of_populations_stand_side_by_side_at_their_family():
    """Two populations lie 0.2 to the left and to the right of each family's place."""
    figure = draw_concentration(1, DATA, ())
    (panel,) = [a for a in figure.axes if a.get_title().startswith("(i)")]
    places = [np.array(bars.lines[0].get_xdata(), float) for bars in panel.containers]
    plt.close(figure)
    families = np.arange(len(concentration.TITLES))
    assert len(places) == 2
    for found, side in zip(places, (-0.2, 0.2), strict=True):
        np.testing.assert_allclose(np.sort(found), families + side)


def test_ratios_have_their_intervals_and_the_others_small_marks():
    """Of three classes, the first functional of each family has an interval in one of them."""
    ratios, survival = concentrations(["a", "b", "c"], DATA, ())
    ratios.loc[ratios["functional"] == "norm", "low"] = 1.5 * ratios["ratio"]  # outside of it
    figure = concentration.draw(ratios, survival, "b")
    (panel,) = [a for a in figure.axes if a.get_title().startswith("(i)")]
    small = [line for line in panel.lines if line.get_marker() == "_" and line.get_alpha()]
    for population, bars, marks in zip(DATA, panel.containers, small, strict=True):
        rows = ratios[ratios["population"] == population]
        firsts = [concentration.first(name) for name in concentration.TITLES]
        is_marked = (rows["image_class"] == "b") & rows["functional"].isin(firsts)
        shown, behind = rows[is_marked], rows[~is_marked]
        height = shown[["ratio", "low", "high"]].clip(lower=concentration.SMALLEST)
        np.testing.assert_allclose(bars[0].get_ydata().astype(float), height["ratio"])
        ends = np.array(bars[2][0].get_segments())[..., 1]
        low = np.minimum(height["low"], height["ratio"])
        np.testing.assert_allclose(ends, np.stack([low, height["high"]], axis=1))
        assert len(shown) == len(concentration.TITLES)
        np.testing.assert_allclose(
            marks.get_ydata(), behind["ratio"].clip(lower=concentration.SMALLEST)
        )
    plt.close(figure)


def test_survival_functions_are_of_the_class_and_the_bound_starts_at_one():
    ratios, survival = concentrations(["a", "b"], DATA, ())
    figure = concentration.draw(ratios, survival, "b")
    (panel,) = [a for a in figure.axes if a.get_title() == "(a) norm"]
    *lines, bound = panel.lines
    for population, line in zip(DATA, lines, strict=True):
        rows = survival[survival["population"] == population]
        rows = rows[(rows["image_class"] == "b") & (rows["functional"] == "norm")]
        rows = rows[rows["share"] > 0]
        np.testing.assert_array_equal(line.get_xdata(), rows["t"])
        np.testing.assert_array_equal(line.get_ydata(), rows["share"])
    assert bound.get_ydata()[0] == pytest.approx(1)
    shown = survival[(survival["image_class"] == "b") & (survival["functional"] == "norm")]
    shown = shown[shown["share"] > 0]
    assert panel.get_xlim() == pytest.approx((0, max(4, shown["t"].max() + 0.2)))
    assert panel.get_ylim() == pytest.approx((shown["share"].min() / 1.5, 1.5))
    np.testing.assert_allclose(bound.get_ydata(), 2 * np.exp(-(bound.get_xdata() ** 2) / 2))
    plt.close(figure)
