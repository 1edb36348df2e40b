"""The verdict in the terminal."""

import pytest

from gaussianity.report.headline import headline

TABLE = 'subset,sentence,outcome\nall,"The study, as a whole.",none\npair,pair: one two.,none\n'
TABLE += "seventeen,Three.,open\n"


@pytest.fixture
def path(tmp_path):
    (tmp_path / "said.csv").write_text(TABLE)
    return tmp_path / "said.csv"


def test_the_study_comes_first_then_a_line_per_subset(path):
    assert headline(path) == (
        "The study, as a whole.\n  pair       One two.\n  seventeen  Three.\n"
    )


def test_long_sentences_wrap_under_their_beginning(path):
    path.write_text(TABLE.replace("one two", " ".join(["word"] * 40)))
    lines = headline(path, 60).splitlines()
    assert max(map(len, lines)) <= 60
    assert lines[1].startswith("  pair       Word word")
    assert lines[2].startswith(" " * 13 + "word")
    assert headline(path, 5) == headline(path, 40)  # a terminal that does not know its width
    assert max(map(len, headline(path, 500).splitlines())) <= 100


@pytest.mark.parametrize(
    "text", ["", "subset,sentence\n", "subset,text\nall,a\n", "subset,sentence\npair,a\n"]
)
def test_nothing_where_there_is_no_headline(path, text):
    path.write_text(text)
    assert headline(path) == ""


def test_nothing_where_there_is_no_table(tmp_path):
    assert headline(tmp_path / "none.csv") == ""
