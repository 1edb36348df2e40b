"""Planned looks and numbers of units, against published values and simulations."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.universality.equivalence import BEYOND, NONE, WITHIN, interval, outcome
from gaussianity.universality.further_data import (
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


def test_levels_of_the_looks():
    """Together they err in 4.7 % of studies, by an integral over all three statistics."""
    found = look_levels(LOOKS, 0.05)
    assert found == pytest.approx([0.0168, 0.0177, 0.0260], abs=5e-5)
    fractions = np.sqrt([[min(a, b) / max(a, b) for b in LOOKS] for a in LOOKS])
    inside = stats.multivariate_normal.cdf(stats.norm.isf(found), cov=fractions)
    assert 1 - inside == pytest.approx(0.047, abs=1e-4)
    assert look_levels([7], 0.03).tolist() == [0.03]


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


@pytest.mark.parametrize("alone", [True, False])
def test_the_chance_of_a_decision_in_simulation(alone):
    """Truths and deviations drawn from the posterior of 5 units, then the data of 12."""
    now, found = generator(1).normal(0.3, 0.8, 5), 0
    mean, deviation, trials = now.mean(), now.std(ddof=1), 2000
    drawn = generator(2)
    for _ in range(trials):
        variance = deviation**2 * 4 / drawn.chisquare(4)
        truth = drawn.normal(mean, np.sqrt(variance / 5))
        new = drawn.normal(truth, np.sqrt(variance), 12 if alone else 7)
        total = interval(new if alone else [*now, *new], 0.05)
        found += outcome(total, 1.0) in (NONE, WITHIN, BEYOND)
    chance = chance_of_decision(Found(mean, deviation, 5), 12, 1.0, 0.05, generator(3), alone=alone)
    assert 0.1 < chance < 0.9
    assert found / trials == pytest.approx(chance, abs=0.04)


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
