"""The table of the figure of transition times."""

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
