"""Curves of transition times have the formulas' values at each point."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gaussianity.manifold.measured.cases import theory_band
from gaussianity.manifold.theory.collapse import collapse_time, isometric_time, linear_time
from gaussianity.manifold.theory.curves import (
    CRITERIA,
    ISOMETRIC,
    ORTHONORMAL,
    CollapseCurve,
    Setting,
    points,
    speciation_curve,
    theory_curves,
)
from gaussianity.manifold.theory.speciation import leading_variance, potential_time

SETTING = Setting.of_samples(d=256, samples=20000, beta=0.25, separation=1.0)


def test_collapse_of_linear_manifolds_knows_the_class():
    betas = np.array([0.1, 0.5])
    along = SETTING.along("beta", betas)
    # Lambda = d m^2 = 256: the class is chosen long before the collapse.
    np.testing.assert_allclose(speciation_curve("linear", along)["potential"], 0.5 * np.log(512))
    np.testing.assert_allclose(speciation_curve("linear", along)["spectral"], 0.5 * np.log(256))
    found = CollapseCurve("linear")(along)
    np.testing.assert_allclose(found["n"], linear_time(np.log(10000) / 256, betas))
    np.testing.assert_allclose(found["half"], linear_time(np.log(5000) / 256, betas))


def test_isometric_weights_have_orthonormal_columns():
    setting = Setting(d=256, alpha=0.04, beta=0.25, separation=0.0)
    along = setting.along("alpha", [0.02, 0.04])
    found = CollapseCurve(ISOMETRIC)(along)
    np.testing.assert_allclose(found["n"], isometric_time([0.02, 0.04], 0.25))
    np.testing.assert_allclose(points(ISOMETRIC, along)["kappa"], 0.25)
    assert np.isnan(speciation_curve(ISOMETRIC, along)["potential"]).all()  # one class
    apart = setting.along("separation", [2.0])
    at_half = speciation_curve(ISOMETRIC, apart)["deflection"]
    np.testing.assert_allclose(at_half, 0.5 * np.log(2 * 4 * 64))  # D = p m^2 e^-2t


def test_without_kappa_it_is_beta():
    setting = Setting(d=256, alpha=0.04, beta=0.25, separation=1.0, kappa=None)
    np.testing.assert_array_equal(points("relu", setting.along("beta", [0.1]))["kappa"], [0.1])
    assert setting.distribution("linear").deviation == pytest.approx(np.sqrt(0.5))


def test_classes_that_coincide_are_never_chosen():
    assert np.isnan(speciation_curve("square", [SETTING])["potential"]).all()
    assert np.isfinite(speciation_curve("tanh2x", [SETTING])["potential"]).all()


@pytest.mark.parametrize("name", ["linear", ISOMETRIC])
def test_times_of_a_small_dimension_or_a_small_set_are_empty(name):
    """n = e^0.64 = 1.9 samples at d = 32, of which half are less than one."""
    setting = Setting(d=32, alpha=0.02, beta=0.25, separation=0.0)
    found = CollapseCurve(name)(setting.along("alpha", [0.02, 0.08]))
    np.testing.assert_array_equal(np.isnan(found["n"]), [False, False])
    np.testing.assert_array_equal(np.isnan(found["half"]), [True, False])


def test_the_class_is_known_at_both_times_or_at_neither():
    """At d = 256 and beta = 0.25 t_C is 1.228 of 20,000 samples, then 1.268, 1.310 of a half and of
    a quarter; 1/2 log 256 m^2 is 1.164, 1.281 and 1.387, between the last two for the second m."""
    separations = [0.2, 0.225, 0.25]
    settings = replace(SETTING, separation=0.0).along("separation", separations)
    found = CollapseCurve("linear")(settings)
    np.testing.assert_allclose(found["n"], [1.2282, 1.2677, 1.2677], atol=6e-5)
    np.testing.assert_allclose(found["half"], [1.2677, 1.3100, 1.3100], atol=6e-5)
    for k, setting in enumerate(settings):
        band = theory_band(setting.distribution("linear"), 20000)
        np.testing.assert_allclose(band, [found["n"][k], found["half"][k]], rtol=1e-9)


@pytest.mark.parametrize("name", ["linear", ISOMETRIC])
def test_half_of_three_samples_of_a_class_are_less_than_one(name):
    found = CollapseCurve(name)([Setting.of_samples(d=256, samples=3, beta=0.25, separation=2.0)])
    assert np.isfinite(found["n"]).all()
    assert np.isnan(found["half"]).all()


def test_all_curves_of_a_manifold():
    ranges = dict(beta=[0.5, 1.0, 2.0], alpha=[0.02], separation=[0.0, 1.0])
    found = theory_curves(ISOMETRIC, ranges, dict(speciation=SETTING, collapse=SETTING))
    count = (2 + 1 + 2) * (len(CRITERIA) + 2 + 2)  # beta = 2 has no isometric weights
    assert {len(column) for column in found.values()} == {count}
    chosen = (found["varied"] == "separation") & (found["criterion"] == "n")
    chosen &= found["transition"] == "collapse"
    np.testing.assert_array_equal(found["separation"][chosen], [0.0, 1.0])
    expected = isometric_time(np.log([20000, 10000]) / 256, 0.25)
    np.testing.assert_allclose(found["time"][chosen], expected)


@pytest.mark.slow  # seconds: tables of two channels
def test_along_the_separation_of_an_activation():
    collapse = CollapseCurve("tanh2x")
    found = collapse(SETTING.along("separation", [0.0, 1.0]))
    np.testing.assert_allclose(found["n"], [1.0460, 0.9172], atol=1e-4)
    np.testing.assert_allclose(found["half"], [1.0824, 0.9546], atol=1e-4)
    distribution = SETTING.distribution("tanh2x")
    potential = speciation_curve("tanh2x", [SETTING])["potential"]
    np.testing.assert_allclose(potential, potential_time(leading_variance(distribution)))
    expected = collapse_time(distribution, 20000, classes=2)
    np.testing.assert_allclose(collapse([SETTING])["n"], expected, rtol=1e-9)


def test_every_point_has_the_table_of_its_channel():
    """The made-up time is 100 separation + 10 kappa + alpha + beta."""
    curve = CollapseCurve("tanh")

    def table(separation, kappa):
        made = 100 * separation + 10 * kappa
        return SimpleNamespace(times=lambda alpha, beta: made + alpha + beta)

    curve.information = table
    settings = [
        Setting(d=8, alpha=0.0, beta=beta, separation=separation, kappa=kappa)
        for beta, separation, kappa in ((0.25, 1.0, 2.0), (0.5, 0.0, 2.0), (1.0, 1.0, 2.0))
    ]
    found = curve._times(settings, np.array([0.01, 0.02, 0.03]))
    np.testing.assert_allclose(found, [120.26, 20.52, 121.03])


def test_both_normalisations_of_a_linear_manifold():
    """At beta = 1/4 and n = 20,000 in d = 256: t_C = 1.2282 with kappa = 1, and 0.6499 with kappa =
    beta, near the isometric manifold's 0.6618."""
    point = replace(SETTING, separation=0.0)
    ranges = dict(beta=[0.25])
    found = theory_curves("linear", ranges, dict(speciation=point, collapse=point))
    times = {
        transition: float(time)
        for transition, criterion, time in zip(
            found["transition"], found["criterion"], found["time"], strict=True
        )
        if criterion == "n"
    }
    assert times["collapse"] == pytest.approx(1.2282, abs=6e-5)
    assert times[ORTHONORMAL] == pytest.approx(linear_time(point.alpha, 0.25, 0.25), rel=1e-9)
    assert times[ORTHONORMAL] == pytest.approx(0.65, abs=5e-3)
