"""Datasets: what all readers share, their errors, and the artifact."""

import gzip
from pathlib import Path

import numpy as np
import PIL.Image
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

from gaussianity.data.datasets import GivenDataset, find_reader, load_dataset, read_dataset
from gaussianity.data.readers import reader
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


@pytest.mark.parametrize(
    ("black", "white", "remedy"),
    [(0, 255, r"; if white is 255, set dataset.range to \[0, 255\]"), (0, 2.1, ""), (-1.1, 1, "")],
)
def test_float_images_of_another_scale_are_refused(tmp_path, black, white, remedy):
    images = np.linspace(black, white, IMAGES.size, dtype=np.float32).reshape(IMAGES.shape)
    message = (
        r"set\.npz: float32 images must have black at 0 and white at 1, found values from "
        f"{black:g} to {white:g}{remedy}$"
    )
    with pytest.raises(InputError, match=message):
        read_dataset(*write_arrays(tmp_path, images=images))


@pytest.mark.parametrize(("black", "white"), [(0, 1), (-1, 2)])
def test_float_images_may_go_beyond_black_and_white(tmp_path, black, white):
    images = np.linspace(black, white, IMAGES.size, dtype=np.float32).reshape(IMAGES.shape)
    data = read_dataset(*write_arrays(tmp_path, images=images))
    np.testing.assert_array_equal(data.images[:, 0], images)


@pytest.mark.parametrize("name", ["digits", "idx", "npz", "folder"])
def test_class_counts_equal_the_datasets(tmp_path, name):
    arguments = {
        "digits": lambda folder: ["digits"],
        "idx": write_idx,
        "npz": write_arrays,
        "folder": write_folder,
    }[name](tmp_path)
    data = read_dataset(*arguments)
    counts = dict(zip(data.class_names, np.bincount(data.labels).tolist(), strict=True))
    found = GivenDataset(*arguments).class_counts()
    assert found == counts
    assert list(found) == list(data.class_names)


def test_artifact_holds_the_dataset(tmp_path):
    data = read_dataset(*write_idx(tmp_path))
    write_npz(tmp_path / "dataset.npz", **data.fields())
    found = load_dataset(tmp_path / "dataset.npz")
    np.testing.assert_array_equal(found.images, data.images)
    np.testing.assert_array_equal(found.labels, data.labels)
    assert found.class_names == data.class_names


def test_the_npz_reader_reads_the_artifact(tmp_path):
    data = read_dataset(*write_idx(tmp_path))
    write_npz(tmp_path / "dataset.npz", **data.fields())
    found = read_dataset("npz", tmp_path / "dataset.npz")
    np.testing.assert_array_equal(found.images, data.images)
    assert named_labels(found) == named_labels(data)


def test_artifact_of_something_else(tmp_path):
    fields = read_dataset(*write_idx(tmp_path)).fields()
    write_npz(tmp_path / "other.npz", **(fields | dict(images=IMAGES)))
    with pytest.raises(InputError, match=r"other\.npz: images must be .*, found uint8 of shape"):
        load_dataset(tmp_path / "other.npz")


def test_channels_last(tmp_path):
    images = np.arange(5 * 8 * 8 * 3).reshape(5, 8, 8, 3).astype(np.uint8)
    arguments = write_arrays(tmp_path, images=images)
    np.testing.assert_array_equal(read_dataset(*arguments).images, images.transpose(0, 3, 1, 2))
    assert GivenDataset(*arguments).image_shape() == (3, 8, 8)


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
    assert GivenDataset(*arguments[:2]).image_shape() == shape
    assert all(type(n) is int for n in GivenDataset(*arguments[:2]).image_shape())


@pytest.mark.parametrize("reader", ["idx", "npz", "folder"])
def test_the_shape_of_absent_images_is_one_sentence(tmp_path, reader):
    with pytest.raises(InputError, match=r"/absent"):
        GivenDataset(reader, tmp_path / "absent").image_shape()
    with pytest.raises(InputError, match=r"^path: .*None"):
        GivenDataset(reader).image_shape()


def test_floats_from_minus_1_to_1_need_their_range(tmp_path):
    grey = np.linspace(-1, 1, IMAGES.size, dtype=np.float32).reshape(IMAGES.shape)
    arguments = write_arrays(tmp_path, images=grey)
    with pytest.raises(
        InputError, match=r"from -1 to 1; if black is -1, set dataset.range to \[-1,"
    ):
        read_dataset(*arguments)
    data = read_dataset(*arguments, range=[-1, 1])
    np.testing.assert_allclose(data.images[:, 0], (grey + 1) / 2, atol=1e-7)


