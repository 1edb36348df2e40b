"""CIFAR's archives, folders and files in the forms in which they are downloaded."""

import io
import pickle
import tarfile
import typing

import numpy as np
import pytest

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError
from gaussianity.io import remembered

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 3, 32, 32), dtype=np.uint8)
LABELS = [1, 0, 2, 1, 1, 0]
NAMES = ["cat", "dog", "ant"]


class Python2(pickle._Pickler):
    """Writes texts and bytes as Python 2 does, which has one kind of both."""

    dispatch: typing.ClassVar = dict(pickle._Pickler.dispatch)

    def save_text(self, given):
        content = given.encode("latin1") if isinstance(given, str) else given
        self.write(pickle.BINSTRING + len(content).to_bytes(4, "little") + content)
        self.memoize(given)

    dispatch[str] = dispatch[bytes] = save_text


def pickled(content):
    file = io.BytesIO()
    Python2(file, protocol=2).dump(content)
    return file.getvalue().replace(b"numpy._core", b"numpy.core")


def batch(part, labels="labels"):
    names = ["a.png", "b.png"]
    return pickled(
        {"data": IMAGES[part].reshape(-1, 3072), labels: LABELS[part], "filenames": names}
    )


def records(part, coarse):
    rows = zip(LABELS[part], IMAGES[part], strict=True)
    return b"".join(bytes([*[9] * coarse, label]) + image.tobytes() for label, image in rows)


FORMS = {
    "cifar-10-batches-py": {
        "data_batch_2": batch(slice(2, 4)),  # an archive need not be in order
        "test_batch": batch(slice(4, 6)),
        "batches.meta": pickled({"label_names": NAMES, "num_vis": 3072}),
        "data_batch_1": batch(slice(0, 2)),
    },
    "cifar-100-python": {
        "meta": pickled({"fine_label_names": NAMES, "coarse_label_names": ["animal"]}),
        "test": batch(slice(4, 6), "fine_labels"),
        "train": batch(slice(0, 4), "fine_labels"),
    },
    "cifar-10-batches-bin": {
        "data_batch_1.bin": records(slice(0, 2), 0),
        "data_batch_2.bin": records(slice(2, 4), 0),
        "batches.meta.txt": b"cat\ndog\nant\n\n",
        "test_batch.bin": records(slice(4, 6), 0),
    },
    "cifar-100-binary": {
        "train.bin": records(slice(0, 4), 1),
        "test.bin": records(slice(4, 6), 1),
        "fine_label_names.txt": b"cat\ndog\nant\n",
    },
}


def unpacked(folder, form, **changed):
    for name, content in (FORMS[form] | changed).items():
        (folder / form).mkdir(exist_ok=True)
        (folder / form / name).write_bytes(content)
    return folder / form


def packed(folder, form):
    path = folder / f"{form}.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in FORMS[form].items():
            member = tarfile.TarInfo(f"{form}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("write", [unpacked, packed])
@pytest.mark.parametrize("form", FORMS)
def test_the_training_images(tmp_path, form, write):
    path = write(tmp_path, form)
    assert find_reader(path) == "cifar"
    data = read_dataset("cifar", path)
    np.testing.assert_array_equal(data.images, IMAGES[:4])
    assert data.class_names == ("cat", "dog", "ant")
    assert data.labels.tolist() == LABELS[:4]
    assert GivenDataset("cifar", path).class_counts() == {"cat": 1, "dog": 2, "ant": 1}
    assert GivenDataset("cifar", path).image_shape() == (3, 32, 32)


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("cifar-10-batches-py", "test_batch"),
        ("cifar-100-python", "test"),
        ("cifar-10-batches-bin", "test_batch.bin"),
        ("cifar-100-binary", "test.bin"),
    ],
)
def test_one_file(tmp_path, form, name):
    """Its classes have the names in the file beside it, and without one their numbers."""
    path = unpacked(tmp_path, form) / name
    assert find_reader(path) == "cifar"
    data = read_dataset("cifar", path)
    np.testing.assert_array_equal(data.images, IMAGES[4:])
    assert [data.class_names[k] for k in data.labels] == ["dog", "cat"]
    (tmp_path / name).write_bytes(path.read_bytes())
    assert read_dataset("cifar", tmp_path / name).class_names == ("0", "1")


def test_a_pickle_of_python_3(tmp_path):
    """With the keys that a reader with encoding="bytes" gives."""
    content = {b"data": IMAGES.reshape(6, -1), b"labels": LABELS, b"batch_label": b"1 of 1"}
    (tmp_path / "data_batch_1").write_bytes(pickle.dumps(content))
    data = read_dataset("auto", tmp_path / "data_batch_1")
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == LABELS


def test_images_of_one_class(tmp_path):
    data = read_dataset("cifar", packed(tmp_path, "cifar-10-batches-py"), classes=["dog"])
    np.testing.assert_array_equal(data.images, IMAGES[[0, 3]])
    assert [data.class_names[k] for k in data.labels] == ["dog", "dog"]


def test_labels_are_remembered_until_a_file_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(remembered, "_folder", tmp_path / "kept")
    path = unpacked(tmp_path, "cifar-10-batches-py")
    first = GivenDataset("cifar", path).class_counts()
    assert GivenDataset("cifar", path).class_counts() == first
    (path / "data_batch_1").unlink()
    assert GivenDataset("cifar", path).class_counts() == {"cat": 0, "dog": 1, "ant": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"cos\nsystem\n(S'true'\ntR.", "data_batch_1: .* global os.system, which is refused"),
        (b"\x80\x02", "data_batch_1: expected a readable pickle: "),
        (pickled({"data": [1]}), "data_batch_1: expected a pickle of CIFAR, with an array data"),
        (pickled([1]), "data_batch_1: expected a pickle of CIFAR"),
        (
            pickled({"data": IMAGES.reshape(6, -1), "labels": [1]}),
            r"data_batch_1: expected uint8 of shape \(1, 3072\), found uint8 of shape \(6, 3072\)",
        ),
    ],
    ids=["code", "cut", "no labels", "no dict", "lengths"],
)
def test_damaged_pickles(tmp_path, content, message):
    path = unpacked(tmp_path, "cifar-10-batches-py", data_batch_1=content)
    with pytest.raises(InputError, match=message):
        GivenDataset("cifar", path).class_counts()


def test_damaged_archives_and_records(tmp_path):
    path = packed(tmp_path, "cifar-10-batches-py")
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(InputError, match=r"tar\.gz: expected an archive, a folder or a file of"):
        GivenDataset("cifar", path).class_counts()
    (tmp_path / "data_batch_1.bin").write_bytes(bytes(3072))
    with pytest.raises(InputError, match="expected records of 3,073 bytes, found 3,072 bytes"):
        GivenDataset("cifar", tmp_path / "data_batch_1.bin").class_counts()
    with pytest.raises(InputError, match=r"absent: expected .*, found no such file"):
        GivenDataset("cifar", tmp_path / "absent").image_shape()
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        InputError, match=r"empty: expected .* data_batch_1 or train, found nothing"
    ):
        GivenDataset("cifar", tmp_path / "empty").class_counts()


def test_a_folder_train_is_no_file_of_cifar(tmp_path):
    (tmp_path / "train").mkdir()
    with pytest.raises(InputError, match="expected images in a form that is known"):
        find_reader(tmp_path)
