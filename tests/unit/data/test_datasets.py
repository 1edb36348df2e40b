"""Datasets: what all readers share, their errors, and the artifact."""

import gzip

import numpy as np
import pytest
from written_datasets import (
    COLOUR,
    IMAGES,
    LABELS,
    idx,
    named_labels,
    write_arrays,
    write_folder,
    write_idx,
)

from gaussianity.data.datasets import (
    class_counts,
    image_shape,
    load_dataset,
    read_dataset,
    save_fields,
)
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz


def test_a_class_keeps_file_order(tmp_path):
    data = read_dataset(*write_idx(tmp_path))
    np.testing.assert_array_equal(data.of_class("10"), IMAGES[[1, 4], None])


def test_null_paths(tmp_path):
    _, images, labels = write_idx(tmp_path)
    with pytest.raises(
        InputError, match=r"^path: expected the path of an IDX .*images, found None"
    ):
        read_dataset("idx", None, labels)
    with pytest.raises(InputError, match=r"^labels: expected the path .*labels, found None"):
        read_dataset("idx", images)
    with pytest.raises(InputError, match=r"^path: expected the path of an \.npz file, found None"):
        read_dataset("npz")
    with pytest.raises(InputError, match=r"^path: expected the path of a folder .*, found None"):
        read_dataset("folder")


def test_images_and_labels_of_different_length(tmp_path):
    message = "{}: expected as many images as labels, found 5 images and 4 labels in .*{}"
    with pytest.raises(InputError, match=message.format("images", "labels")):
        read_dataset(*write_idx(tmp_path, labels=idx(LABELS[:4])))
    with pytest.raises(InputError, match=message.format(r"set\.npz", r"set\.npz")):
        read_dataset(*write_arrays(tmp_path, labels=LABELS[:4]))


@pytest.mark.parametrize(("black", "white"), [(0, 255), (0, 2.1), (-1.1, 1)])
def test_float_images_of_another_scale_are_refused(tmp_path, black, white):
    images = np.linspace(black, white, IMAGES.size, dtype=np.float32).reshape(IMAGES.shape)
    message = (
        r"set\.npz: float32 images must have black at 0 and white at 1, found values from "
        f"{black:g} to {white:g}$"
    )
    with pytest.raises(InputError, match=message):
        read_dataset(*write_arrays(tmp_path, images=images))


@pytest.mark.parametrize(("black", "white"), [(0, 1), (-1, 2)])
def test_float_images_may_go_beyond_black_and_white(tmp_path, black, white):
    images = np.linspace(black, white, IMAGES.size, dtype=np.float32).reshape(IMAGES.shape)
    data = read_dataset(*write_arrays(tmp_path, images=images))
    np.testing.assert_array_equal(data.images[:, 0], images)


@pytest.mark.parametrize("reader", ["digits", "idx", "npz", "folder"])
def test_class_counts_equal_the_datasets(tmp_path, reader):
    arguments = {
        "digits": lambda folder: ["digits"],
        "idx": write_idx,
        "npz": write_arrays,
        "folder": write_folder,
    }[reader](tmp_path)
    data = read_dataset(*arguments)
    counts = dict(zip(data.class_names, np.bincount(data.labels).tolist(), strict=True))
    found = class_counts(*arguments)
    assert found == counts
    assert list(found) == list(data.class_names)


def test_artifact_holds_the_dataset(tmp_path):
    data = read_dataset(*write_idx(tmp_path))
    write_npz(tmp_path / "dataset.npz", **save_fields(data))
    found = load_dataset(tmp_path / "dataset.npz")
    np.testing.assert_array_equal(found.images, data.images)
    np.testing.assert_array_equal(found.labels, data.labels)
    assert found.class_names == data.class_names


def test_the_npz_reader_reads_the_artifact(tmp_path):
    data = read_dataset(*write_idx(tmp_path))
    write_npz(tmp_path / "dataset.npz", **save_fields(data))
    found = read_dataset("npz", tmp_path / "dataset.npz")
    np.testing.assert_array_equal(found.images, data.images)
    assert named_labels(found) == named_labels(data)


def test_artifact_of_something_else(tmp_path):
    fields = save_fields(read_dataset(*write_idx(tmp_path)))
    write_npz(tmp_path / "other.npz", **(fields | dict(images=IMAGES)))
    with pytest.raises(InputError, match=r"other\.npz: images must be .*, found uint8 of shape"):
        load_dataset(tmp_path / "other.npz")


def test_channels_last_are_refused(tmp_path):
    images = np.zeros((5, 8, 8, 3), dtype=np.uint8)
    with pytest.raises(InputError, match=r"set\.npz: .* 1 or 3 channels, found 8 .*transpose it"):
        read_dataset(*write_arrays(tmp_path, images=images))


@pytest.mark.parametrize(
    ("write", "images"),
    [
        (lambda folder, images: ["digits"], None),
        (lambda folder, images: write_idx(folder, idx(images)), IMAGES),
        (lambda folder, images: write_idx(folder, idx(images)), COLOUR),
        (lambda folder, images: write_idx(folder, gzip.compress(idx(IMAGES)), None, ".gz"), None),
        (lambda folder, images: write_arrays(folder, images=images), IMAGES),
        (lambda folder, images: write_arrays(folder, images=images), IMAGES[:, None]),
        (lambda folder, images: write_arrays(folder, images=images), COLOUR),
        (lambda folder, images: write_arrays(folder, images=images / np.float32(255)), COLOUR),
        (lambda folder, images: write_folder(folder, images), IMAGES),
        (lambda folder, images: write_folder(folder, images), COLOUR.transpose(0, 2, 3, 1)),
        (lambda folder, images: write_folder(folder, images, mode="P"), IMAGES),
    ],
    ids=[
        *["digits", "idx", "idx of channels", "packed idx"],
        *["npz", "grey npz", "colour npz", "float32 npz"],
        *["grey folder", "colour folder", "palette folder"],
    ],
)
def test_the_shape_of_an_image_is_known_without_reading_them_all(tmp_path, write, images):
    arguments = write(tmp_path, images)
    shape = read_dataset(*arguments).images.shape[1:]
    assert image_shape(*arguments[:2]) == shape
    assert all(type(n) is int for n in image_shape(*arguments[:2]))


@pytest.mark.parametrize("reader", ["idx", "npz", "folder"])
def test_the_shape_of_absent_images_is_one_sentence(tmp_path, reader):
    with pytest.raises(InputError, match=r"/absent"):
        image_shape(reader, tmp_path / "absent")
    with pytest.raises(InputError, match=r"^path: .*None"):
        image_shape(reader)
