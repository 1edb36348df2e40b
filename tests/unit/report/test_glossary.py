"""Entries of the glossary on the page."""

import pytest

from gaussianity.report.glossary import ROW, WORDS, entries
from project import ROOT

TEXT = "# Words\n\n| word | meaning |\n|---|---|\n| b c | as `<x>` in [a](a.md) |\n| a | d < e |\n"


def test_words_in_the_order_asked_and_as_html():
    assert entries(TEXT, ["a", "b c"]) == [
        ("a", "d &lt; e"),
        ("b c", "as <code>&lt;x&gt;</code> in a"),
    ]


def test_a_word_that_is_missing():
    with pytest.raises(ValueError, match="lacks the words c, d"):
        entries(TEXT, ["a", "c", "d"])


def test_the_documented_glossary_has_the_words_of_the_page():
    found = dict(entries((ROOT / "docs/glossary.md").read_text()))
    assert list(found) == list(WORDS)
    assert "images" in found["mixed images"]


def test_no_word_is_explained_twice():
    words = [row["word"] for row in ROW.finditer((ROOT / "docs/glossary.md").read_text())]
    assert sorted(set(words) - {"word"}) == sorted(word for word in words if word != "word")
