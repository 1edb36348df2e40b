"""The verdict in the terminal: the headline of a study, then a line for each subset."""

import csv
import textwrap

WIDEST = 100  # characters of a line


def headline(path, width=WIDEST):
    """The sentences of figures/verdict_sentences.csv, wrapped; the whole study's comes first.

    The text is empty where there is no such file, or where an earlier version wrote it.

    Args:    path - of the table; width - of the terminal, characters.
    """
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = [(row["subset"], row["sentence"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, ValueError, csv.Error):
        return ""
    if not rows or rows[0][0] != "all":
        return ""
    (_, whole), *subsets = rows
    space = max((len(name) for name, _ in subsets), default=0)
    lines = [_wrapped(whole, "", width)]
    for name, sentence in subsets:
        lines.append(_wrapped(without_subset(sentence, name), f"  {name:{space}}  ", width))
    return "\n".join(lines) + "\n"


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
