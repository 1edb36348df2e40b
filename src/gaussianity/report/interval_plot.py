"""Geometry of small plots of intervals under one common axis, in per cent of their width."""

import math
from dataclasses import dataclass

PADDING = 0.1  # of the range of the values, on each side
TICKS = 5  # at most


@dataclass(frozen=True)
class Axis:
    """Values from start to end, in the unit of the intervals; ticks - (place in %, text)."""

    start: float
    end: float
    ticks: tuple

    def at(self, value):
        """Place of a value in per cent of the width, rounded; ends for what lies beyond them."""
        inside = min(max(value, self.start), self.end)
        return round(100 * (inside - self.start) / (self.end - self.start), 2)


def axis_of(intervals):
    """The axis that shows 0, all margins, and all finite means and ends.

    Args:    intervals - list of (mean, low, high, margin), NaN or infinite where unknown.
    """
    values = [value for *drawn, margin in intervals for value in (*drawn, margin, -margin)]
    values = [0.0, *(value for value in values if math.isfinite(value))]
    span = (max(values) - min(values)) or 1.0
    start, end = min(values) - PADDING * span, max(values) + PADDING * span
    bare = Axis(start, end, ())
    return Axis(start, end, tuple((bare.at(tick), text) for tick, text in ticks(start, end)))


def ticks(start, end):
    """(value, text) of at most TICKS round values from start to end, 0 among them if inside.

    >>> [text for _, text in ticks(-0.14, 0.07)]
    ['−0.10', '−0.05', '0', '+0.05']
    """
    exponent = math.floor(math.log10((end - start) / TICKS))
    for power in (exponent, exponent + 1):
        for digit in (1, 2, 5):
            step = digit * 10.0**power
            first, last = math.ceil(start / step), math.floor(end / step)
            if last - first < TICKS:
                digits = max(0, -power)
                return [(k * step, _signed(k * step, digits)) for k in range(first, last + 1)]
    raise AssertionError("a step of 50 times the smallest has too many ticks")


def _signed(value, digits):
    return f"{value:+.{digits}f}".replace("-", "−") if value else "0"


def plot(axis, mean, low, high, margin):
    """Places of one plot: band (left, width), zero, dot and bar (left, right); None where unknown.

    A bar reaches to the end of the axis where its end is infinite.
    """
    band = (axis.at(-margin), axis.at(margin)) if math.isfinite(margin) else None
    return dict(
        zero=axis.at(0.0),
        band=band and (band[0], round(band[1] - band[0], 2)),
        bar=None if math.isnan(low) or math.isnan(high) else (axis.at(low), axis.at(high)),
        dot=axis.at(mean) if math.isfinite(mean) else None,
    )
