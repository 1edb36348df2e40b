"""Artifacts are written completely or not at all, and damage is found when they are read."""

import contextlib
import errno
import itertools
import os
import zipfile

import numpy as np
import pandas as pd
import pytest

from gaussianity.errors import InputError
from gaussianity.io.files import (
    npz_header,
    read_npz,
    read_tables,
    replacing,
    write_csv,
    write_npz,
    write_table,
)

PAYLOAD = np.arange(24, dtype=np.int16).reshape(4, 6) + 1000


def half_written(path, error):
    with replacing(path) as temporary:
        temporary.write_text("half")
        raise error


def flipped(content, position, mask=255):
    return content[:position] + bytes([content[position] ^ mask]) + content[position + 1 :]


def test_failure_leaves_nothing_behind(tmp_path):
    with pytest.raises(RuntimeError, match="interrupted"):
        half_written(tmp_path / "new.txt", RuntimeError("interrupted"))
    assert list(tmp_path.iterdir()) == []


def test_failure_keeps_the_old_file(tmp_path):
    path = tmp_path / "old.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="interrupted"):
        half_written(path, RuntimeError("interrupted"))
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_text() == "old"


def test_final_name_appears_when_the_file_is_whole(tmp_path):
    path = tmp_path / "folder" / "new.txt"
    with replacing(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
    assert list(path.parent.iterdir()) == [path]
    assert path.read_text() == "whole"


def test_the_same_arrays_give_the_same_bytes(tmp_path, monkeypatch):
    paths = [tmp_path / folder / "a.npz" for folder in "xy"]
    write_npz(paths[0], x=PAYLOAD, y=np.array(["text"]))
    monkeypatch.setattr("time.time", lambda: 1e9)
    write_npz(paths[1], x=PAYLOAD, y=np.array(["text"]))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_npz_round_trip(tmp_path):
    arrays = dict(x=PAYLOAD, y=np.array(["a", "bc"]), z=np.array([0.5, -1e300]))
    write_npz(tmp_path / "a.npz", **arrays)
    found = read_npz(tmp_path / "a.npz")
    assert list(found) == ["x", "y", "z"]
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


def test_only_named_arrays_are_read(tmp_path):
    write_npz(tmp_path / "a.npz", x=PAYLOAD, y=np.array(np.nan))
    assert list(read_npz(tmp_path / "a.npz", "x")) == ["x"]


def test_missing_npz(tmp_path):
    with pytest.raises(InputError, match=r"absent\.npz: expected an \.npz file, found no such"):
        read_npz(tmp_path / "absent.npz")


def test_missing_array(tmp_path):
    write_npz(tmp_path / "a.npz", x=PAYLOAD)
    with pytest.raises(InputError, match=r"a\.npz: .*arrays x, mean, found x; mean is missing"):
        read_npz(tmp_path / "a.npz", "x", "mean")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_cut_npz(tmp_path, save):
    path = tmp_path / "a.npz"
    save(path, x=PAYLOAD)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"a\.npz: expected a readable \.npz file"):
            read_npz(path, "x")


def test_flipped_byte_in_the_payload(tmp_path):
    path = tmp_path / "a.npz"
    write_npz(path, x=PAYLOAD)
    whole = path.read_bytes()
    start = whole.index(PAYLOAD.tobytes())
    for position in range(start, start + PAYLOAD.nbytes):
        path.write_bytes(flipped(whole, position))
        with pytest.raises(InputError, match=r"a\.npz: expected a readable \.npz file"):
            read_npz(path, "x")


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_flipped_byte_never_changes_what_is_read(tmp_path, save):
    """A change of some bytes, such as dates, has no effect; all others cause an InputError."""
    path = tmp_path / "a.npz"
    save(path, x=PAYLOAD)
    whole = path.read_bytes()
    for position, mask in itertools.product(range(len(whole)), (1, 64, 255)):
        path.write_bytes(flipped(whole, position, mask))
        with contextlib.suppress(InputError):
            np.testing.assert_array_equal(read_npz(path, "x")["x"], PAYLOAD, strict=True)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("shape", [(), (3,), (5, 3, 2, 2), (0, 4)])
def test_the_shape_of_an_array_is_in_its_header(tmp_path, save, shape):
    save(tmp_path / "a.npz", x=np.ones(shape, np.float32), y=PAYLOAD)
    assert npz_header(tmp_path / "a.npz", "x")[0] == shape
    assert npz_header(tmp_path / "a.npz", "y")[0] == (4, 6)


def test_the_shape_in_a_header_of_the_second_version(tmp_path):
    """NumPy writes it for headers above 64 kB, other programs for any."""
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive, archive.open("x.npy", "w") as file:
        np.lib.format.write_array(file, PAYLOAD, version=(2, 0))
    assert npz_header(tmp_path / "a.npz", "x")[0] == (4, 6)


def test_the_shape_of_what_is_not_there(tmp_path):
    write_npz(tmp_path / "a.npz", x=PAYLOAD, y=PAYLOAD)
    with pytest.raises(InputError, match=r"a\.npz: expected the array mean, found x, y"):
        npz_header(tmp_path / "a.npz", "mean")
    with pytest.raises(InputError, match=r"absent\.npz: expected an \.npz file, found no such"):
        npz_header(tmp_path / "absent.npz", "x")


