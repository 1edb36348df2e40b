"""The verdict in the terminal: the headline of a study, a line for each subset, other answers."""

import csv
import textwrap

WIDEST = 100  # characters of a line


def headline(path, width=WIDEST, *, distribution_path=None):
    """The sentences of figures/verdict_sentences.csv, wrapped; the whole study's comes first.

    The text is empty where there is no such file, or where an earlier version wrote it.

    Args:    path - of the table, None in a study of one class, which has no verdict; width - of the
             terminal, characters; distribution_path - of figures/normality_sentences.csv, whose
             first sentence ends the text; there may be none.
    """
    rows = _read(path, "subset", "sentence")
    if path is None:
        return of_distribution(distribution_path, width)
    if not rows or rows[0][0] != "all":
        return ""
    (_, whole), *subsets = rows
    space = max((len(name) for name, _ in subsets), default=0)
    lines = [_wrapped(whole, "", width)]
    for name, sentence in subsets:
        lines.append(_wrapped(without_subset(sentence, name), f"  {name:{space}}  ", width))
    return "\n".join(lines) + "\n" + of_distribution(distribution_path, width)


def of_distribution(path, width):
    """The first sentence of figures/normality_sentences.csv, wrapped; empty where there is none."""
    said = [sentence for (sentence,) in _read(path, "sentence")[:1]]
    return "".join(_wrapped(f"As a distribution: {each}", "", width) + "\n" for each in said)


def _read(path, *columns):
    """Rows of some columns of a table; none where there is no such table."""
    if path is None:
        return []
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return [tuple(row[name] for name in columns) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError, csv.Error):
        return []


def without_subset(sentence, subset):
    """A sentence without the name of its subset, which stands before it.

    >>> without_subset("pair: no difference.", "pair")
    'No difference.'
    """
    text = sentence.removeprefix(f"{subset}: ")
    return text[:1].upper() + text[1:]


def _wrapped(text, first, width):
    """Lines of a text after its first words, under which the other lines are indented."""
    return textwrap.fill(
        " ".join(text.split()),
        width=max(40, min(width, WIDEST)),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
