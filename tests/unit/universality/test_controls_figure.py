"""The table of the figure of the controls."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from universality_figure_cases import control_tables

from gaussianity.universality.figures import controls


def test_shares_of_verdicts_of_the_controls():
    """Four repetitions: inside, across, beyond the margin, and inside without zero."""
    low, high = np.array([-0.01, 0.01, -0.05, 0.001]), np.array([0.01, 0.03, -0.021, 0.019])
    verdicts = pd.DataFrame(dict(repetition=range(4), excess=(low + high) / 2, low=low, high=high))
    verdicts = verdicts.assign(control="gaussian", margin=0.02)
    found = controls.table(verdicts, control_tables(1)[1])
    shares = found[found["panel"] == "verdicts"].set_index("quantity")
    assert shares["value"].to_dict() == {
        "not universal": 0.25,
        "inconclusive": 0.25,
        "universal within the margin": 0.5,
        "interval without zero": 0.75,
    }
    assert shares.loc["not universal", "low"] == pytest.approx(stats.beta.ppf(0.025, 1, 4))
    assert shares.loc["not universal", "high"] == pytest.approx(stats.beta.ppf(0.975, 2, 3))


def test_gaps_of_the_controls_are_over_what_was_fitted():
    verdicts, gaps = control_tables(4)
    found = controls.table(verdicts, gaps)
    means = found[found["panel"] == "estimation"].set_index(["case", "quantity", "at"])["value"]
    assert means["sample", "gap", 48] == pytest.approx(5 / 48)
    assert means["sample", "control", 48] == pytest.approx(3 / 48)
    assert means["ledoit_wolf", "gap", 512] == pytest.approx(2 / 512)
