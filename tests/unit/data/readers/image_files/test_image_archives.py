"""Zips, EDM's datasets, parquet files and WebDataset tars: exact pixels and classes."""

import io
import json
import tarfile
import zipfile

import numpy as np
import PIL.Image
import pyarrow
import pyarrow.parquet
import pytest
from written_datasets import COLOUR, IMAGES, named_labels

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.data.readers.image_files import reader
from gaussianity.errors import InputError

PIXELS = COLOUR.transpose(0, 2, 3, 1)
LABELS = [7, 10, 7, 9, 10]


def png(pixels):
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, "png")
    return file.getvalue()


def edm_files(labels=LABELS):
    """What EDM's dataset_tool.py writes: images in folders of 1,000, and dataset.json."""
    names = [f"00000/img{i:08d}.png" for i in range(5)]
    given = labels and [[name, label] for name, label in zip(names, labels, strict=True)]
    files = {name: png(pixels) for name, pixels in zip(names, PIXELS, strict=True)}
    return files | {"dataset.json": json.dumps({"labels": given}).encode()}


def write_zip(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_files(path, files):
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def write_parquet(path, rows=slice(None), names=None, labels=LABELS):
    """What datasets.Dataset.to_parquet writes for the features Image and ClassLabel."""
    images = [dict(bytes=png(pixels), path=None) for pixels in PIXELS[rows]]
    struct = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    schema = pyarrow.schema([("image", struct), ("label", pyarrow.int64())])
    if names:
        features = dict(image={"_type": "Image"}, label={"names": names, "_type": "ClassLabel"})
        metadata = json.dumps({"info": {"features": features}})
        schema = schema.with_metadata({"huggingface": metadata})
    table = pyarrow.table([pyarrow.array(images, struct), labels[rows]], schema=schema)
    path.parent.mkdir(exist_ok=True)
    pyarrow.parquet.write_table(table, path, row_group_size=2)
    return path


def write_tar(path, samples, mode="w"):
    """The files of each sample beside each other, as webdataset.TarWriter writes them."""
    with tarfile.open(path, mode) as archive:
        for name, content in samples.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def wds_samples(numbers=range(5), suffix="cls", content=lambda label: str(label)):
    files = {}
    for i in numbers:
        files[f"{i:05d}.png"] = png(PIXELS[i])
        files[f"{i:05d}.{suffix}"] = content(LABELS[i]).encode()
    return files


def assert_is_colour(data, names=("7", "9", "10")):
    assert data.class_names == names
    np.testing.assert_array_equal(data.images, COLOUR)
    assert named_labels(data) == [str(label) for label in LABELS]


@pytest.mark.parametrize("write", [write_zip, write_files], ids=["zip", "folder"])
def test_edm(tmp_path, write):
    path = write(tmp_path / "set.zip", edm_files())
    assert_is_colour(read_dataset("auto", path))
    assert GivenDataset("auto", path).class_counts() == {"7": 2, "9": 1, "10": 2}


@pytest.mark.parametrize("write", [write_zip, write_files], ids=["zip", "folder"])
def test_edm_without_labels(tmp_path, write):
    path = write(tmp_path / "set.zip", edm_files(labels=None))
    with pytest.raises(InputError, match=r"dataset\.json: expected a label .* found labels: null;"):
        read_dataset("auto", path)


def test_edm_with_an_image_that_has_no_label(tmp_path):
    path = write_zip(tmp_path / "set.zip", edm_files() | {"00000/other.png": png(PIXELS[0])})
    with pytest.raises(InputError, match=r"images with labels, found none for 00000/other\.png"):
        read_dataset("zip", path)


@pytest.mark.parametrize("root", ["", "set/", "a/b/"])
def test_zip_of_folders(tmp_path, root):
    """A folder that holds all classes is no class, and macOS's own files are no images."""
    files = {f"{root}{k}/x/{i}.png": png(PIXELS[i]) for i, k in enumerate(LABELS)}
    others = {f"__MACOSX/{root}7/x/._0.png": b"", f"{root}7/._0.png": b""}
    data = read_dataset("auto", write_zip(tmp_path / "set.zip", files | others))
    assert data.class_names == ("10", "7", "9")
    np.testing.assert_array_equal(data.images, COLOUR[[1, 4, 0, 2, 3]])


def test_damaged_zip(tmp_path):
    (tmp_path / "set.zip").write_bytes(b"PK\3\4 no archive")
    with pytest.raises(InputError, match=r"set\.zip: expected a readable \.zip file"):
        read_dataset("zip", tmp_path / "set.zip")


def test_parquet_of_numbers(tmp_path):
    path = write_parquet(tmp_path / "set.parquet")
    assert find_reader(path) == "parquet"
    assert_is_colour(read_dataset("auto", path))
    assert GivenDataset("parquet", path).image_shape() == (3, 3, 2)


def test_parquet_shards_with_names_of_classes(tmp_path):
    """Shards whose names begin with train are read, and not those for tests."""
    names, folder = [*"abcdefg", "seven", "eight", "nine", "ten"], tmp_path / "data"
    write_parquet(folder / "train-00000-of-00002.parquet", slice(0, 3), names)
    write_parquet(folder / "train-00001-of-00002.parquet", slice(3, 5), names)
    write_parquet(folder / "test-00000-of-00001.parquet", slice(0, 1), names)
    data = read_dataset("auto", tmp_path)
    assert data.class_names == tuple(names)
    assert named_labels(data) == ["seven", "ten", "seven", "nine", "ten"]
    np.testing.assert_array_equal(data.images, COLOUR)
    chosen = read_dataset("auto", tmp_path, classes=["ten"])
    np.testing.assert_array_equal(chosen.images, COLOUR[[1, 4]])


def test_parquet_without_labels(tmp_path):
    names = [*"abc", "d"]  # Hugging Face writes -1 where a label is hidden
    path = write_parquet(tmp_path / "set.parquet", names=names, labels=[-1] * 5)
    with pytest.raises(InputError, match=r"labels must be positions in class_names, 0 to 3"):
        read_dataset("parquet", path)


@pytest.mark.parametrize(("mode", "suffix"), [("w", "tar"), ("w:gz", "tar.gz")])
def test_webdataset(tmp_path, mode, suffix):
    path = write_tar(tmp_path / f"set.{suffix}", wds_samples(), mode)
    assert find_reader(path) == "webdataset"
    assert_is_colour(read_dataset("auto", path))
    chosen = read_dataset("auto", path, classes=["10"])
    np.testing.assert_array_equal(chosen.images, COLOUR[[1, 4]])


def test_webdataset_shards_with_json(tmp_path):
    def content(label):
        return json.dumps({"label": label, "caption": "a digit"})

    for shard, numbers in enumerate([range(2), range(2, 5)]):
        samples = wds_samples(numbers, "json", content)
        write_tar(tmp_path / f"train-{shard:04d}.tar", samples)
    assert_is_colour(read_dataset("auto", tmp_path))


def test_webdataset_without_class(tmp_path):
    samples = wds_samples()
    del samples["00003.cls"]
    path = write_tar(tmp_path / "set.tar", samples)
    with pytest.raises(InputError, match=r"images with their classes .*, found none for .*00003"):
        read_dataset("webdataset", path)


def test_grey_images_of_an_archive(tmp_path):
    files = {f"{k}/{i}.png": png(IMAGES[i]) for i, k in enumerate(LABELS)}
    path = write_zip(tmp_path / "set.zip", files)
    np.testing.assert_array_equal(read_dataset("zip", path).images, IMAGES[[1, 4, 0, 2, 3], None])


def test_packed_images_are_held_some_at_a_time(tmp_path, monkeypatch):
    """Large images that are scaled to small ones do not wait in memory together."""
    monkeypatch.setattr(reader, "CONTENT_BYTES", 10)  # less than one image has
    path = write_zip(tmp_path / "set.zip", edm_files())
    given = GivenDataset("zip", path, resize=2)
    assert [len(batch) for batch in given.reader.batches(np.arange(5))] == [1] * 5
    monkeypatch.setattr(reader, "CONTENT_BYTES", 1e6)
    (whole,) = given.reader.batches(np.arange(5))
    np.testing.assert_array_equal(whole, given.read().images)