@pytest.mark.parametrize(
    ("kind", "white"), [(np.int64, 255), (np.uint16, 255), (np.float32, 255), (bool, 1)]
)
def test_numbers_of_a_declared_range(tmp_path, kind, white):
    """They are divided by white; integers of more than 8 bits need the range."""
    images = (IMAGES.astype(int) % (white + 1)).astype(kind)
    arguments = write_arrays(tmp_path, images=images)
    data = read_dataset(*arguments, range=[0, white])
    np.testing.assert_array_equal(data.images[:, 0], images.astype(np.float32) / np.float32(white))
    if kind != np.float32:
        with pytest.raises(InputError, match=r"found .*; set dataset.range to the values of black"):
            read_dataset(*arguments)


def test_images_of_four_channels_are_refused_at_the_start(tmp_path):
    given = GivenDataset(*write_arrays(tmp_path, images=np.zeros((5, 5, 2, 4), np.uint8)))
    for look in (given.image_shape, given.read):
        with pytest.raises(InputError, match=r"1 or 3 channels, found .*\(n, 4, 5, 2\)$"):
            look()


def test_options_of_pixels_are_pillows(tmp_path):
    """Grey by Pillow's mode L, sizes by its bicubic filter on the central square."""
    colour = np.random.default_rng(0).integers(0, 256, (5, 12, 16, 3), dtype=np.uint8)
    found = {}
    for write in (write_folder, lambda folder, x: write_arrays(folder, images=x)):
        for options in (dict(resize=6), dict(channels="grey"), dict(resize=6, channels="grey")):
            data = read_dataset(*write(tmp_path, colour), **options)
            found.setdefault(str(options), []).append(data.of_class("9")[0])
    image = PIL.Image.fromarray(colour[3])
    square = image.crop((2, 0, 14, 12))
    small = np.asarray(square.resize((6, 6), PIL.Image.Resampling.BICUBIC)).transpose(2, 0, 1)
    grey = np.asarray(image.convert("L"))[None]
    grey_small = square.convert("L").resize((6, 6), PIL.Image.Resampling.BICUBIC)
    expected = [small, grey, np.asarray(grey_small)[None]]
    for images, right in zip(found.values(), expected, strict=True):
        for image in images:
            np.testing.assert_array_equal(image, right)
    shape = GivenDataset(
        *write_arrays(tmp_path, images=colour), resize=6, channels="grey"
    ).image_shape()
    assert shape == (1, 6, 6)


@pytest.mark.parametrize("write", [write_arrays, write_folder])
def test_some_classes(tmp_path, write):
    """The class names stay, so that positions and random numbers do."""
    whole = read_dataset(*write(tmp_path))
    data = read_dataset(*write(tmp_path), classes=["7", "9"])
    assert data.class_names == whole.class_names
    kept = np.isin(whole.labels, [whole.class_names.index("7"), whole.class_names.index("9")])
    np.testing.assert_array_equal(data.images, whole.images[kept])
    np.testing.assert_array_equal(data.labels, whole.labels[kept])


def test_an_artifact_written_in_parts_has_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "BATCH_BYTES", 12)  # two images
    given = GivenDataset(*write_arrays(tmp_path))
    whole = given.read()
    for name, fields in (("whole", whole.fields()), ("parts", given.streamed().fields())):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        write_npz("dataset.npz", **fields)
    assert (tmp_path / "parts/dataset.npz").read_bytes() == Path(
        tmp_path / "whole/dataset.npz"
    ).read_bytes()


def test_a_class_without_variance_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "BATCH_BYTES", 6)  # one image
    images = IMAGES.copy()
    images[2] = images[0]  # both of class 7
    given = GivenDataset(*write_arrays(tmp_path, images=images))
    with pytest.raises(InputError, match=r"class 7: expected images that differ, found 2 equal"):
        write_npz(tmp_path / "dataset.npz", **given.streamed(varied=["7", "10"]).fields())
    assert not (tmp_path / "dataset.npz").exists()
    write_npz(tmp_path / "dataset.npz", **given.streamed(varied=["10"]).fields())


def test_a_reader_is_found_by_content(tmp_path):
    assert find_reader(write_arrays(tmp_path)[1]) == "npz"
    assert find_reader(write_folder(tmp_path)[1]) == "folder"
    _, images, labels = write_idx(tmp_path)
    assert find_reader(images, labels) == "idx"
    (tmp_path / "page.png").write_text("<html>")
    with pytest.raises(InputError, match=r"page\.png: expected images in a form that is known"):
        find_reader(tmp_path / "page.png")
    with pytest.raises(InputError, match=r"absent: expected a file or folder of images, found non"):
        find_reader(tmp_path / "absent")
