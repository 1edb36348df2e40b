"""Configuration as people write it: numbers, the home folder, a key twice, steps that follow."""

import os
import shlex
import subprocess
import sys

import pytest
import yaml

from configuration.schema import normalise
from configuration.source_files import provide_cache, quote_python
from configuration.study import Study
from configuration.yaml_files import check_keys
from gaussianity.errors import InputError
from project import ROOT, SMOKE, Project
from project import changed_configuration as default

READ = dict(capture_output=True, text=True, check=True)


def test_integers_written_as_floats_are_integers():
    config = yaml.safe_load(
        "{seed: 1.0, shard_size: 6.4e+1, subsets: [{classes: [3.0, 8.0]}], "
        "classifier: {seeds: 2.0, learning_rates: [1.0]}, denoiser: {labels: {a: 1.0}}}"
    )
    normalise(config)
    assert str(config) == (
        "{'seed': 1, 'shard_size': 64, 'subsets': [{'classes': [3, 8]}], "
        "'classifier': {'seeds': 2, 'learning_rates': [1.0]}, 'denoiser': {'labels': {'a': 1}}}"
    )


def test_what_is_no_integer_stays():
    config = dict(seed=1.5, shard_size=float("inf"), verdict=dict(ratio=2.0))
    normalise(config)
    assert config == dict(seed=1.5, shard_size=float("inf"), verdict=dict(ratio=2.0))
    assert type(config["verdict"]["ratio"]) is float


def test_a_tilde_is_the_home_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    config = dict(denoiser=dict(path="~/net.pkl"), features=dict(weights="~/w.pt", module="a~/b"))
    normalise(config)
    assert config["denoiser"] == dict(path="/home/ada/net.pkl")
    assert config["features"] == dict(weights="/home/ada/w.pt", module="a~/b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: 1\nstudy: a\nseed: 2\n", "each key once, found seed in line 1 and again in line 3"),
        ("a:\n- {b: 1}\n- {b: 1,\n   b: 2}\n", "found b in line 3 and again in line 4; remove one"),
        ("labels: {3: 0, '3': 1}", "found 3 in line 1 and again in line 1"),
        ("\ufeffa: 1\r\na: 2\r\n", "found a in line 1 and again in line 2"),
    ],
)
def test_a_key_that_stands_twice_is_refused(tmp_path, text, message):
    (tmp_path / "study.yaml").write_bytes(text.encode())
    with pytest.raises(InputError, match=message):
        check_keys(tmp_path / "study.yaml")


def test_equal_keys_of_different_mappings_are_no_mistake(tmp_path):
    (tmp_path / "study.yaml").write_text("a: {b: 1}\nb: {a: 1}\nc: [{a: 1}, {a: 2}]\n")
    check_keys(tmp_path / "study.yaml")


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        (12, [0, 2, 4, 5, 6, 7, 8, 9, 12]),
        (24, [0, 4, 8, 10, 12, 14, 16, 18, 24]),
        (5, [0, 1, 2, 3, 4, 5]),
        (2, [0, 1, 2]),
    ],
)
def test_the_steps_that_are_kept_follow_the_steps(steps, kept):
    study = Study(default(sampling__steps=steps))
    assert study.sampling.settings["snapshot_steps"] == kept


def cache_of_make(**environment):
    """XDG_CACHE_HOME of what make runs."""
    command = ["make", "--eval", 'said: ; @echo "$$XDG_CACHE_HOME"', "said"]
    return subprocess.run(
        command, cwd=ROOT, env=dict(PATH=os.environ["PATH"], **environment), **READ
    ).stdout.strip()


def test_a_home_that_cannot_be_written_needs_no_cache(tmp_path, monkeypatch):
    own = ".snakemake/cache"
    assert cache_of_make(HOME="/proc/none") == str(ROOT / own)
    assert cache_of_make(HOME=str(tmp_path)) == ""
    assert cache_of_make(HOME="/proc/none", XDG_CACHE_HOME=str(tmp_path)) == str(tmp_path)
    monkeypatch.chdir(tmp_path)
    for home, expected in (("/proc/none", str(tmp_path / own)), (str(tmp_path), "")):
        monkeypatch.setenv("HOME", home)
        monkeypatch.setenv("XDG_CACHE_HOME", "")
        provide_cache()
        assert os.environ["XDG_CACHE_HOME"] == expected


def test_python_below_a_folder_with_a_space_is_quoted(tmp_path, monkeypatch):
    python = tmp_path / "My Drive (1)/python"
    python.parent.mkdir()
    python.touch()
    monkeypatch.setattr(sys, "executable", str(python))
    for _ in range(2):
        quote_python()
        assert shlex.split(sys.executable) == [str(python)]


def test_results_in_another_folder_of_a_checkout_below_a_space(tmp_path):
    (tmp_path / "My Drive (1)").mkdir()
    elsewhere = tmp_path / "elsewhere"
    project = Project(tmp_path / "My Drive (1)")
    project.succeed(*SMOKE, "--directory", str(elsewhere), "--", "results/smoke/dataset.npz")
    assert (elsewhere / "results/smoke/dataset.npz").exists()
    assert not (project.folder / "results").exists()


def test_snakemake_refuses_a_key_that_stands_twice(project):
    (project.folder / "twice.yaml").write_text("seed: 1\nseed: 2\n")
    done = project.snakemake("--configfile", "twice.yaml", "--dry-run")
    assert done.returncode != 0
    assert "twice.yaml: expected each key once, found seed in line 1 and again in" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_page_named_as_a_checkpoint_is_refused_before_any_job(tmp_path):
    path = tmp_path / "edm.pkl"
    path.write_text("<!DOCTYPE html><html>404</html>")
    given = dict(denoiser__kind="file", denoiser__path=str(path), denoiser__image_shape=[1, 8, 8])
    message = r"edm\.pkl: expected a checkpoint of NVIDIA's EDM, found an HTML or XML page"
    with pytest.raises(InputError, match=message):
        Study(default(**given))
