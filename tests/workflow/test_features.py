"""A study of features: which files its stages read, what it costs, and mistakes in one sentence."""

import os
import re

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from test_plan import configuration, merged

from configuration.study import Study
from costs.study import Costs
from gaussianity.errors import InputError

NETWORK = """
import torch
from torch import nn


def random_layer(path):
    layers = nn.Sequential(nn.Flatten(), nn.Linear(64, 6), nn.ReLU())
    layers.load_state_dict(torch.load(path, weights_only=True))
    return layers
"""
FEATURES = dict(module="my_features:random_layer", weights="layer.pt", size=6, batch_size=20)


def network_in(folder):
    """The module and the weights that FEATURES names."""
    (folder / "my_features.py").write_text(NETWORK)
    layer = torch.nn.Linear(64, 6)
    torch.manual_seed(0)
    layer.reset_parameters()
    torch.save(
        {f"1.{name}": part for name, part in layer.state_dict().items()}, folder / "layer.pt"
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    network_in(tmp_path)
    return tmp_path


@pytest.fixture
def study(folder):
    return Study(configuration("smoke", features=FEATURES))


def test_statistics_read_features_and_pictures_read_images(study):
    assert study.shard_files("diffusion", "7") == [
        f"results/smoke/features/diffusion/7/{shard}.npz" for shard in (0, 1)
    ]
    assert study.image_files("data", "0")[0] == "results/smoke/data/0/0.npz"
    assert study.shard_files("data-gaussian", "0")[0] == "results/smoke/gaussian/data/0/0.npz"
    assert all(file.startswith("results/smoke/sampling/") for file in study.sampling.images)
    assert list(study.first_shards.values())[:2] == [
        f"results/smoke/{s}/0/0.npz" for s in ("sampling", "data")
    ]
    assert study.image_origins == ["diffusion", "data"]
    assert sorted(study.feature_files) == ["layer.pt", "my_features.py"]


def test_costs_are_those_of_rows_of_features(study):
    costs, pixels = Costs(study), Costs(Study(configuration("smoke")))
    assert (costs.d, costs.pixels, pixels.d, pixels.pixels) == (6, 64, 64, 64)
    of_pixels = ("assumptions", "assumptions_figure", "eigenfaces_figure", "quantisation_figure")
    of_pixels += ("normality_pictures_figure",)
    of_images = {"base_samples", *of_pixels}  # which a study of features has not
    expected = {rule: count for rule, count in pixels.jobs().items() if rule not in of_images}
    expected |= {"features": 3 * (2 + 3), "concentration": 3 * 4}
    assert costs.jobs() == expected
    assert list(costs.jobs()).index("features") < list(costs.jobs()).index("moments")
    assert costs.disk("features") == 4 * 6 * 3 * (96 + 100)
    assert costs.disk("gaussian") == costs.disk("features")
    assert costs.disk("moments") == 3 * 2 * 8 * 6 * 7
    for rule in ("dataset", "denoiser", "sampling", "data"):
        assert costs.disk(rule) == pixels.disk(rule)
        assert costs.memory(rule) == pixels.memory(rule)
    for rule in ("spectra", "gram", "classifier"):
        assert costs.memory(rule) < pixels.memory(rule)


def test_a_plan_needs_neither_module_nor_weights(folder):
    (folder / "my_features.py").unlink()
    (folder / "layer.pt").unlink()
    study = Study(configuration("smoke", features=FEATURES), needs_files=False)
    assert Costs(study).jobs()["features"] == 15
    assert Costs(study).memory("features") > 600e6


def test_torchvisions_scaled_images_count(folder):
    scaled = dict(FEATURES, module="torchvision.models:resnet18")
    memory = {
        side: Costs(
            Study(configuration("smoke", features=dict(scaled, resize=side)), needs_files=False)
        ).memory("features")
        for side in (None, 32, 224)
    }
    assert memory[32] < memory[224] == memory[None]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dict(size=6), "features.size must be null where features.module is null, found 6"),
        (dict(weights="a"), "features.weights must be null where features.module is null"),
        (dict(resize=32), "features.resize must be null where features.module is null"),
        (dict(FEATURES, size=None), "features.size must be the number of features of an image"),
        (dict(FEATURES, size=0), "features.size must be at least 1, found 0"),
        (dict(FEATURES, resize=8), "resize must be null where features.module is not torchvision"),
        (dict(FEATURES, module="json"), "features.module must be module:function, found json"),
        (
            dict(FEATURES, module="absent:f"),
            "features.module absent:f: expected a Python module absent that can be imported from",
        ),
        (
            dict(FEATURES, weights="absent.pt"),
            "absent.pt: expected the weights of my_features:random_layer .*, found no such file",
        ),
        (
            dict(FEATURES, module="torchvision.models:resnet18", weights=None),
            "features.weights must be the file of the model's weights where .* is torchvision's",
        ),
    ],
)
def test_mistakes_end_in_one_sentence(folder, change, sentence):
    with pytest.raises(InputError, match=sentence):
        Study(configuration("smoke", features=change))


