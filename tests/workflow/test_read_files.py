"""Other content of the user's files runs the jobs that read them, whatever its time."""

import os
import re

import numpy as np
import pytest
import yaml

from configuration import read_files
from configuration.read_files import ReadFiles
from project import ROOT

SHARD = "results/stale/data/3/0.npz"
READ_BY = r"(study\.dataset_inputs|study\.denoiser\.inputs|code=)"


def written(file, text, age=0):
    file.write_text(text)
    os.utime(file, (2e9 - age, 2e9 - age))
    return [file]


def digest(folder, files):
    """As at a new start of Snakemake."""
    read = ReadFiles(folder / "read_files.json")
    found = read.digest(files)
    read.save()
    return found


def test_content_counts_and_not_its_time(tmp_path):
    file = tmp_path / "data.npz"
    first = digest(tmp_path, written(file, "black"))
    assert digest(tmp_path, written(file, "white", age=1000)) != first
    assert digest(tmp_path, written(file, "black", age=2000)) == first
    assert digest(tmp_path, written(tmp_path / "other.npz", "black")) != first
    assert digest(tmp_path, [file, tmp_path / "absent"]) == first


def test_a_file_is_read_once(tmp_path, monkeypatch):
    files = written(tmp_path / "data.npz", "black")
    first = digest(tmp_path, files)
    monkeypatch.setattr(read_files.hashlib, "file_digest", None)
    assert digest(tmp_path, files) == first


@pytest.mark.parametrize("limit", ["MOST_FILES", "MOST_BYTES"])
def test_beyond_the_limits_size_and_time_count(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(read_files, limit, 0)
    file = tmp_path / "data.npz"
    first = digest(tmp_path, written(file, "black"))
    assert digest(tmp_path, written(file, "white")) == first
    assert digest(tmp_path, written(file, "white", age=1000)) != first
    assert not (tmp_path / "read_files.json").exists()


def test_a_damaged_record_is_made_anew(tmp_path):
    files = written(tmp_path / "data.npz", "black")
    first = digest(tmp_path, files)
    (tmp_path / "read_files.json").write_text("[")
    assert digest(tmp_path, files) == first


def test_every_rule_that_reads_the_users_files_knows_their_content():
    for path in (ROOT / "workflow/rules").rglob("*.smk"):
        for rule in re.split(r"^rule ", path.read_text(), flags=re.MULTILINE)[1:]:
            inputs, _, rest = rule.partition("    output:")
            if re.search(READ_BY, inputs) and "_figure:" not in inputs:
                assert "        content=" in rest, f"{path}: {inputs.splitlines()[0]}"


def images(value):
    """An npz of two classes, whose images have one value, and a pixel that differs."""
    pixels = np.full((80, 1, 8, 8), value, np.uint8)
    pixels[:, 0, 0, 0] = np.arange(80)
    return dict(images=pixels, labels=np.repeat([3, 8], 40))


def test_other_data_with_an_older_time_run_again(project):
    data = project.folder / "data.npz"
    np.savez(data, **images(10))
    study = dict(
        study="stale",
        dataset=dict(reader="npz", path="data.npz"),
        sources=[
            dict(name="data", images_per_class=40, pools=1, train_sizes=[8], validation_size=4)
        ],
        subsets=[dict(name="pair", classes=[3, 8], gram_images_per_class=8)],
        assumptions=dict(images_per_class=16, gram_images=8),
        concentration=dict(images=16),
        figures=dict(trajectory_classes=[3]),
    )
    (project.folder / "study.yaml").write_text(yaml.safe_dump(study))
    run = ("--configfile", "study.yaml", "--", SHARD)
    project.succeed(*run)
    np.savez(data, **images(200))
    os.utime(data, (1e9, 1e9))
    project.succeed(*run)
    with np.load(project.folder / SHARD) as shard:
        assert np.unique(shard["images"][:, 0, 1]) == [200]
    os.utime(data, (1.1e9, 1.1e9))
    assert "Nothing to be done" in project.succeed(*run)


def test_a_folder_stands_for_its_files(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    read = ReadFiles(tmp_path / "record.json")
    first = read.digest([folder])
    assert read.digest([folder]) == first
    os.utime(folder, (1e9, 1e9))
    assert read.digest([folder]) != first
