"""Forms of npz and npy files that people have: names, types and orders of images and labels."""

import numpy as np
import pytest
from written_datasets import IMAGES, LABELS, named_labels

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError

COLOUR = np.arange(150, dtype=np.uint8).reshape(5, 3, 5, 2)
LAST = COLOUR.transpose(0, 2, 3, 1)  # of 5 images, (n, H, W, C)
TEXTS = np.array(["7", "10", "7", "9", "10"])
FLOATS = IMAGES / 32  # exact in 16 bits


def check(data, images, names=("7", "9", "10")):
    np.testing.assert_array_equal(data.images, images)
    assert data.class_names == names
    assert named_labels(data) == TEXTS.tolist()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    "arrays",
    [
        dict(arr_0=LAST, arr_1=LABELS),  # OpenAI's samplers
        dict(
            train_images=LAST,
            train_labels=LABELS[:, None],
            val_images=LAST[:1],
            val_labels=LABELS[:1],
            test_images=LAST[:2],
            test_labels=LABELS[:2, None],
        ),  # MedMNIST
        dict(x_test=LAST[:1], x_train=LAST, y_test=LABELS[:1], y_train=LABELS),  # Keras
        dict(images=COLOUR, labels=LABELS),
        dict(images=np.asfortranarray(LAST), labels=LABELS),
    ],
    ids=["OpenAI", "MedMNIST", "Keras", "channels first", "Fortran's order"],
)
def test_names_of_arrays(tmp_path, save, arrays):
    path = tmp_path / "set"
    with open(path, "wb") as file:
        save(file, **arrays)
    assert find_reader(path) == "npz"
    check(read_dataset("npz", path), COLOUR)
    assert GivenDataset("npz", path).image_shape() == (3, 5, 2)
    np.testing.assert_array_equal(read_dataset("npz", path, classes=["9"]).images, COLOUR[[3]])


@pytest.mark.parametrize("kind", ["<f2", ">f2", "<f8", ">f4", ">f8"])
def test_types_of_images(tmp_path, kind):
    np.savez(tmp_path / "set.npz", images=FLOATS.astype(kind), labels=LABELS)
    data = read_dataset("npz", tmp_path / "set.npz")
    check(data, FLOATS[:, None])
    assert data.images.dtype == np.dtype(np.float32)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (LABELS.astype(">i8"), ("7", "9", "10")),
        (LABELS.astype(np.float64), ("7", "9", "10")),
        (TEXTS, ("10", "7", "9")),
        (np.char.encode(TEXTS), ("10", "7", "9")),
        (np.char.encode(TEXTS)[:, None], ("10", "7", "9")),
    ],
    ids=["big-endian", "floats", "texts", "bytes", "column"],
)
def test_types_of_labels(tmp_path, labels, names):
    np.savez(tmp_path / "set.npz", images=IMAGES, labels=labels)
    check(read_dataset("npz", tmp_path / "set.npz"), IMAGES[:, None], names)


@pytest.mark.parametrize("kind", [np.float32, bool, int])
def test_one_hot_labels(tmp_path, kind):
    """Column k is the class k; with class_names, the class of this name."""
    rows = np.eye(11, dtype=kind)[LABELS]
    np.savez(tmp_path / "set.npz", images=IMAGES, labels=rows)
    check(read_dataset("npz", tmp_path / "set.npz"), IMAGES[:, None])
    names = np.array([b"10", b"9", b"7"])
    rows = np.eye(3, dtype=kind)[[2, 0, 2, 1, 0]]
    np.savez(tmp_path / "set.npz", images=IMAGES, labels=rows, class_names=names)
    check(read_dataset("npz", tmp_path / "set.npz"), IMAGES[:, None], ("10", "9", "7"))


def test_rows_that_are_not_one_hot_are_refused(tmp_path):
    rows = np.eye(11)[LABELS]
    rows[3, 0] = 1
    np.savez(tmp_path / "set.npz", images=IMAGES, labels=rows)
    with pytest.raises(InputError, match=r"\(n,\), found int64 of shape \(5, 11\)"):
        GivenDataset("npz", tmp_path / "set.npz").class_counts()


@pytest.mark.parametrize(("reader", "suffix"), [("npz", "npz"), ("npy", "npy")])
@pytest.mark.parametrize("suffix_of_labels", ["npz", "npy"])
def test_labels_in_a_file_of_their_own(tmp_path, reader, suffix, suffix_of_labels):
    """As K49; the labels of the first file do not count."""
    save = dict(npz=np.savez_compressed, npy=np.save)
    path, labels = tmp_path / f"x.{suffix}", tmp_path / f"y.{suffix_of_labels}"
    save[suffix](path, IMAGES)
    save[suffix_of_labels](labels, LABELS)
    assert find_reader(path, labels) == reader
    check(read_dataset(reader, path, labels), IMAGES[:, None])
    assert GivenDataset(reader, path, labels).image_shape() == (1, 3, 2)


def test_what_lacks_is_named(tmp_path):
    """Any archive of arrays is found to be npz, so that the sentence is of npz."""
    for name, arrays, message in (
        ("k49", dict(arr_0=IMAGES), "found arr_0; arr_1 is missing: name a file of labels in"),
        ("other", dict(mean=IMAGES), r"\(images, labels; arr_0, arr_1; .*\), found mean$"),
    ):
        np.savez(tmp_path / name, **arrays)
        path = tmp_path / f"{name}.npz"
        assert find_reader(path) == "npz"
        with pytest.raises(InputError, match=rf"{name}\.npz: expected arrays .*{message}"):
            read_dataset("auto", path)


def test_labels_that_are_none(tmp_path):
    np.save(tmp_path / "x.npy", IMAGES)
    np.savez(tmp_path / "two.npz", LABELS, LABELS)
    (tmp_path / "text").write_text("7 10")
    for name, found in (
        ("two.npz", "expected one array of labels, found arr_0, arr_1"),
        ("text", r"expected an \.npy or \.npz file of labels: "),
        ("absent", "expected a file of labels, found no such file"),
    ):
        with pytest.raises(InputError, match=f"{name}: {found}"):
            GivenDataset("npy", tmp_path / "x.npy", tmp_path / name).class_counts()


def test_damaged_npy(tmp_path):
    labels = tmp_path / "y.npy"
    np.save(labels, LABELS)
    np.save(tmp_path / "objects.npy", np.array([IMAGES, None], dtype=object))
    np.save(tmp_path / "cut.npy", IMAGES)
    (tmp_path / "cut.npy").write_bytes((tmp_path / "cut.npy").read_bytes()[:-1])
    for name, found in (
        ("objects", "an .npy file of numbers: "),
        ("cut", "an .npy file of numbers: "),
        ("absent", "an .npy file, found no such file"),
    ):
        with pytest.raises(InputError, match=rf"{name}\.npy: expected {found}"):
            read_dataset("npy", tmp_path / f"{name}.npy", labels)
