"""Readers of labelled images against files written here byte by byte, and their error messages."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from sklearn.datasets import load_digits

from gaussianity.data.datasets import (
    class_counts,
    image_shape,
    load_dataset,
    read_dataset,
    save_fields,
)
from gaussianity.errors import InputError
from gaussianity.io.files import read_npz, write_npz

MNIST = Path(__file__).parents[4] / "shared/data/mnist-t10k"
IMAGES = np.arange(30, dtype=np.uint8).reshape(5, 3, 2)
LABELS = np.array([7, 10, 7, 9, 10], dtype=np.uint8)


def idx(array):
    header = b"\0\0\x08" + struct.pack(f">B{array.ndim}I", array.ndim, *array.shape)
    return header + array.tobytes()


def write_idx(folder, images=None, labels=None, suffix=""):
    """Arguments of the idx reader, for files with these bytes."""
    pack = gzip.compress if suffix == ".gz" else bytes
    path, path_of_labels = folder / f"images{suffix}", folder / f"labels{suffix}"
    path.write_bytes(pack(idx(IMAGES)) if images is None else images)
    path_of_labels.write_bytes(pack(idx(LABELS)) if labels is None else labels)
    return "idx", path, path_of_labels


def write_arrays(folder, **changed):
    """Arguments of the npz reader; None leaves an array out."""
    arrays = dict(images=IMAGES, labels=LABELS) | changed
    np.savez(folder / "set.npz", **{name: a for name, a in arrays.items() if a is not None})
    return "npz", folder / "set.npz"


def write_folder(folder, images=IMAGES, labels=LABELS, mode=None):
    """Arguments of the folder reader, image i in <label>/<i>.png."""
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        file = folder / "set" / str(label) / f"{i}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).convert(mode).save(file)
    return "folder", folder / "set"


def named_labels(data):
    return [data.class_names[k] for k in data.labels]


def test_digits_are_scikit_learns():
    data, original = read_dataset("digits"), load_digits()
    assert data.images.shape == (1797, 1, 8, 8)
    assert data.images.dtype == np.float32
    assert (data.images.min(), data.images.max()) == (0, 1)
    np.testing.assert_array_equal(data.images[:, 0], original.images / 16)
    np.testing.assert_array_equal(data.labels, original.target)
    assert data.class_names == tuple("0123456789")


def test_counts_of_digits():
    data = read_dataset("digits")
    counts = np.bincount(data.labels).tolist()
    assert class_counts("digits") == dict(zip(data.class_names, counts, strict=True))


@pytest.mark.skipif(not MNIST.is_dir(), reason=f"MNIST's test files are not in {MNIST}")
def test_mnist():
    paths = [MNIST / f"t10k-{name}-ubyte.gz" for name in ("images-idx3", "labels-idx1")]
    data = read_dataset("idx", *paths)
    assert data.images.shape == (10000, 1, 28, 28)
    assert data.images.dtype == np.uint8
    assert data.class_names == tuple("0123456789")
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(data.labels).tolist() == counts
    assert list(class_counts("idx", *paths).values()) == counts
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


def test_a_class_keeps_file_order(tmp_path):
    data = read_dataset(*write_idx(tmp_path))
    np.testing.assert_array_equal(data.of_class("10"), IMAGES[[1, 4], None])


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (idx(LABELS), "IDX file of images with magic number 0x00000803 or 0x00000804, found 0x.*1"),
        (b"\0\0\x0d\3" + idx(IMAGES)[4:], "magic number .*, found 0x00000d03"),
        (b"", "magic number .*, found 0x$"),
        (idx(IMAGES)[:-1], r"30 bytes for the shape \(5, 3, 2\), found 29; the file is cut off"),
        (idx(IMAGES) + b"\0", r"30 bytes for the shape \(5, 3, 2\), found 31; .* damaged"),
        (idx(IMAGES)[:12], "cut off"),
    ],
    ids=["labels", "type", "empty", "short", "long", "header cut"],
)
def test_damaged_idx(tmp_path, images, message):
    with pytest.raises(InputError, match=f"images: expected .*{message}"):
        read_dataset(*write_idx(tmp_path, images=images))


def test_labels_that_are_images(tmp_path):
    arguments = write_idx(tmp_path, labels=idx(IMAGES))
    with pytest.raises(InputError, match=r"labels: .*IDX file of labels with magic .*801, found"):
        class_counts(*arguments)


@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-9],
        lambda packed: packed[:4],
        lambda packed: b"plain" + packed,
        lambda packed: packed[:-10] + bytes([packed[-10] ^ 255]) + packed[-9:],
        lambda packed: packed[:12] + bytes([packed[12] ^ 255]) + packed[13:],
        lambda packed: packed[:-6] + bytes([packed[-6] ^ 255]) + packed[-5:],
    ],
    ids=["cut", "header alone", "not gzip", "last byte", "first bytes", "checksum"],
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


def test_null_paths(tmp_path):
    _, images, labels = write_idx(tmp_path)
    with pytest.raises(
        InputError, match=r"dataset: expected a path of an IDX .*images, found null"
    ):
        read_dataset("idx", None, labels)
    with pytest.raises(
        InputError, match=r"dataset\.labels: expected the path .*labels, found null"
    ):
        read_dataset("idx", images)
    with pytest.raises(
        InputError, match=r"dataset\.path: expected the path of an \.npz, found nul"
    ):
        read_dataset("npz")
    with pytest.raises(InputError, match=r"dataset\.path: expected a folder .*, found None"):
        read_dataset("folder")


def test_images_and_labels_of_different_length(tmp_path):
    message = "{}: expected as many images as labels, found 5 images and 4 labels in .*{}"
    with pytest.raises(InputError, match=message.format("images", "labels")):
        read_dataset(*write_idx(tmp_path, labels=idx(LABELS[:4])))
    with pytest.raises(InputError, match=message.format(r"set\.npz", r"set\.npz")):
        read_dataset(*write_arrays(tmp_path, labels=LABELS[:4]))


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


def test_float_images_of_another_scale_are_refused(tmp_path):
    images = IMAGES.astype(np.float32) * 8
    message = (
        r"set\.npz: float32 images must have black at 0 and white at 1, found values from 0 to"
    )
    with pytest.raises(InputError, match=message):
        read_dataset(*write_arrays(tmp_path, images=images))


def with_nan():
    images = IMAGES.astype(np.float32)
    images[3, 2, 1] = np.nan
    return images


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(images=None), "expected the arrays images, found labels; images is missing"),
        (dict(labels=None), "expected the arrays labels, found images; labels is missing"),
        (dict(images=IMAGES / 255), "images must be uint8 or float32 .*, found float64 of shape"),
        (dict(images=IMAGES[:, 0]), r"images must be .*\(n, C, H, W\), found uint8 of .* \(5, 2\)"),
        (dict(images=with_nan()), r"array images must be finite, found nan at index \(3, 2, 1\)"),
        (dict(images=IMAGES.astype(object)), "readable .npz file of plain arrays: Object arrays"),
        (dict(labels=LABELS.astype(object)), "readable .npz file of plain arrays: Object arrays"),
        (dict(labels=LABELS / 2), r"labels must be integers or strings .*, found float64 of .*\(5"),
        (dict(labels=LABELS[:, None]), r"shape \(n,\), found uint8 of shape \(5, 1\)"),
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


def test_folder_of_grey_images(tmp_path):
    """Classes sort as text, files by name within each."""
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
    ("mode", "channels"), [("1", 1), ("L", 1), ("LA", 1), ("P", 3), ("RGB", 3), ("RGBA", 3)]
)
def test_modes_of_image_files(tmp_path, mode, channels):
    white = np.full((1, 3, 2), 255, dtype=np.uint8)
    data = read_dataset(*write_folder(tmp_path, white, ["only"], mode=mode))
    np.testing.assert_array_equal(data.images, np.full((1, channels, 3, 2), 255))


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
    assert class_counts(reader, path) == {"7": 2, "9": 1, "10": 2}


def test_folder_of_mixed_shapes(tmp_path):
    reader, path = write_folder(tmp_path)
    PIL.Image.fromarray(IMAGES[0].T).save(path / "9" / "3.png")
    message = r"9/3\.png: .*one shape, \(1, 3, 2\) as .*10/1\.png has, found \(1, 2, 3\)"
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
            class_counts("folder", tmp_path / name)
    with pytest.raises(InputError, match=r"no_images0: .*per class, found no image \(\.png, \.jp"):
        class_counts("folder", tmp_path)


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


COLOUR = np.arange(90, dtype=np.uint8).reshape(5, 3, 3, 2)


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
        image_shape("idx", path)


@pytest.mark.parametrize(
    "content",
    [b"plain" * 9, gzip.compress(idx(IMAGES), mtime=0)[:15], b""],
    ids=["plain", "cut", "empty"],
)
def test_a_header_in_a_damaged_gzip_is_one_sentence(tmp_path, content):
    _, path, _ = write_idx(tmp_path, content, suffix=".gz")
    with pytest.raises(InputError, match=r"images\.gz: expected a(n IDX file|\ whole gzip file)"):
        image_shape("idx", path)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(images=None), "expected the array images, found labels"),
        (dict(images=IMAGES[:, 0]), r"\(n, 2\)"),
        (dict(images=COLOUR[:, None]), r"\(n, 1, 3, 3, 2\)"),
    ],
    ids=["no images", "too few dimensions", "too many"],
)
def test_a_header_of_an_npz_without_images_is_one_sentence(tmp_path, changed, message):
    reader, path = write_arrays(tmp_path, **changed)
    with pytest.raises(InputError, match=rf"set\.npz: .*{message}"):
        image_shape(reader, path)


@pytest.mark.parametrize("reader", ["idx", "npz", "folder"])
def test_the_shape_of_absent_images_is_one_sentence(tmp_path, reader):
    with pytest.raises(InputError, match=r"/absent"):
        image_shape(reader, tmp_path / "absent")
    with pytest.raises(InputError, match=r"dataset|None"):
        image_shape(reader)


def test_the_shape_of_an_unreadable_image_is_one_sentence(tmp_path):
    reader, path = write_folder(tmp_path)
    (path / "10" / "1.png").write_bytes(b"no image")
    with pytest.raises(InputError, match=r"10/1\.png: expected a readable image: "):
        image_shape(reader, path)


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


def test_an_archive_larger_than_the_memory(tmp_path, monkeypatch):
    """2 MB of zeros in 4 kB, on a machine of 1 MB."""
    np.savez_compressed(tmp_path / "set.npz", images=np.zeros((2**11, 1, 32, 32), np.uint8))
    monkeypatch.setattr("os.sysconf", lambda name: 1024)
    with pytest.raises(
        InputError, match=r"set\.npz: .* at most 1,048,576 bytes .* found 2,097,\d+"
    ):
        read_npz(tmp_path / "set.npz", "images")


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
