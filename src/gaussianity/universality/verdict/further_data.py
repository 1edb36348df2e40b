"""More data without a larger error rate: planned looks, and how many units a decision needs.

A look at the data whose interval decides nothing, followed by more data and another look, gives
each wrong answer a second chance. Planned looks share the level. Without a plan, new units are
analysed alone, as a second study.
"""

import copy
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri, stdtrit

SPENT = 0.94  # of the level by planned looks: the normal bounds are applied to t quantiles
DRAWS = 4000  # of the uncertain truth
MOST = 8  # times the units of now: the largest number that is considered
ENOUGH = 4  # times the units of now that decide unless the truth is near the margin
LIKELY, VERY_LIKELY = 0.5, 0.8


def look_levels(looks, level):
    """One-sided level of each planned look, so that all together err at most at `level`.

    Pocock's spending function in the fraction of the units. One look has the level itself. With
    several, SPENT of the level keeps it, because Student's t has heavier tails (simulated with a
    first look of 5 units).

    Args:    looks - increasing numbers of units; level - of all looks together.
    Returns: float64 (looks,).
    Source:  Lan and DeMets (1983), Biometrika 70(3).
    >>> look_levels([5, 10, 20], 0.05).round(4).tolist()
    [0.0168, 0.0177, 0.026]
    """
    if len(looks) == 1:
        return np.array([level])
    fractions = np.asarray(looks) / looks[-1]
    spent = SPENT * level * np.log1p((np.e - 1) * fractions)
    bounds = [-ndtri(spent[0])]
    z = np.linspace(-9, bounds[0], 1001)  # the statistics of studies that go on
    density = _normal(z)
    for before, now, new in zip(fractions, fractions[1:], np.diff(spent), strict=False):
        shared, rest = np.sqrt(before / now), np.sqrt(1 - before / now)

        def excess(bound, z=z, density=density, shared=shared, rest=rest, new=new):
            return np.trapezoid(density * ndtr((shared * z - bound) / rest), z) - new

        bounds.append(brentq(excess, -9, 9))
        steps = np.linspace(-9, bounds[-1], 1001)
        moved = _normal((steps[:, None] - shared * z) / rest) / rest
        z, density = steps, np.trapezoid(moved * density, z, axis=1)
    return ndtr(-np.array(bounds))


def _normal(z):
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


@dataclass(frozen=True)
class Found:
    """What the units of now have shown: mean, deviation of one unit, and units, their number."""

    mean: float
    deviation: float
    units: int


def chance_of_decision(found, total, margin, level, generator, *, alone=False):
    """Probability that an interval then lies inside or outside the margin.

    Truth and deviation are as uncertain as the units of now leave them (flat prior).

    Args:    found - Found; total - units in the interval then; margin; level - of the interval
             then; generator - NumPy generator; alone - are all these units new, in a second study?
             Otherwise the units of now are among them.
    Returns: float in [0, 1].
    """
    units, dof = found.units, found.units - 1
    variance = found.deviation**2 * dof / generator.chisquare(dof, DRAWS)
    truth = found.mean + np.sqrt(variance / units) * generator.standard_normal(DRAWS)
    new = total if alone else total - units
    mean = truth + np.sqrt(variance / new) * generator.standard_normal(DRAWS)
    squares = variance * generator.chisquare(new - 1, DRAWS) if new > 1 else np.zeros(DRAWS)
    if not alone:
        squares += dof * found.deviation**2 + units * new / total * (mean - found.mean) ** 2
        mean = (units * found.mean + new * mean) / total
    reach = stdtrit(total - 1, 1 - level) * np.sqrt(squares / (total - 1) / total)
    return float(np.mean((np.abs(mean) + reach < margin) | (np.abs(mean) - reach > margin)))


@dataclass(frozen=True)
class Needed:
    """Numbers of units of a second study that would decide.

    likely, very_likely - the first with a chance of LIKELY and VERY_LIKELY, None where no number up
    to `most` has it; most; at_margin - the number of units that will probably not decide because
    the truth likely stands at the margin, else 0.
    """

    likely: int | None
    very_likely: int | None
    most: int
    at_margin: int

    def __str__(self):
        if self.likely is None:
            return f"more than {self.most}"
        if self.very_likely is None:
            return f"{self.likely} to more than {self.most}"
        if self.likely == self.very_likely:
            return str(self.likely)
        return f"{self.likely} to {self.very_likely}"


def units_needed(found, margin, level, generator):
    """How many units a second study needs, as a range.

    Args:    found - Found, at least 2 units; margin; level - of its interval; generator - NumPy
             generator; every number of units starts from its same state.
    Returns: Needed. The truth likely stands at the margin if ENOUGH times the units are not likely
             to decide, although an interval of so many units is narrower than the margin.
    """

    def chance(units):
        return chance_of_decision(found, units, margin, level, copy.deepcopy(generator), alone=True)

    most, enough = MOST * found.units, ENOUGH * found.units
    likely, very_likely = (
        _first(chance, wanted, found.units, most) for wanted in (LIKELY, VERY_LIKELY)
    )
    width = 2 * stdtrit(enough - 1, 1 - level) * found.deviation / np.sqrt(enough)
    at_margin = (likely is None or likely > enough) and width < margin
    return Needed(likely, very_likely, most, enough if at_margin else 0)


def _first(chance, wanted, least, most):
    """The first number from least to most with a wanted chance that grows; None without one."""
    if chance(most) < wanted:
        return None
    low = least - 1
    while most - low > 1:
        middle = (low + most) // 2
        low, most = (low, middle) if chance(middle) >= wanted else (middle, most)
    return most


def smallest_difference(units, deviation, level, power=0.8):
    """Smallest distance from the margin that a design sees with a power, before any data.

    Args:    units - independent pools or folds, at least 2; deviation - expected standard deviation
             of the excess of one; level - of each one-sided test; power - probability.
    Returns: float: a true excess this far outside (inside) the margin is found beyond (within) it.
    >>> [round(smallest_difference(units, 1.0, 0.05), 2) for units in (5, 10, 20)]
    [1.33, 0.85, 0.57]
    """
    reach = stdtrit(units - 1, 1 - level) + ndtri(power)
    return float(reach * deviation / np.sqrt(units))
