"""The outcome in words."""

import re

import numpy as np
import pandas as pd
import pytest
from outcome_cases import CLOSE, FEW, FOUND, KNOWN, RULE, table

from gaussianity.distribution.outcome.decisions import decided
from gaussianity.distribution.outcome.sentences import sentences


def said(*classes, left_out=(), **given):
    """The sentences of the source and of each class."""
    found = decided(table(*classes, **given), KNOWN, **RULE)
    return sentences(found, level=0.05, left_out=left_out)


def test_a_row_per_source_then_its_classes_then_what_is_left_out():
    tables = [table(FOUND, FEW), table(FEW, source="data")]
    found = decided(pd.concat(tables, ignore_index=True), KNOWN, **RULE)
    rows = sentences(found, level=0.05, left_out={"data": 12})
    assert list(rows) == ["source", "image_class", "sentence", "outcome", "p_value"]
    assert rows["source"].tolist() == ["diffusion"] * 3 + ["data"] * 3
    assert rows["image_class"].tolist() == ["all", "0", "1", "all", "0", "all"]
    assert rows["outcome"].tolist() == ["", "not_normal", "open", "open", "open", "open"]
    assert rows["p_value"].tolist()[:5] == [0.002, 0.002, 0.4, 0.4, 0.4]
    assert rows["sentence"].iloc[-1] == (
        "Cannot tell whether the dataset's images are Gaussian: 12 images per class, at least 20 "
        "are needed."
    )


def test_no_class_is_gaussian():
    other = dict(distance=0.28, accuracy=0.967, images=2400)
    whole = said(*[FOUND] * 9, FOUND | other)["sentence"].iloc[0]
    assert whole == (
        "No class of the generated images is Gaussian (10 of 10, p = 0.01): to be Gaussian, they "
        "must move by at least 9 to 28 % of their spread; a small network tells them from Gaussian "
        "data with 94 to 97 % (2,400 to 2,560 images per class)."
    )


def test_neither_of_two_classes_is_gaussian():
    whole = said(FOUND, FOUND)["sentence"].iloc[0]
    assert whole.startswith("No class of the generated images is Gaussian (2 of 2, p = 0.002): to")


def test_clipped_gaussian_data_without_an_accuracy_are_not_named():
    unmeasured = FOUND | dict(beyond=np.nan, beyond_low=np.nan, beyond_high=np.nan)
    for row, clipped in ((unmeasured, 0.05), (FOUND, None)):
        assert "clipped Gaussian" not in said(row, clipped=clipped)["sentence"].iloc[1]


def test_some_classes():
    whole = said(FOUND, FOUND, CLOSE, FEW)["sentence"].iloc[0]
    assert whole == (
        "Of 4 classes of the generated images, 2 are not Gaussian, 1 is Gaussian within the "
        "margins and 1 is open (p = 0.004): to be Gaussian, the 2 that are not must move by "
        "at least 9 % of their spread (174 to 2,560 images per class)."
    )
    assert said(CLOSE, FEW)["sentence"].iloc[0] == (
        "Of 2 classes of the generated images, 1 is Gaussian within the margins and 1 is open "
        "(p = 0.8, 174 to 2,560 images per class)."
    )


def test_distances_and_accuracies_that_are_not_seen():
    hidden = FOUND | dict(distance=0.01, distance_low=0.0, accuracy=0.51, accuracy_low=0.49)
    assert (
        "to be Gaussian, they must move by at least 9 % of their spread in 1 of 2; a small "
        in (said(FOUND, hidden)["sentence"].iloc[0])
    )
    whole, of_class = said(hidden)["sentence"]
    assert (
        "how far they must move is smaller than its error; a small network does not tell" in whole
    )
    assert "How far the images must move to be Gaussian is smaller than its error" in of_class
    assert "does not tell them from Gaussian data at this number of images (49.0 to" in of_class


def test_one_class():
    whole, of_class = said(FOUND)["sentence"]
    assert whole.startswith("The generated images are not Gaussian (p = 0.001): ")
    assert "not Gaussian (p = 0.001). " in of_class
    within = said(CLOSE)["sentence"].iloc[0]
    assert within.startswith("The generated images are Gaussian within the margins (p = 0.4): ")


