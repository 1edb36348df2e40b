"""The outcome of a class in words."""

import numpy as np

from gaussianity.distribution.outcome.decisions import OPEN, OUTCOMES, WITHIN

NOT_SEPARATED = 0.1  # error of the clipped Gaussian data's covariance, from which marks are hollow


def of_class(row, classes, covariance_error=np.nan):
    """Sentences on one class.

    Args:    row - dict of a row of images of `decided`; classes - number of classes that p_holm
             corrects for; covariance_error - of its clipped Gaussian data, NaN without any.
    """
    opening = f"{row['image_class']} ({row['images']:,.0f} images): {OUTCOMES[row['outcome']]}"
    over = f" over {classes} classes" if classes > 1 else ""
    p_value = "" if np.isnan(row["p_holm"]) else f" (p = {row['p_holm']:.2g}{over})"
    if row["outcome"] == OPEN:
        parts = [f"{opening}{p_value}; {row['reason']}"]
    elif row["outcome"] == WITHIN:
        parts = [f"{opening}{p_value}", *_close(row)]
    else:
        parts = [f"{opening}{p_value}", *_distance(row), *_network(row, covariance_error)]
        parts += _directions(row)
    if row["repeated"]:
        repeated = f"{row['repeated']:,.0f} images equal an earlier one and are left out"
        parts.append(f"{repeated}; the test assumes independent images")
    return ". ".join(parts) + "."


def _close(row):
    """Upper ends of distance and accuracy."""
    return [
        f"The images are at most {percent(row['distance_high'])} of their root mean square "
        "distance from the mean away from Gaussian, as far as the tested directions show",
        "A small network tells them from Gaussian data with at most "
        f"{percent(row['accuracy_high'])}",
    ]


def _distance(row):
    ends = f"{100 * row['distance_low']:.1f} to {percent(row['distance_high'])}"
    if not row["distance_low"] > 0:
        return [f"How far the images must move to be Gaussian is smaller than its error ({ends})"]
    return [
        f"To be Gaussian, its images must move by at least {percent(row['distance'])} ({ends}) of "
        "their root mean square distance from the mean, which the Frechet distance cannot see"
    ]


def _network(row, covariance_error):
    """Accuracies of the small network, on Gaussian data and on clipped Gaussian data."""
    if np.isnan(row["accuracy"]):
        return []
    ends = f"({100 * row['accuracy_low']:.1f} to {percent(row['accuracy_high'])})"
    if row["accuracy_low"] <= 0.5:
        return [
            f"A small network does not tell them from Gaussian data at this number of images {ends}"
        ]
    said = f"A small network tells them from Gaussian data with {percent(row['accuracy'])} {ends}"
    if np.isnan(covariance_error) or np.isnan(row["beyond"]):
        return [said]
    if covariance_error > NOT_SEPARATED:
        error = f"the covariance of the clipped Gaussian data is {100 * covariance_error:.0f} % off"
        return [said, f"Clipping and shape are not separated ({error})"]
    ends = f"({100 * row['beyond_low']:.1f} to {percent(row['beyond_high'])})"
    return [f"{said}, and from clipped Gaussian data with {percent(row['beyond'])} {ends}"]


def _directions(row):
    """In how many directions the class differs, and from how many images that would be seen."""
    most = f"most in the {_ordinal(int(row['most_departing']))}"
    if row["marked"]:
        parts = [f"It differs in {row['marked']:.0f} of {row['directions']:.0f} directions, {most}"]
    else:
        parts = [f"No single one of {row['directions']:.0f} directions differs"]
    if not np.isnan(row["needed"]):
        parts.append(f"{row['needed']:,.0f} images show it with probability 0.8")
    return parts


def percent(share):
    """A share with one digit after the point."""
    return f"{100 * share:.1f} %"


def _ordinal(number):
    """The number of a direction in words.

    >>> [_ordinal(number) for number in (1, 2, 3, 4, 11, 22, 113)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd', '113th']
    """
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
