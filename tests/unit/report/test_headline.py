"""The verdict in the terminal."""

import pytest

from gaussianity.report.headline import headline

TABLE = 'subset,sentence,source,loss\nall,"The study, as a whole.",,\n'
TABLE += "pair,pair: one two.,gan,mse\nseventeen,Three.,gan,mse\n"


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
    "text", ["", "subset,sentence\n", "subset,text\nall,a\n", TABLE.replace("all", "pair")]
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


def test_further_sources_have_a_line_each_and_the_first_one_is_named(path, tmp_path):
    path.write_text(TABLE + "all,long name: none in pair.,long name,\nall,data: lower.,data,\n")
    for name, column in (("answers", "source"), ("compared", "subset")):
        (tmp_path / name).write_text(f"{column},sentence\nten,ten: a b.\npair,pair: c d.\n")
    found = headline(
        path,
        distribution_path=tmp_path / "answers",
        comparison_path=tmp_path / "compared",
        subset="pair",
    )
    assert found == (
        "gan: The study, as a whole.\n  pair       One two.\n  seventeen  Three.\n"
        "Further sources, accuracy of the same classifier against Gaussian data:\n"
        "  long name  None in pair.\n  data       Lower.\n"
        "Comparison in pair: C d.\n"
        "As a distribution: gan: ten: a b.\n"
    )
