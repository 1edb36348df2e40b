"""The decisions, the table and the sentences of the verdict, by hand."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest

from gaussianity.universality import verdict

MARGIN, LEVEL = 0.02, 0.05


def scores(seeds=6, pools=3, test_images=10_000, effect=0.0, **changed):
    """Accuracies with the gap effect - 0.03, the control gap -0.03 and the excess effect.

    Seed s has 0.8 + effect on the source, 0.83 on the Gaussian data and 0.86 on the refit, all less
    0.001 s. The last two are exact.
    """
    accuracies = {"data": 0.8 + effect, "data-gaussian": 0.83, "data-refit": 0.86}
    rows = [
        dict(origin=origin, seed=seed, pool=seed % pools, test_accuracy=value - 0.001 * seed)
        for (origin, value), seed in itertools.product(accuracies.items(), range(seeds))
    ]
    frame = pd.DataFrame(rows).assign(test_images=test_images, subset="pair", loss="mse")
    gaussian = frame["origin"] != "data"
    frame["exact_accuracy"] = frame["test_accuracy"].where(gaussian)
    frame.loc[gaussian, "test_accuracy"] += 0.5  # must not be used, because there is an exact one
    return frame.assign(train_size=8, **changed)


def noisy(frame, deviation):
    noise = np.random.default_rng(0).normal(0, deviation, len(frame))
    return frame.assign(test_accuracy=frame["test_accuracy"] + noise)


def table(frame, images_per_pixel=10.0):
    few = {"data": images_per_pixel}
    generator = np.random.default_rng(0)
    return verdict.table(frame, few, margin=MARGIN, level=LEVEL, generator=generator)


def test_differences_are_paired_and_held_against_the_control():
    shuffled = scores(effect=0.004).sample(frac=1, random_state=0)
    found = verdict.paired_differences(shuffled)
    assert len(found) == 6
    np.testing.assert_allclose(found["gap"], 0.004 - 0.03)
    np.testing.assert_allclose(found["control_gap"], -0.03)
    np.testing.assert_allclose(found["excess"], 0.034 - 0.03)
    p = 0.804 - 0.001 * found["seed"]
    np.testing.assert_allclose(found["test_variance"], p * (1 - p) / 10_000)
    np.testing.assert_array_equal(found["pool"], found["seed"] % 3)


@pytest.mark.parametrize(
    ("effect", "expected"),
    [(0.0, "universal within the margin"), (-0.1, "not universal"), (0.02, "inconclusive")],
)
def test_verdict_is_on_the_gap_less_its_control(effect, expected):
    """The bare gap of -0.03 alone is outside the margin and must not decide."""
    row = table(noisy(scores(effect=effect), 0.003)).iloc[0]
    assert row["verdict"] == expected
    assert row["low"] < row["excess"] < row["high"]
    assert row["excess"] == pytest.approx(effect, abs=0.004)
    assert row["gap"] == pytest.approx(row["excess"] + row["control_gap"])
    assert (row["p_equivalence"] < LEVEL) == (expected == "universal within the margin")


def test_one_pool_counts_the_finite_test_set_and_says_what_it_covers():
    """The seeds have no spread, so that the error is the binomial one of 100 test images."""
    row = table(scores(seeds=5, pools=1, test_images=100)).iloc[0]
    error = np.mean([(0.8 - 0.001 * s) * (0.2 + 0.001 * s) / 100 for s in range(5)]) ** 0.5
    assert row["high"] - row["excess"] == pytest.approx(2.131847 * error, rel=1e-6)
    assert "one pool" in row["covers"]
    assert "disjoint pools" in table(scores())["covers"][0]


def test_cells_keep_their_order_and_stay_apart():
    cells = itertools.product(["ten", "pair"], ["mse", "cross_entropy"], [32, 8])
    frames = [
        scores(effect=0.001 * i, subset=subset, loss=loss).assign(train_size=size)
        for i, (subset, loss, size) in enumerate(cells)
    ]
    found = table(pd.concat(frames))
    np.testing.assert_allclose(found["excess"], 0.001 * np.arange(8), atol=1e-12)
    assert found["subset"].tolist() == ["ten"] * 4 + ["pair"] * 4
    assert found["train_size"].tolist() == [32, 8] * 4


def test_the_largest_size_is_that_of_each_source():
    """Sources of one subset can have different sizes."""
    cells = dict(subset="pair", source=["data", "data", "diffusion"], train_size=[8, 16, 32])
    found = verdict.at_largest_size(pd.DataFrame(cells))
    assert found["train_size"].tolist() == [16, 32]


def test_sentences_speak_of_the_largest_size():
    small, large = scores(effect=-0.1), scores(effect=0.0).assign(train_size=16)
    other = scores(effect=-0.1).assign(train_size=16, loss="cross_entropy")
    found = verdict.sentences(table(pd.concat([small, large, other])), MARGIN)
    assert found["sentence"].tolist() == [
        "pair: data, 16 training images per class: universal within 0.02 for mean squared error; "
        "not universal for cross-entropy (-0.100)."
    ]


def test_an_inconclusive_sentence_says_what_would_decide():
    few = table(noisy(scores(seeds=6, pools=3), 0.05))
    assert few["more_seeds"][0] == 2 * few["more_pools"][0] > 0
    (sentence,) = verdict.sentences(few, MARGIN)["sentence"]
    assert f", {few['more_seeds'][0]:.0f} more seeds needed on new pools of images." in sentence
    (sentence,) = verdict.sentences(table(noisy(scores(pools=1), 0.05)), MARGIN)["sentence"]
    assert re.search(r"inconclusive for .*, \d+ more seeds? needed\.", sentence)
    (sentence,) = verdict.sentences(table(scores(seeds=1)), MARGIN)["sentence"]
    assert "a second seed is needed" in sentence
    never = table(scores(pools=1, test_images=20))
    assert np.isnan(never["more_seeds"][0])
    assert "more images" in verdict.sentences(never, MARGIN)["sentence"][0]


def test_a_sentence_warns_of_few_images_for_their_pixels():
    few, enough = (verdict.sentences(table(scores(), n), MARGIN)["sentence"][0] for n in (1.9, 2.0))
    assert "fitted to few images for their pixels" in few
    assert "few images" not in enough


def test_each_loss_is_said_with_its_excess():
    harder, easier = scores(effect=-0.1), scores(effect=0.2, loss="cross_entropy")
    (said,) = verdict.sentences(table(pd.concat([harder, easier])), MARGIN)["sentence"]
    assert "not universal for mean squared error (-0.100)" in said
    assert "and cross-entropy (+0.200)." in said


def test_at_the_margin_no_number_of_seeds_decides():
    at = noisy(scores(), 0.001)
    at["test_accuracy"] += np.where(at["origin"] == "data", 0.02 - table(at)["excess"][0], 0)
    (said,) = verdict.sentences(table(at), MARGIN)["sentence"]
    assert "too near to the margin to decide" in said


def test_a_cell_does_not_depend_on_the_others():
    first, second = scores(), noisy(scores(loss="cross_entropy"), 0.003)
    alone, beside = table(second), table(pd.concat([first, second]))
    assert alone.iloc[0].equals(beside.iloc[1])


def test_losses_that_need_different_numbers_of_seeds_are_one_clause():
    frames = [noisy(scores(loss="mse"), 0.03), noisy(scores(loss="cross_entropy"), 0.06)]
    found = table(pd.concat(frames))
    (said,) = verdict.sentences(found, MARGIN)["sentence"]
    least, most = found["more_seeds"].min(), found["more_seeds"].max()
    assert f", {least:.0f} to {most:.0f} more seeds needed on new pools of images." in said
