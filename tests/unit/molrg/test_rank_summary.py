"""The summary of numerical ranks and its headline against numbers by hand."""

import numpy as np
import pytest
from molrg_figure_cases import (
    mixture_ranks,
    ranks,
)

from gaussianity.molrg.rank_summary import EXACT, headline, rank_summary


def test_the_table_of_ranks_has_medians_and_quartiles_of_each_curve():
    """At SNR 1 the ranks are 20, 21 and 22 of 48. Only the mixture has a known sum of
    dimensions."""
    summary = rank_summary(mixture_ranks([100]), ranks(image_class=["3"]))
    at = summary[(summary["snr"] == 1) & (summary["definition"] == "energy 0.9801")]
    assert at["curve"].tolist() == [EXACT, "U-Net, 100 training steps", "class 3"]
    assert at["images"].tolist() == [3, 3, 3]
    expected = dict(mean=21, median=21, q25=20.5, q75=21.5, least=20, most=22, low=20, high=22)
    for name, value in expected.items():
        assert at[name].tolist() == [value] * 3
    np.testing.assert_allclose(at["share"], 21 / 48)
    np.testing.assert_array_equal(at["reference"], [12, 12, np.nan])
    assert len(summary) == 3 * 18 * 2
    assert headline(summary).split("\n") == [
        "Exact denoiser of the mixture: rank at most 30, the subspaces' dimensions sum up to 12",
        "Least median rank of the other denoisers: 12 of 48 (mixture), 12 of 48 (study)",
    ]


def test_the_first_line_is_of_the_exact_denoiser():
    summary = rank_summary(mixture_ranks([100]), ranks(image_class=["3"]))
    summary.loc[summary["curve"] != EXACT, "most"] = 40
    assert headline(summary).startswith("Exact denoiser of the mixture: rank at most 30,")


def test_the_headline_is_of_the_first_definition():
    summary = rank_summary(mixture_ranks([100]))
    other = summary["definition"] != "energy 0.9801"
    assert 0 < other.mean() < 1
    changed = summary.assign(
        most=summary["most"].mask(other, 99), median=summary["median"].mask(other, 1)
    )
    assert headline(changed) == headline(summary)


def test_the_headline_says_what_the_length_of_the_training_changes():
    """At the highest level, sigma 512, the last U-Net has rank 33, at its least, sigma 4, 11."""
    summary = rank_summary(mixture_ranks([100, 300]))
    last = summary["curve"].eq("U-Net, 300 training steps")
    summary.loc[last & summary["sigma"].eq(512), "median"] = 33
    summary.loc[last & summary["sigma"].eq(4), "median"] = 11
    assert headline(summary).split("\n")[-1] == (
        "U-Nets of the mixture, shortest to longest training: 12, 33 at σ = 512; 19, 11 at σ = 4"
    )
    assert headline(rank_summary(mixture_ranks([300, 100]))) == headline(
        rank_summary(mixture_ranks([100, 300]))
    )


def test_the_mean_is_no_median():
    frame = mixture_ranks([100])
    frame.loc[frame["seed"] == 2, "rank"] = 48
    found = rank_summary(frame)
    at = found[(found["snr"] == 1) & (found["curve"] == EXACT)].iloc[0]
    assert at["mean"] == pytest.approx((20 + 21 + 48) / 3)
    assert at["median"] == 21
