"""A user's mistakes that files or jobs reveal: the file named, nothing left over."""

import gzip
import shutil
import struct

import denoiser
import numpy as np
import pytest
import yaml

from gaussianity.data.datasets import read_dataset
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from project import ROOT, SMOKE
from project import changed_configuration as default


@pytest.mark.slow
def test_a_checkpoint_of_fewer_labels_is_one_sentence_and_nothing_is_left(project):
    shutil.copy(ROOT / "tests/data/ddpmpp-vp.pkl", project.folder)
    change = dict(
        denoiser=dict(
            kind="file",
            path="ddpmpp-vp.pkl",
            image_shape=[2, 8, 8],
            labels={"0": 0, "1": 1, "7": 7},
        ),
        sources=default()["sources"][:1],
        figures=dict(trajectory_classes=[0]),
    )
    (project.folder / "change.yaml").write_text(yaml.safe_dump(change))
    done = project.snakemake(*SMOKE, "change.yaml", "--", "results/smoke/denoiser.json")
    assert done.returncode != 0
    message = "error: ddpmpp-vp.pkl: expected a denoiser with the label 7 of the class 7"
    assert message in done.stdout
    assert f"denoiser failed: {message.removeprefix('error: ')}" in done.stdout
    assert "\nlog: logs/smoke/denoiser.log\n" in done.stdout
    assert "Traceback" not in done.stdout
    assert not list((project.folder / "results").rglob("denoiser*"))


def one_sentence(output):
    """The message below Snakemake's own heading, with no traceback anywhere."""
    assert "Traceback" not in output
    return [line for line in output.splitlines() if "config:" in line or "expected" in line]


def test_snakemake_stops_before_any_job(project):
    done = project.snakemake(*SMOKE, "--config", "seed=one")
    assert done.returncode != 0
    (sentence,) = one_sentence(done.stdout)
    assert "seed must be an integer, found 'one'" in sentence
    assert not (project.folder / "results").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            dict(network=dict(channel_mult=[1, 1, 1, 1, 1])),
            "^config: denoiser.network: .* divisible by 16; it is 8",
        ),
        (
            dict(training=dict(learning_rate=1e30)),
            "^config: denoiser.training.learning_rate must let the training converge",
        ),
    ],
)
def test_a_denoiser_that_cannot_be_trained(tmp_path, monkeypatch, change, message):
    monkeypatch.chdir(tmp_path)
    write_npz("dataset.npz", **read_dataset("digits").fields())
    config = default()["denoiser"]
    config["training"] |= dict(steps=20)
    for part, values in change.items():
        config[part] |= values
    with pytest.raises(InputError, match=message):
        denoiser.main(
            given_paths=["dataset.npz"],
            denoiser_path="denoiser.safetensors",
            training_path="training.parquet",
            config=config,
            study_seed=0,
            device="cpu",
        )
    assert [path.name for path in tmp_path.iterdir()] == ["dataset.npz"]


def write_idx(path, array, *, magic=None):
    header = magic or bytes([0, 0, 8, array.ndim])
    content = header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
    path.write_bytes(gzip.compress(content))


def idx_study(folder, images, labels):
    source = dict(name="data", images_per_class=20, pools=1, train_sizes=[8])
    source |= dict(validation_size=2)
    subset = dict(name="pair", classes=[0, 1], gram_images_per_class=10)
    study = dict(
        study="idx",
        dataset=dict(reader="idx", path=str(images), labels=str(labels)),
        sources=[source],
        subsets=[subset],
        classifier=dict(losses=["least_squares"], seeds=1),
    )
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    return "--configfile", "study.yaml"


def test_missing_files_are_named_before_any_job(project):
    arguments = idx_study(project.folder, "images.gz", "labels.gz")
    done = project.snakemake(*arguments)
    assert done.returncode != 0
    assert "images.gz: expected a file of the dataset, found no such file" in done.stdout
    assert "Traceback" not in done.stdout


def test_truncated_images_are_named_and_nothing_is_left(project):
    generator = np.random.default_rng(0)
    labels = np.tile(np.array([0, 1], dtype=np.uint8), 20)
    write_idx(project.folder / "labels.gz", labels)
    images = project.folder / "images.gz"
    write_idx(images, generator.integers(0, 256, (40, 4, 4)).astype(np.uint8))
    arguments = idx_study(project.folder, images.name, "labels.gz")
    whole = images.read_bytes()
    images.write_bytes(whole[:-20])
    done = project.snakemake(*arguments, "--until", "moments")
    assert done.returncode != 0
    assert "images.gz: expected a whole gzip file" in done.stdout
    assert "Traceback" not in done.stdout
    assert not list((project.folder / "results").rglob("*.npz"))
