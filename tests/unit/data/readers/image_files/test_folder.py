"""Folders of image files: classes, modes of images, unreadable files."""

import struct
import zlib

import numpy as np
import PIL.Image
import pytest
from written_datasets import IMAGES, named_labels, write_folder

from gaussianity.data.datasets import GivenDataset, read_dataset
from gaussianity.data.readers.image_files.classes import by_folder
from gaussianity.errors import InputError


def test_folder_of_grey_images(tmp_path):
    """Classes are sorted as text, files within a class by name."""
    data = read_dataset(*write_folder(tmp_path))
    assert data.class_names == ("10", "7", "9")
    assert named_labels(data) == ["10", "10", "7", "7", "9"]
    np.testing.assert_array_equal(data.images, IMAGES[[1, 4, 0, 2, 3], None])
    assert data.images.dtype == np.uint8


def test_folder_of_colour_images(tmp_path):
    colour = np.arange(90, dtype=np.uint8).reshape(5, 3, 2, 3)
    data = read_dataset(*write_folder(tmp_path, colour))
    np.testing.assert_array_equal(data.images, colour[[1, 4, 0, 2, 3]].transpose(0, 3, 1, 2))


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("LA", 1), ("P", 1), ("RGB", 3), ("RGBA", 3)]
)
def test_modes_of_image_files(tmp_path, mode, channels):
    white = np.full((1, 3, 2), 255, dtype=np.uint8)
    data = read_dataset(*write_folder(tmp_path, white, ["only"], mode=mode))
    np.testing.assert_array_equal(data.images, np.full((1, channels, 3, 2), 255))


def test_files_of_deeper_folders_come_in_the_order_of_image_folder():
    """The order is that of torchvision's ImageFolder."""
    names = ["a/b/0.png", "a/z.png", "a/b-/0.png", "a/b/c/0.png", "a b/0.png", "a/b/d.png"]
    listing = by_folder("set", names)
    assert listing.names == [names[number] for number in (1, 0, 5, 2, 3, 4)]
    assert listing.class_names == ("a", "a b")


def test_sixteen_bits_are_refused(tmp_path):
    """They do not fit uint8, and PIL would clip them."""
    deep = (IMAGES.astype(np.uint16) + 1) * 1000
    with pytest.raises(InputError, match=r"0\.png: expected .*8 bits"):
        read_dataset(*write_folder(tmp_path, deep, ["one"] * 5))


def test_other_files_are_not_images(tmp_path):
    reader, path = write_folder(tmp_path)
    (path / "7" / "notes.txt").write_text("no image")
    (path / "loose.png").write_text("in no class")
    (path / "7" / "0.png").rename(path / "7" / "0.PNG")
    assert GivenDataset(reader, path).class_counts() == {"7": 2, "9": 1, "10": 2}


@pytest.mark.parametrize("name", ["9/3.png", "10/4.png"])  # the last file and the second
def test_folder_of_mixed_shapes(tmp_path, name):
    reader, path = write_folder(tmp_path)
    assert (path / name).exists()
    PIL.Image.fromarray(IMAGES[0].T).save(path / name)
    message = rf"{name}: .*one size, 2 x 3 pixels as .*10/1\.png has, found 3 x 2 pixels; set data"
    with pytest.raises(InputError, match=message):
        read_dataset(reader, path)


@pytest.mark.parametrize("content", [b"", b"no image", None], ids=["empty", "text", "cut"])
def test_unreadable_image(tmp_path, content):
    reader, path = write_folder(tmp_path)
    file = path / "9" / "3.png"
    file.write_bytes(file.read_bytes()[:50] if content is None else content)
    with pytest.raises(InputError, match=r"9/3\.png: expected a readable image: "):
        read_dataset(reader, path)


@pytest.mark.parametrize("allowed_pixels", [1, 5], ids=["error", "warning"])
def test_image_of_too_many_pixels(tmp_path, monkeypatch, allowed_pixels):
    arguments = write_folder(tmp_path)
    monkeypatch.setattr(PIL.Image, "MAX_IMAGE_PIXELS", allowed_pixels)
    with pytest.raises(InputError, match=r"10/1\.png: expected a readable image: .*exceeds limit"):
        read_dataset(*arguments)


def test_no_folder_and_no_images(tmp_path):
    (tmp_path / "file").write_text("")
    for name in ("file", "absent"):
        with pytest.raises(InputError, match=rf"expected a folder with one .*, found .*/{name}"):
            GivenDataset("folder", tmp_path / name).class_counts()
    with pytest.raises(InputError, match=r"no_images0: .*per class, found no image \(\.png, \.jp"):
        GivenDataset("folder", tmp_path).class_counts()


def test_the_shape_of_an_unreadable_image_is_one_sentence(tmp_path):
    reader, path = write_folder(tmp_path)
    (path / "10" / "1.png").write_bytes(b"no image")
    with pytest.raises(InputError, match=r"10/1\.png: expected a readable image: "):
        GivenDataset(reader, path).image_shape()


@pytest.mark.parametrize("side", [10_000, 40_000])
def test_an_image_bomb(tmp_path, side):
    """A small PNG of 100 or 1,600 million pixels is not unpacked."""

    def chunk(kind, content):
        checksum = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + checksum

    header = struct.pack(">2I5B", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(side * 100))
    png = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "bomb.png").write_bytes(png)
    with pytest.raises(
        InputError, match=r"bomb\.png: expected a readable image: .*decompression bomb"
    ):
        read_dataset("folder", tmp_path)
