"""Intervals, outcomes and corrections, against exact values and simulations."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.intervals import holm
from gaussianity.universality.verdict.equivalence import (
    AT_MARGIN,
    BEYOND,
    NONE,
    OPEN,
    WITHIN,
    Interval,
    interval,
    outcome,
    p_beyond,
    p_inside,
)

MARGIN = 0.02
# Coverage of a 90 % t interval of 5 units whose width is halved.
HALVED = 2 * stats.t.cdf(stats.t.isf(0.05, 4) / 2, 4) - 1


def ends(low, high):
    return Interval((low + high) / 2, 0.01, 4, low, high)


def at_margin(trials, units=5, seed=0):
    """Intervals of normal units whose mean is the margin of 1 and whose deviation is a half."""
    drawn = np.random.default_rng(seed).normal(1, 0.5, (trials, units))
    return [interval(row, 0.05) for row in drawn]


def test_the_interval_is_students_over_units():
    means = np.random.default_rng(0).standard_normal(6)
    found = interval(means, 0.05)
    expected = stats.t.interval(0.9, 5, means.mean(), stats.sem(means))
    assert (found.low, found.high) == pytest.approx(expected, rel=1e-12)
    assert (found.mean, found.error, found.dof) == pytest.approx(
        (means.mean(), stats.sem(means), 5)
    )


def test_a_single_unit_has_no_interval():
    found = interval([0.01], 0.05)
    assert (found.low, found.high, found.dof) == (-np.inf, np.inf, 0)
    assert outcome(found, MARGIN) == OPEN
    assert p_inside(found, MARGIN) == p_beyond(found, MARGIN) == 1


def test_equal_units_have_no_width():
    found = interval([0.1, 0.1, 0.1], 0.05)
    assert found.error == 0
    assert (p_inside(found, 0.2), p_beyond(found, 0.2)) == (0, 1)
    assert (p_inside(found, 0.05), p_beyond(found, 0.05)) == (1, 0)


def test_what_is_no_list_of_units_is_refused():
    for means in ([], [[0.1]]):
        with pytest.raises(ValueError, match="of at least one unit, found"):
            interval(means, 0.05)
    with pytest.raises(ValueError, match="must be finite, found"):
        interval([0.1, np.nan], 0.05)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.012, 0.008, NONE),
        (0.003, 0.015, WITHIN),
        (-0.0217, -0.0177, AT_MARGIN),
        (0.021, 0.05, BEYOND),
        (-0.2, -0.001, OPEN),
        (-0.03, 0.01, OPEN),
    ],
)
def test_outcomes_of_known_intervals(low, high, expected):
    """The mirrored interval has the same outcome."""
    assert outcome(ends(low, high), MARGIN) == expected
    assert outcome(ends(-high, -low), MARGIN) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 0.01, NONE),
        (0.01, 0.02, AT_MARGIN),
        (0.02, 0.03, AT_MARGIN),
        (0.0109, 0.0309, AT_MARGIN),
        (0.0109, 0.031, OPEN),
        (-0.02, 0.0, OPEN),
    ],
)
def test_outcomes_at_the_limits(low, high, expected):
    assert outcome(ends(low, high), MARGIN) == expected


def test_the_p_values_agree_with_the_interval():
    for row in np.random.default_rng(1).normal(0.9, 0.8, (300, 4)):
        found = interval(row, 0.05)
        assert (p_inside(found, 1) < 0.05) == (outcome(found, 1) in (NONE, WITHIN))
        assert (p_beyond(found, 1) < 0.05) == (outcome(found, 1) == BEYOND)
        assert p_inside(found, 1) + p_beyond(found, 1) == pytest.approx(1)


@pytest.mark.parametrize("sign", [1, -1])
def test_each_wrong_outcome_at_the_margin_has_the_level(sign):
    trials = 2000
    found = [
        Interval(sign * i.mean, i.error, i.dof, *sorted((sign * i.low, sign * i.high)))
        for i in at_margin(trials)
    ]
    outcomes = [outcome(each, 1.0) for each in found]
    for wrong in ((NONE, WITHIN), (BEYOND,)):
        count = sum(each in wrong for each in outcomes)
        assert stats.binomtest(count, trials, 0.05).pvalue > 0.001


def test_intervals_cover_and_halved_ones_do_not():
    assert pytest.approx(0.6535, abs=5e-5) == HALVED
    trials = 2000
    found = at_margin(trials)
    assert stats.binomtest(sum(i.low < 1 < i.high for i in found), trials, 0.9).pvalue > 0.001
    reach = [abs(i.mean - 1) < (i.high - i.low) / 4 for i in found]
    assert np.mean(reach) == pytest.approx(HALVED, abs=0.04)


def test_holm_keeps_the_rate_of_any_false_none_of_nine_cells_at_the_margin():
    studies = 400
    p_values = np.reshape([p_inside(i, 1.0) for i in at_margin(9 * studies)], (studies, 9))
    assert np.mean((p_values < 0.05).any(axis=1)) > 0.3
    some = sum(holm(row, 0.05).any() for row in p_values)
    assert stats.binomtest(some, studies, 0.05, alternative="greater").pvalue > 0.001
