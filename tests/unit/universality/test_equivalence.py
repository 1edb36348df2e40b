"""The statistics of the verdict, against exact intervals, simulations and published numbers."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.universality.equivalence import (
    INCONCLUSIVE,
    NOT_UNIVERSAL,
    UNIVERSAL,
    Interval,
    bootstrap_error,
    mean_interval,
    seeds_for,
    seeds_needed,
    two_one_sided,
    verdict_of,
    verdict_power,
)


def generator(*numbers):
    return np.random.default_rng(numbers)


def nested(pools, seeds, between, within, *numbers):
    """Differences of mean 0 and their pools."""
    drawn = generator(*numbers)
    effects = between * np.repeat(drawn.standard_normal(pools), seeds)
    return effects + within * drawn.standard_normal(pools * seeds), np.repeat(range(pools), seeds)


def normal_interval(mean, error, dof):
    reach = stats.t.ppf(0.95, dof) * error
    return Interval(mean, error, dof, mean - reach, mean + reach)


def test_balanced_pools_give_the_t_interval_of_their_means():
    differences, pools = nested(6, 4, 1.0, 1.0, 0)
    found = mean_interval(differences, pools, generator=generator(1))
    means = differences.reshape(6, 4).mean(axis=1)
    exact = stats.t.interval(0.9, 5, means.mean(), stats.sem(means))
    assert found.mean == pytest.approx(means.mean())
    assert found.dof == 5
    reach = exact[1] - exact[0]
    assert (found.low, found.high) == pytest.approx(exact, abs=0.04 * reach)


def test_order_of_seeds_and_names_of_pools_do_not_matter():
    differences, pools = nested(3, 4, 1.0, 1.0, 0)
    order = generator(2).permutation(12)
    one = mean_interval(differences, pools, generator=generator(1))
    other = mean_interval(differences[order], 10 * pools[order] + 7, generator=generator(1))
    assert (other.low, other.high) == pytest.approx((one.low, one.high), rel=1e-12)


def test_the_interval_covers_and_the_percentiles_do_not():
    """The coverage is at least the nominal 90 %; independent seeds would give 70 %."""
    trials, covered, percentiles, naive = 400, 0, 0, 0
    for trial in range(trials):
        differences, pools = nested(5, 4, 1.0, 1.0, 3, trial)
        found = mean_interval(differences, pools, generator=generator(4, trial))
        covered += found.low <= 0 <= found.high
        means = differences.reshape(5, 4).mean(axis=1)
        drawn = means[generator(5, trial).integers(5, size=(500, 5))].mean(axis=1)
        low, high = np.quantile(drawn, [0.05, 0.95])
        percentiles += low <= 0 <= high
        low, high = stats.t.interval(0.9, 19, differences.mean(), stats.sem(differences))
        naive += low <= 0 <= high
    assert stats.binomtest(covered, trials, 0.9).pvalue > 0.01
    assert percentiles < 0.84 * trials
    assert naive < 0.84 * trials


def test_the_bootstrap_error_is_unbiased_for_few_pools():
    means = generator(6).standard_normal((400, 3))
    found = np.mean([bootstrap_error(row, generator(7, i)) ** 2 for i, row in enumerate(means)])
    assert found == pytest.approx((means.var(axis=1, ddof=1) / 3).mean(), rel=0.01)


def test_one_pool_adds_the_finite_test_and_does_not_divide_it_by_the_seeds():
    differences = generator(0).standard_normal(8)
    found = mean_interval(
        differences, np.zeros(8), finite_test_variance=0.09, generator=generator(0)
    )
    assert found.error == pytest.approx(np.sqrt(differences.var(ddof=1) / 8 + 0.09))
    assert (found.dof, found.finite_test_error) == (7, 0.3)
    reach = stats.t.ppf(0.95, 7) * found.error
    assert (found.low, found.high) == pytest.approx((found.mean - reach, found.mean + reach))


def test_a_single_seed_has_no_interval():
    found = mean_interval([0.01], [0], finite_test_variance=1e-4, generator=generator(0))
    assert (found.low, found.high, found.dof) == (-np.inf, np.inf, 0)
    assert verdict_of(found, 0.02) == INCONCLUSIVE
    assert two_one_sided(found, 0.02) == 1
    assert seeds_needed(found, 1, 0.02) == 1


@pytest.mark.parametrize("pools", [[0, 0, 0], [0, 1, 2]])
def test_equal_differences(pools):
    """Without a spread the error is that of the finite test sets alone."""
    found = mean_interval([0.01] * 3, pools, generator=generator(0))
    assert (found.low, found.error, found.high) == (0.01, 0, 0.01)
    assert verdict_of(found, 0.02) == UNIVERSAL
    assert verdict_of(found, 0.005) == NOT_UNIVERSAL
    assert two_one_sided(found, 0.02) == 0
    assert two_one_sided(found, 0.005) == 1
    assert seeds_needed(found, 3, 0.02) == 0
    tested = mean_interval([0.01] * 3, pools, finite_test_variance=1e-2, generator=generator(0))
    assert verdict_of(tested, 0.02) == INCONCLUSIVE
    assert tested.error == pytest.approx(0.1 / np.sqrt(len(set(pools))))


def test_what_is_not_a_list_of_seeds_is_refused():
    for differences, pools in (([], []), ([0.1], [0, 1]), ([[0.1]], [[0]])):
        with pytest.raises(ValueError, match="as many pools, found shapes"):
            mean_interval(differences, pools, generator=generator(0))
    with pytest.raises(ValueError, match="must be finite, found"):
        mean_interval([0.1, np.nan], [0, 1], generator=generator(0))


def test_the_p_value_agrees_with_the_interval():
    for mean in np.linspace(-2.5, 2.5, 41):
        for error in (0.1, 0.4, 0.7):
            found = normal_interval(mean, error, 9)
            assert (two_one_sided(found, 1.0) < 0.05) == (verdict_of(found, 1.0) == UNIVERSAL)


def test_verdicts():
    assert verdict_of(Interval(0, 0.01, 4, -0.019, 0.019), 0.02) == UNIVERSAL
    assert verdict_of(Interval(0, 0.01, 4, -0.02, 0.019), 0.02) == INCONCLUSIVE
    assert verdict_of(Interval(0, 0.01, 4, 0.01, 0.03), 0.02) == INCONCLUSIVE
    assert verdict_of(Interval(0, 0.01, 4, 0.021, 0.03), 0.02) == NOT_UNIVERSAL
    assert verdict_of(Interval(0, 0.01, 4, -0.03, -0.021), 0.02) == NOT_UNIVERSAL


@pytest.mark.parametrize(
    ("difference", "seeds"), [(0.0, [4, 7, 11, 21, 36]), (0.25, [5, 8, 13, 27, 47])]
)
def test_seeds_for_a_power_of_four_fifths(difference, seeds):
    """Known numbers of seeds for standard deviations of 0.5 to 2 margins."""
    found = [seeds_for(ratio, 1.0, difference=difference) for ratio in (0.5, 0.75, 1, 1.5, 2)]
    assert found == seeds


def verdicts(mean, seeds, trials, seed):
    """Verdicts on normal differences of standard deviation 1, with a margin of 1."""
    drawn = mean + generator(seed).standard_normal((trials, seeds))
    return [verdict_of(mean_interval(row, np.zeros(seeds), generator=None), 1.0) for row in drawn]


def test_size_and_power_in_simulation():
    """At the margin each wrong verdict has a share of 5 %; elsewhere the formula holds."""
    at_margin = verdicts(1.0, 20, 1500, 0)
    assert at_margin.count(UNIVERSAL) / 1500 == pytest.approx(0.05, abs=0.03)
    assert at_margin.count(NOT_UNIVERSAL) / 1500 == pytest.approx(0.05, abs=0.03)
    inside = verdicts(0.0, 11, 1500, 1)
    assert verdict_power(11, 1.0, 1.0) == pytest.approx(0.849, abs=5e-4)
    assert inside.count(UNIVERSAL) / 1500 == pytest.approx(0.849, abs=0.03)
    assert inside.count(NOT_UNIVERSAL) == 0
    outside = verdicts(2.0, 9, 1500, 2)
    expected = verdict_power(9, 1.0, 1.0, difference=-2.0)
    assert outside.count(NOT_UNIVERSAL) / 1500 == pytest.approx(expected, abs=0.03)


def test_power_with_a_finite_test_set_in_simulation():
    drawn = generator(3)
    count = 0
    for _ in range(1000):
        differences = 0.3 * drawn.standard_normal() + drawn.standard_normal(12)
        found = mean_interval(differences, np.zeros(12), finite_test_variance=0.09, generator=None)
        count += verdict_of(found, 1.5) == UNIVERSAL
    expected = verdict_power(12, 1.0, 1.5, finite_test_error=0.3)
    assert count / 1000 == pytest.approx(expected, abs=0.03)


def test_seeds_needed_completes_the_number_of_the_table():
    """Pools of one seed whose standard deviation is the margin need 11 seeds."""
    found = normal_interval(0.0, 1 / np.sqrt(4), 3)
    assert seeds_needed(found, 4, 1.0) == 11 - 4
    assert seeds_needed(found, 8, 1.0) == 2 * (11 - 4)  # two seeds to a pool, now as then
    assert seeds_needed(normal_interval(0.25, 1 / np.sqrt(4), 3), 4, 1.0) == 13 - 4


def test_seeds_needed_beyond_the_margin():
    found = normal_interval(1.5, 0.5, 3)
    more = seeds_needed(found, 4, 1.0)
    assert verdict_power(4 + more, 1.0, 1.0, difference=1.5) >= 0.8
    assert verdict_power(3 + more, 1.0, 1.0, difference=1.5) < 0.8


def test_seeds_cannot_decide_at_the_margin():
    assert seeds_needed(normal_interval(1.0, 0.5, 3), 4, 1.0) is None


def test_seeds_of_one_pool_cannot_replace_test_images():
    few = Interval(0.0, np.hypot(0.5, 0.6), 3, -2.0, 2.0, finite_test_error=0.6)
    assert seeds_needed(few, 4, 1.0) is None
    many = Interval(0.0, np.hypot(0.5, 0.1), 3, -2.0, 2.0, finite_test_error=0.1)
    assert 7 <= seeds_needed(many, 4, 1.0) <= 9
    larger = seeds_needed(Interval(0, np.hypot(0.5, 0.3), 3, -2, 2, finite_test_error=0.3), 4, 1.0)
    assert larger > seeds_needed(many, 4, 1.0)


def test_a_mean_at_the_margin_is_not_equivalent():
    """Without any spread the p value is 0 inside the margin and 1 from the margin on."""
    for mean, expected in ((0.5, 1.0), (-0.5, 1.0), (0.25, 0.0), (-0.25, 0.0)):
        assert two_one_sided(Interval(mean, 0.0, 3, mean, mean), 0.5) == expected


def test_seeds_needed_where_the_test_images_explain_all_spread():
    """An error below that of the test images leaves no variance between seeds, and not less."""
    none, less = (
        seeds_needed(Interval(0, error, 3, -2, 2, finite_test_error=0.3), 4, 1.0)
        for error in (0.3, 0.2)
    )
    assert none is not None
    assert less == none
