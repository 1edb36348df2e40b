"""Estimates of the accuracy on Gaussian data from few images, against known numbers."""

import numpy as np
import pytest
import yaml

from gaussianity.universality.controls.estimation_gap import (
    DIMENSION,
    LAWS,
    METHODS,
    WORKFLOW,
    Task,
    accuracies,
    gap_curve,
)
from gaussianity.universality.controls.synthetic import power_law_root
from project import ROOT


def power_diff(p, seed):
    """Four classes with power laws of different exponents, drawn in a fixed order."""
    generator = np.random.default_rng(seed)
    power_law_root(p, 1.0, generator)  # advances the generator as the known numbers need
    means, roots = [], []
    for exponent in (0.5, 1.0, 1.5, 0.8):
        roots.append(power_law_root(p, exponent, generator))
        means.append(roots[-1] @ generator.standard_normal(p) * 0.2)
    return np.array(means), np.array(roots)


def differences(model, fit_size, task, repetitions, law="normal"):
    """Mean of each method's accuracy less the true one, and its standard error."""
    found = [
        accuracies(model, LAWS[law], fit_size, task, np.random.default_rng([fit_size, i]))
        for i in range(repetitions)
    ]
    left = {name: np.array([one[name] - one["data"] for one in found]) for name in METHODS}
    return {name: (d.mean(), d.std(ddof=1) / len(d) ** 0.5) for name, d in left.items()}


def test_fewer_images_make_fitted_classes_easier_and_shrinkage_less_so():
    model, task = power_diff(50, 11), Task(train=16, ridge=5.0)
    few, more = (differences(model, size, task, 12) for size in (45, 200))
    assert few["sample"][0] > 0.1
    assert few["sample"][0] > 2 * more["sample"][0] > 0
    assert few["ledoit_wolf"][0] < 0.6 * few["sample"][0]


@pytest.mark.parametrize("fit_size", [20, 45])
def test_mixtures_of_gaussian_images_are_as_difficult_as_the_classes(fit_size):
    """At 0.4 and 0.9 images of a class per pixel."""
    task = Task(train=16, ridge=5.0)
    left, error = differences(power_diff(50, 11), fit_size, task, 40)["mixing"]
    assert error < 0.012
    assert abs(left) < 3 * error


def test_many_images_leave_no_difference():
    task = Task(train=16, ridge=5.0, seeds=60, tested=2000)
    for law in LAWS:
        left = differences(power_diff(20, 11), 20_000, task, 2, law)
        assert all(abs(mean) < 0.02 for mean, _ in left.values())


def test_a_point_of_the_curve_depends_on_no_other():
    both = gap_curve([32, 50], 2, study_seed=0)
    one = gap_curve([50], 1, study_seed=0)
    assert both["fit_size"].tolist() == [32, 32, 50, 50] * 2
    assert both["law"].tolist() == ["normal"] * 4 + ["t_5"] * 4
    np.testing.assert_allclose(both["images_per_pixel"], both["fit_size"] / DIMENSION)
    for name, column in one.items():
        assert both[name][2] == column[0]
        assert both[name][6] == column[1]
    assert both["sample"][0] != both["sample"][1]
    np.testing.assert_array_equal(both["data"][:4], both["data"][4:])  # the same classes


def test_the_schema_asks_for_as_many_images_as_are_mixed():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    sizes = schema["properties"]["controls"]["properties"]["fit_sizes"]
    assert sizes["items"]["minimum"] == WORKFLOW.train


@pytest.mark.slow
@pytest.mark.parametrize(("fit_size", "gap"), [(350, 0.073), (1000, 0.024), (4000, 0.009)])
def test_gaps_of_400_pixels(fit_size, gap):
    """The expected gaps are simulated; the deterministic equivalent has 0.065, 0.029, 0.005."""
    task = Task(train=128, ridge=20.0, seeds=1, tested=256)
    left = differences(power_diff(400, 11), fit_size, task, 4)
    assert left["sample"][0] == pytest.approx(gap, abs=0.01)
    assert 0 < left["ledoit_wolf"][0] < left["sample"][0]