def test_the_shape_in_a_cut_or_foreign_file(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, x=PAYLOAD)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"a\.npz: expected a readable \.npz file"):
            npz_header(path, "x")
    path.write_bytes(flipped(whole, whole.index(b"NUMPY")))
    with pytest.raises(InputError, match=r"a\.npz: expected a readable \.npz file"):
        npz_header(path, "x")


def test_objects_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", x=np.array([dict()]))
    with pytest.raises(InputError, match=r"a\.npz: .*plain arrays: Object arrays cannot be load"):
        read_npz(tmp_path / "a.npz")


def test_a_bare_array_is_no_npz(tmp_path):
    np.save(tmp_path / "a.npy", PAYLOAD)
    with pytest.raises(InputError, match=r"a\.npy: expected a readable \.npz file"):
        read_npz(tmp_path / "a.npy")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_must_be_finite(tmp_path, value, dtype):
    array = np.zeros((2, 3), dtype=dtype)
    array[1, 2] = value
    write_npz(tmp_path / "a.npz", mean=array)
    message = rf"a\.npz: array mean must be finite, found {value} at index \(1, 2\)"
    with pytest.raises(InputError, match=message):
        read_npz(tmp_path / "a.npz", "mean")


def test_tables_round_trip_in_the_order_given(tmp_path):
    write_table(tmp_path / "a.parquet", dict(step=[0, 1], norm=[0.1, float("nan")]))
    write_table(tmp_path / "b.parquet", dict(step=[2], norm=[1e300]))
    found = read_tables([tmp_path / "b.parquet", tmp_path / "a.parquet"])
    expected = pd.DataFrame(dict(step=[2, 0, 1], norm=[1e300, 0.1, np.nan]))
    pd.testing.assert_frame_equal(found, expected)


def test_labels_become_columns(tmp_path):
    paths = [tmp_path / name for name in ("a.parquet", "b.parquet")]
    write_table(paths[0], dict(rank=[1, 2]), origin="data", seed=3)
    write_table(paths[1], dict(rank=[1]), origin="diffusion", seed=4)
    expected = dict(origin=["data", "data", "diffusion"], seed=[3, 3, 4], rank=[1, 2, 1])
    found = read_tables(paths)
    assert found.to_dict("list") == expected
    assert found.index.tolist() == [0, 1, 2]


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.float32, np.float64])
def test_columns_keep_type_and_values(tmp_path, dtype):
    strided = np.arange(12, dtype=dtype).reshape(6, 2)[:, 1]
    write_table(tmp_path / "a.parquet", dict(x=strided))
    found = read_tables([tmp_path / "a.parquet"])["x"]
    assert found.dtype == dtype
    assert found.tolist() == [1, 3, 5, 7, 9, 11]


def test_missing_table(tmp_path):
    with pytest.raises(
        InputError, match=r"absent\.parquet: expected a file of the study, found no su"
    ):
        read_tables([tmp_path / "absent.parquet"])


def test_a_table_without_the_column(tmp_path):
    write_table(tmp_path / "a.parquet", dict(rank=[1, 2]))
    with pytest.raises(InputError, match=r"a\.parquet: expected a readable parquet table: .*norm"):
        read_tables([tmp_path / "a.parquet"], "rank", "norm")


@pytest.mark.parametrize("mode", ["with", "without"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk(tmp_path, mode, number):
    """Libraries report it by an errno, or only by the system's message."""
    full = OSError(number, os.strerror(number))
    error = full if mode == "with" else RuntimeError(f"I/O error: {full.strerror} (os error 28)")
    with pytest.raises(InputError, match=r"a\.npz: expected room for it on the disk, found none"):
        half_written(tmp_path / "a.npz", error)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed(tmp_path):
    left = [tmp_path / ".a.npz.123.part", tmp_path / ".b.npz.123.part"]
    for path in left:
        path.write_text("half")
    write_npz(tmp_path / "a.npz", x=PAYLOAD)
    assert set(tmp_path.iterdir()) == {tmp_path / "a.npz", left[1]}


def test_csv_keeps_ten_digits(tmp_path):
    write_csv(tmp_path / "a.csv", pd.DataFrame(dict(name=["x", "y"], value=[1 / 3, 2.0])))
    assert (tmp_path / "a.csv").read_text() == "name,value\nx,0.3333333333\ny,2\n"


def test_columns_may_be_texts(tmp_path):
    names = ["norm", "", "größte"]
    write_table(tmp_path / "a.parquet", dict(name=names, value=[1.0, 2.0, 3.0]), image_class="7")
    found = read_tables([tmp_path / "a.parquet"])
    assert found["name"].tolist() == names
    assert found["image_class"].tolist() == ["7"] * 3


def test_columns_must_be_numbers_or_texts(tmp_path):
    with pytest.raises(ValueError, match=r"columns must be numbers or texts, found .'bool'"):
        write_table(tmp_path / "a.parquet", dict(flag=[True, False]))
