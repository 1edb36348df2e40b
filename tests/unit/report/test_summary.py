"""The content of the report's first screen."""

import pandas as pd
import pytest

from gaussianity.errors import InputError
from gaussianity.report.summary import (
    COLUMNS,
    WORDS,
    answers,
    read_answer,
    read_comparison,
    read_statements,
    read_summary,
)

WHOLE = dict(subset="all", sentence="No difference.", outcome="none")
PAIR = dict(subset="pair", sentence="pair: the images are fine.", outcome="within", source="data")
PAIR |= dict(loss="least_squares", train_size=96, excess=-0.01, low=-0.015, high=-0.005)
PAIR |= dict(margin=0.02, level=0.05)


@pytest.fixture
def read(tmp_path):
    """read(rows): content of the first screen from a table of these rows."""

    def read(*rows):
        pd.DataFrame(rows).to_csv(tmp_path / "said.csv", index=False)
        return read_summary(tmp_path / "said.csv")

    return read


def test_a_headline_and_a_line_per_subset(read):
    found = read(WHOLE, PAIR, PAIR | dict(subset="ten", outcome="beyond", low=-0.3, excess=-0.2))
    assert found["headline"] == "No difference."
    assert found["question"] == "For a linear classifier?"
    assert [(row["subset"], row["word"]) for row in found["subsets"]] == [
        ("pair", "within the margin"),
        ("ten", "beyond the margin"),
    ]
    first = found["subsets"][0]
    assert first["sentence"] == "The images are fine."
    assert found["basis"] == first["basis"] == "data, least squares, 96 training images per class"
    assert first["plot"]["text"] == (
        "pair: excess −0.0100, 90 % interval −0.0150 to −0.0050; margin ±0.02"
    )
    assert (found["interval_name"], found["margin"]) == ("90 % interval", "±0.02")


def test_planned_looks_have_intervals_of_their_own_confidence(read):
    look = PAIR | dict(level=0.0168)
    found = read(WHOLE, look)
    assert found["interval_name"] == "96.64 % interval"
    assert "96.64 % interval" in found["subsets"][0]["plot"]["text"]
    assert read(WHOLE, PAIR, look | dict(subset="ten"))["interval_name"] == "interval"


def test_what_the_intervals_are_of_stands_beside_each_where_it_differs(read):
    found = read(WHOLE, PAIR, PAIR | dict(subset="ten", train_size=8))
    assert found["basis"] == ""
    assert found["subsets"][1]["basis"] == "data, least squares, 8 training images per class"


def test_all_plots_have_one_axis(read):
    wide = PAIR | dict(subset="ten", low=-0.3, excess=-0.2, high=-0.1)
    alone, together = read(WHOLE, PAIR), read(WHOLE, PAIR, wide)
    one, two = (row["plot"] for row in together["subsets"])
    assert one["zero"] == two["zero"] != alone["subsets"][0]["plot"]["zero"]
    assert one["band"] == two["band"]


def test_a_subset_without_an_interval(read):
    (row,) = read(WHOLE, PAIR | dict(outcome="open", low=None, high=None))["subsets"]
    assert row["plot"]["text"] == "pair: excess −0.0100, no interval; margin ±0.02"
    assert row["plot"]["bar"] is None
    (row,) = read(WHOLE, PAIR | dict(low=None, high=None, excess=None, train_size=None))["subsets"]
    assert row["plot"]["text"].startswith("pair: excess –, no interval")
    assert row["plot"]["dot"] is None


def test_the_question_is_on_the_classifier_of_the_verdict(read):
    assert read(WHOLE, PAIR | dict(loss="two_layer"))["question"].startswith("For a classifier of")


