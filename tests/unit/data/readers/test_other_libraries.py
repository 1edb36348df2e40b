"""Datasets that the libraries of their formats wrote, or read: exact pixels, classes and order.

Files of libraries that are not installed here are in tests/data/readers. The tests with torchvision
and medmnist run where these are installed.
"""

import pickle
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from scipy.io import savemat
from written_datasets import COLOUR, LABELS, named_labels, write_folder, write_idx

from gaussianity.data.datasets import find_reader, read_dataset

WRITTEN = Path(__file__).parents[3] / "data/readers"
NAMED = ["seven", "ten", "seven", "nine", "ten"]
DEEPER = ["7/00.png", "7/d/a.png", "7/z.png", "9/e/f/0.PNG", "9/e-/0.jpeg", "9/e f/g.bmp"]
COLOURS = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)


def test_parquet_of_datasets():
    """Hugging Face's library keeps the order of the ClassLabel."""
    path = WRITTEN / "datasets.parquet"
    assert find_reader(path) == "parquet"
    data = read_dataset("auto", path)
    np.testing.assert_array_equal(data.images, COLOUR)
    assert data.class_names == ("nine", "seven", "ten")
    assert named_labels(data) == NAMED


@pytest.mark.parametrize(
    ("name", "classes"),
    [("webdataset.tar.gz", ("0", "1", "2")), ("webdataset", ("nine", "seven", "ten"))],
    ids=["TarWriter", "ShardWriter"],
)
def test_tars_of_webdataset(name, classes):
    """Classes are numbers in .cls files, or names in .json files of two shards."""
    assert find_reader(WRITTEN / name) == "webdataset"
    data = read_dataset("auto", WRITTEN / name)
    np.testing.assert_array_equal(data.images, COLOUR)
    assert data.class_names == classes
    assert data.labels.tolist() == [1, 2, 1, 0, 2]


@pytest.fixture
def torchvision():
    return pytest.importorskip("torchvision.datasets", reason="torchvision is not installed")


def assert_are(data, images, labels):
    """Images of Pillow or arrays (n, H, W, C), and positions of classes, as another library has."""
    pixels = np.stack([np.asarray(image) for image in images])
    np.testing.assert_array_equal(data.images.transpose(0, 2, 3, 1), pixels)
    assert data.labels.tolist() == list(map(int, labels))


def test_folder_of_torchvision(tmp_path, torchvision):
    """Also files beside deeper folders, capital letters and other types of images."""
    _, path = write_folder(tmp_path, COLOUR.transpose(0, 2, 3, 1))
    for number, name in enumerate(DEEPER):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(COLOURS[0, number : number + 3, :2]).save(path / name)
    theirs = torchvision.ImageFolder(path)
    data = read_dataset("folder", path)
    assert list(data.class_names) == theirs.classes
    assert_are(data, *zip(*theirs, strict=True))


def test_cifar_of_torchvision(tmp_path, torchvision):
    """torchvision reads the same folder, once its checksums of the whole dataset are left out."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    files = dict(data_batch_1=slice(0, 4), data_batch_2=slice(4, 6))
    for name, part in files.items():
        rows = COLOURS[part].transpose(0, 3, 1, 2).reshape(-1, 3072)
        batch = {"data": rows, "labels": [1, 0, 2, 1, 1, 0][part]}
        (folder / name).write_bytes(pickle.dumps(batch, protocol=2))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": ["cat", "dog", "ant"]}))

    class Small(torchvision.CIFAR10):
        train_list = [[name, None] for name in files]  # noqa: RUF012  as in torchvision
        test_list = []  # noqa: RUF012
        meta = dict(torchvision.CIFAR10.meta, md5=None)  # noqa: RUF012

    theirs, data = Small(tmp_path), read_dataset("cifar", folder)
    assert list(data.class_names) == theirs.classes
    assert_are(data, *zip(*theirs, strict=True))


def test_idx_of_torchvision(tmp_path, torchvision):
    _, images, labels = write_idx(tmp_path)
    data = read_dataset("idx", images, labels)
    np.testing.assert_array_equal(
        data.images[:, 0], torchvision.mnist.read_image_file(images).numpy()
    )
    theirs = torchvision.mnist.read_label_file(labels)
    assert named_labels(data) == [str(label) for label in theirs.tolist()]


def test_svhn_of_torchvision(tmp_path, torchvision):
    """The label 10 is the class 0."""
    arrays = dict(X=COLOURS.transpose(1, 2, 3, 0), y=np.array([[10], [1], [2], [10], [3], [1]]))
    savemat(tmp_path / "train_32x32.mat", arrays)

    class Small(torchvision.SVHN):
        split_list = {"train": ["", "train_32x32.mat", None]}  # noqa: RUF012  as in torchvision

    data = read_dataset("mat", tmp_path / "train_32x32.mat")
    assert data.class_names == ("0", "1", "2", "3")
    assert_are(data, *zip(*Small(tmp_path), strict=True))


def test_medmnist(tmp_path):
    medmnist = pytest.importorskip("medmnist", reason="medmnist is not installed")
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28, 3), dtype=np.uint8)
    parts = {
        f"{part}_{kind}": array[:count]
        for part, count in (("train", 5), ("val", 2), ("test", 1))
        for kind, array in (("images", images), ("labels", LABELS[:, None] % 7))
    }
    np.savez_compressed(tmp_path / "pathmnist.npz", **parts)
    theirs = medmnist.PathMNIST("train", root=tmp_path)
    data = read_dataset("auto", tmp_path / "pathmnist.npz")
    pixels, labels = zip(*(theirs[number] for number in range(5)), strict=True)
    assert named_labels(data) == [str(label[0]) for label in labels]
    assert_are(data, pixels, data.labels)
