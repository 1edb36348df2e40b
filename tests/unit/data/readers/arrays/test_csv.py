"""Tables of pixels as text."""

import numpy as np
import pandas as pd
import pyarrow.csv
import pytest

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 4, 4), dtype=np.uint8)
LABELS = [10, 9, 10, 9, 9, 10]


def written(path, images=IMAGES, labels=LABELS, label="label", at=0):
    frame = pd.DataFrame(images.reshape(len(images), -1)).add_prefix("pixel")
    frame.insert(at, label, labels)
    frame.to_csv(path, index=False)
    return path


@pytest.mark.parametrize(("label", "at"), [("label", 0), ("Class", 16), ("y", 3)])
def test_kaggles_table(tmp_path, label, at):
    """Pixels are row by row; the labels are in any column."""
    path = written(tmp_path / "train", label=label, at=at)
    assert find_reader(path) == "csv"
    data = read_dataset("csv", path)
    np.testing.assert_array_equal(data.images, IMAGES[:, None])
    assert data.images.dtype == np.uint8
    assert [data.class_names[k] for k in data.labels] == [str(k) for k in LABELS]
    assert data.class_names == ("9", "10")
    assert GivenDataset("csv", path).image_shape() == (1, 4, 4)


def test_a_table_is_read_in_parts(tmp_path, monkeypatch):
    opened = pyarrow.csv.open_csv
    small = pyarrow.csv.ReadOptions(block_size=200)
    monkeypatch.setattr(
        pyarrow.csv, "open_csv", lambda *a, **k: opened(*a, read_options=small, **k)
    )
    data = read_dataset("csv", written(tmp_path / "set.csv"), classes=["9"])
    np.testing.assert_array_equal(data.images, IMAGES[[1, 3, 4], None])


def test_floats_and_texts(tmp_path):
    """Whole numbers at the begin do not make the others whole."""
    images = np.zeros(IMAGES.shape)
    images[-1] = 0.25
    data = read_dataset("csv", written(tmp_path / "set.csv", images, list("bababa")))
    np.testing.assert_array_equal(data.images[:, 0], images)
    assert data.images.dtype == np.float32
    assert data.class_names == ("a", "b")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("label", "digit"), "one of them label, found digit, pixel0, "),
        (lambda text: text.partition("\n")[2], "first row with the names .*, found 10, "),
        (lambda text: text.replace("pixel0,", "").replace("0\n", "\n"), "expected a table of num"),
        (lambda text: text + "9" + ",dog" * 16, "expected a table of numbers: .*dog"),
        (lambda text: text + "9" + "," * 16, "expected a table of numbers: "),
        (lambda text: "", "expected a table of numbers: Empty CSV"),
    ],
    ids=["no label", "no names", "columns", "text", "empty cells", "empty"],
)
def test_damaged_tables(tmp_path, change, message):
    path = written(tmp_path / "set.csv")
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=rf"set\.csv: .*{message}"):
        read_dataset("csv", path)


def test_images_that_are_not_square(tmp_path):
    path = written(tmp_path / "set.csv", IMAGES[:, :3])
    with pytest.raises(InputError, match="pixels of a square grey image, found 12 columns beside"):
        GivenDataset("csv", path).image_shape()
    with pytest.raises(InputError, match=r"absent: expected a \.csv file, found no such file"):
        GivenDataset("csv", tmp_path / "absent").image_shape()
