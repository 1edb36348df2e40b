"""Planned looks and numbers of units, against published values and simulations."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.universality.verdict import further_data
from gaussianity.universality.verdict.equivalence import BEYOND, interval, outcome
from gaussianity.universality.verdict.further_data import (
    Found,
    Needed,
    chance_of_decision,
    look_levels,
    smallest_difference,
    units_needed,
)

LOOKS = [5, 10, 20]


def generator(*numbers):
    return np.random.default_rng(numbers)


@pytest.mark.parametrize("looks", [LOOKS, [2, 5, 20], [16, 20], [5, 20]])
def test_levels_of_the_looks(looks):
    """Up to each look, studies err as often as Pocock's spending function says.

    The probability is an integral over the statistics of all looks until then.
    """
    found = look_levels(looks, 0.05)
    fractions = np.sqrt([[min(a, b) / max(a, b) for b in looks] for a in looks])
    for k in range(1, len(looks) + 1):
        spent = 0.047 * np.log(1 + (np.e - 1) * looks[k - 1] / looks[-1])
        law = stats.multivariate_normal(cov=fractions[:k, :k], seed=0)
        assert 1 - law.cdf(stats.norm.isf(found[:k])) == pytest.approx(spent, abs=5e-5)


def test_one_look_has_the_whole_level():
    assert look_levels([7], 0.03).tolist() == [0.03]
    assert look_levels(LOOKS, 0.05) == pytest.approx([0.0168, 0.0177, 0.0260], abs=5e-5)


def decisions_at_the_margin(levels, trials=20_000):
    """Share of studies with a false "none" at some look; the truth is the margin of 1."""
    drawn = generator(0).normal(1, 0.5, (trials, 20))
    wrong = np.zeros(trials, dtype=bool)
    for look, level in zip(LOOKS, levels, strict=True):
        part = drawn[:, :look]
        reach = stats.t.isf(level, look - 1) * stats.sem(part, axis=1)
        wrong |= part.mean(axis=1) + reach < 1
    return wrong.sum(), trials


def test_looking_again_without_a_plan_errs_more_often_than_planned_looks():
    assert stats.binomtest(*decisions_at_the_margin([0.05] * 3), 0.05).pvalue < 1e-9
    assert stats.binomtest(*decisions_at_the_margin(look_levels(LOOKS, 0.05)), 0.05).pvalue > 0.001


@pytest.mark.parametrize(
    ("alone", "units", "total"),
    [(True, 5, 12), (False, 5, 12), (True, 4, 2), (False, 2, 3), (False, 3, 5)],
)
@pytest.mark.parametrize("mean", [0.3, -3.0])
def test_the_chance_of_a_decision_in_simulation(monkeypatch, alone, units, total, mean):
    """Truths and deviations drawn from the posterior of the units of now, then more data."""
    trials = 100_000
    monkeypatch.setattr(further_data, "DRAWS", trials)
    drawn = generator(2)
    now = stats.zscore(drawn.standard_normal(units), ddof=1) * 0.8 + mean
    variance = 0.8**2 * (units - 1) / drawn.chisquare(units - 1, trials)
    truth = drawn.normal(mean, np.sqrt(variance / units))
    new = (
        drawn.normal(0, 1, (total if alone else total - units, trials)) * np.sqrt(variance) + truth
    )
    rows = new if alone else np.concatenate([np.tile(now[:, None], trials), new])
    reach = stats.t.isf(0.05, total - 1) * rows.std(axis=0, ddof=1) / np.sqrt(total)
    away = abs(rows.mean(axis=0))
    expected = np.mean((away + reach < 1) | (away - reach > 1))
    found = Found(mean, 0.8, units)
    chance = chance_of_decision(found, total, 1.0, 0.05, generator(3), alone=alone)
    assert chance == pytest.approx(expected, abs=4 * np.sqrt(2 * 0.25 / trials))


def test_limits_of_the_chance():
    for mean, deviation, expected in ((0, 0.01, 1), (5, 0.01, 1), (1, 0.01, 0.1), (0, 50, 0)):
        found = chance_of_decision(Found(mean, deviation, 5), 6, 1.0, 0.05, generator(0))
        assert found == pytest.approx(expected, abs=0.15)


def test_a_range_of_units_whose_ends_have_the_chances():
    found = Found(2.0, 1.2, 5)
    needed = units_needed(found, 1.0, 0.05, generator(0))
    for units, chance in ((needed.likely, 0.5), (needed.very_likely, 0.8)):
        before, then = (
            chance_of_decision(found, n, 1.0, 0.05, generator(0), alone=True)
            for n in (units - 1, units)
        )
        assert before < chance <= then
    assert needed.likely < needed.very_likely <= needed.most == 40
    assert str(needed) == f"{needed.likely} to {needed.very_likely}"


def test_a_truth_at_the_margin_and_a_large_deviation_are_not_the_same():
    at_margin = units_needed(Found(1.0, 0.2, 5), 1.0, 0.05, generator(0))
    noisy = units_needed(Found(0.0, 9.0, 5), 1.0, 0.05, generator(0))
    assert (at_margin.at_margin, at_margin.very_likely) == (20, None)
    assert at_margin.likely > 20
    assert noisy == Needed(None, None, 40, 0)


def test_the_first_number_with_a_chance():
    """A chance of n / 8 of n units; a number counts where its chance is just the wanted one."""
    for wanted, least, most, expected in (
        *((0.5, 2, 8, 4), (0.5, 1, 9, 4), (0.5, 2, 4, 4), (0.5, 4, 9, 4), (0.5, 6, 9, 6)),
        *((0.5, 2, 3, None), (0.55, 2, 10, 5), (1.0, 1, 8, 8)),
    ):
        found = further_data._first(lambda units: units / 8, wanted, least, most)
        assert found == expected


def test_a_number_of_units_is_at_the_margin_unless_the_interval_is_wide(monkeypatch):
    """No number decides; the interval of 4 x 5 units is narrower than the margin, or not."""
    monkeypatch.setattr(further_data, "chance_of_decision", lambda *_, **__: 0.0)
    reach = 2 * stats.t.isf(0.05, 19) / np.sqrt(20)
    for deviation, expected in ((0.99 / reach, 20), (1.01 / reach, 0)):
        needed = units_needed(Found(1.0, deviation, 5), 1.0, 0.05, generator(0))
        assert needed == Needed(None, None, 40, expected)


@pytest.mark.parametrize(("first", "expected"), [(20, 0), (21, 20)])
def test_four_times_the_units_that_decide_are_not_at_the_margin(monkeypatch, first, expected):
    monkeypatch.setattr(
        further_data, "chance_of_decision", lambda found, units, *_, **__: float(units >= first)
    )
    needed = units_needed(Found(1.0, 0.01, 5), 1.0, 0.05, generator(0))
    assert needed == Needed(first, first, 40, expected)


def test_ranges_in_words():
    assert str(Needed(None, None, 20, 0)) == "more than 20"
    assert str(Needed(7, None, 20, 0)) == "7 to more than 20"
    assert str(Needed(7, 7, 20, 0)) == "7"


@pytest.mark.parametrize("units", [5, 10, 20])
def test_the_smallest_difference_is_seen_with_its_power(units):
    distance = smallest_difference(units, 1.0, 0.05)
    drawn = generator(units).normal(1 + distance, 1.0, (2000, units))
    seen = np.mean([outcome(interval(row, 0.05), 1.0) == BEYOND for row in drawn])
    assert seen == pytest.approx(0.8, abs=0.04)
