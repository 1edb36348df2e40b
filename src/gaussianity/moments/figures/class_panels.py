"""Panels of the classes, whose titles have a number of each source."""

import math
import re
import textwrap

from gaussianity.drawing import style

COLUMNS = 5
FITS = 135  # characters of a title, beside each other at the width of a figure
MARKUP = re.compile(r"\$(.*?)\^{(.*?)}\$")
HEIGHT, LEGEND, LINE = 2.3, 0.9, 0.17  # inches


def titled_panels(numbers, **options):
    """Figure and list of axes, a panel for each class, in rows.

    Args:    numbers - dict of class to texts, each a number of one source; they are wrapped in the
             title.
    """
    columns = min(COLUMNS, len(numbers))
    width = FITS // columns
    titles = [
        "\n".join([*textwrap.wrap(f"class {name}", width), *_lines(texts, width)])
        for name, texts in numbers.items()
    ]
    more = max(title.count("\n") for title in titles) - 1
    rows = math.ceil(len(titles) / columns)
    height = HEIGHT + LEGEND / rows + LINE * max(0, more)
    figure, axes = style.panels(len(titles), columns, height=height, **options)
    for panel, title in zip(axes, titles, strict=True):
        panel.set_title(title, fontsize=9)
    return figure, axes


def _lines(texts, width):
    """The texts joined by commas, in as few lines of a width as they need."""
    lines = []
    for text in texts:
        if lines and _length(f"{lines[-1]}, {text}") <= width:
            lines[-1] += f", {text}"
        else:
            lines.append(text)
    return [f"{line}," for line in lines[:-1]] + lines[-1:]


def _length(text):
    """Characters of a text as drawn; those of an exponent are smaller.

    >>> _length("data: $i^{-1.5}$")
    10
    """
    return len(MARKUP.sub(lambda found: found[1] + "x" * round(0.7 * len(found[2])), text))
