"""The summary of the controls by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gaussianity.universality.controls.control_summary import (
    BEYOND,
    INSIDE,
    accepted,
    passes,
    summary,
)
from gaussianity.universality.verdict.equivalence import OUTCOMES


def accuracies(sizes=(0.75, 2, 8)):
    """Estimates that fall towards the true accuracy, 0.7, as 1 over the images per pixel."""
    frame = pd.DataFrame(dict(law="normal", images_per_pixel=sizes)).assign(data=0.7)
    for name, height in dict(sample=0.1, ledoit_wolf=0.05, mixing=0).items():
        frame[name] = frame["data"] + height / frame["images_per_pixel"]
    return frame


def repetitions(low, high, truth=0.0, margin=0.02):
    outcome = np.resize(list(OUTCOMES.values()), len(low))
    frame = pd.DataFrame(dict(low=low, high=high, outcome=outcome, truth=truth, margin=margin))
    return frame.assign(control="case")


def rows(found, panel):
    return found[found["panel"] == panel].set_index("quantity")


def test_coverage_is_the_share_of_intervals_that_contain_the_truth():
    """Around it, with it as an end, above it, and below it."""
    low, high = np.array([-0.01, 0.005, 0.006, -0.02]), np.array([0.01, 0.02, 0.02, 0.004])
    found = rows(summary(repetitions(low, high, truth=0.005), accuracies()), "coverage")
    share = found.loc["coverage"]
    assert share["value"] == 0.5
    assert share["count"] == 4
    assert share["low"] == pytest.approx(stats.beta.ppf(0.025, 2, 3))
    assert share["high"] == pytest.approx(stats.beta.ppf(0.975, 3, 2))


def test_false_verdicts_are_counted_at_the_margin_alone():
    """Inside, across, beyond the margin on the other side, and beyond it."""
    low, high = np.array([-0.019, -0.03, 0.021, -0.05]), np.array([0.01, 0.01, 0.03, -0.021])
    found = summary(repetitions(low, high, truth=-0.02), accuracies())
    false = rows(found, "false")["value"]
    assert false.to_dict() == {INSIDE: 0.25, BEYOND: 0.5}
    assert not len(rows(found, "outcomes"))
    elsewhere = summary(repetitions(low, high, truth=-0.019), accuracies())
    assert not len(rows(elsewhere, "false"))


def test_shares_of_the_outcomes():
    low = np.zeros(7)  # the first two outcomes twice
    found = rows(summary(repetitions(low, low + 0.01), accuracies()), "outcomes")["value"]
    assert found.to_dict() == pytest.approx(
        dict(zip(OUTCOMES.values(), np.array([2, 2, 1, 1, 1]) / 7, strict=True))
    )


def test_a_truth_that_is_not_known_has_no_coverage():
    found = summary(repetitions(np.zeros(3), np.ones(3), truth=np.nan), accuracies())
    assert set(found["panel"]) == {"outcomes", "estimation"}


def test_a_control_passes_from_a_quantile_of_the_binomial():
    """Known numbers: right intervals fail with less than 0.0005, halved ones pass with 6e-8."""
    least = accepted(200)
    assert least == 165
    assert [passes(count, 200) for count in (164, 165, 200)] == [False, True, True]
    assert stats.binom(200, 0.9).cdf(least - 1) < 5e-4
    halved = stats.binom(200, 2 * stats.t.cdf(stats.t.ppf(0.95, 4) / 2, 4) - 1)
    assert halved.sf(least - 1) == pytest.approx(5.8e-8, rel=0.05)


@pytest.mark.parametrize(("covering", "state"), [(180, True), (130, False), (0, False)])
def test_the_table_says_whether_a_control_passes(covering, state):
    ends = np.where(np.arange(200) < covering, 0.01, -0.005)
    found = summary(repetitions(np.full(200, -0.01), ends), accuracies())
    assert rows(found, "coverage").loc["coverage", "passes"] == state
    assert rows(found, "outcomes")["passes"].isna().all()


def test_what_is_left_is_the_estimate_less_the_true_accuracy():
    found = summary(repetitions(np.zeros(1), np.ones(1)), accuracies())
    left = found[found["panel"] == "estimation"].set_index(["case", "quantity", "at"])["value"]
    assert left["normal", "sample", 2] == pytest.approx(0.05)
    assert left["normal", "ledoit_wolf", 0.75] == pytest.approx(0.05 / 0.75)
    assert left["normal", "mixing", 8] == pytest.approx(0)


def test_what_is_left_reaches_a_standard_error_to_either_side():
    """Differences of 0.1 and 0.3: mean 0.2, standard error 0.1; a single one has no error."""
    several = accuracies((1, 1, 2)).assign(sample=[0.8, 1.0, 0.8])
    found = summary(repetitions(np.zeros(1), np.ones(1)), several)
    left = found[found["quantity"] == "sample"].set_index("at")
    np.testing.assert_allclose(left.loc[1, ["value", "low", "high"]].astype(float), [0.2, 0.1, 0.3])
    np.testing.assert_allclose(left.loc[2, ["value", "low", "high"]].astype(float), [0.1] * 3)
    assert left["count"].to_dict() == {1: 2, 2: 1}
