"""Provenance: commit, run times, checksums, configuration."""

import math
import platform
import shutil
import subprocess

import numpy as np
import pytest

import gaussianity
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz, write_table
from gaussianity.report.provenance import (
    checksums,
    commit,
    require_configuration,
    runtimes,
    versions,
)


def test_versions_are_those_that_run_and_leave_out_what_is_missing():
    found = dict(versions(("numpy", "no-such-package")))
    assert found["Python"].startswith(platform.python_version())
    assert found["gaussianity"] == gaussianity.__version__
    assert found["numpy"] == np.__version__
    assert "no-such-package" not in found
    assert len(versions()) > 10


@pytest.fixture
def git(tmp_path):
    """git(arguments) in a new checkout with one commit."""
    if shutil.which("git") is None:
        pytest.skip("needs git")

    def git(*arguments):
        who = ("-c", "user.name=n", "-c", "user.email=e")
        command = ["git", *who, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "--quiet")
    (tmp_path / "file").write_text("1")
    git("add", "file")
    git("commit", "--quiet", "-m", "first")
    return git


def test_the_commit_and_whether_files_differ_from_it(git, tmp_path):
    head = git("rev-parse", "HEAD")
    (tmp_path / "untracked").write_text("1")
    assert commit(tmp_path) == head
    (tmp_path / "file").write_text("2")
    assert commit(tmp_path) == f"{head}, with local changes"


def test_a_folder_inside_another_checkout_or_none_has_no_commit(git, tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    assert commit(tmp_path / "inner") == ""
    monkeypatch.setenv("PATH", "")
    assert commit(tmp_path) == ""


def test_run_times_by_rule_in_the_order_asked(tmp_path):
    head = "s\th:m:s\tmax_rss\n"
    for name, rows in {
        "a.tsv": "1.5\t0:00:01\t10.5\n",
        "b/x/0.tsv": "2.25\t0:00:02\tNA\n",
        "b/y/0.tsv": "4.5\t0:00:04\t20\n7\t0:00:07\t5\n",
        "c.tsv": "NA\tNA\tNA\n",
        "left_over.tsv": "9\t0:00:09\t1\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(head + rows)
    found = runtimes(tmp_path, ["b", "a", "c", "d"])
    assert found == [
        dict(rule="b", jobs=3, seconds=13.75, longest=7.0, memory=20.0),
        dict(rule="a", jobs=1, seconds=1.5, longest=1.5, memory=10.5),
    ]
    (tmp_path / "b/y/0.tsv").unlink()
    assert math.isnan(runtimes(tmp_path, ["b"])[0]["memory"])
    assert runtimes(tmp_path / "none", ["a"]) == []


def test_checksums_are_those_of_the_seals(tmp_path):
    write_npz(tmp_path / "b/0.npz", x=np.arange(3))
    write_table(tmp_path / "a.parquet", dict(x=[1, 2]))
    np.savez(tmp_path / "foreign.npz", x=[1])
    (tmp_path / "a.csv").write_text("x\n")
    found = dict(checksums(tmp_path))
    assert list(found) == ["a.parquet", "b/0.npz"]
    for name, checksum in found.items():
        assert len(checksum) == 32
        assert f"gaussianity-seal:{checksum}:".encode() in (tmp_path / name).read_bytes()


def test_the_configuration_is_the_studys(tmp_path):
    path = tmp_path / "config.yaml"
    with pytest.raises(
        InputError, match=r"config\.yaml: expected the study's configuration, found"
    ):
        require_configuration(path, {})
    path.write_text("study: a\nseed: 0\n")
    require_configuration(path, dict(study="a", seed=0))
    with pytest.raises(InputError, match=r"config\.yaml: expected this study's configuration"):
        require_configuration(path, dict(study="a", seed=1))
    path.write_text("study: [a\nseed: 0\n")
    with pytest.raises(InputError, match=r"config\.yaml: expected YAML: "):
        require_configuration(path, dict(study="a", seed=0))
