"""The outcome of each source in words, with a row for each of its classes."""

import numpy as np
import pandas as pd

from gaussianity.distribution.limits import FEWEST
from gaussianity.distribution.outcome.class_sentences import of_class, percent
from gaussianity.distribution.outcome.decisions import NOT_NORMAL, OPEN, OUTCOMES, WITHIN

STUDIED = {"diffusion": "the generated images", "data": "the dataset's images"}
WHOLE = "all"  # in place of a class: the row of the whole source


def studied(source):
    """The images of a source in words."""
    return STUDIED.get(source, f"the images of {source}")


def sentences(table, *, level, left_out=()):
    """One row of sentences per source (class "all"), with a row for each of its classes below.

    Args:    table - of `decided`; level - see there; left_out - dict of source to the images per
             class of a source that was not tested.
    Returns: DataFrame: source, image_class, sentence, outcome (of a source, the one that all
             classes have, else empty), p_value (of all classes, or corrected for their number).
    """
    rows = []
    for source, members in table.groupby("source", sort=False):
        images = members[members["kind"] == "images"]
        outcomes = set(images["outcome"])
        rows.append(
            dict(
                source=source,
                image_class=WHOLE,
                sentence=of_source(source, members, level),
                outcome=outcomes.pop() if len(outcomes) == 1 else "",
                p_value=images["study_p"].iloc[0],
            )
        )
        rows += [_class_row(row, members, len(images)) for row in images.to_dict("records")]
    for source, images in dict(left_out).items():
        few = f"{images} images per class, at least {FEWEST} are needed"
        said = f"Cannot tell whether {studied(source)} are Gaussian: {few}."
        row = dict(source=source, image_class=WHOLE, sentence=said, outcome=OPEN, p_value=np.nan)
        rows.append(row)
    return pd.DataFrame(rows)


def of_source(source, members, level):
    """One sentence on all classes of a source, and one on its Gaussian data if they do not pass.

    Args:    members - rows of `decided` of the source.
    """
    images = members[members["kind"] == "images"]
    groups = {name: images[images["outcome"] == name] for name in OUTCOMES}
    said = _whole(studied(source), groups, images)
    control = members.loc[members["kind"] == "gaussian", "study_p"].min()
    if control < level:
        said += f" Take care: their Gaussian data do not pass the test either (p = {control:.2g})."
    return said


def _whole(subject, groups, images):
    """The sentence of a source from the rows of each outcome."""
    found, within, unknown = (groups[name] for name in (NOT_NORMAL, WITHIN, OPEN))
    p_value, total = f"p = {images['study_p'].iloc[0]:.2g}", len(images)
    size = f"{_span(images['images'], '{:,.0f}')} images per class"
    if len(unknown) == total:
        return _nothing_known(subject, images, p_value, size)
    if len(within) == total:
        whole = f"All {total} classes of {subject} are" if total > 1 else f"{_first(subject)} are"
        return (
            f"{whole} Gaussian within the margins ({p_value}): at most "
            f"{percent(within['distance_high'].max())} of their spread from it in the "
            f"tested directions, and a small network tells them from Gaussian data with at most "
            f"{percent(within['accuracy_high'].max())} ({size})."
        )
    if len(found) == total:
        said = f"No class of {subject} is Gaussian ({total} of {total}, {p_value})"
        said = said if total > 1 else f"{_first(subject)} are not Gaussian ({p_value})"
        return f"{said}: {_moved(found, 'they')}; {_told(found)} ({size})."
    kinds = {"not Gaussian": found, "Gaussian within the margins": within, "open": unknown}
    counts = [f"{len(of)} {_are(of)} {kind}" for kind, of in kinds.items() if len(of)]
    said = f"Of {total} classes of {subject}, {_listed(counts)} ({p_value}"
    if not len(found):
        return f"{said}, {size})."
    they = "the one that is not" if len(found) == 1 else f"the {len(found)} that are not"
    return f"{said}): {_moved(found, they)} ({size})."


def _are(rows):
    return "is" if len(rows) == 1 else "are"


def _moved(found, they):
    """How far the classes that are not Gaussian must move, of those where it is seen."""
    moved = found.loc[found["distance_low"] > 0, "distance"]
    if not len(moved):
        return f"how far {they} must move is smaller than its error"
    percent = f"{_span(100 * moved, '{:.0f}')} % of their spread{_of(moved, found)}"
    return f"to be Gaussian, {they} must move by at least {percent}"


def _told(found):
    """The accuracies of the small network on these classes, of those where it is above 1/2."""
    told = found.loc[found["accuracy_low"] > 0.5, "accuracy"]
    if not len(told):
        return "a small network does not tell them from Gaussian data"
    percent = f"{_span(100 * told, '{:.0f}')} %{_of(told, found)}"
    return f"a small network tells them from Gaussian data with {percent}"


def _of(some, found):
    """In how many of the classes it is seen, if not in all."""
    return f" in {len(some)} of {len(found)}" if len(some) < len(found) else ""


def _nothing_known(subject, images, p_value, size):
    """The sentence of a source of which no class has an answer."""
    if images["p_value"].isna().all():
        return f"Cannot tell whether {subject} are Gaussian: {images['reason'].iloc[0]}."
    least = images.loc[images["p_value"].idxmin(), "reason"].split("; ")[-1]
    return f"Cannot tell yet whether {subject} are Gaussian ({p_value}, {size}): {least}."


def _class_row(row, members, classes):
    """The row of one class."""
    clipped = members[
        (members["kind"] == "clipped") & (members["image_class"] == row["image_class"])
    ]
    covariance_error = clipped["covariance_error"].min() if len(clipped) else np.nan
    return dict(
        source=row["source"],
        image_class=row["image_class"],
        sentence=of_class(row, classes, covariance_error),
        outcome=row["outcome"],
        p_value=row["p_holm"],
    )


def _span(values, form):
    """Smallest and largest value, or one where both look the same: '8 to 28'."""
    low, high = form.format(values.min()), form.format(values.max())
    return low if low == high else f"{low} to {high}"


def _first(text):
    return text[:1].upper() + text[1:]


def _listed(texts):
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last
