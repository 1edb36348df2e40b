"""The summary of the controls by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gaussianity.universality.control_summary import summary


def accuracies(sizes=(48, 128, 512)):
    """Accuracies that fall towards that of the data, 0.7, as 1 over the number of fitted images."""
    frame = pd.DataFrame(dict(fit_size=sizes)).assign(data=0.7)
    for name, height in dict(sample=5, ledoit_wolf=2).items():
        frame[name] = frame["data"] + height / frame["fit_size"]
        frame[f"{name}_refit"] = frame[name] + 0.6 * height / frame["fit_size"]
    return frame


def verdicts(low, high):
    centre = (low + high) / 2
    frame = pd.DataFrame(dict(repetition=range(len(low)), excess=centre, low=low, high=high))
    return frame.assign(control="gaussian", margin=0.02)


def test_shares_of_verdicts_of_the_controls():
    """Four repetitions: inside, across, beyond the margin, and inside without zero."""
    low, high = np.array([-0.01, 0.01, -0.05, 0.001]), np.array([0.01, 0.03, -0.021, 0.019])
    found = summary(verdicts(low, high), accuracies())
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
    found = summary(verdicts(np.zeros(1), np.ones(1)), accuracies())
    means = found[found["panel"] == "estimation"].set_index(["case", "quantity", "at"])["value"]
    assert means["sample", "gap", 48] == pytest.approx(5 / 48)
    assert means["sample", "control", 48] == pytest.approx(3 / 48)
    assert means["ledoit_wolf", "gap", 512] == pytest.approx(2 / 512)


def test_the_first_repetitions_are_listed():
    low = -np.arange(20) / 100
    found = summary(verdicts(low, low + 0.01), accuracies())
    listed = found[found["panel"] == "excess"]
    assert listed["at"].tolist() == list(range(12))
    np.testing.assert_array_equal(listed["low"], low[:12])
