"""The procedure of the verdict on synthetic images whose true excess is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gaussianity.universality.controls import controls, synthetic
from gaussianity.universality.controls.control_summary import BEYOND, INSIDE, summary
from gaussianity.universality.controls.controls import (
    CONTROLS,
    MARGIN,
    SEPARATED,
    Control,
    Design,
    measured_excesses,
    repetitions,
    true_excess,
    two_modes,
)
from gaussianity.universality.controls.estimation_gap import METHODS
from gaussianity.universality.verdict.equivalence import BEYOND as A_DIFFERENCE

AT_MARGIN = [name for name, control in CONTROLS.items() if control.at_margin]


def generator(*seeds):
    return np.random.default_rng(seeds)


def summarised(found, name):
    """The rows of the summary that belong to a control."""
    none = pd.DataFrame(dict(law=["normal"], images_per_pixel=1.0, data=0.7)).assign(
        **dict.fromkeys(METHODS, 0.7)
    )
    table = summary(pd.DataFrame(found).assign(control=name), none)
    return table[table["case"] == name].set_index("quantity")


def resized(found, factor):
    """The same intervals, `factor` times as wide."""
    reach = factor * (found["high"] - found["low"]) / 2
    return found | dict(low=found["excess"] - reach, high=found["excess"] + reach)


@pytest.fixture(scope="module")
def gaussian():
    return repetitions("gaussian", 200, study_seed=0)


def test_a_repetition_depends_on_nothing_but_its_number():
    few = repetitions("uniform", 2, study_seed=3)
    many = repetitions("uniform", 4, study_seed=3)
    for name, column in few.items():
        np.testing.assert_array_equal(many[name][:2], column)
    assert len(set(many["excess"])) == 4
    assert repetitions("uniform", 1, study_seed=4)["excess"] != few["excess"][0]
    assert repetitions("gaussian", 1, study_seed=3)["excess"] != few["excess"][0]


def test_the_right_intervals_pass_and_narrower_ones_fail(gaussian):
    """Of 200 intervals of 90 %, half the width covers 65 %: 58 of them too few on average."""
    passed = {
        factor: summarised(resized(gaussian, factor), "gaussian").loc["coverage", "passes"]
        for factor in (1, 0.5, 0)
    }
    assert passed == {1: True, 0.5: False, 0: False}


def test_gaussian_images_have_no_excess_and_are_never_beyond_the_margin(gaussian):
    excess = gaussian["excess"]
    assert abs(excess.mean()) < 3 * excess.std() / np.sqrt(len(excess))
    assert (gaussian["outcome"] != A_DIFFERENCE).all()


def test_one_pool_has_intervals_over_its_folds():
    found = repetitions("one_pool", 1, study_seed=0)
    assert found["low"][0] < found["excess"][0] < found["high"][0]
    assert abs(found["excess"][0]) < MARGIN + 4 * found["error"][0]


def test_two_modes_are_beyond_the_margin():
    assert set(repetitions("two_modes", 15, study_seed=0)["outcome"]) == {A_DIFFERENCE}


@pytest.mark.parametrize("name", AT_MARGIN)
def test_the_margin_is_the_true_excess(name):
    found = {column: row[0] for column, row in repetitions(name, 1, study_seed=0).items()}
    assert found["margin"] == abs(found["truth"])
    assert found["truth_error"] < 0.0003
    other, error = true_excess(CONTROLS[name], generator(1))
    assert found["truth"] == pytest.approx(other, abs=4 * np.hypot(error, found["truth_error"]))


def test_the_separation_at_which_two_modes_are_at_the_margin():
    """A hundredth to either side, the excess is within the margin and beyond it."""
    near, far = (
        true_excess(two_modes(SEPARATED + step), generator(2))[0] for step in (-0.01, 0.01)
    )
    assert far < -MARGIN < near


def test_the_true_excess_is_the_mean_of_many_pools():
    """Against the procedure with so many images in a pool that mixtures are normal."""
    control = replace(two_modes(0.95), design=Design(pools=2, images=1000, seeds=10))
    found = [measured_excesses(control, generator(3, i)).mean() for i in range(12)]
    truth, error = true_excess(control, generator(4))
    both = np.hypot(error, np.std(found, ddof=1) / np.sqrt(len(found)))
    assert truth < -0.02
    assert np.mean(found) == pytest.approx(truth, abs=4 * both)


def test_all_training_sets_of_the_true_excess_are_new(monkeypatch):
    """2,500 sets in batches of at most 10; both classifiers of a set see the same numbers."""
    monkeypatch.setattr(controls, "AT_ONCE", 10)
    monkeypatch.setattr(synthetic, "least_squares_weights", lambda images, ridge: images)
    monkeypatch.setattr(controls, "_normal_accuracy", lambda weights, *_: -weights[:, 0, 0, 0])
    design = Design(dimension=2, train=1)
    means, roots = design.classes()
    root = np.linalg.inv(roots[0])

    def accuracy(weights, *_):
        seen.append((weights[:, 0, 0] - means[0]) @ root.T)
        return weights[:, 0, 0, 0]

    seen = []
    drawn = Control(lambda *given: synthetic.normal_latent(*given), accuracy, design=design)
    mean, error = true_excess(drawn, generator(0), 2505)
    numbers = np.concatenate(seen)
    assert len(np.unique(numbers)) == numbers.size == 2 * 2505
    first = 2 * (means[0] + numbers @ roots[0].T)[:, 0]  # the differences
    assert (mean, error) == pytest.approx((first.mean(), first.std() / np.sqrt(2505)))


def test_the_true_excess_of_uniform_coordinates_has_no_closed_form():
    assert np.isnan(true_excess(CONTROLS["uniform"], generator(0))).all()
    assert true_excess(CONTROLS["gaussian"], generator(0)) == (0, 0)


@pytest.mark.parametrize(("pools", "units"), [(3, 3), (1, 3)])
def test_no_image_is_tested_by_a_classifier_that_saw_it(pools, units):
    """Of 36 images in 3 pools, or 75 in 3 folds, each seed of each unit."""
    total = 36 if pools > 1 else 75
    design = Design(pools=pools, images=total // pools, seeds=2)
    found = list(controls._units(design, 0))
    assert [unit.number for unit in found] == list(range(units)) * 2
    assert pools > 1 or set(found[0].trained[0]) != set(found[0].trained[1])
    for unit in found:
        tested = np.hstack(list(unit.tested.values()))
        for trained, held in zip(unit.trained, tested, strict=True):
            assert sorted([*trained, *held]) == list(range(total))


@pytest.mark.parametrize(
    ("pixels", "images", "train"),
    [(64, 32, 16), (64, 64, 16), (32, 80, 48), (32, 160, 48), (12, 120, 48), (12, 240, 48)],
)
def test_gaussian_images_have_no_excess_at_any_number_of_images_per_pixel(pixels, images, train):
    """At 0.5, 1, 2.5, 5, 10 and 20 images of a class per pixel."""
    control = Control(
        synthetic.normal_latent,
        design=Design(dimension=pixels, images=images, train=train, distance=1.5, seeds=2),
    )
    check_null(control, 30)


@pytest.mark.slow
@pytest.mark.parametrize("per_pixel", [0.5, 1, 2.5, 5, 10, 20])
def test_gaussian_images_of_64_pixels_have_no_excess(per_pixel):
    train = 16 if per_pixel <= 1 else 96
    images = int(64 * per_pixel)
    design = Design(dimension=64, images=images, train=train, distance=1.5, seeds=2)
    check_null(Control(synthetic.normal_latent, design=design), 200)


def check_null(control, count):
    """No mean excess within 3 errors; "beyond" at most as often as its level, and 2 errors."""
    found = np.array([measured_excesses(control, generator(5, i)) for i in range(count)])
    excess = found.mean(axis=1)
    assert abs(excess.mean()) < 3 * excess.std(ddof=1) / np.sqrt(count)
    reach = stats.t.ppf(0.95, found.shape[1] - 1) * stats.sem(found, axis=1)
    beyond = (abs(excess) - reach > MARGIN).sum()
    assert beyond <= count * 0.05 + 2 * np.sqrt(count * 0.05 * 0.95)


@pytest.mark.slow
@pytest.mark.parametrize("name", AT_MARGIN)
def test_false_verdicts_at_the_margin_have_their_nominal_share(name):
    found = summarised(repetitions(name, 400, study_seed=0), name)
    assert found.loc["coverage", "passes"]
    most = stats.binom.ppf(0.9995, 400, 0.05) / 400
    assert found.loc[INSIDE, "value"] <= most
    assert found.loc[BEYOND, "value"] <= most


@pytest.mark.slow
def test_intervals_over_the_folds_of_one_pool_cover():
    assert summarised(repetitions("one_pool", 400, study_seed=0), "one_pool").loc[
        "coverage", "passes"
    ]