def test_questions_without_an_answer_are_not_asked():
    assert answers() == answers(distribution=None) == []
    given = dict(denoiser=dict(text="b", link="linear.html"), distribution=dict(text="a", link="#"))
    assert [(each["question"], each["text"]) for each in answers(**given)] == [
        ("As a distribution?", "a"),
        ("In the denoiser that made them?", "b"),
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [([PAIR, WHOLE], "pair, all"), ([WHOLE], "all"), ([PAIR, PAIR], "pair, pair")],
)
def test_the_whole_study_comes_first_and_a_subset_follows(read, rows, found):
    said = r"said\.csv: expected a row 'all', then a row for each subset, found the rows"
    with pytest.raises(InputError, match=f"{said} {found};"):
        read(*(PAIR | row for row in rows))


def test_a_table_without_rows(tmp_path):
    (tmp_path / "said.csv").write_text(",".join(COLUMNS) + "\n")
    with pytest.raises(InputError, match="found the rows none;"):
        read_summary(tmp_path / "said.csv")


def test_an_unknown_outcome_is_named(read):
    with pytest.raises(InputError, match=rf"from {', '.join(WORDS)}, found universal"):
        read(WHOLE, PAIR, PAIR | dict(outcome="universal"))


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(read, column):
    rows = [{k: v for k, v in row.items() if k != column} for row in (WHOLE, PAIR)]
    with pytest.raises(InputError, match=rf"said\.csv: expected the columns .*\b{column}\b.*, f"):
        read(*rows)


def test_an_answer_is_the_first_sentence_of_its_table(tmp_path):
    path = tmp_path / "said.csv"
    pd.DataFrame(dict(sentence=["By -2 to 3 %.", "Another."])).to_csv(path, index=False)
    assert read_answer(path) == "By −2 to 3\N{NO-BREAK SPACE}%."


def test_statements_stand_below_their_source(tmp_path):
    """A source without a statement on a class was left out."""
    rows = [("a", "all", "Both."), ("a", "7", "By -1 %."), ("a", "8", "No."), ("b", "all", "None.")]
    frame = pd.DataFrame(rows, columns=["source", "image_class", "sentence"])
    frame.to_csv(tmp_path / "said.csv", index=False)
    assert read_statements(tmp_path / "said.csv") == [
        dict(source="a", sentence="Both.", classes=["By −1\N{NO-BREAK SPACE}%.", "No."]),
        dict(source="b", sentence="None.", classes=[]),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "said.csv: expected a table"),
        ("sentence\n", "said.csv: expected a sentence, found an empty table"),
        ("text\nA.\n", "said.csv: expected the columns sentence, found text"),
    ],
)
def test_a_table_without_an_answer_is_refused(tmp_path, text, said):
    if text is not None:
        (tmp_path / "said.csv").write_text(text)
    with pytest.raises(InputError, match=said):
        read_answer(tmp_path / "said.csv")


def test_the_comparison_is_of_one_subset(tmp_path):
    frame = pd.DataFrame(dict(subset=["a", "b"], sentence=["a: by -2 %.", "b: other."]))
    frame.to_csv(tmp_path / "compared.csv", index=False)
    said = "a: by −2\N{NO-BREAK SPACE}%."
    assert read_comparison(tmp_path / "compared.csv", "a") == said
    assert read_comparison(tmp_path / "compared.csv", "b") == "b: other."


def test_further_sources_are_named_beside_the_first(read):
    assert (read(WHOLE, PAIR)["source"], read(WHOLE, PAIR)["further"]) == ("", {})
    further = [WHOLE | dict(source=name, sentence=f"{name}: by -1.") for name in ("gan", "mine")]
    found = read(WHOLE, PAIR, *further)
    assert found["source"] == "data"
    assert found["further"] == dict(gan="By −1.", mine="By −1.")
    assert [row["subset"] for row in found["subsets"]] == ["pair"]
    of_all = read(WHOLE, PAIR | dict(subset="all"), *further)  # a subset may have this name
    assert [row["subset"] for row in of_all["subsets"]] == ["all"]


def test_an_answer_names_its_source_where_there_are_several(tmp_path):
    path = tmp_path / "said.csv"
    pd.DataFrame(dict(source=["gan", "data"], sentence=["No.", "Yes."])).to_csv(path, index=False)
    assert (read_answer(path), read_answer(path, named=True)) == ("No.", "gan: No.")
