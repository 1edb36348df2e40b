"""Tables of the report."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.errors import InputError
from gaussianity.report.tables import between, csv_table, read_columns, shown, table


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


def test_numbers_as_text():
    assert shown(-0.02346) == "−0.0235"
    assert shown(np.inf, "{:.2f}") == "∞"
    assert shown(np.nan) == shown(None) == "–"
    assert between(-np.inf, 0.5) == "−∞ to +0.5000"
    assert between(np.nan, 0.5) == between(0.5, np.nan) == "–"


def test_a_missing_column_is_named(tmp_path):
    (tmp_path / "t.csv").write_text("subset,x\nNA,\n")
    (row,) = read_columns(tmp_path / "t.csv", ["subset"]).itertuples()
    assert row.subset == "NA"
    assert np.isnan(row.x)
    with pytest.raises(InputError, match=r"t\.csv: expected the columns x, low, found subset, x"):
        read_columns(tmp_path / "t.csv", ["x", "low"])


def test_no_table_and_an_empty_one(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: expected a table of the verdict"):
        read_columns(tmp_path / "none.csv", [])
    (tmp_path / "t.csv").write_text("")
    with pytest.raises(InputError, match=r"t\.csv: expected a table of the verdict"):
        read_columns(tmp_path / "t.csv", [])


def test_names_that_are_numbers_are_text(tmp_path):
    """The first row of the sentences of a verdict has no source."""
    (tmp_path / "said.csv").write_text("source,value\n,1\n2024,2\n")
    found = read_columns(tmp_path / "said.csv", ["source", "value"])
    assert found["source"][1] == "2024"
    assert found["source"].isna().tolist() == [True, False]
    assert found["value"].tolist() == [1, 2]
