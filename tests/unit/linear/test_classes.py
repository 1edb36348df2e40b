import numpy as np
import pandas as pd
import pytest
from linear_cases import SEEDS, exact, exact_of_one_class

from gaussianity.linear.classes import (
    COPIED,
    MIXED,
    TWIN,
    WRONG,
    WRONG_LABEL,
    direction_table,
    level_table,
    pictures,
    twin_table,
)


@pytest.fixture(scope="module")
def found():
    return exact()


def test_an_exact_denoiser_makes_the_twins_with_churn_too(found):
    """The injected noise of image and twin is the same."""
    for measures in found.values():
        np.testing.assert_allclose(measures.pairs[TWIN]["rest"], 0, atol=1e-10)
        np.testing.assert_allclose(measures.directions["explained"], 1, atol=1e-10)


def test_without_labels_the_random_numbers_stay_those_of_the_seed():
    (measures,) = exact_of_one_class().values()
    np.testing.assert_allclose(measures.pairs[TWIN]["rest"], 0, atol=1e-10)
    assert set(measures.pairs) == {TWIN, MIXED, COPIED}


def test_controls_differ_from_the_images(found):
    for measures in found.values():
        spread = measures.pairs[TWIN]["spread"].mean()
        for kind in (MIXED, COPIED, WRONG):
            assert measures.pairs[kind]["rest"].mean() > 0.02 * spread, kind
        assert measures.pairs[MIXED]["rest"].mean() > 1.3 * spread


def test_levels_of_an_exact_denoiser(found):
    table = pd.DataFrame(level_table(found))
    right = table[table["law"] != WRONG_LABEL]
    np.testing.assert_allclose(right["of_gaussian"], 0, atol=1e-12)
    wrong = table[table["law"] == WRONG_LABEL]
    assert (wrong.loc[wrong["sigma"] == 5, "of_gaussian"] > 1).all()
    assert len(wrong) == 2 * 3 * 10  # classes, levels, a quarter of the images
    assert len(table[table["law"] == "trajectory"]) == 2 * 6 * 40


def test_class_means_of_the_denoiser_lie_apart_at_large_noise(found):
    """At noise level 5 a class's denoiser returns nearly its mean: -1 and 2, three apart."""
    table = pd.DataFrame(level_table(found))
    rows = table[(table["law"] == "forward") & (table["sigma"] == 5)]
    assert rows["between"].mean() == pytest.approx(6 * 1.5**2, rel=0.1)


def test_twins_and_class_means_in_one_table(found):
    table = pd.DataFrame(twin_table(found, {"0": SEEDS, "1": SEEDS + 100}))
    assert len(table) == 2 * 4 * len(SEEDS)
    assert set(table.loc[table["image_class"] == "1", "seed"]) == set(SEEDS + 100)
    assert table["between"].mean() == pytest.approx(6 * 1.5**2, rel=0.2)


def test_directions_and_pictures(found):
    table = pd.DataFrame(direction_table(found))
    assert table["rank"].tolist() == [1, 2, 3, 4] * 2
    assert (np.diff(table["variance"])[[0, 1, 2, 4, 5, 6]] < 0).all()
    arrays = pictures(found, 3)
    assert arrays["images"].shape == arrays["twins"].shape == (2, 3, 6)
    np.testing.assert_allclose(arrays["cosines"], 1)
    assert arrays["classes"].tolist() == ["0", "1"]
