"""Entries of the glossary in Markdown, docs/glossary.md, for the report."""

import re

from markupsafe import Markup, escape

ROW = re.compile(r"^\| (?P<word>[^|]+?) \| (?P<meaning>[^|]+?) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# The words of the first screen and of the verdict, in the order in which they build on one another.
WORDS = ("Gaussian data", "mixed images", "source", "origin", "seed", "pool", "fold", "unit")
WORDS += ("excess", "margin", "universal")


def entries(text, words=WORDS):
    """(word, meaning as HTML) of words of a glossary whose tables have a row for each word.

    Raises:  ValueError - the glossary lacks a word.

    >>> entries("| a | as `b` & c |", ["a"])
    [('a', Markup('as <code>b</code> &amp; c'))]
    """
    known = {row["word"]: row["meaning"] for row in ROW.finditer(text)}
    missing = [word for word in words if word not in known]
    if missing:
        raise ValueError(f"the glossary lacks the words {', '.join(missing)}")
    return [(word, _html(known[word])) for word in words]


def _html(markdown):
    """HTML of a line of Markdown with code; a link becomes its text."""
    plain = str(escape(LINK.sub(r"\1", markdown)))
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", plain))
