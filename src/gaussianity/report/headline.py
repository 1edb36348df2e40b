"""The verdict in the terminal: the headline of a study, a line for each subset, other answers."""

import csv
import textwrap

WIDEST = 100  # characters of a line
WHOLE = "all"  # in place of a subset: the row of the whole study, and those of further sources
FURTHER = "Further sources, accuracy of the same classifier against Gaussian data:"


def headline(path, width=WIDEST, *, distribution_path=None, comparison_path=None, subset=None):
    """The sentences of figures/verdict_sentences.csv, wrapped; the whole study's comes first.

    With several sources, the first source is named and each further one has a line.
    The text is empty where there is no such file, or where an earlier version wrote it.

    Args:    path - of the table, None in a study of one class, which has no verdict; width - of the
             terminal, characters; distribution_path - of figures/normality_sentences.csv, whose
             first sentence ends the text; comparison_path - of figures/comparison_sentences.csv;
             subset - of which the comparison is said. Each path may be None.
    """
    if path is None:
        return of_distribution(distribution_path, width)
    rows = _read(path, "subset", "sentence", "source", "loss")
    if not rows or rows[0][0] != WHOLE:
        return ""
    (_, whole, *_), *others = rows
    subsets = [(subset, sentence) for subset, sentence, _, loss in others if loss]
    further = [(source, sentence) for _, sentence, source, loss in others if not loss]
    first = f"{others[0][2]}: " if further else ""
    lines = [_wrapped(first + whole, "", width), *_indented(subsets, width)]
    if further:
        lines += [FURTHER, *_indented(further, width)]
    for name, sentence in _read(comparison_path, "subset", "sentence"):
        if name == subset:
            said = without_subset(sentence, subset)
            lines.append(_wrapped(f"Comparison in {subset}: {said}", "", width))
    return "\n".join(lines) + "\n" + of_distribution(distribution_path, width, first)


def of_distribution(path, width, first=""):
    """The first sentence of figures/normality_sentences.csv, wrapped; empty where there is none."""
    said = [sentence for (sentence,) in _read(path, "sentence")[:1]]
    return "".join(_wrapped(f"As a distribution: {first}{each}", "", width) + "\n" for each in said)


def _indented(rows, width):
    """Lines of (name, sentence), with the sentences below each other."""
    space = max((len(name) for name, _ in rows), default=0)
    return [
        _wrapped(without_subset(sentence, name), f"  {name:{space}}  ", width)
        for name, sentence in rows
    ]


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