def test_torchvision_that_is_not_there(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    change = dict(FEATURES, module="torchvision.models:resnet18")
    with pytest.raises(InputError, match="resnet18 needs torchvision, which is not installed; pip"):
        Study(configuration("smoke", features=change))


def test_modules_outside_the_project_are_no_inputs(folder):
    change = dict(FEATURES, module="torch.nn:Flatten", weights=None)
    assert Study(configuration("smoke", features=change)).feature_files == []


def data_only():
    """The smoke study of the dataset alone, of features."""
    source = configuration("smoke")["sources"][1]
    return configuration("smoke", study="featured", sources=[source], features=FEATURES)


def test_jobs_read_features(project):
    """A dry run: one job per shard, and rules that wait for it."""
    network_in(project.folder)
    (project.folder / "study.yaml").write_text(yaml.safe_dump(data_only()))
    output = project.succeed("--configfile", "study.yaml", "--dry-run")
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", output, re.MULTILINE))
    assert jobs["features"] == str(3 * 3)
    inputs = re.findall(r"^ *(?:local)?rule (\w+):\n +input: (.*)$", output, re.MULTILINE)
    reads = dict(inputs)
    for rule in ("moments", "spectra", "gram", "classifier"):
        of_source = [files for name, files in inputs if name == rule and "/gaussian/" not in files]
        assert of_source
        assert all("results/featured/features/data/" in files for files in of_source), rule
        assert not any("results/featured/data/" in files for files in of_source), rule
    assert "results/featured/data/" in reads["sample_grid_figure"]
    assert "gaussian" not in reads["sample_grid_figure"].replace("src/gaussianity", "")
    assert {"layer.pt,", "my_features.py,"} <= set(reads["features"].split())


@pytest.mark.slow
def test_a_study_of_features_runs_to_its_report(project):
    """Features and Gaussian data of them, against the network called directly."""
    network_in(project.folder)
    subset = dict(name="pair", classes=[0, 7], gram_images_per_class=40)
    small = dict(
        subsets=[subset],
        spectra=dict(fit_ranks=[0, 1]),  # of six eigenvalues at most
        classifier=dict(losses=["least_squares"], seeds=1),
    )
    config = merged(data_only(), small)
    (project.folder / "study.yaml").write_text(yaml.safe_dump(config))
    project.succeed("--configfile", "study.yaml")
    results = project.folder / "results/featured"
    assert (results / "report.html").is_file()
    stored = np.load(results / "data/7/1.npz")["images"].reshape(-1, 64)
    layer = torch.load(project.folder / "layer.pt")
    expected = np.maximum(stored @ layer["1.weight"].numpy().T + layer["1.bias"].numpy(), 0)
    found = np.load(results / "features/data/7/1.npz")["images"]
    assert found.shape == (48, 6, 1, 1)
    np.testing.assert_allclose(found[:, :, 0, 0], expected, rtol=1e-4, atol=1e-6)
    assert np.load(results / "gaussian/data/7/1.npz")["images"].shape == found.shape
    grid = pd.read_csv(results / "figures/sample_grid.csv")
    assert set(grid["origin"]) == {"data"}


@pytest.mark.slow
def test_other_weights_and_another_denoiser_with_an_older_time_run_again(project):
    network_in(project.folder)
    (project.folder / "own.py").write_text("def denoise(x, sigma, labels):\n    return 0 * x\n")
    given = dict(kind="callable", path="own:denoise", image_shape=[1, 8, 8])
    config = configuration("smoke", study="stale", features=FEATURES)
    config["denoiser"] |= given | dict(labels={"0": 0, "1": 1, "7": 7})
    (project.folder / "study.yaml").write_text(yaml.safe_dump(config))
    targets = [f"results/stale/{name}" for name in ("denoiser.json", "features/data/7/0.npz")]
    run = ("--configfile", "study.yaml", "--", *targets)
    project.succeed(*run)
    assert "Nothing to be done" in project.succeed(*run)
    layer = torch.load(project.folder / "layer.pt")
    torch.save({name: 2 * value for name, value in layer.items()}, project.folder / "layer.pt")
    os.utime(project.folder / "layer.pt", (1e9, 1e9))
    before = np.load(project.folder / targets[1])["images"]
    plan = project.succeed("--dry-run", *run)
    assert "\nfeatures " in plan
    assert "\ndenoiser " not in plan
    project.succeed(*run)
    assert (np.load(project.folder / targets[1])["images"] != before).any()
    (project.folder / "own.py").write_text("def denoise(x, sigma, labels):\n    return 1 * x\n")
    os.utime(project.folder / "own.py", (1e9, 1e9))
    plan = project.succeed("--dry-run", *run)
    assert "\ndenoiser " in plan
    assert "\nfeatures " not in plan
