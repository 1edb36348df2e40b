"""The table of the verdict, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from verdict_cases import DESIGNS, POOLS, cells, row, scores, table

from gaussianity.universality.verdict import verdict
from gaussianity.universality.verdict.equivalence import AT_MARGIN, BEYOND, NONE, OPEN, WITHIN
from gaussianity.universality.verdict.further_data import look_levels

THREE = ("least_squares", "mse", "cross_entropy")


def test_seeds_are_averaged_within_a_unit_and_the_halves_add_up():
    shuffled = scores(excess=-0.013, half=0.007).sample(frac=1, random_state=0)
    uneven = shuffled[~((shuffled["pool"] == 2) & (shuffled["seed"] == 1))]
    found = verdict.paired_differences(uneven)
    assert len(found) == 5
    assert (found["seeds"] == 1).all()
    assert (found["test_images"] == 4 * 1024).all()
    np.testing.assert_allclose(found["excess"].mean(), -0.013)
    np.testing.assert_allclose(found["scores_half"], 0.007)
    np.testing.assert_allclose(found["scores_half"] + found["training_half"], found["excess"])
    third = [0.845, 0.845, 0.85, 0.845, 0.845]
    np.testing.assert_allclose(found["accuracy_gaussian"], third)


@pytest.mark.parametrize(
    ("excess", "deviation", "expected"),
    [
        (0.0, 0.004, NONE),
        (0.008, 0.004, WITHIN),
        (-0.06, 0.01, BEYOND),
        (-0.0197, 0.0021, AT_MARGIN),
        (0.0, 0.04, OPEN),
    ],
)
def test_outcome_excess_and_interval_of_a_cell(excess, deviation, expected):
    found = row(excess=excess, deviation=deviation)
    assert found["verdict"] == expected
    reach = stats.t.isf(0.05, 4) * deviation / 5**0.5
    wanted = [excess, excess - reach, excess + reach]
    assert found[["excess", "low", "high"]].tolist() == pytest.approx(wanted)
    assert (found["p_none"] < 0.05) == (expected in (NONE, WITHIN))
    assert (found["p_beyond"] < 0.05) == (expected == BEYOND)


def test_a_clear_difference_as_large_as_the_margin_has_its_own_outcome():
    """Ten classes of the default study with the squared error: [-0.0217, -0.0177]."""
    deviation = 0.002 / stats.t.isf(0.05, 4) * 5**0.5
    found = row(excess=-0.0197, deviation=deviation)
    assert found[["low", "high"]].tolist() == pytest.approx([-0.0217, -0.0177])
    assert (found["verdict"], found["outcome"]) == (AT_MARGIN, "at_margin")


def test_the_parts_of_the_table_add_up():
    found = row(excess=-0.013, half=0.007)
    parts = found[["scores_half", "training_half"]].sum()
    assert parts == pytest.approx(found["excess"], abs=1e-15)
    gap = found["accuracy_source"] - found["accuracy_gaussian"]
    assert gap == pytest.approx(found["excess"], abs=1e-15)


def test_what_a_cell_rests_on():
    found = row()
    named = found[["pools", "unit", "seeds", "images_per_pixel", "mixed_images_per_row", "level"]]
    assert named.tolist() == [5, "pool", 2, 40.0, 1.6, 0.05]
    assert found[["rate_at_edge", "last_epoch_best"]].tolist() == [0.5, 0.5]
    assert "5 disjoint pools" in found["covers"]
    assert "10 folds of one pool" in row(source="data")["covers"]


def test_least_squares_has_no_last_epoch():
    assert row(epochs=0, best_epoch=0)["last_epoch_best"] == 0
    assert row(epochs=1, best_epoch=1)["last_epoch_best"] == 1


def test_the_ratio_of_the_error_rates():
    found = row(excess=-0.03)
    assert found["error_ratio"] == pytest.approx(0.185 / 0.155)
    assert 1 < found["ratio_low"] < found["error_ratio"] < found["ratio_high"] < 1.5


def test_cells_keep_their_order():
    found = table(cells("ten", "pair", losses=THREE, sizes=(256, 64)))
    assert found["subset"].tolist() == ["ten"] * 6 + ["pair"] * 6
    assert found["train_size"].tolist() == [256, 64] * 6
    assert found["loss"].tolist()[:4] == ["least_squares"] * 2 + ["mse"] * 2


def test_the_primary_cell_is_of_the_first_source_and_the_largest_size():
    both = [cells("pair", losses=THREE, sizes=(64, 256), source=name) for name in DESIGNS]
    found = table(pd.concat(both)).query("primary")
    labels = found[["source", "loss", "train_size"]].to_numpy().tolist()
    assert labels == [["diffusion", "least_squares", 256]]
    other = table(pd.concat(both), dict(reversed(DESIGNS.items())), primary_loss="mse")
    labels = other.query("primary")[["source", "loss"]].to_numpy().tolist()
    assert labels == [["data", "mse"]]


def test_a_missing_primary_loss_is_named():
    with pytest.raises(ValueError, match="expected scores of the primary loss 'mse' of"):
        table(scores(), primary_loss="mse")


def test_other_cells_are_corrected_together_at_the_largest_size_and_below():
    found = table(cells("pair", losses=THREE, sizes=(64, 128, 256))).set_index(
        ["loss", "train_size"]
    )["correction"]
    assert found["least_squares", 256] == "none: primary cell"
    assert found["mse", 256] == found["cross_entropy", 256] == "Holm, 2 cells"
    assert found["least_squares", 64] == found["mse", 128] == "Holm, 6 cells"


def test_a_cell_that_only_its_own_level_would_decide_is_open():
    """The interval lies just inside the margin: enough for the primary cell alone."""
    just_inside = cells("pair", losses=THREE, excess=0.0, deviation=0.0205)
    found = table(just_inside).set_index("loss")
    assert (found["p_none"] < 0.05).all()
    assert (found["p_none"] > 0.025).all()
    assert found["verdict"].tolist() == [NONE, OPEN, OPEN]
    assert "inside the margin, but not with the correction" in found.loc["mse", "reason"]


def test_runs_without_an_accuracy_are_said_and_not_left_out():
    frame = cells("pair", losses=THREE)
    broken = (frame["loss"] == "mse") & (frame["pool"] == 3) & (frame["origin"] == "diffusion")
    frame.loc[broken & (frame["seed"] == 1), "test_accuracy"] = np.nan
    found = table(frame).set_index("loss").loc["mse"]
    assert found["verdict"] == OPEN
    assert found["reason"] == "a run of one of the 5 pools, or its partner, has no accuracy"
    assert np.isnan(found["excess"])
    assert found[["low", "high", "p_none", "p_beyond"]].tolist() == [-np.inf, np.inf, 1, 1]
    assert found[["ratio_low", "ratio_high"]].tolist() == [0, np.inf]


def test_a_run_without_its_partner_is_said():
    frame = scores()
    alone = (frame["origin"] == "diffusion-mixed") & (frame["pool"] == 0) & (frame["seed"] == 0)
    for kept in (frame[~alone], frame[frame["origin"] == "diffusion"]):
        assert (
            table(kept).iloc[0]["reason"]
            == "a run of one of the 5 pools, or its partner, has no accuracy"
        )


def test_a_cell_does_not_depend_on_the_cells_of_other_subsets():
    alone, beside = table(cells("ten", deviation=0.03)), table(cells("pair", "ten", deviation=0.03))
    pd.testing.assert_series_equal(alone.iloc[0], beside.iloc[1], check_names=False)


def test_looks_share_the_level():
    found = table(scores(), looks=[5, 10, 20]).iloc[0]
    assert found["level"] == pytest.approx(look_levels([5, 10, 20], 0.05)[0])
    assert found["high"] > row()["high"]
    folds = table(scores(source="data"), looks=[5, 10, 20]).iloc[0]
    assert folds["level"] == 0.05
    with pytest.raises(ValueError, match=r"one of the looks \[10, 20\], found 5 pools"):
        table(scores(), looks=[10, 20])


def test_the_largest_size_is_that_of_each_source():
    """Sources of one subset can have different sizes."""
    frame = dict(subset="pair", source=["data", "data", "diffusion"], train_size=[8, 16, 32])
    found = verdict.at_largest_size(pd.DataFrame(frame))
    assert found["train_size"].tolist() == [16, 32]


def test_the_unit_of_a_design_can_be_any_number_of_pools():
    six = dict(diffusion=POOLS | dict(units=6))
    assert table(scores(units=6), six).iloc[0]["pools"] == 6
