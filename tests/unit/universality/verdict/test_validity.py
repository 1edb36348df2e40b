"""Designs in which a verdict is withheld, and what their reasons say."""

import pytest
from verdict_cases import DESIGNS, FOLDS, POOLS, row, scores, table

from gaussianity.universality.verdict import validity
from gaussianity.universality.verdict.equivalence import NONE, OPEN


def reason(frame, source="diffusion", **changed):
    """The reason of a withheld verdict whose excess and interval are still there."""
    found = table(frame, DESIGNS | {source: DESIGNS[source] | changed}).iloc[0]
    assert (found["verdict"], found["outcome"]) == (OPEN, "open")
    assert found["low"] < found["excess"] < found["high"]
    assert found["pools_needed"] == ""
    return found["reason"]


def test_a_choice_on_the_tested_images():
    found = table(scores(), selection="test").iloc[0]
    assert found["verdict"] == OPEN
    assert found["reason"].endswith("set classifier.selection: validation")


def test_a_single_unit():
    found = table(scores(units=1)).iloc[0]
    assert (found["verdict"], found["p_none"], found["p_beyond"]) == (OPEN, 1, 1)
    assert found["reason"] == "one pool has no interval: set pools of diffusion to at least 5"


@pytest.mark.parametrize(("images", "enough"), [(400, True), (399, False)])
def test_images_of_a_mixed_row(images, enough):
    design = POOLS | dict(images=images, images_per_class=5 * images)
    found = table(scores(), dict(diffusion=design)).iloc[0]
    assert (found["verdict"] == NONE) == enough
    if not enough:
        assert found["reason"] == (
            "399 images are mixed into 320 rows, fewer than 1.25 images a row: set "
            "images_per_class of diffusion to at least 2000, or train_sizes to at most 255"
        )


def test_no_training_size_is_named_where_none_is_left():
    said = reason(scores(), images=80, images_per_class=400)
    assert said.endswith("images_per_class of diffusion to at least 2000")


@pytest.mark.parametrize(("images", "enough"), [(50, True), (49, False)])
def test_tested_images(images, enough):
    found = row(source="data", test_images=images)
    assert (found["verdict"] == NONE) == enough
    if not enough:
        assert found["reason"] == (
            "a classifier is tested on 49 images, fewer than 50: set images_per_class of data "
            "to at least 511"
        )


@pytest.mark.parametrize(("train_size", "enough"), [(300, True), (301, False)])
def test_the_share_of_one_pool_that_is_trained_on(train_size, enough):
    one_pool = dict(data=FOLDS | dict(mixed_rows=train_size + 20))
    found = table(scores(source="data", train_size=train_size), one_pool).iloc[0]
    assert (found["verdict"] == NONE) == enough
    if not enough:
        assert found["reason"] == (
            "301 of 500 images of a class are trained on, more than 0.6 of them: set train_sizes "
            "of data to at most 300, or images_per_class to at least 502"
        )
    assert row(train_size=500)["verdict"] == NONE  # several pools


@pytest.mark.parametrize(
    ("train_size", "half", "enough"),
    [(48, 0.01, True), (47, 0.01, False), (47, -0.01, False), (47, 0.0, True)],
)
def test_few_training_images_whose_scores_are_not_normal(train_size, half, enough):
    """The scores half varies like the excess, with a deviation of 0.004."""
    frame = scores(train_size=train_size, deviation=0)
    noise = scores(deviation=0.004)["test_accuracy"] - scores(deviation=0)["test_accuracy"]
    images = frame["origin"] == "diffusion"
    frame["test_accuracy"] += noise
    frame.loc[images, "gaussian_accuracy"] -= half
    found = table(frame).iloc[0]
    assert (found["verdict"] == NONE) == enough
    if not enough:
        assert "can have heavy tails" in found["reason"]
        assert found["reason"].endswith("set train_sizes of diffusion to at least 48")


def test_equal_units_are_no_certainty():
    said = row(deviation=0.0)
    assert said["verdict"] == OPEN
    assert "all pools have the same excess" in said["reason"]


def test_all_reasons_are_given():
    said = reason(scores(test_images=10), images=80)
    assert said.count("; ") == 1


@pytest.mark.parametrize(("largest", "most"), [(8, 2), (7, None)])
def test_at_least_two_training_images_are_advised(largest, most):
    """Five images can be mixed into four rows, and the others of ten are for validation."""
    design = dict(images=5, mixed_rows=10, images_per_class=20)
    said = validity._few_mixed("data", design, largest)
    assert "set images_per_class of data to at least 50" in said
    assert ("train_sizes" in said) == (most is not None)
    assert most is None or said.endswith(f", or train_sizes to at most {most}")
