"""The gap from estimation alone, against known numbers."""

import numpy as np
import pytest

from gaussianity.universality.estimation_gap import ESTIMATORS, Task, accuracies, gap_curve
from gaussianity.universality.synthetic import power_law_root


def power_diff(p, seed):
    """Four classes with power laws of different exponents, drawn in a fixed order."""
    generator = np.random.default_rng(seed)
    power_law_root(p, 1.0, generator)  # advances the generator as the known numbers need
    means, roots = [], []
    for exponent in (0.5, 1.0, 1.5, 0.8):
        roots.append(power_law_root(p, exponent, generator))
        means.append(roots[-1] @ generator.standard_normal(p) * 0.2)
    return np.array(means), np.array(roots)


def mean_gaps(model, fit_size, task, repetitions):
    """Gap of each estimator and of its refit."""
    found = [
        accuracies(*model, fit_size, task, np.random.default_rng([fit_size, i]))
        for i in range(repetitions)
    ]
    mean = {name: np.mean([one[name] for one in found]) for name in found[0]}
    first = {name: mean[name] - mean["data"] for name in ESTIMATORS}
    second = {name: mean[f"{name}_refit"] - mean[name] for name in ESTIMATORS}
    return first, second


def test_fewer_images_make_refitted_classes_easier_and_shrinkage_less_so():
    model, task = power_diff(50, 11), Task(train=16, ridge=5.0)
    few, control = mean_gaps(model, 45, task, 12)
    more, more_control = mean_gaps(model, 200, task, 12)
    assert few["sample"] > 0.1
    assert few["sample"] > 2 * more["sample"] > 0
    assert few["ledoit_wolf"] < 0.6 * few["sample"]
    assert control["sample"] > 0.3 * few["sample"]
    assert abs(more["sample"] - more_control["sample"]) < 0.02


def test_many_images_leave_no_gap():
    first, _ = mean_gaps(power_diff(20, 11), 20_000, Task(train=16, ridge=5.0), 3)
    assert abs(first["sample"]) < 0.01


def test_a_point_of_the_curve_depends_on_no_other():
    both = gap_curve([30, 50], 2, study_seed=0)
    one = gap_curve([50], 1, study_seed=0)
    assert both["fit_size"].tolist() == [30, 30, 50, 50]
    for name, column in one.items():
        assert both[name][2] == column[0]
    assert both["sample"][0] != both["sample"][1]


@pytest.mark.slow
@pytest.mark.parametrize(("fit_size", "gap"), [(350, 0.073), (1000, 0.024), (4000, 0.009)])
def test_gaps_of_400_pixels(fit_size, gap):
    """The expected gaps are simulated; the deterministic equivalent has 0.065, 0.029, 0.005."""
    first, second = mean_gaps(power_diff(400, 11), fit_size, Task(train=128, ridge=20.0), 4)
    assert first["sample"] == pytest.approx(gap, abs=0.01)
    assert 0 < first["ledoit_wolf"] < first["sample"]
    if fit_size == 1000:
        assert second["sample"] == pytest.approx(first["sample"], abs=0.01)
