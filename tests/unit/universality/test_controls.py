"""Verdicts on synthetic images with a known excess."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.universality.controls import CONTROLS, MARGIN, Design, repetitions, simulated_gaps
from gaussianity.universality.equivalence import (
    INCONCLUSIVE,
    NOT_UNIVERSAL,
    UNIVERSAL,
    Interval,
    verdict_of,
)


def verdicts(found):
    """The verdict of each repetition."""
    columns = (found[name] for name in ("excess", "error", "low", "high"))
    return [
        verdict_of(Interval(mean, error, 9, low, high), MARGIN)
        for mean, error, low, high in zip(*columns, strict=True)
    ]


def test_a_repetition_depends_on_nothing_but_its_number():
    few = repetitions("uniform", 2, study_seed=3)
    many = repetitions("uniform", 4, study_seed=3)
    for name, column in few.items():
        np.testing.assert_array_equal(many[name][:2], column)
    assert len(set(many["excess"])) == 4
    assert repetitions("uniform", 1, study_seed=4)["excess"] != few["excess"][0]
    assert repetitions("gaussian", 1, study_seed=3)["excess"] != few["excess"][0]


def test_two_modes_are_not_universal_and_gaussian_images_are_never_called_so():
    found = verdicts(repetitions("two_modes", 15, study_seed=0))
    assert found == [NOT_UNIVERSAL] * 15
    found = verdicts(repetitions("gaussian", 25, study_seed=0))
    assert set(found) <= {UNIVERSAL, INCONCLUSIVE}
    assert found.count(UNIVERSAL) >= 15


def test_the_p_value_is_that_of_the_interval():
    found = repetitions("gaussian", 20, study_seed=1)
    universal = [text == UNIVERSAL for text in verdicts(found)]
    np.testing.assert_array_equal(found["p_value"] < 0.05, universal)


def test_the_gap_of_few_images_is_mostly_the_estimations():
    """Three Gaussian images per pixel: the bare gap is far from 0, and the excess is not."""
    design = Design(pools=40, images=60, train=15, dimension=20, seeds=2)
    found = [simulated_gaps("gaussian", design, np.random.default_rng(seed)) for seed in range(5)]
    gap, control = np.mean(found, axis=(0, 2, 3))
    assert gap < -0.03
    assert abs(gap - control) < 0.5 * abs(gap)


@pytest.mark.slow
@pytest.mark.parametrize("control", CONTROLS)
def test_calibration_over_two_hundred_repetitions(control):
    """False verdicts have at most their nominal share, and true ones 95 % for two modes.

    The intervals contain the true excess of Gaussian images, 0, in 90 % of the repetitions.
    """
    found = repetitions(control, 200, study_seed=0)
    counted = verdicts(found).count(NOT_UNIVERSAL)
    if control == "two_modes":
        assert counted >= 0.95 * 200
        return
    assert stats.binomtest(counted, 200).proportion_ci(0.95).high <= 0.05
    assert verdicts(found).count(UNIVERSAL) >= 0.8 * 200
    if control == "gaussian":
        held = ((found["low"] <= 0) & (found["high"] >= 0)).sum()
        assert stats.binomtest(int(held), 200, 0.9).pvalue > 0.01
