"""The table of the figure of transition times."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from manifold_figure_cases import transition_measurements, transition_theory

from gaussianity.manifold.figures import transition_times
from gaussianity.manifold.theory.curves import ORTHONORMAL, Setting, theory_curves


def test_measured_times_stand_with_the_curves_of_the_same_data():
    """Speciation points match for every n; collapse points for the same d, as t_C(n/2) needs."""
    theory, measured = transition_theory(["relu", "isometric"]), transition_measurements()
    found = transition_times.table(theory.assign(alpha=measured["alpha"].iloc[0]), measured)
    points = found[found["kind"] == "measured"]
    assert (found["kind"] == "theory").sum() == len(theory)
    drawn = points.groupby(["activation", "transition", "kappa"])["varied"].apply(sorted).to_dict()
    everywhere = ["alpha", "beta", "separation"]
    assert drawn == {
        ("relu", "collapse", 1.0): everywhere,
        ("relu", "speciation", 0.5): everywhere,
        ("isometric", "collapse", 0.5): sorted(2 * everywhere),  # in both normalisations
    }
    np.testing.assert_allclose(points["high"] - points["low"], 0.2)
    others = transition_times.table(theory, measured.assign(n=2 * measured["n"]))
    others = others[others["kind"] == "measured"].groupby("transition")["varied"].agg(set)
    assert others.to_dict() == {"collapse": {"alpha"}, "speciation": set(everywhere)}
    larger = transition_times.table(theory, measured.assign(d=128, p=64))
    assert not (larger["kind"] == "measured").any()


def test_theory_alone():
    theory = transition_theory(["sign"])
    found = transition_times.table(theory)
    found = found[found["kind"] == "theory"].drop(columns="kind")
    pd.testing.assert_frame_equal(found, theory, check_like=True)


def test_the_papers_closed_form_is_drawn_where_kappa_is_beta():
    """At the default point (beta = 1/4, n = 20,000, d = 256) it is 0.66, as the isometric curve and
    as the solution of (beta / 2) log(1 / Delta_t) = alpha, the information of F^T F = I."""
    point = Setting.of_samples(d=256, samples=20000, beta=0.25, separation=0.0)
    ranges = dict(beta=[0.25, 0.5], alpha=[point.alpha, 0.08], separation=[0.0])
    settings = dict(speciation=point, collapse=point)
    columns = theory_curves("isometric", ranges, settings)
    found = transition_times.table(pd.DataFrame(columns).assign(activation="isometric"))
    curve = found[(found["transition"] == ORTHONORMAL) & (found["criterion"] == "n")]
    closed, own = (curve[curve["kind"] == k] for k in (transition_times.CLOSED_FORM, "theory"))
    np.testing.assert_allclose(closed["time"], own["time"], rtol=1e-12)
    delta = np.exp(-2 * closed["alpha"] / closed["beta"])
    np.testing.assert_allclose(closed["time"], -0.5 * np.log(1 - delta), rtol=1e-12)
    assert closed["time"].iloc[0] == pytest.approx(0.6618, abs=5e-5)
    figure = transition_times.draw(found)
    plt.close(figure)
    dotted = [line.get_linestyle() == ":" for panel in figure.axes for line in panel.lines]
    assert sum(dotted) == 3  # once along beta, alpha and separation


def test_bars_reach_from_the_lower_to_the_upper_time():
    summary = transition_times.table(transition_theory(["relu"]), transition_measurements())
    summary.loc[summary["kind"] == "measured", "high"] += 0.3
    figure = transition_times.draw(summary)
    bars = [
        segment[:, 1]
        for panel in figure.axes
        for container in panel.containers
        for segment in container.lines[2][0].get_segments()
    ]
    plt.close(figure)
    assert bars
    np.testing.assert_allclose(bars, [[1.4, 1.9]] * len(bars))


def test_only_the_axes_of_beta_are_logarithmic():
    figure = transition_times.draw(transition_times.table(transition_theory(["relu"])))
    scales = {panel.get_xlabel(): panel.get_xscale() for panel in figure.axes}
    plt.close(figure)
    labels = transition_times.AXES
    expected = {labels["beta"]: "log", labels["alpha"]: "linear", labels["separation"]: "linear"}
    assert scales == expected


def test_each_panel_has_the_curve_along_its_own_parameter():
    """The made-up time is 1 plus the parameter."""
    figure = transition_times.draw(transition_times.table(transition_theory(["relu"])))
    for panel in figure.axes:
        np.testing.assert_allclose(panel.lines[0].get_xydata(), [(x, 1 + x) for x in (0.1, 0.5, 1)])
    plt.close(figure)


def titles_of(names, **changes):
    figure = transition_times.draw(
        transition_times.table(transition_theory(names).assign(**changes))
    )
    plt.close(figure)
    return [panel.get_title() for panel in figure.axes]


def test_titles_say_what_is_held_fixed():
    """The made-up speciation has kappa = beta and the collapse kappa = 1, but not for isometric
    F."""
    titles = np.array(titles_of(["relu", "isometric"]))
    speciation, orthonormal, collapse = np.split(titles, [3, 6])
    assert all(title.count("kappa") == title.count(r"\kappa = \beta") == 1 for title in orthonormal)
    assert r"$\kappa = \beta$" in speciation[0]
    assert r"$\beta$" not in speciation[0]
    assert speciation[0].count("kappa") == 1
    assert all("$d$ = 64" in title for title in (*speciation, *collapse))
    assert all(r"$\kappa$ = 0.5" in title for title in speciation[1:])
    assert all(r"$\kappa$ = 1" in title for title in collapse)
    assert all(r"$\alpha$" not in title for title in (*speciation, collapse[1]))
    assert r"$\alpha$ = 0.1" in collapse[0]
    assert len(titles_of(["isometric"])) == 6  # isometric F has kappa = beta alone


def test_the_legend_names_measured_times_where_there_are_some():
    theory = transition_theory(["relu"])
    for measured in (None, transition_measurements()):
        table = transition_times.table(
            theory.assign(alpha=transition_measurements()["alpha"].iloc[0]), measured
        )
        figure = transition_times.draw(table)
        plt.close(figure)
        texts = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
        assert "ReLU" in texts
        assert ("measured" in texts) == (measured is not None)


def test_curves_leave_out_measured_points_and_times_that_do_not_exist():
    summary = transition_times.table(transition_theory(["relu"]), transition_measurements())
    measured = summary[summary["kind"] == "theory"].assign(kind="measured", low=1.0, high=9.0)
    lacking = (summary["kind"] == "theory") & (summary["time"] == 1.5)
    summary["time"] = summary["time"].mask(lacking)
    figure = transition_times.draw(pd.concat([summary, measured], ignore_index=True))
    plt.close(figure)
    for panel in figure.axes:
        np.testing.assert_allclose(panel.lines[0].get_xydata(), [(x, 1 + x) for x in (0.1, 1)])
