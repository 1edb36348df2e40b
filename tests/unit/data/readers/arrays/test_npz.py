"""Archives of images and labels: their forms, and what is refused."""

import numpy as np
import pytest
from written_datasets import COLOUR, IMAGES, LABELS, named_labels, write_arrays

from gaussianity.data.datasets import GivenDataset, read_dataset
from gaussianity.errors import InputError
from gaussianity.io.files import read_npz


@pytest.mark.parametrize(
    ("arrays", "class_names", "of_each"),
    [
        (dict(), ("7", "9", "10"), ["7", "10", "7", "9", "10"]),
        (
            dict(labels=["cat", "ant", "cat", "bee", "ant"]),
            ("ant", "bee", "cat"),
            ["cat", "ant", "cat", "bee", "ant"],
        ),
        (
            dict(labels=[0, 1, 0, 2, 1], class_names=["cat", "ant", "bee"]),
            ("cat", "ant", "bee"),
            ["cat", "ant", "cat", "bee", "ant"],
        ),
    ],
    ids=["integers", "strings", "class_names"],
)
def test_npz_labels(tmp_path, arrays, class_names, of_each):
    data = read_dataset(*write_arrays(tmp_path, **arrays))
    assert data.class_names == class_names
    assert named_labels(data) == of_each
    assert data.labels.dtype == np.int64


@pytest.mark.parametrize(
    "images",
    [IMAGES, IMAGES[:, None], np.stack([IMAGES] * 3, axis=1), IMAGES.astype(np.float32) / 32],
    ids=["three dimensions", "grey", "colour", "float32"],
)
def test_npz_images(tmp_path, images):
    data = read_dataset(*write_arrays(tmp_path, images=images))
    expected = images[:, None] if images.ndim == 3 else images
    np.testing.assert_array_equal(data.images, expected)
    assert data.images.dtype == images.dtype


def with_nan():
    images = IMAGES.astype(np.float32)
    images[3, 2, 1] = np.nan
    return images


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            dict(images=None),
            r"expected arrays of .* \(images, labels; .*found labels; images is missing",
        ),
        (dict(labels=None), "found images; labels is missing: name a file .* dataset.labels"),
        (dict(images=IMAGES.astype(int)), "images must be uint8 or floats, found int64 from 0 to"),
        (dict(images=IMAGES[:, 0]), r"images must .*\(n, C, H, W\).*, found uint8 of .* \(n, 2\)"),
        (
            dict(images=with_nan()),
            r"array images must be finite, found nan at index \(3, 0, 2, 1\)",
        ),
        (dict(images=IMAGES.astype(object)), "readable .npz file of plain arrays: Object arrays"),
        (dict(labels=LABELS.astype(object)), "readable .npz file of plain arrays: Object arrays"),
        (dict(labels=LABELS / 2), r"labels must be integers or strings .*, found float64 of .*\(5"),
        (dict(labels=np.stack([LABELS] * 2, 1)), r"\(n,\), found uint8 of shape \(5, 2\)"),
        (dict(labels=np.array([b"\xff"] * 5)), "labels must be text in UTF-8: .*0xff"),
        (
            dict(labels=[0, 1, 2, 1, 0], class_names=["a", "b"]),
            "labels must be positions in class_names, 0 to 1",
        ),
        (
            dict(labels=[0, 1, -1, 1, 0], class_names=["a", "b"]),
            "labels must be positions in class_names, 0 to 1",
        ),
        (
            dict(labels=["a", "b", "a", "b", "a"], class_names=["a", "b"]),
            "labels must be positions in class_names, 0 to 1",
        ),
        (
            dict(labels=[0, 1, 1, 1, 0], class_names=["a", "a"]),
            "class_names must differ, found a, a",
        ),
        (dict(labels=[0, 1, 1, 1, 0], class_names=[["a", "b"], ["c", "d"]]), "class_names"),
        (dict(images=IMAGES[:0], labels=LABELS[:0], class_names=["a", "b"]), "labels"),
    ],
)
def test_npz_errors(tmp_path, changed, message):
    with pytest.raises(InputError, match=rf"set\.npz: .*{message}"):
        read_dataset(*write_arrays(tmp_path, **changed))


def test_missing_npz(tmp_path):
    with pytest.raises(InputError, match=r"absent\.npz: expected an \.npz file, found no such"):
        read_dataset("npz", tmp_path / "absent.npz")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(images=None), "found labels; images is missing"),
        (dict(images=IMAGES[:, 0]), r"\(n, 2\)"),
        (dict(images=COLOUR[:, None]), r"\(n, 1, 3, 3, 2\)"),
    ],
    ids=["no images", "too few dimensions", "too many"],
)
def test_a_header_of_an_npz_without_images_is_one_sentence(tmp_path, changed, message):
    reader, path = write_arrays(tmp_path, **changed)
    with pytest.raises(InputError, match=rf"set\.npz: .*{message}"):
        GivenDataset(reader, path).image_shape()


def test_an_archive_larger_than_the_memory(tmp_path, monkeypatch):
    """2 MB of zeros in 4 kB, on a machine of 1 MB."""
    np.savez_compressed(tmp_path / "set.npz", images=np.zeros((2**11, 1, 32, 32), np.uint8))
    monkeypatch.setattr("os.sysconf", lambda name: 1024)
    with pytest.raises(
        InputError, match=r"set\.npz: .* at most 1,048,576 bytes .* found 2,097,\d+"
    ):
        read_npz(tmp_path / "set.npz", "images")
