"""The verdict in words: true of the table, and short."""

import itertools

import pandas as pd
import pytest
from verdict_cases import DESIGNS, MARGIN, cells, scores, table

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.universality.verdict.verdict_sentences import (
    CLASSIFIERS,
    COLUMNS,
    STUDIED,
    sentences,
)

NONE, BEYOND = dict(), dict(excess=-0.06, deviation=0.01)
AT_MARGIN, OPEN = dict(excess=0.0197, deviation=0.0021), dict(excess=-0.05, deviation=0.04)
TOO_EASY = dict(accuracy=0.99, excess=0.008, deviation=0.0005)
LINE = 110


def said(frame, **changed):
    return sentences(table(frame, **changed), MARGIN).set_index("subset")


def of(*outcomes):
    """The sentences of a study with a subset of each kind, named a, b, c, ..."""
    frames = [
        scores(**given).assign(subset=name)
        for name, given in zip("abcdefgh", outcomes, strict=False)
    ]
    return said(pd.concat(frames))


@pytest.mark.parametrize(
    ("given", "outcome", "sentence"),
    [
        (
            NONE,
            "none",
            "a: no difference of accuracy seen, and none above 0.02 (+0.000, 90 % interval -0.004 "
            "to +0.004).",
        ),
        (
            dict(excess=-0.008),
            "within",
            "a: less accurate on generated images than on Gaussian data, within the margin "
            "of 0.02 (-0.008, 90 % interval -0.012 to -0.004).",
        ),
        (
            BEYOND,
            "beyond",
            "a: less accurate on generated images than on Gaussian data, beyond the margin "
            "of 0.02 (-0.060, 90 % interval -0.070 to -0.050).",
        ),
        (
            AT_MARGIN,
            "at_margin",
            "a: more accurate on generated images than on Gaussian data, by about the "
            "margin of 0.02 (+0.020, 90 % interval +0.018 to +0.022).",
        ),
        (
            OPEN,
            "open",
            "a: cannot tell yet (-0.050, 90 % interval -0.088 to -0.012); a difference, its size "
            "is open.",
        ),
        (
            TOO_EASY,
            "too_easy",
            "a: too easy for the margin of 0.02 (+0.008, 90 % interval +0.008 to +0.008), but 0.47 "
            "times the errors on Gaussian data.",
        ),
        (
            TOO_EASY | dict(excess=0.0, deviation=0.01),
            "too_easy",
            "a: the classes are too easy to tell (+0.000, 90 % interval -0.010 to +0.010).",
        ),
    ],
)
def test_the_sentence_of_a_subset(given, outcome, sentence):
    found = of(given).loc["a"]
    assert (found["sentence"], found["outcome"]) == (sentence, outcome)


def test_a_rounded_end_is_not_the_margin_itself():
    """The interval lies inside the margin by less than the last digit that is shown."""
    found = of(dict(excess=0.0162, deviation=0.0037)).loc["a"]
    assert found["outcome"] == "within"
    assert "within the margin" in found["sentence"]
    assert "+0.0197)" in found["sentence"]


def test_a_narrow_interval_around_zero_has_four_digits():
    found = of(dict(deviation=0.001)).loc["a"]
    assert "(+0.0000, 90 % interval -0.0010 to +0.0010)" in found["sentence"]


def test_a_headline_names_its_kinds_from_no_difference_to_no_answer():
    """Whatever the order of the subsets and of the letters."""
    within, beyond = dict(excess=-0.008), dict(excess=0.06, deviation=0.01)
    about = dict(excess=-0.0197, deviation=0.0021)
    for kinds, said in (
        (
            [beyond, about, within],
            "lower by less than 0.02 in c; lower by about 0.02 in b; higher by more than 0.02 "
            "in a.",
        ),
        (
            [OPEN, TOO_EASY, dict(excess=0.008), NONE],
            "no difference above 0.02 in d; higher by less than 0.02 in c; too easy to compare in "
            "b; cannot tell yet in a.",
        ),
    ):
        assert of(*kinds).loc["all", "sentence"].endswith(f"data: {said}")


@pytest.mark.parametrize(
    ("kinds", "headline", "outcome"),
    [
        (
            [NONE, NONE],
            "To a least-squares classifier, generated images are like Gaussian data in a "
            "and b: accuracies differ by less than 0.02.",
            "none",
        ),
        (
            [NONE, AT_MARGIN, NONE],
            "Accuracy of a least-squares classifier on generated images, against Gaussian "
            "data: no difference above 0.02 in a and c; higher by about 0.02 in b.",
            "",
        ),
        (
            [BEYOND],
            "To a least-squares classifier, generated images are harder to classify than "
            "Gaussian data, by more than 0.02 of accuracy.",
            "beyond",
        ),
        (
            [AT_MARGIN, AT_MARGIN, AT_MARGIN],
            "To a least-squares classifier, generated images are easier to classify than "
            "Gaussian data in a, b and c, by about 0.02 of accuracy.",
            "at_margin",
        ),
        (
            [OPEN, OPEN],
            "Cannot tell yet whether generated images are like Gaussian data to a "
            "least-squares classifier in a and b.",
            "open",
        ),
        (
            [TOO_EASY],
            "Too easy classes: a least-squares classifier cannot compare generated images with "
            "Gaussian data.",
            "too_easy",
        ),
        (
            [OPEN, TOO_EASY, dict(excess=-0.008)],
            "Accuracy of a least-squares classifier on generated images, against Gaussian "
            "data: lower by less than 0.02 in c; too easy to compare in b; cannot tell yet in a.",
            "",
        ),
    ],
)
def test_the_headline(kinds, headline, outcome):
    found = of(*kinds).loc["all"]
    assert (found["sentence"], found["outcome"]) == (headline, outcome)
    assert found[COLUMNS].isna().all()


