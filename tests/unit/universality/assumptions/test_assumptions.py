"""Verdicts on the assumptions for distributions that satisfy or violate them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gaussianity.universality.assumptions.assumptions import CONDITIONS, averaged, table
from gaussianity.universality.assumptions.class_measures import measure_class
from gaussianity.universality.assumptions.trends import Measure, slope

DIMENSIONS = (32, 64, 128, 256)
COUNT = 1500
RULE = dict(confidence=0.95, tolerance=0.25)


def measured(levels, replicates=10, seed=0):
    generator = np.random.default_rng(seed)
    return measure_class(levels, generator, directions=32, replicates=replicates)


def sequence(spectrum, mean=0.0, count=COUNT):
    """Normal rows at each dimension with a diagonal covariance spectrum(d) and a mean."""
    return [
        np.random.default_rng(d).standard_normal((count, d)) * np.sqrt(spectrum(d)) + mean
        for d in DIMENSIONS
    ]


def power_law(exponent):
    return lambda d: np.arange(1.0, d + 1) ** -exponent


def verdicts(levels):
    measures, _ = measured(levels)
    frame = pd.DataFrame(table(averaged([measures], (0.05, 0.5)), **RULE))
    return frame.drop_duplicates("quantity").set_index("quantity")


@pytest.fixture(scope="module")
def standard():
    """Independent coordinates of variance 1 / d."""
    return sequence(lambda d: np.full(d, 1 / d))


def test_all_hold_for_independent_coordinates(standard):
    found = verdicts(standard)
    assert set(found["verdict"]) == {"holds"}, found.to_string()
    expected = dict(projection_2=-1, projection_4=-2, projection_6=-3, norm_variance=-1)
    for name, trend in expected.items():
        assert found.loc[name, "theory"] == pytest.approx(trend)
        assert found.loc[name, "trend"] == pytest.approx(trend, abs=0.06)
        assert found.loc[name, "low"] < found.loc[name, "trend"] < found.loc[name, "high"]


def test_power_law_breaks_variance_and_spectrum():
    """lambda_i = i^-1.5: Var(x^T x) tends to 2 zeta(3) / zeta(1.5)^2 and does not vanish."""
    found = verdicts(sequence(power_law(1.5), count=6000))
    spectrum = found.loc["spectrum"]
    assert spectrum["verdict"] == "fails"
    assert spectrum["trend"] == pytest.approx(-1.5, abs=0.1)
    assert found.loc["norm_variance", "verdict"] == "fails"
    values = power_law(1.5)(DIMENSIONS[-1])
    expected = 2 * (values**2).sum() / values.sum() ** 2
    assert found.loc["norm_variance", "value"] == pytest.approx(expected, rel=0.1)
    assert found.loc["principal_2", "verdict"] == "fails"
    assert found.loc["projection_4", "verdict"] == "holds"
    assert found.loc["mean", "verdict"] != "fails"


def test_slow_decay_is_not_decided():
    """lambda_i = i^-0.75: Var(x^T x) = 2 sum lambda_i^2 falls more slowly than 1 / d."""
    found = verdicts(sequence(power_law(0.75), count=6000))
    spectra = [power_law(0.75)(d) for d in DIMENSIONS]
    expected = slope(DIMENSIONS, [(s**2).sum() / s.sum() ** 2 for s in spectra])
    assert -0.7 < expected < -0.5
    assert found.loc["norm_variance", "trend"] == pytest.approx(expected, abs=0.07)
    assert found.loc["norm_variance", "verdict"] == "not decided"
    assert found.loc["spectrum", "verdict"] == "holds"


def test_a_spike_breaks_variance_and_worst_projection():
    """One direction with half of the variance: Var(x^T x) = 2 / 4 and lambda_1 = 1 / 2 at any d."""

    def spike(d):
        return np.where(np.arange(d) == 0, 0.5, 0.5 / (d - 1))

    found = verdicts(sequence(spike, count=6000))
    assert found.loc["norm_variance", "verdict"] == "fails"
    assert found.loc["norm_variance", "value"] == pytest.approx(0.5, rel=0.1)
    assert found.loc["principal_2", "verdict"] == "fails"
    assert found.loc["principal_2", "value"] == pytest.approx(0.5, rel=0.1)


def test_a_mean_that_grows_fails():
    """A mean of 1 in each pixel beside a total variance of 1: ||mean||^2 = d."""
    found = verdicts(sequence(lambda d: np.full(d, 1 / d), mean=1.0))
    assert found.loc["mean", "verdict"] == "fails"
    assert found.loc["mean", "trend"] == pytest.approx(1.0, abs=0.01)
    assert found.loc["mean", "value"] == pytest.approx(DIMENSIONS[-1], rel=0.05)
    others = found.drop("mean")
    assert set(others["verdict"]) == {"holds"}, others.to_string()


def test_a_value_of_zero_fails_from_below_only():
    zero = Measure(np.array([1, 2]), np.zeros((3, 2)), np.ones(2))
    found = pd.DataFrame(table(dict(gram=zero, mean=zero), **RULE)).drop_duplicates("quantity")
    assert found["verdict"].tolist() == ["fails", "holds"]
    assert found["trend"].isna().all()


@pytest.mark.parametrize(
    ("quantity", "limits"),
    [
        ("mean", (-0.75, -0.75)),
        ("projection_4", (-0.75, -0.75)),
        ("principal_2", (-0.75, -0.75)),
        ("norm_variance", (-0.75, -0.25)),
        ("form_variance", (-0.75, -0.25)),
        ("gram", (-1.25, -1.25)),
        ("gram_nonzero", (-1.25, -1.25)),
        ("gram_n", (-1.25, -1.25)),
        ("spectrum", (-1.0, -1.0)),
    ],
)
def test_limits_lie_a_tolerance_from_the_reference(quantity, limits):
    """The reference falls as 1 / size, and the tolerance is 1/4."""
    sizes = np.array([1, 2, 4])
    measure = Measure(sizes, np.ones((3, 3)), 1 / sizes)
    found = table({quantity: measure}, **RULE)
    np.testing.assert_allclose(found["theory"], -1, rtol=1e-12)
    np.testing.assert_allclose(found["holds_to"], limits[0], rtol=1e-12)
    np.testing.assert_allclose(found["fails_from"], limits[1], rtol=1e-12)


@pytest.mark.parametrize(("trend", "verdict"), [(-1.2, "holds"), (-1.3, "fails"), (0.5, "holds")])
def test_a_smallest_singular_value_may_fall_a_tolerance_faster(trend, verdict):
    sizes = np.array([1, 2, 4])
    measure = Measure(sizes, np.tile(sizes**trend, (3, 1)), 1 / sizes)
    assert set(table(dict(gram=measure), **RULE)["verdict"]) == {verdict}


def test_averages_cut_spectra_to_the_smallest_rank():
    parts = [
        dict(spectrum=Measure(np.arange(1, r + 1), np.full((2, r), v), np.ones(r)))
        for r, v in ((10, 1.0), (8, 3.0))
    ]
    found = averaged(parts, (0.0, 1.0))["spectrum"]
    np.testing.assert_array_equal(found.sizes, np.arange(1, 9))
    np.testing.assert_array_equal(found.values, 2.0)


def test_table_has_a_row_per_quantity_and_size(standard):
    columns = table(averaged([measured(standard)[0]], (0.05, 0.5)), **RULE)
    frame = pd.DataFrame(columns)
    sizes = frame[frame["quantity"] == "mean"]["size"]
    assert sizes.tolist() == list(DIMENSIONS)
    assert set(frame["quantity"]) == set(CONDITIONS) - {"gram", "gram_nonzero", "gram_n"}
    assert {column.dtype.kind for column in columns.values()} == {"i", "f", "U"}


def test_a_power_law_needs_ranks():
    measures, _ = measured([rows[:20] for rows in sequence(power_law(1.0))])
    with pytest.raises(ValueError, match="at least 3 eigenvalues, found 2"):
        averaged([measures], (0.0, 0.1))


def test_the_interval_of_a_trend_is_around_that_of_all_images():
    """Student's t with three degrees of freedom, and the standard deviation of four replicates."""
    exponents = np.array([-1.0, -1.5, -1.2, -1.3, -1.6])
    sizes = np.array([16.0, 64.0, 256.0])
    measure = Measure(sizes, sizes ** exponents[:, None], sizes**-1.0)
    found = table(dict(norm_variance=measure), **RULE)
    reach = stats.t.ppf(0.975, 3) * np.std(exponents[1:], ddof=1)
    assert found["trend"] == pytest.approx(-1)
    assert found["low"] == pytest.approx(-1 - reach)
    assert found["high"] == pytest.approx(-1 + reach)
    assert found["theory"] == pytest.approx(-1)
    assert found["value"] == pytest.approx(1 / 256)
    np.testing.assert_allclose(found["size_value"], 1 / sizes)


def test_ranks_of_the_power_law_are_fractions_of_the_numerical_rank():
    ranks = np.arange(1.0, 201)
    part = dict(spectrum=Measure(ranks, 1 / ranks[None], np.ones(200)))
    found = averaged([part], (0.05, 0.5))["spectrum"]
    assert (found.sizes[0], found.sizes[-1]) == (10, 100)
    assert len(found.sizes) == 24
    steps = found.sizes[1:] / found.sizes[:-1]
    np.testing.assert_allclose(steps, 10 ** (1 / 23), rtol=0.06)
    np.testing.assert_allclose(found.values[0], 1 / found.sizes)
    assert averaged([part], (0.001, 0.5))["spectrum"].sizes[0] == 1
