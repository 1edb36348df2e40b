"""The three forms of an image, at values worked out by hand."""

import numpy as np
import pytest

from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from gaussianity.io.images import (
    image_shape,
    read_chosen_rows,
    read_images,
    read_rows,
    require_different,
    require_images,
    rows,
    rows_after,
    to_network,
    to_uint8,
    to_unit,
)

# network form, 8 bits as x * 127.5 + 128 clipped and truncated, unit
VALUES = np.array([-3.0, -1.01, -1.0, -0.996, -0.5, 0.0, 0.5, 0.99, 0.997, 1.0, 1.2, 40.0])
EIGHT_BITS = [0, 0, 0, 1, 64, 128, 191, 254, 255, 255, 255, 255]
UNIT = [-1.0, -0.005, 0.0, 0.002, 0.25, 0.5, 0.75, 0.995, 0.9985, 1.0, 1.1, 20.5]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_eight_bits_of_the_paper(dtype):
    found = to_uint8(VALUES.astype(dtype))
    assert found.dtype == np.uint8
    assert found.tolist() == EIGHT_BITS


def test_unit_is_not_clipped():
    found = to_unit(VALUES)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, UNIT, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_of_eight_bits_are_units(dtype):
    images = np.array([0, 51, 102, 255, 1, 254], dtype=np.uint8).reshape(2, 3, 1, 1)
    found = rows(images, dtype)
    assert found.dtype == dtype
    expected = [[0, 0.2, 0.4], [1, 1 / 255, 254 / 255]]
    np.testing.assert_allclose(found, expected, rtol=np.finfo(dtype).eps)


def test_rows_of_floats_keep_their_values_and_order():
    images = np.arange(-4, 20, dtype=np.float32).reshape(2, 3, 2, 2) / 8
    np.testing.assert_array_equal(rows(images), np.arange(-4, 20).reshape(2, 12) / 8)
    assert rows(images).dtype == np.float64


def test_network_form_is_the_inverse_of_the_unit_form():
    network = VALUES.reshape(1, 3, 2, 2)
    found = to_network(to_unit(network), np.float64)
    assert found.shape == network.shape
    np.testing.assert_allclose(found, network, rtol=1e-6, atol=1e-7)


def test_network_form_of_eight_bits():
    images = np.array([0, 255, 51, 204], dtype=np.uint8).reshape(1, 1, 2, 2)
    found = to_network(images)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [[[[-1, 1], [-0.6, 0.6]]]], atol=1e-6)


def test_both_stored_forms_agree():
    eight = np.arange(256, dtype=np.uint8).reshape(2, 2, 8, 8)
    unit = (np.arange(256).reshape(2, 2, 8, 8) / 255).astype(np.float32)
    np.testing.assert_allclose(rows(unit), rows(eight), atol=1e-7)
    np.testing.assert_allclose(to_network(unit), to_network(eight), atol=1e-6)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_stored_images_are_accepted(tmp_path, dtype):
    images = np.arange(12, dtype=dtype).reshape(3, 1, 2, 2)
    write_npz(tmp_path / "a.npz", images=images)
    found = read_images(tmp_path / "a.npz")
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, images)


@pytest.mark.parametrize(
    ("images", "found"),
    [
        (np.zeros((3, 2, 2), np.uint8), r"uint8 of shape \(3, 2, 2\)"),
        (np.zeros((1, 3, 1, 2, 2), np.float32), r"float32 of shape \(1, 3, 1, 2, 2\)"),
        (np.zeros((3, 1, 2, 2)), r"float64 of shape \(3, 1, 2, 2\)"),
        (np.zeros((3, 1, 2, 2), np.int8), r"int8 of shape \(3, 1, 2, 2\)"),
        (np.zeros((3, 1, 2, 2), bool), r"bool of shape \(3, 1, 2, 2\)"),
    ],
)
def test_other_arrays_are_refused(tmp_path, images, found):
    message = rf"a\.npz: images must be uint8 or float32 of shape \(n, C, H, W\), found {found}"
    with pytest.raises(InputError, match=message):
        require_images("a.npz", images)
    write_npz(tmp_path / "a.npz", images=images)
    with pytest.raises(InputError, match=message):
        read_images(tmp_path / "a.npz")


@pytest.fixture
def shards(tmp_path):
    """Six files of 1, 2, ..., 6 images; both pixels of an image are the number of its file."""
    paths = [tmp_path / f"{number}.npz" for number in range(1, 7)]
    for number, path in enumerate(paths, start=1):
        write_npz(path, images=np.full((number, 1, 1, 2), number, dtype=np.float32))
    return paths


def test_rows_of_each_file(shards):
    found = [part[:, 0].tolist() for part in read_rows(shards[:3])]
    assert found == [[1], [2, 2], [3, 3, 3]]
    halves = [part[:, 0].tolist() for part in read_rows(shards[:3], at_most=2)]
    assert halves == [[1], [2, 2], [3, 3], [3]]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, [[1], [2, 2], [3, 3, 3]]),
        (1, [[2, 2], [3, 3, 3]]),
        (2, [[2], [3, 3, 3]]),
        (3, [[3, 3, 3]]),
        (5, [[3]]),
        (6, []),
        (9, []),
    ],
)
def test_rows_after_a_count(shards, count, expected):
    """The first rows are left out, and also a batch without other rows."""
    found = [part[:, 0].tolist() for part in rows_after(count, read_rows(shards[:3]))]
    assert found == expected


def test_chosen_rows_of_all_files(shards):
    chosen = np.array([0, 2, 5, 6, 20])
    found = read_chosen_rows(shards, chosen, np.float32)
    assert found.dtype == np.float32
    assert found[:, 0].tolist() == [1, 2, 3, 4, 6]


def test_chosen_rows_of_images_of_another_shape(tmp_path):
    paths = [tmp_path / name for name in ("a.npz", "b.npz")]
    for path, side in zip(paths, (2, 3), strict=True):
        write_npz(path, images=np.zeros((4, 1, side, side), np.uint8))
    message = (
        r"b\.npz: expected images of the shape \(1, 2, 2\) as \S*a\.npz has, found \(1, 3, 3\)$"
    )
    with pytest.raises(InputError, match=message):
        read_chosen_rows(paths, np.array([0, 5]))


def test_chosen_rows_after_the_last(shards):
    with pytest.raises(InputError, match="expected at least 1001 images up to this file, found"):
        read_chosen_rows(shards, np.array([0, 1000]))


def test_shape_of_stored_images_and_what_holds_none(tmp_path):
    write_npz(tmp_path / "images.npz", images=np.zeros((4, 3, 2, 1), np.uint8))
    assert image_shape(tmp_path / "images.npz") == (3, 2, 1)
    write_npz(tmp_path / "rows.npz", images=np.zeros((4, 3), np.uint8))
    with pytest.raises(InputError, match=r"rows\.npz: images must be .*, found uint8 of shape"):
        image_shape(tmp_path / "rows.npz")
    (tmp_path / "rows.npz").rename(tmp_path / "images.npz")
    with pytest.raises(InputError, match=r"images\.npz: expected the file that was written here"):
        image_shape(tmp_path / "images.npz")


def test_images_of_a_class_must_differ():
    images = np.zeros((3, 1, 2, 2), np.uint8)
    with pytest.raises(InputError, match=r"^cats: expected images that differ, found 3 equal ones"):
        require_different("cats", images)
    require_different("one cat", images[:1])
    images[2, 0, 1, 1] = 1
    require_different("cats", images)