def test_differences_in_both_directions_are_two_clauses():
    found = of(BEYOND, dict(excess=0.06, deviation=0.01)).loc["all", "sentence"]
    assert "lower by more than 0.02 in a" in found
    assert "higher by more than 0.02 in b" in found


@pytest.mark.parametrize("count", [1, 3, 20])
def test_a_headline_has_at_most_two_lines(count):
    kinds = [NONE, BEYOND, AT_MARGIN, OPEN, TOO_EASY, dict(excess=0.008)]
    for first in range(len(kinds)):
        given = list(itertools.islice(itertools.cycle(kinds[first:] + kinds[:first]), count))
        frames = [scores(**g).assign(subset=f"subset_{i}") for i, g in enumerate(given)]
        found = said(pd.concat(frames))["sentence"]
        assert len(found["all"]) <= 2 * LINE, found["all"]
        assert found.str.len().max() <= 2 * LINE


def test_subsets_are_counted_where_their_names_are_too_long():
    names = [f"the_subset_number_{number}" for number in range(20)]
    found = said(cells(*names))
    assert "in all 20 subsets: accuracies" in found.loc["all", "sentence"]
    assert list(found.index) == ["all", *names]
    two = said(pd.concat([cells(*names[:15]), cells(*names[15:], **BEYOND)]))
    assert "0.02 in 15 of 20; lower by more than 0.02 in 5 of 20 subsets." in two["sentence"]["all"]


def test_a_study_with_outcomes_of_all_kinds_is_summed_up():
    kinds = [NONE, BEYOND, AT_MARGIN, OPEN, TOO_EASY, dict(excess=0.008), dict(excess=-0.008)]
    frames = [scores(**g).assign(subset=f"long_name_{i}") for i, g in enumerate(kinds)]
    assert said(pd.concat(frames))["sentence"]["all"].endswith(
        ": no difference above 0.02 in 1 of 7; a difference in 4 of 7; no answer in 2 of 7 subsets."
    )


def test_sentences_are_on_the_primary_cells():
    harder = cells("a", losses=("mse",), **BEYOND)
    small = cells("a", sizes=(64,), **BEYOND)
    data = cells("a", source="data", **BEYOND)
    found = said(pd.concat([harder, small, data, cells("a")])).loc["a"]
    assert found["outcome"] == "none"
    assert found[["source", "loss", "train_size"]].tolist() == ["diffusion", "least_squares", 256]
    assert found["margin"] == MARGIN


def test_further_sources_have_a_sentence_each_on_all_subsets():
    """It is on the primary loss at the largest size of the source, whatever the first one's is."""
    few = [cells("a", source="data", sizes=(64,)), cells("b", source="data", sizes=(64,), **BEYOND)]
    smaller = cells("a", "b", source="data", sizes=(16,), **BEYOND)
    harder = cells("a", source="data", sizes=(64, 128), losses=("mse",), **BEYOND)
    found = sentences(table(pd.concat([cells("a", "b"), *few, smaller, harder])), MARGIN)
    assert list(found["subset"]) == ["all", "a", "b", "all"]
    last = found.iloc[-1]
    assert last["sentence"] == "data: no difference above 0.02 in a; lower by more than 0.02 in b."
    assert (last["source"], last["outcome"], pd.isna(last["loss"])) == ("data", "", True)
    open_cell = cells("a", source="data", excess=-0.05, deviation=0.2)
    alone = sentences(table(pd.concat([cells("a"), open_cell])), MARGIN)
    assert alone[["sentence", "outcome"]].iloc[-1].tolist() == ["data: cannot tell yet.", "open"]


def test_the_interval_of_a_planned_look_is_wider():
    found = said(scores(), looks=[5, 10, 20]).loc["pair"]
    assert "96.64 % interval" in found["sentence"]
    assert round(found["level"], 4) == 0.0168


def test_what_was_studied_is_named():
    images = said(scores(source="data", **BEYOND))["sentence"]
    assert "images are harder to classify" in images["all"]
    assert "less accurate on images than" in images["pair"]
    assert set(STUDIED) == set(DESIGNS)
    assert set(CLASSIFIERS) == set(LOSS_NAMES)


def test_a_withheld_verdict_says_why_without_the_keys():
    found = said(scores(), selection="test").loc["pair", "sentence"]
    assert found == (
        "pair: cannot tell yet (+0.000, 90 % interval -0.004 to +0.004); the tested images chose "
        "epoch and learning rate."
    )
    assert "(+0.001, no interval)" in said(scores(units=1)).loc["pair", "sentence"]
    broken = scores().assign(gaussian_accuracy=float("nan"))
    assert said(broken).loc["pair", "sentence"] == (
        "pair: cannot tell yet (no excess); "
        "a run of one of the 5 pools, or its partner, has no accuracy."
    )
