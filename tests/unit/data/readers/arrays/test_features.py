"""Features: rows of floats in npz, npy and parquet files."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError

ROWS = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32) * 9
LABELS = ["b", "a", "b", "b", "a", "a", "b"]


def of_lists(kind):
    return {"label": LABELS, "embedding": pa.array(ROWS.tolist(), kind)}


TABLES = {
    "lists": of_lists(pa.list_(pa.float32())),
    "large lists of float64": of_lists(pa.large_list(pa.float64())),
    "lists of one size": of_lists(pa.list_(pa.float32(), 3)),
    "columns": {"a": ROWS[:, 0], "b": ROWS[:, 1], "label": LABELS, "c": ROWS[:, 2]},
}


def written(path, table):
    pyarrow.parquet.write_table(pa.table(table), path, row_group_size=2)
    return path


def check(reader, path, labels=None):
    assert find_reader(path, labels) == reader
    data = read_dataset(reader, path, labels)
    np.testing.assert_array_equal(data.images, ROWS[:, :, None, None])
    assert data.images.dtype == np.float32
    assert [data.class_names[k] for k in data.labels] == LABELS
    assert GivenDataset(reader, path, labels).image_shape() == (3, 1, 1)
    assert GivenDataset(reader, path, labels).is_features()
    part = read_dataset(reader, path, labels, classes=["a"])
    np.testing.assert_array_equal(part.images[..., 0, 0], ROWS[[1, 4, 5]])


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_parquet(tmp_path, table):
    check("features", written(tmp_path / "set.parquet", table))


def test_shards(tmp_path):
    (tmp_path / "set").mkdir()
    table = pa.table(TABLES["columns"])
    for name, part in (("1", table.slice(4)), ("0", table.slice(0, 4))):
        pyarrow.parquet.write_table(part, tmp_path / "set" / f"{name}.parquet")
    check("features", tmp_path / "set")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("name", ["features", "arr_0"])
def test_npz(tmp_path, save, name):
    labels = dict(features="labels", arr_0="arr_1")[name]
    save(tmp_path / "set.npz", **{name: ROWS, labels: LABELS})
    check("npz", tmp_path / "set.npz")


@pytest.mark.parametrize("kind", [">f4", "f8"])
def test_npy(tmp_path, kind):
    np.save(tmp_path / "x.npy", ROWS.astype(kind))
    np.save(tmp_path / "y.npy", LABELS)
    check("npy", tmp_path / "x.npy", tmp_path / "y.npy")


def test_integer_labels_sort_as_numbers(tmp_path):
    numbers = [10, 9, 10, 9, 9, 9, 9]
    path = written(tmp_path / "set.parquet", TABLES["columns"] | {"label": numbers})
    assert read_dataset("features", path).class_names == ("9", "10")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"label": [*LABELS[:6], None]}, "expected a label in every row"),
        ({"a": [None, *ROWS[1:, 0].tolist()]}, "expected a number in every cell"),
        (
            {"x": [[1.0]] * 6 + [[1.0, 2.0]]},
            "expected 1 features in every row, .* found rows of 1, 2",
        ),
        ({"a": ROWS[:, 0] * np.nan}, "must be finite"),
        ({"label": None}, "expected a column label, and one column of lists .*, found a, b, c"),
    ],
    ids=["no label", "no number", "lengths", "nan", "no labels"],
)
def test_damaged_tables(tmp_path, changed, message):
    table = {k: v for k, v in (TABLES["columns"] | changed).items() if v is not None}
    path = written(tmp_path / "set.parquet", table)
    with pytest.raises(InputError, match=rf"set\.parquet: .*{message}"):
        read_dataset("features", path)


def test_other_files(tmp_path):
    (tmp_path / "set.parquet").write_bytes(b"PAR1" + bytes(99))
    for name, found in (
        ("set", "readable parquet file: "),
        ("absent", ".*found no such file or f"),
    ):
        with pytest.raises(InputError, match=rf"{name}\.parquet: expected a {found}"):
            GivenDataset("features", tmp_path / f"{name}.parquet").image_shape()
