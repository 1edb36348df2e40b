"""IDX files: whole, packed, damaged."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from written_datasets import IMAGES, LABELS, idx, write_idx

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError

MNIST = Path(__file__).parents[5] / "shared/data/mnist-t10k"


@pytest.mark.skipif(not MNIST.is_dir(), reason=f"MNIST's test files are not in {MNIST}")
def test_mnist():
    paths = [MNIST / f"t10k-{name}-ubyte.gz" for name in ("images-idx3", "labels-idx1")]
    data = read_dataset("idx", *paths)
    assert data.images.shape == (10000, 1, 28, 28)
    assert data.images.dtype == np.uint8
    assert data.class_names == tuple("0123456789")
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(data.labels).tolist() == counts
    assert list(GivenDataset("idx", *paths).class_counts().values()) == counts
    assert data.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_idx(tmp_path, suffix):
    data = read_dataset(*write_idx(tmp_path, suffix=suffix))
    np.testing.assert_array_equal(data.images, IMAGES[:, None])
    assert data.images.dtype == np.uint8
    assert data.class_names == ("7", "9", "10")
    assert data.labels.tolist() == [0, 2, 0, 1, 2]
    assert data.labels.dtype == np.int64


def test_idx_of_four_dimensions_has_channels(tmp_path):
    colour = np.arange(60, dtype=np.uint8).reshape(5, 3, 2, 2)
    data = read_dataset(*write_idx(tmp_path, images=idx(colour)))
    np.testing.assert_array_equal(data.images, colour)


def test_packed_is_what_is_packed(tmp_path):
    """The suffix does not matter."""
    for suffix, is_packed in ((".gz", False), ("", True)):
        pack = gzip.compress if is_packed else bytes
        arguments = write_idx(tmp_path, pack(idx(IMAGES)), pack(idx(LABELS)), suffix)
        assert find_reader(*arguments[1:]) == "idx"
        np.testing.assert_array_equal(read_dataset(*arguments).images, IMAGES[:, None])


@pytest.mark.parametrize("columns", [0, 1, 8])
def test_labels_of_qmnist(tmp_path, columns):
    """32-bit integers; the class is in the first column."""
    table = np.arange(5 * max(columns, 1)).reshape(5, -1)
    table[:, 0] = LABELS
    shape = (5, columns) if columns else (5,)
    header = b"\0\0\x0c" + struct.pack(f">B{len(shape)}I", len(shape), *shape)
    labels = gzip.compress(header + table.astype(">i4").tobytes())
    data = read_dataset(*write_idx(tmp_path, labels=labels))
    assert [data.class_names[k] for k in data.labels] == ["7", "10", "7", "9", "10"]


def test_channels_in_the_last_axis(tmp_path):
    colour = np.arange(150, dtype=np.uint8).reshape(5, 3, 5, 2)
    images = colour.transpose(0, 2, 3, 1)
    arguments = write_idx(tmp_path, images=idx(np.ascontiguousarray(images)))
    np.testing.assert_array_equal(read_dataset(*arguments).images, colour)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (idx(LABELS), "IDX file of images with magic number 0x00000803 or 0x00000804, found 0x.*1"),
        (b"\0\0\x0d\3" + idx(IMAGES)[4:], "magic number .*, found 0x00000d03"),
        (b"", "magic number .*, found 0x$"),
        (idx(IMAGES)[:-1], r"30 bytes for the shape \(5, 3, 2\), found 29; the file is cut off"),
        (idx(IMAGES) + b"\0", r"30 bytes for the shape \(5, 3, 2\), found 31; .* damaged"),
        (idx(IMAGES)[:12], "a header of 16 bytes, found 12; the file is cut off"),
    ],
    ids=["labels", "type", "empty", "short", "long", "header cut"],
)
def test_damaged_idx(tmp_path, images, message):
    with pytest.raises(InputError, match=f"images: expected .*{message}"):
        read_dataset(*write_idx(tmp_path, images=images))


def test_images_and_labels_that_are_swapped(tmp_path):
    _, images, labels = write_idx(tmp_path)
    with pytest.raises(InputError, match=r"images: .* labels with .* 0x00000801, found 0x00000803"):
        read_dataset("auto", labels, images)


def test_labels_that_are_images(tmp_path):
    arguments = write_idx(tmp_path, labels=idx(IMAGES))
    with pytest.raises(InputError, match=r"labels: .*IDX file of labels with magic .*801, found"):
        GivenDataset(*arguments).class_counts()


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-9],
        lambda packed: packed[:4],
        lambda packed: packed[:-10] + bytes([packed[-10] ^ 255]) + packed[-9:],
        lambda packed: packed[:12] + bytes([packed[12] ^ 255]) + packed[13:],
        lambda packed: packed[:-6] + bytes([packed[-6] ^ 255]) + packed[-5:],
    ],
    ids=["cut", "header alone", "last byte", "first bytes", "checksum"],
)
def test_damaged_gzip(tmp_path, damage):
    arguments = write_idx(tmp_path, suffix=".gz", images=damage(gzip.compress(idx(IMAGES))))
    with pytest.raises(InputError, match=r"images\.gz: expected a whole gzip file.*fetch the file"):
        read_dataset(*arguments)


def test_missing_idx(tmp_path):
    reader, images, labels = write_idx(tmp_path)
    with pytest.raises(InputError, match="absent: expected an IDX file of images, found no such"):
        read_dataset(reader, tmp_path / "absent", labels)
    with pytest.raises(InputError, match="absent: expected an IDX file of labels, found no such"):
        read_dataset(reader, images, tmp_path / "absent")


def test_a_folder_is_no_idx_file(tmp_path):
    _, _, labels = write_idx(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="folder: expected an IDX file of images: Is a directory"):
        read_dataset("idx", tmp_path / "folder", labels)


@pytest.mark.parametrize(
    "content",
    [
        idx(LABELS),
        idx(IMAGES)[:12],
        b"",
        b"\0\0\x0d\3" + idx(IMAGES)[4:],
        b"text that is no IDX file, and long enough",
        b"\1\2\x08\3" + idx(IMAGES)[4:],
    ],
    ids=["labels", "cut", "empty", "type", "text", "first bytes"],
)
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_header_of_no_images_is_one_sentence(tmp_path, content, suffix):
    packed = gzip.compress(content) if suffix else content
    _, path, _ = write_idx(tmp_path, packed, suffix=suffix)
    with pytest.raises(InputError, match=rf"images{suffix}: expected a(n IDX file| header of 16)"):
        GivenDataset("idx", path).image_shape()


@pytest.mark.parametrize(
    "content",
    [b"plain" * 9, gzip.compress(idx(IMAGES), mtime=0)[:15], b""],
    ids=["plain", "cut", "empty"],
)
def test_a_header_in_a_damaged_gzip_is_one_sentence(tmp_path, content):
    _, path, _ = write_idx(tmp_path, content, suffix=".gz")
    with pytest.raises(InputError, match=r"images\.gz: expected a(n IDX file|\ whole gzip file)"):
        GivenDataset("idx", path).image_shape()


def test_a_packed_file_that_claims_more_than_the_memory(tmp_path):
    """A header of 10^15 bytes, and 1 GB of zeros in 1 MB: neither is unpacked."""
    header = b"\0\0\x08\3" + struct.pack(">3I", 10**5, 10**5, 10**5)
    arguments = write_idx(tmp_path, gzip.compress(header), suffix=".gz")
    with pytest.raises(
        InputError, match=r"images\.gz: .* memory of this machine, found 1,000,000,"
    ):
        read_dataset(*arguments)
    arguments = write_idx(tmp_path, gzip.compress(idx(IMAGES) + bytes(2**30), 1), suffix=".gz")
    with pytest.raises(InputError, match=r"images\.gz: .*, found 1048606 or more; the file is cut"):
        read_dataset(*arguments)
