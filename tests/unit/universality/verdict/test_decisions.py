"""Too easy classes, and what would decide."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from verdict_cases import DESIGNS, LEVEL, MARGIN, RATIO, cells, row, scores, table

from gaussianity.universality.verdict import decisions, equivalence
from gaussianity.universality.verdict.decisions import TOO_EASY_APART, TOO_EASY_TO_TELL
from gaussianity.universality.verdict.equivalence import NONE, OPEN, WITHIN
from gaussianity.universality.verdict.further_data import look_levels


@pytest.mark.parametrize(
    ("images", "gaussian", "deviation", "expected"),
    [
        (0.0018, 0.0163, 0.001, f"{TOO_EASY_APART} 0.11"),
        (0.0195, 0.0113, 0.001, f"{TOO_EASY_APART} 1.7"),
        (0.0163, 0.0163, 0.001, NONE),
        (0.0163, 0.0163, 0.008, TOO_EASY_TO_TELL),
        (0.0424, 0.0424, 0.001, NONE),
        (0.0, 0.0, 0.0, TOO_EASY_TO_TELL),
    ],
)
def test_classes_that_are_too_easy_are_never_an_unqualified_none(
    images, gaussian, deviation, expected
):
    """Both accuracies are so high that their difference lies inside the margin in all cases."""
    frame = scores(excess=gaussian - images, deviation=deviation, accuracy=1 - gaussian)
    found = table(frame[frame["seed"] == 0]).iloc[0]
    assert found["p_none"] < 0.05
    assert found["verdict"] == expected
    assert (found["outcome"] == "too_easy") == (expected not in (NONE, WITHIN))


def test_the_ratio_does_not_concern_classes_that_are_not_easy():
    """The error rates 0.1 and 0.115 cannot differ by a factor of 1.5 within the margin."""
    found = row(excess=0.0, accuracy=0.9, deviation=0.02)
    assert found["verdict"] == NONE


def test_the_ratio_of_other_cells_is_corrected_too():
    losses = ("least_squares", "mse", "two_layer")
    found = table(cells("pair", losses=losses, accuracy=0.985, deviation=0.0061))
    assert (found["p_none"] < 0.005).all()
    assert found["verdict"].tolist() == [NONE, TOO_EASY_TO_TELL, TOO_EASY_TO_TELL]


def test_a_false_none_among_many_cells_at_the_margin_is_rare():
    """Studies of one primary and eight other cells whose truth is the margin."""
    studies, drawn = 300, np.random.default_rng(0).normal(MARGIN, 0.01, (2700, 5))
    found = [equivalence.interval(row, LEVEL) for row in drawn]
    frame = pd.DataFrame(
        dict(
            subset=np.repeat(np.arange(studies), 9),
            source="diffusion",
            at_largest=True,
            primary=np.tile(np.arange(9) == 0, studies),
            level=LEVEL,
            excess=drawn.mean(axis=1),
            low=[interval.low for interval in found],
            high=[interval.high for interval in found],
            p_none=[equivalence.p_inside(interval, MARGIN) for interval in found],
            p_beyond=[equivalence.p_beyond(interval, MARGIN) for interval in found],
            **dict(p_near=0.0, p_apart=1.0, accuracy_gaussian=0.8),
        )
    ).assign(obstacles=[[]] * len(found))
    decided = decisions.decided(frame, MARGIN, RATIO)
    wrong = decided["outcome"].isin(["none", "within"])
    for cells_of_a_study in (decided["primary"], ~decided["primary"]):
        some = wrong.where(cells_of_a_study, False).groupby(decided["subset"]).any().sum()
        assert stats.binomtest(some, studies, 0.05, alternative="greater").pvalue > 0.001
    alone = (frame["p_none"] < LEVEL).groupby(frame["subset"]).any().mean()
    assert alone > 0.3


def numbers(text, key):
    """The range of values that a reason gives for a key."""
    low, high = re.search(rf"{key}: (\d+) to (\d+)", text).groups()
    return int(low), int(high)


def test_more_pools_are_a_range_with_the_keys_to_set():
    found = row(excess=0.06, deviation=0.052)
    assert found["verdict"] == OPEN
    low, high = numbers(found["reason"], "pools")
    assert found["pools_needed"] == f"{low} to {high} pools"
    assert 5 < low < high <= 40
    assert numbers(found["reason"], "images_per_class") == (512 * low, 512 * high)
    # As many seeds of each pool as now. Fewer seeds than pools are a mistake of the configuration.
    assert numbers(found["reason"], "classifier.seeds") == (2 * low, 2 * high)
    assert "a second study of new images, judged alone" in found["reason"]


def test_more_folds_are_more_images_and_seeds():
    found = row(excess=0.04, deviation=0.04, source="data")
    low, high = numbers(found["reason"], "images_per_class")
    assert found["pools_needed"] == f"{low} to {high} images per class"
    seeds = numbers(found["reason"], "classifier.seeds")
    assert seeds == (-(-2 * low // 500), -(-2 * high // 500))


def test_a_truth_at_the_margin_and_units_that_differ_too_much():
    at_margin = row(excess=0.02, deviation=0.011)
    assert "likely stands at the margin: even 20 pools" in at_margin["reason"]
    assert at_margin["pools_needed"] == "more than 20 pools (likely at the margin)"
    noisy = row(deviation=0.3)
    assert "would be needed" in noisy["reason"]
    assert "pools: more than 40 and images_per_class: more than 20480" in noisy["reason"]
    assert noisy["pools_needed"] == "more than 40 pools"


def test_a_difference_whose_size_is_open_is_said():
    assert "its size is open" in row(excess=-0.05, deviation=0.04)["reason"]
    assert "its size is open" not in row(deviation=0.04)["reason"]


def test_the_next_planned_look_has_a_chance(monkeypatch):
    found = table(scores(deviation=0.02), looks=[5, 10, 20]).iloc[0]
    assert found["verdict"] == OPEN
    assert re.search(r"chance of \d+ %: set for diffusion pools: 10 and", found["reason"])
    assert "images_per_class: 5120, with classifier.seeds: 20" in found["reason"]
    asked = []
    monkeypatch.setattr(decisions, "chance_of_decision", lambda *given: asked.append(given) or 0.6)
    found = table(scores(deviation=0.02), looks=[5, 10, 20]).iloc[0]
    assert "decides with a chance of 60 %: set for" in found["reason"]
    ((of, total, margin, level, _),) = asked
    assert (of.mean, of.deviation, of.units) == pytest.approx((0, 0.02, 5))
    assert (total, margin, level) == (10, MARGIN, look_levels([5, 10, 20], LEVEL)[1])
    assert found["pools_needed"] == "10 pools at the next look"
    last = table(scores(deviation=0.04), looks=[2, 5]).iloc[0]
    assert last["reason"].endswith("and verdict.looks: null")
    assert "a second study" in last["reason"]


def test_planned_looks_concern_only_pools_that_are_to_be_set():
    """Not folds, not a truth at the margin, and not a study without looks."""
    folds = table(scores(excess=0.04, deviation=0.04, source="data"), looks=[5]).iloc[0]
    at_margin = table(scores(excess=0.02, deviation=0.011), looks=[5]).iloc[0]
    for found in (folds, at_margin, row(excess=0.06, deviation=0.052)):
        assert found["verdict"] == OPEN
        assert "verdict.looks" not in found["reason"]


def test_error_rates_that_the_margin_just_brings_to_the_ratio_are_not_too_easy():
    """From 1/2 to 1/4 is a factor of 2; from less than 1/2 it is more."""
    assert not decisions._can_be_too_easy(dict(accuracy_gaussian=0.5), 0.25, 2)
    assert decisions._can_be_too_easy(dict(accuracy_gaussian=0.51), 0.25, 2)


def test_a_verdict_needs_nothing():
    found = row()
    assert (found["reason"], found["pools_needed"]) == ("", "")


def test_every_outcome_of_every_source_has_its_columns():
    frame = pd.concat([cells("pair", source=name) for name in DESIGNS])
    assert not table(frame).isna().any(axis=None)
