"""Panels of the figure of clones."""

import numpy as np
import pandas as pd
from agreement_cases import chosen

from gaussianity.drawing import style
from gaussianity.manifold.figures import clone_agreement
from gaussianity.manifold.measured import agreement


def test_headline_names_cases_without_a_measured_time(summary):
    """One case lacks the spectral time, one lacks both; the first's other time is in the gap."""
    half = summary.assign(
        case="half",
        crosses_spectral=np.where(summary["of"] == "posterior", np.nan, summary["spectral"]),
        crosses_potential=summary["potential"] - 0.1,
    )
    none = half.assign(case="none", crosses_potential=np.nan)
    found = agreement.headline(pd.concat([summary, half, none]))
    assert "times of 3 cases are at most 0.00" in found
    assert ", 0.100 from" in found
    assert found.endswith("\nnot measured, or not both, in 2: half, none")
    assert agreement.headline(none).startswith("No speciation time is measured in 1 case;")
    figure = clone_agreement.draw(half)
    assert ", not measured" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)


def test_lines_only_of_criteria_that_are_times(summary):
    """One class has no criterion; classes that hardly differ have a negative 1/2 log Lambda."""
    none = summary.assign(spectral=-36.7, potential=np.nan)
    for shown, count in ((summary, 2), (none, 0)):
        figure = clone_agreement.draw(chosen(shown, panel="cloning"))
        dashed = [line for line in figure.axes[0].lines if line.get_linestyle() in ("--", ":")]
        assert len(dashed) == 2 * count
        low, high = figure.axes[0].get_xlim()
        assert -0.5 < low < high < 4
        style.plt.close(figure)


def test_a_panel_for_each_case_of_both_kinds(summary):
    figure = clone_agreement.draw(summary)
    titles = [panel.get_title() for panel in figure.axes]
    assert len(titles) == 2
    assert all("linear, $d$ = 8" in title for title in titles)
    assert "measured" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)


def test_panels_show_theory_posterior_and_clones(summary):
    figure = clone_agreement.draw(summary)
    style.plt.close(figure)
    speciation, cloning = figure.axes
    for panel, kind in ((speciation, "speciation"), (cloning, "cloning")):
        theory = chosen(summary, panel=kind, of="theory")[["time", "value"]]
        np.testing.assert_array_equal(panel.lines[0].get_xydata(), theory)
    measured = chosen(summary, panel="speciation", of="posterior")
    (bars,) = speciation.containers
    np.testing.assert_array_equal(bars.lines[0].get_xydata(), measured[["time", "value"]])
    lengths = [np.ptp(segment[:, 1]) for segment in bars.lines[2][0].get_segments()]
    np.testing.assert_allclose(lengths, 2 * measured["error"])
    for bars, quantity in zip(cloning.containers, ("class", "point"), strict=True):
        points = chosen(summary, panel="cloning", of="clones", quantity=quantity)
        np.testing.assert_array_equal(bars.lines[0].get_xydata(), points[["time", "value"]])
        curve = chosen(summary, panel="cloning", of="posterior", quantity=quantity)
        lines = [line.get_xydata().tolist() for line in cloning.lines]
        assert curve[["time", "value"]].to_numpy().tolist() in lines
    assert r"$\beta$ = 0.5, $|\tilde\mu|^2$ = 1" in speciation.get_title()


def test_values_lie_within_the_panels(summary):
    """Probabilities are from 1/2 or 0 to 1; the text stands above 1."""
    figure = clone_agreement.draw(summary)
    style.plt.close(figure)
    (low, high), (least, most) = (panel.get_ylim() for panel in figure.axes)
    assert low < 0.5 < 1.1 < high
    assert least < 0 < 1 < most
    ticks = figure.axes[0].get_yticks()
    np.testing.assert_allclose(ticks, [0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
