"""Places of intervals under a common axis."""

from math import inf, nan

import pytest

from gaussianity.report.interval_plot import PADDING, TICKS, Axis, axis_of, plot, ticks

AXIS = Axis(-1.0, 3.0, ())


def test_places_are_per_cents_from_start_to_end():
    assert [AXIS.at(value) for value in (-1.0, 0.0, 3.0)] == [0.0, 25.0, 100.0]
    assert [AXIS.at(value) for value in (-inf, -2.0, 5.0, inf)] == [0.0, 0.0, 100.0, 100.0]


def test_an_axis_shows_zero_the_margins_and_all_finite_ends():
    axis = axis_of([(0.05, -inf, 0.1, 0.02), (nan, nan, nan, nan)])
    assert axis.start == pytest.approx(-0.02 - PADDING * 0.12)
    assert axis.end == pytest.approx(0.1 + PADDING * 0.12)
    only_zero = axis_of([(nan, nan, nan, nan)])
    assert only_zero.start < 0 < only_zero.end


def test_ticks_stand_at_their_values():
    axis = axis_of([(-0.1, -0.2, 0.3, 0.02)])
    places = {text: place for place, text in axis.ticks}
    assert places["0"] == axis.at(0.0)
    assert places["+0.2"] == axis.at(0.2)


@pytest.mark.parametrize(
    ("start", "end", "texts"),
    [
        (-0.025, 0.038, ["−0.02", "0", "+0.02"]),
        (-0.021, 0.021, ["−0.02", "−0.01", "0", "+0.01", "+0.02"]),
        (-0.5, 12, ["0", "+5", "+10"]),
        (0.31, 0.39, ["+0.32", "+0.34", "+0.36", "+0.38"]),
    ],
)
def test_ticks_are_round_and_few(start, end, texts):
    assert [text for _, text in ticks(start, end)] == texts


@pytest.mark.parametrize("span", [1e-6, 0.003, 0.0499, 0.05, 0.0501, 0.7, 1, 90])
def test_every_range_has_ticks(span):
    assert 2 <= len(ticks(-span / 2, span / 2)) <= TICKS


def test_a_plot():
    found = plot(AXIS, 1.0, 0.0, 2.0, 0.5)
    assert found == dict(zero=25.0, band=(12.5, 25.0), bar=(25.0, 75.0), dot=50.0)
    assert plot(AXIS, 1.0, -inf, 2.0, 0.5)["bar"] == (0.0, 75.0)
    for ends in ((nan, 2.0), (0.0, nan)):
        assert plot(AXIS, 1.0, *ends, 0.5)["bar"] is None
    assert plot(AXIS, nan, nan, nan, nan) == dict(zero=25.0, band=None, bar=None, dot=None)