def test_all_within_the_margins():
    whole, *_, of_class = said(CLOSE, CLOSE)["sentence"]
    assert whole == (
        "All 2 classes of the generated images are Gaussian within the margins (p = 0.8): at most "
        "2.1 % of their spread from it in the tested directions, and a small network tells them "
        "from Gaussian data with at most 51.0 % (2,560 images per class)."
    )
    assert of_class == (
        "1 (2,560 images): Gaussian within the margins (p = 0.8 over 2 classes). The images are at "
        "most 2.1 % of their root mean square distance from the mean away from Gaussian, as far as "
        "the tested directions show. A small network tells them from Gaussian data with at most "
        "51.0 %."
    )


def test_nothing_is_known():
    whole, of_class = said(FEW, source="data")["sentence"]
    assert whole == (
        "Cannot tell yet whether the dataset's images are Gaussian (p = 0.4, 174 images per "
        "class): two modes 0.8 standard deviations from the mean would have been found with "
        "probability 0.2 in a class tested alone and need about 450 images."
    )
    both = [FEW | dict(p_value=p) for p in (0.3, 0.03)]
    assert "the departure (p = 0.03 of class 1 alone) is not" in said(*both)["sentence"].iloc[0]
    assert of_class.startswith("0 (174 images): cannot tell yet (p = 0.4); the images may have to")
    none = said(FEW | dict(images=12, p_value=np.nan), control=np.nan)["sentence"]
    assert none.tolist() == [
        "Cannot tell whether the generated images are Gaussian: 12 distinct images, at least 20 "
        "are needed.",
        "0 (12 images): cannot tell yet; 12 distinct images, at least 20 are needed.",
    ]


def test_gaussian_data_that_do_not_pass_are_named():
    text = "Take care: their Gaussian data do not pass the test either (p = 0.04)."
    assert said(FOUND, FOUND, control=0.02)["sentence"].iloc[0].endswith(f" {text}")
    assert "Take care" not in said(FOUND, FOUND, control=0.03)["sentence"].iloc[0]


def test_a_class_that_is_not_gaussian():
    *_, last = said(*[FOUND] * 10, clipped=0.05)["sentence"]
    assert last == (
        "9 (2,560 images): not Gaussian (p = 0.01 over 10 classes). To be Gaussian, its images "
        "must move by at least 9.4 % (9.0 to 9.9 %) of their root mean square distance from the "
        "mean, which the Frechet distance cannot see. A small network tells them from "
        "Gaussian data with 93.8 % (93.3 to 94.3 %), and from clipped Gaussian data with "
        "61.8 % (61.3 to 62.3 %). It differs in 50 of 57 directions, most in the 50th. "
        "185 images show it with probability 0.8."
    )


@pytest.mark.parametrize(
    ("change", "clipped", "text"),
    [
        (
            {},
            0.14,
            "Clipping and shape are not separated (the covariance of the clipped Gaussian "
            "data is 14 % off)",
        ),
        (dict(marked=0), None, "No single one of 57 directions differs"),
        (
            dict(repeated=3),
            None,
            "3 images equal an earlier one and are left out; the test assumes",
        ),
    ],
)
def test_what_a_class_adds(change, clipped, text):
    assert text in said(FOUND | change, clipped=clipped)["sentence"].iloc[1]
    assert text not in said(FOUND)["sentence"].iloc[1]


@pytest.mark.parametrize(
    "change", [dict(needed=np.nan), dict(accuracy=np.nan, accuracy_low=np.nan)]
)
def test_a_number_that_does_not_apply_is_not_mentioned(change):
    for text in said(FOUND | change)["sentence"]:
        assert "nan" not in text
    assert ("show it" in said(FOUND | change)["sentence"].iloc[1]) == ("needed" not in change)


def test_the_first_sentence_fits_on_two_lines_of_the_first_screen():
    for classes in ([FOUND] * 10, [CLOSE] * 10, [FEW] * 10, [FOUND] * 4 + [CLOSE] * 3 + [FEW] * 3):
        text = said(*classes)["sentence"].iloc[0]
        assert len(text) <= 240
        assert not re.search(r"\bnan\b", text)
