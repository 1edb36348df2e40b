"""The table of the verdict."""

import pandas as pd
import pytest

from gaussianity.errors import InputError
from gaussianity.report.verdict_table import NEEDED, read_verdict

ROW = dict(subset="pair", loss="mse", source="data", train_size=8, primary=True)
ROW |= dict(verdict="a difference, within the margin", reason="", excess=-0.0125, low=-0.015)
ROW |= dict(high=-0.01, error_ratio=1.72, ratio_low=1.4, ratio_high=2.05, pools=5, unit="pool")
ROW |= dict(covers="training", p_none=0.01, level=0.05)


@pytest.fixture
def read(tmp_path):
    """read(rows): content of the verdict's section from a table of these rows."""

    def read(*rows):
        pd.DataFrame(rows).to_csv(tmp_path / "verdict.csv", index=False)
        return read_verdict(tmp_path / "verdict.csv")

    return read


def test_the_primary_cells_come_first_and_no_cell_twice(read):
    cells = [("pair", 8, False), ("pair", 64, True), ("ten", 8, True), ("ten", 16, False)]
    found = read(*(ROW | dict(subset=s, train_size=n, primary=p) for s, n, p in cells))
    shown = {name: [(r[0], r[7]) for r in found[name]["rows"]] for name in ("primary", "others")}
    assert shown == dict(
        primary=[("pair", "64"), ("ten", "8")], others=[("pair", "8"), ("ten", "16")]
    )


def test_how_a_cell_is_shown(read):
    found = read(ROW)["primary"]
    assert found["columns"][4:7] == ["Excess", "90 % interval", "Error ratio"]
    (row,) = found["rows"]
    assert row[:4] == ["pair", "mean squared error", "data", "a difference, within the margin"]
    assert row[4:6] == ["−0.0125", "−0.0150 to −0.0100"]
    assert row[6:] == ["1.72 (1.40\xa0to\xa02.05)", "8", "5\xa0pools"]
    assert len(row) == len(found["columns"])
    assert found["reasons"] == [""]


def test_intervals_of_planned_looks_have_another_confidence(read):
    look = ROW | dict(level=0.0168)
    assert read(look)["primary"]["columns"][5] == "96.64 % interval"
    found = read(ROW, look)["primary"]
    assert found["columns"][5] == "interval"
    assert [row[5] for row in found["rows"]] == [
        "−0.0150 to −0.0100 (90\xa0%)",
        "−0.0150 to −0.0100 (96.64\xa0%)",
    ]


def test_what_is_not_known(read):
    unknown = dict(low=None, error_ratio=None, ratio_low=None, ratio_high=None, pools=1)
    (row,) = read(ROW | unknown)["primary"]["rows"]
    assert row[5:7] == ["–", "–"]
    assert row[8] == "1\xa0pool"
    (row,) = read(ROW | dict(ratio_high=float("inf"), unit="fold"))["primary"]["rows"]
    assert row[6] == "1.72 (1.40\xa0to\xa0∞)"
    assert row[8] == "5\xa0folds"


def test_a_reason_stands_beside_its_cell(read):
    found = read(ROW, ROW | dict(reason="1.1 images per mixed image"))
    assert found["primary"]["reasons"] == ["", "1.1 images per mixed image"]


def test_sources_whose_intervals_cover_different_things(read):
    found = read(ROW, ROW | dict(source="diffusion"), ROW | dict(covers="pools"))
    assert [(row["sources"], row["text"]) for row in found["covers"]] == [
        ("data and diffusion", "training"),
        ("data", "pools"),
    ]


@pytest.mark.parametrize("column", NEEDED)
def test_a_missing_column_is_named(read, column):
    with pytest.raises(
        InputError, match=rf"verdict\.csv: expected the columns .*\b{column}\b.*, f"
    ):
        read({name: value for name, value in ROW.items() if name != column})
