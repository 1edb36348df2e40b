"""The outcome of each class: p values of many classes, margins, and what is open."""

import numpy as np
import pandas as pd
import pytest
from outcome_cases import CLOSE, FEW, FOUND, KNOWN, RULE, table

from gaussianity.distribution.outcome import decisions
from gaussianity.distribution.outcome.decisions import OUTCOMES, decided


def images(*classes, **given):
    """Decided rows of the images."""
    found = decided(table(*classes, **given), KNOWN, **RULE)
    return found[found["kind"] == "images"]


def test_holm_corrects_within_a_source_and_all_classes_share_a_p_value():
    p_values = [0.01, 0.02, 0.3, 0.2]
    found = images(*[FOUND | dict(p_value=p) for p in p_values])
    assert found["p_holm"].tolist() == pytest.approx([0.04, 0.06, 0.4, 0.4])
    assert found["study_p"].tolist() == pytest.approx([0.04] * 4)
    assert found["outcome"].tolist() == ["not_normal", "open", "open", "open"]
    assert "(p = 0.02 of class 1 alone) is not significant" in found["reason"].iloc[1]
    two = pd.concat(
        [table(FOUND | dict(p_value=p), source=s) for p, s in [(0.04, "a"), (0.03, "b")]]
    )
    alone = decided(two.reset_index(drop=True), KNOWN, **RULE)
    assert alone.loc[alone["kind"] == "images", "p_holm"].tolist() == [0.04, 0.03]


def test_the_gaussian_data_have_p_values_of_their_own_and_no_outcome():
    found = decided(table(FOUND, FOUND, control=0.03, clipped=0.02), KNOWN, **RULE)
    control = found[found["kind"] == "gaussian"]
    assert control["study_p"].tolist() == [0.06, 0.06]
    assert set(found.loc[found["kind"] != "images", "outcome"]) == {""}
    assert found.loc[found["kind"] == "clipped", ["p_holm", "study_p"]].isna().all(axis=None)
    assert found.loc[found["kind"] == "images", "study_p"].tolist() == [0.002, 0.002]


def test_a_study_p_value_is_at_most_one():
    assert set(images(FEW | dict(p_value=0.9), FEW | dict(p_value=0.8))["study_p"]) == {1.0}


def test_a_small_p_value_of_one_class_alone_is_open_within_both_margins():
    assert images(*[CLOSE | dict(p_value=p) for p in (0.03, 0.4)])["outcome"].tolist() == [
        "open",
        "within",
    ]


def test_classes_without_a_p_value_are_not_corrected_for():
    found = images(FOUND | dict(p_value=0.03), FEW | dict(p_value=np.nan))
    assert found["p_holm"].iloc[0] == found["study_p"].iloc[0] == 0.03


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "within"),
        (dict(p_value=0.05), "within"),
        (dict(p_value=0.049), "not_normal"),
        (dict(distance_high=0.05), "open"),
        (dict(distance_high=0.0499), "within"),
        (dict(accuracy_high=0.55), "open"),
        (dict(accuracy_high=0.5499), "within"),
        (dict(accuracy_high=np.nan), "open"),
        (dict(p_value=np.nan), "open"),
    ],
)
def test_outcomes_at_the_edges(change, outcome):
    (row,) = images(CLOSE | change).to_dict("records")
    assert row["outcome"] == outcome
    assert row["verdict"] == OUTCOMES[outcome]
    assert bool(row["reason"]) == (outcome == "open")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            FEW,
            "the images may have to move by 6.0 % of their spread to be Gaussian, and the margin "
            "is 5 %; two modes 0.8 standard deviations from the mean would have been found with "
            "probability 0.2 in a class tested alone and need about 450 images",
        ),
        (
            CLOSE | dict(images=1000, accuracy_high=0.56),
            "the accuracy of a small network may be 56.0 %, and the margin is 55 %; two modes 0.9 "
            "standard deviations from the mean of the tenth direction would have been found with "
            "probability 0.6 in a class tested alone and need about 1,240 images",
        ),
        (
            CLOSE | dict(images=1000, accuracy_high=0.56, directions=9),
            "the accuracy of a small network may be 56.0 %, and the margin is 55 %",
        ),
        (
            CLOSE | dict(distance_high=0.06),
            "the images may have to move by 6.0 % of their spread to be Gaussian, and the margin "
            "is 5 %",
        ),
        (
            FEW | dict(images=12, p_value=np.nan),
            "12 distinct images, at least 20 are needed",
        ),
        (FEW | dict(p_value=np.nan), "no direction varies more than rounding"),
    ],
)
def test_what_is_open_has_a_reason(row, reason):
    assert images(row)["reason"].tolist() == [reason]


def test_no_p_value_anywhere():
    found = images(FEW | dict(p_value=np.nan), control=np.nan)
    assert found[["p_holm", "study_p"]].isna().all(axis=None)


def test_a_departure_that_is_found_often_enough_is_not_named():
    """The first has the wanted power of 0.8 exactly, and the second less."""
    power = pd.DataFrame(
        dict(alternative=["two_modes", "two_modes_tenth"], images=50, rejected=[0.8, 0.79])
    )
    (reason,) = decisions._would_be_found(dict(images=50, directions=10), power)
    assert "of the tenth direction would have been found with probability 0.79 in" in reason
    assert decisions._would_be_found(dict(images=50, directions=9), power) == []
    assert decisions._would_be_found(dict(images=60, directions=10), power) == []
