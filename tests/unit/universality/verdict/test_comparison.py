"""Which of two sources is closer to its Gaussian data: coverage, known answers, sentences."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gaussianity.universality.verdict import comparison, equivalence
from gaussianity.universality.verdict.comparison import (
    NEITHER,
    UNKNOWN,
    gap,
    sentence,
    table,
    welch_reach,
)

REPEATS = 2000


def drawn(mean, units, generator, deviation=0.01):
    return generator.normal(mean, deviation, (REPEATS, units))


def ends(first, second):
    found = [gap(a, b, 0.05) for a, b in zip(first, second, strict=True)]
    return np.array([(row["low"], row["high"]) for row in found])


@pytest.mark.parametrize("sign", [1, -1])
def test_the_interval_of_two_equal_sources_holds_0_at_its_nominal_rate(sign):
    generator = np.random.default_rng(0)
    low, high = ends(drawn(0.1, 5, generator), drawn(sign * 0.1, 8, generator)).T
    holds = np.mean((low <= 0) & (high >= 0))
    assert abs(holds - 0.9) < 4 * np.sqrt(0.09 / REPEATS)
    assert abs(np.mean(low > 0) - 0.05) < 4 * np.sqrt(0.0475 / REPEATS)


def test_the_interval_is_not_too_narrow_where_both_are_gaussian():
    generator = np.random.default_rng(1)
    low, high = ends(drawn(0, 5, generator), drawn(0, 5, generator)).T
    assert np.mean((low <= 0) & (high >= 0)) > 0.9


@pytest.mark.parametrize(("first", "second"), [(0.1, 0.02), (-0.1, 0.02), (0.03, 0.0)])
def test_the_interval_holds_the_true_gap(first, second):
    generator = np.random.default_rng(2)
    low, high = ends(drawn(first, 5, generator), drawn(second, 5, generator)).T
    truth = abs(first) - abs(second)
    assert np.mean((low <= truth) & (truth <= high)) > 0.9 - 4 * np.sqrt(0.09 / REPEATS)


def test_matched_units_are_compared_unit_by_unit():
    """Both share 90 % of their variance: the interval is narrower and keeps its rate."""
    generator = np.random.default_rng(3)
    shared = drawn(0, 6, generator, 0.03)
    first, second = (0.2 + shared + drawn(0, 6, generator) for _ in range(2))
    found = [gap(a, b, 0.05, is_matched=True) for a, b in zip(first, second, strict=True)]
    low, high = np.array([(row["low"], row["high"]) for row in found]).T
    assert abs(np.mean((low <= 0) & (high >= 0)) - 0.9) < 4 * np.sqrt(0.09 / REPEATS)
    apart = np.diff(ends(first[:50], second[:50]), axis=1).mean()
    assert np.mean(high - low) < 0.5 * apart


def test_the_reach_is_that_of_welchs_test():
    a, b = [0.1, 0.3, 0.2, 0.25], [0.0, 0.4, 0.1]
    found = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    reach = welch_reach(equivalence.interval(a, 0.05), equivalence.interval(b, 0.05), 0.05)
    assert reach == pytest.approx((found.high - found.low) / 2, rel=1e-12)
    same = equivalence.interval([0.1, 0.1], 0.05)
    assert welch_reach(same, same, 0.05) == 0


def test_a_gap_without_an_interval():
    assert gap([0.1], [0.2, 0.3], 0.05) == dict(gap=pytest.approx(-0.15), low=-np.inf, high=np.inf)
    missing = gap([np.nan, 0.1], [0.2, 0.3], 0.05)
    assert np.isnan(missing["gap"])
    assert (missing["low"], missing["high"]) == (-np.inf, np.inf)


def scores(excesses, sizes):
    """Runs of sources, whose excess differs a little between four folds."""
    rows = []
    for source, excess in excesses.items():
        for size in sizes[source]:
            for fold in range(4):
                for arm in ("", "-mixed"):
                    moved = excess + 0.002 * (fold - 1.5)
                    accuracy = 0.8 + (moved if not arm else 0)
                    about = dict(subset="pair", loss="least_squares", origin=source + arm, seed=0)
                    rows.append(
                        about
                        | dict(pool=fold, tested=fold, train_size=size, test_accuracy=accuracy)
                        | dict(gaussian_accuracy=0.8, test_images=100, rate_at_edge=np.nan)
                        | dict(epochs=np.nan, best_epoch=np.nan)
                    )
    return pd.DataFrame(rows)


def test_the_less_gaussian_source_is_found():
    runs = scores(
        dict(diffusion=-0.1, gan=0.01, data=0.011),
        dict(diffusion=[8, 16], gan=[8, 32], data=[64]),
    )
    found = table(
        runs, primary_loss="least_squares", level=0.05, margin=0.002, distances=dict(gan=0.2)
    )
    assert found[["first", "second"]].to_numpy().tolist() == [
        ["diffusion", "gan"],
        ["diffusion", "data"],
        ["gan", "data"],
    ]
    assert list(found["closer"]) == ["gan", "data", UNKNOWN]
    assert found["gap"][:2].tolist() == pytest.approx([0.09, 0.089])
    assert found["train_size_first"].tolist() == [8, 16, 32]  # 8 is the largest that both have
    assert found["train_size_second"].tolist() == [8, 64, 64]
    assert found["distance_second"][0] == found["distance_first"][2] == 0.2
    assert found["sentence"][0] == (
        "pair: the images of gan are closer to their Gaussian data than the generated images, by "
        "0.090 of accuracy (90 % interval 0.086 to 0.094)."
    )
    assert "whether the images of gan or the dataset's images are closer" in found["sentence"][2]


@pytest.mark.parametrize(("margin", "closer"), [(0.02, NEITHER), (0.0045, UNKNOWN)])
def test_equally_close_is_said_only_within_the_margin(margin, closer):
    """Both excesses have the standard error 0.00129, so the gap's interval is -0.0045 to 0.0025."""
    runs = scores(dict(gan=0.01, data=0.011), dict(gan=[8], data=[8]))
    found = table(runs, primary_loss="least_squares", level=0.05, margin=margin)
    assert found[["low", "high"]].to_numpy()[0] == pytest.approx([-0.00455, 0.00255], abs=2e-5)
    assert found["closer"][0] == closer
    said = "pair: the images of gan and the dataset's images are equally close to their Gaussian "
    said += "data, within 0.02 of accuracy (90 % interval of the difference -0.005 to +0.003)."
    assert (found["sentence"][0] == said) == (closer == NEITHER)


def test_a_sentence_without_an_interval():
    row = dict(subset="two", first="a", second="b", level=0.05, closer=UNKNOWN)
    assert sentence(row | dict(gap=0.1, low=-np.inf, high=np.inf)) == (
        "two: cannot tell whether the images of a or the images of b are closer to their Gaussian "
        "data (no interval)."
    )


def test_one_source_cannot_be_compared():
    with pytest.raises(ValueError, match="two or more sources, found data"):
        comparison.table(
            scores(dict(data=0.1), dict(data=[8])),
            primary_loss="least_squares",
            level=0.05,
            margin=0.02,
        )
