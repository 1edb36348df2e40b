"""Which of several sources is closest to its Gaussian data: made-up comparisons, their sentence."""

import itertools

import pandas as pd
import pytest

from gaussianity.universality.verdict.closest_source import closest_source, sentences
from gaussianity.universality.verdict.comparison import NEITHER, UNKNOWN

EACH = "(90 % interval of each pair)."


def compared(excesses, closer, subset="ten"):
    """Rows of a comparison; closer - of each pair in turn."""
    pairs = itertools.combinations(excesses, 2)
    rows = [
        dict(subset=subset, first=a, second=b, closer=said, level=0.05, margin=0.02)
        | dict(gap=abs(excesses[a]) - abs(excesses[b]), sentence=f"{subset}: {a}, {b}.")
        for (a, b), said in zip(pairs, closer, strict=True)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("closer", "said"),
    [
        (
            ["b", "a", "b"],
            f"b is closest to its Gaussian data, closer than each of the others {EACH}",
        ),
        (
            ["b", "a", UNKNOWN],
            f"b comes closest to its Gaussian data. It is closer than a and not told apart from c "
            f"{EACH}",
        ),
        (
            [NEITHER, UNKNOWN, NEITHER],
            f"b comes closest to its Gaussian data. It is as close as a and c within 0.02 of "
            f"accuracy {EACH}",
        ),
        (
            ["a", UNKNOWN, "b"],  # at another training size than the gap
            f"b comes closest to its Gaussian data. It is closer than c and further than a {EACH}",
        ),
    ],
)
def test_three_sources_have_one_sentence_on_the_closest(closer, said):
    found = sentences(compared(dict(a=-0.2, b=0.01, c=0.3), closer))
    assert found.to_dict("records") == [dict(subset="ten", sentence=f"ten: of 3 sources, {said}")]


def test_the_closest_of_four_has_the_smallest_excess():
    """Whatever its place; one that wins only its first pair is not the closest."""
    for order in itertools.permutations(dict(a=-0.2, b=0.01, c=0.3, d=0.25).items()):
        assert closest_source(compared(dict(order), [UNKNOWN] * 6)) == "b"


def test_two_sources_have_the_sentence_of_their_pair_and_each_subset_its_own():
    two = [compared(dict(a=0.1, b=0.2), ["a"], subset) for subset in ("ten", "four")]
    assert sentences(pd.concat(two)).to_numpy().tolist() == [
        ["ten", "ten: a, b."],
        ["four", "four: a, b."],
    ]


def test_no_excess_is_known():
    missing = compared(dict.fromkeys("abc", float("nan")), [UNKNOWN] * 3)
    (said,) = sentences(missing)["sentence"]
    assert said == "ten: of 3 sources, none has a known excess."
