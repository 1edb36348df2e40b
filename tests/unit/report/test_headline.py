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


def test_the_answer_on_the_distribution_is_the_last_line(path, tmp_path):
    answers = tmp_path / "answers.csv"
    answers.write_text('source,sentence\ndata,"No class, of two."\ndata,Another.\n')
    found = headline(path, distribution_path=answers)
    assert found == headline(path) + "As a distribution: No class, of two.\n"
    answers.write_text("source,sentence\ndata," + "word " * 40 + "\n")
    assert max(map(len, headline(path, 60, distribution_path=answers).splitlines())) <= 60


def test_a_study_of_one_class_has_the_distribution_alone(tmp_path):
    answers = tmp_path / "answers.csv"
    answers.write_text('source,sentence\ndata,"Not Gaussian."\n')
    assert headline(None, distribution_path=answers) == "As a distribution: Not Gaussian.\n"
    assert headline(None) == ""


@pytest.mark.parametrize("text", [None, "", "source,text\ndata,a\n", "source,sentence\n"])
def test_no_answer_on_the_distribution(path, tmp_path, text):
    answers = tmp_path / "answers.csv"
    if text is not None:
        answers.write_text(text)
    assert headline(path, distribution_path=answers) == headline(path)
