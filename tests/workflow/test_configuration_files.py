"""Configuration as people write it: numbers, the home folder, a key twice, steps that follow."""

import pytest
import yaml

from configuration.schema import normalise
from configuration.study import Study
from configuration.yaml_files import check_keys
from gaussianity.errors import InputError
from project import changed_configuration as default


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
