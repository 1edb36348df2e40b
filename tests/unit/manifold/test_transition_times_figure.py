"""The table of the figure of transition times."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from manifold_figure_cases import transition_measurements, transition_theory

from gaussianity.manifold.figures import transition_times


def test_measured_times_stand_with_the_curves_of_the_same_data():
    """Speciation points match for every n; collapse points for the same d, as t_C(n/2) needs."""
    theory, measured = transition_theory(["relu", "isometric"]), transition_measurements()
    found = transition_times.table(theory.assign(alpha=measured["alpha"].iloc[0]), measured)
    points = found[found["kind"] == "measured"]
    assert len(found) == len(theory) + len(points)
    drawn = points.groupby(["activation", "transition", "kappa"])["varied"].apply(sorted).to_dict()
    everywhere = ["alpha", "beta", "separation"]
    assert drawn == {
        ("relu", "collapse", 1.0): everywhere,
        ("relu", "speciation", 0.5): everywhere,
        ("isometric", "collapse", 0.5): everywhere,
    }
    np.testing.assert_allclose(points["high"] - points["low"], 0.2)
    others = transition_times.table(theory, measured.assign(n=2 * measured["n"]))
    others = others[others["kind"] == "measured"].groupby("transition")["varied"].agg(set)
    assert others.to_dict() == {"collapse": {"alpha"}, "speciation": set(everywhere)}
    larger = transition_times.table(theory, measured.assign(d=128, p=64))
    assert not (larger["kind"] == "measured").any()


def test_theory_alone():
    theory = transition_theory(["sign"])
    pd.testing.assert_frame_equal(
        transition_times.table(theory).drop(columns="kind"), theory, check_like=True
    )


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
    speciation, collapse = np.split(np.array(titles_of(["relu", "isometric"])), [3])
    assert r"$\kappa = \beta$" in speciation[0]
    assert r"$\beta$" not in speciation[0]
    assert speciation[0].count("kappa") == 1
    assert all("$d$ = 64" in title for title in (*speciation, *collapse))
    assert all(r"$\kappa$ = 0.5" in title for title in speciation[1:])
    assert all(r"$\kappa$ = 1" in title for title in collapse)
    assert all(r"$\alpha$" not in title for title in (*speciation, collapse[1]))
    assert r"$\alpha$ = 0.1" in collapse[0]
    assert not any(r"\kappa = " in title for title in titles_of(["isometric"]))


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
