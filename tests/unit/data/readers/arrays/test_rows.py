"""Rows of packed arrays: any rising choice, in any blocks, and damage."""

import zipfile

import numpy as np
import pytest

from gaussianity.data.datasets import read_dataset
from gaussianity.data.readers.arrays import rows
from gaussianity.data.readers.arrays.rows import Rows
from gaussianity.errors import InputError
from gaussianity.io.files import stream_npz

ARRAY = np.random.default_rng(0).normal(size=(50, 4, 3))


@pytest.mark.parametrize("block", [1, 200, 960, 10**6])  # a row has 96 bytes
def test_rows_are_the_arrays(tmp_path, monkeypatch, block):
    monkeypatch.setattr(rows, "BLOCK_BYTES", block)
    np.savez_compressed(tmp_path / "a.npz", x=ARRAY)
    found = Rows("a", *stream_npz(tmp_path / "a.npz", "x"))
    assert (len(found), found.shape, found.dtype, found.ndim) == (50, (50, 4, 3), ARRAY.dtype, 3)
    for numbers in ([0, 1, 2], [], [5], [6, 9, 30, 31], [47, 49]):
        np.testing.assert_array_equal(found[np.array(numbers, int)], ARRAY[numbers])
    found.finish()


def test_arrays_that_are_not_streamed(tmp_path):
    np.savez(tmp_path / "plain.npz", x=ARRAY)
    np.savez_compressed(tmp_path / "fortran.npz", x=np.asfortranarray(ARRAY))
    assert stream_npz(tmp_path / "plain.npz", "x") is None
    assert stream_npz(tmp_path / "fortran.npz", "x") is None


def test_a_wrong_checksum_is_found_after_the_last_image(tmp_path):
    """The images of the class come long before the end of the file."""
    images = np.random.default_rng(0).integers(0, 256, (99, 30, 30), dtype=np.uint8)
    np.savez_compressed(tmp_path / "a.npz", images=images, labels=np.arange(99) > 0)
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        checksum = archive.getinfo("images.npy").CRC.to_bytes(4, "little")
    whole = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(whole.replace(checksum, bytes(4)))
    with pytest.raises(InputError, match=r"a\.npz: expected a readable file: Bad CRC"):
        read_dataset("npz", tmp_path / "a.npz", classes=["0"])


def test_an_array_that_ends_early(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", x=ARRAY)
    file, dtype, _ = stream_npz(tmp_path / "a.npz", "x")
    with pytest.raises(InputError, match=r"a: expected an array of shape \(60, 4, 3\), found its"):
        Rows("a", file, dtype, (60, 4, 3))[np.array([59])]
