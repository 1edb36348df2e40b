"""Tables of the report."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.errors import InputError
from gaussianity.report.tables import VERDICT_COLUMNS, csv_table, outcome, read_verdict, table

ROW = dict(subset="pair", loss="mse", source="data", train_size=8, verdict="not universal")
ROW |= dict(gap=-0.1, control_gap=0.025, excess=-0.125, low=-0.15, high=-0.1, p_equivalence=0.99987)
ROW |= dict(accuracy_source=0.8, accuracy_gaussian=0.9, more_seeds=None, pools=2, seeds=6)
ROW |= dict(covers="training")


def test_numbers_are_short_and_texts_as_they_are(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('name,n,x\n"a, b",12345678,-0.000012345678\nNA,-3,\n1e,0,1234.5678\n')
    found = csv_table(path)
    assert found["columns"] == ["name", "n", "x"]
    assert found["rows"] == [
        ["a, b", "12345678", "−1.235e−05"],
        ["NA", "−3", "–"],
        ["1e", "0", "1235"],
    ]
    assert found["numeric"] == [False, True, True]
    assert found["total"] == 3


@pytest.mark.parametrize("rows", [0, 1, 50, 51])
def test_the_first_rows_of_a_file_and_how_many_it_has(tmp_path, rows):
    path = tmp_path / "t.csv"
    pd.DataFrame(dict(k=np.arange(rows))).to_csv(path, index=False)
    found = csv_table(path)
    assert found["rows"] == [[str(k)] for k in range(min(rows, 50))]
    assert found["total"] == rows


def test_a_class_that_is_called_nan_is_no_number_and_a_column_of_gaps_is():
    found = table(["image_class", "x"], [["nan", "–"], ["3", "–"]])
    assert found["numeric"] == [False, True]


@pytest.fixture
def write(tmp_path):
    """write(rows): paths of a verdict's table and sentences."""

    def write(*rows):
        paths = tmp_path / "verdict.csv", tmp_path / "sentences.csv"
        pd.DataFrame(rows).to_csv(paths[0], index=False)
        pd.DataFrame(dict(subset=["pair"], sentence=["So."])).to_csv(paths[1], index=False)
        return paths

    return write


def test_the_largest_size_of_each_subset_loss_and_source(write):
    sizes = [("pair", "data", 8), ("pair", "data", 32), ("pair", "diffusion", 8)]
    sizes += [("ten", "data", 32), ("ten", "data", 16)]
    rows = [ROW | dict(subset=s, source=o, train_size=n) for s, o, n in sizes]
    rows.append(ROW | dict(loss="other"))
    found = read_verdict(*write(*rows))
    column = list(VERDICT_COLUMNS).index("train_size")
    assert [row[column] for row in found["largest"]["rows"]] == ["32", "8", "32", "8"]
    assert found["all"]["total"] == 6
    assert found["sentences"] == [dict(subset="pair", sentence="So.")]
    assert found["covers"] == [dict(sources="data and diffusion", text="training")]


def test_a_sentence_does_not_repeat_its_subset(write):
    paths = write(ROW)
    paths[1].write_text("subset,sentence\npair,pair: data is fine.\n")
    (said,) = read_verdict(*paths)["sentences"]
    assert said == dict(subset="pair", sentence="Data is fine.")


def test_sources_whose_intervals_cover_different_things(write):
    found = read_verdict(*write(ROW, ROW | dict(source="diffusion", covers="pools")))
    assert [(row["sources"], row["text"]) for row in found["covers"]] == [
        ("data", "training"),
        ("diffusion", "pools"),
    ]


def test_how_a_row_is_shown(write):
    (row,) = read_verdict(*write(ROW))["largest"]["rows"]
    shown = dict(zip(VERDICT_COLUMNS, row, strict=True))
    labels = dict(subset="pair", loss="mean squared error", source="data", train_size="8")
    differences = dict(excess="−0.1250", interval="−0.1500 to −0.1000", gap="−0.1000")
    accuracies = dict(accuracy_source="0.8000", accuracy_gaussian="0.9000", control_gap="+0.0250")
    rest = dict(verdict="not universal", more_seeds="–", p_equivalence="1", pools="2", seeds="6")
    assert shown == labels | differences | accuracies | rest


@pytest.mark.parametrize(
    ("text", "shown", "kind"),
    [
        ("universal within the margin", "universal", "yes"),
        ("not universal", "not universal", "no"),
        ("inconclusive, 3 more seeds needed", "inconclusive", "open"),
    ],
)
def test_outcomes(write, text, shown, kind):
    found = read_verdict(*write(ROW | dict(verdict=text, low=None, high=None)))["largest"]
    assert shown in found["rows"][0]
    assert "–" in found["rows"][0]  # no interval
    assert found["outcomes"] == [outcome(text)] == [kind]


def test_a_subset_called_na_is_kept(write):
    assert read_verdict(*write(ROW | dict(subset="NA")))["largest"]["rows"][0][0] == "NA"


@pytest.mark.parametrize("column", ["gap", "verdict", "covers", "low"])
def test_a_missing_column_is_named(write, column):
    table_file, sentences = write({k: v for k, v in ROW.items() if k != column})
    with pytest.raises(InputError, match=r"verdict\.csv: expected the columns .*, found subset"):
        read_verdict(table_file, sentences)


def test_no_table_and_an_empty_one(write, tmp_path):
    table_file, sentences = write(ROW)
    with pytest.raises(InputError, match=r"none\.csv: expected a table of the verdict"):
        read_verdict(tmp_path / "none.csv", sentences)
    sentences.write_text("")
    with pytest.raises(InputError, match=r"sentences\.csv: expected a table of the verdict"):
        read_verdict(table_file, sentences)
