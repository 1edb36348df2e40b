"""The smoke study from its start to its report, and what a second run does."""

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import torch
import yaml
from browser import CHROMIUM, findings
from small_report import COMPARISON, DENOISER, DISTRIBUTION, report_sections

import gaussianity
from configuration.pages import headings
from configuration.study import Study
from gaussianity.moments.moments import batch_moments
from gaussianity.moments.spectra import covariance_eigenvalues
from project import SMOKE, Project

FIGURES = ["verdict", "accuracy", "spectra", "gram", "norm_contraction", "norm_evolution"]
FIGURES += ["sampler_variance", "contraction", "linear_twins", "sample_grid", "class_agreement"]
FIGURES += ["concentration", "quantisation", "predicted_accuracy", "norms", "assumptions"]
FIGURES += ["eigenfaces", "controls"]


@pytest.fixture
def results(smoke):
    return smoke.folder / "results" / "smoke"


def images(results, *parts):
    return gaussianity.io.images.rows(np.load(results.joinpath(*parts))["images"])


def test_it_says_where_the_results_are(smoke, results):
    for name in ("report.html", "workflow_report.html", "figures"):
        assert f"results/smoke/{name}" in smoke.output
    for name in FIGURES:
        for suffix in ("pdf", "png", "csv"):
            assert (results / "figures" / f"{name}.{suffix}").stat().st_size > 100


def test_a_copy_reruns_nothing_nor_a_touched_module_and_a_changed_one_what_imports_it(
    smoke, tmp_path
):
    copy = smoke.copied(tmp_path / "copy")
    module = copy.folder / "src/gaussianity/moments/spectra.py"
    module.touch()
    assert "Nothing to be done" in copy.succeed(*SMOKE)
    module.write_text(module.read_text() + "\n# changed\n")
    plan = copy.succeed(*SMOKE, "--dry-run")
    stats = dict(re.findall(r"^(\w+) +(\d+)$", plan, re.MULTILINE))
    assert stats["spectra"] == "12"
    assert stats["gram"] == "4"
    assert not {"sampling", "moments", "classifier", "denoiser"} & set(stats)


@pytest.mark.parametrize("page", ["report.html", "workflow_report.html"])
def test_reports_are_one_page_each_with_every_figure(results, page):
    page = (results / page).read_text()
    for name in FIGURES:
        assert f"figures/{name}.png" in page
        assert f"figures/{name}.csv" in page
    assert "config.yaml" in page


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium or Chrome on the PATH")
def test_the_report_is_whole_in_a_browser(results):
    """Every figure visible, every link alive, nothing too wide at any width."""
    study = Study(yaml.safe_load((results / "config.yaml").read_text()))
    page = results / "report.html"
    sections = report_sections(headings(study, "report"), DISTRIBUTION, DENOISER, COMPARISON)
    assert findings([page], sections) == {page: []}
    for names in headings(study, "report").values():
        for name in names:
            assert f'<article id="figure-{name.replace("_", "-")}">' in page.read_text()


def test_configuration_is_kept(results):
    kept = yaml.safe_load((results / "config.yaml").read_text())
    assert kept["study"] == "smoke"
    assert kept["sampling"]["S_noise"] == 1.003  # from config.yaml, not named by the study


def test_samples_are_what_the_python_prompt_gives(results):
    """The files' images from the package alone: denoiser from its file, the seeds as they stand."""
    stored = np.load(results / "sampling" / "7" / "1.npz")
    denoiser = gaussianity.load_denoiser(results / "denoiser.json")
    torch.set_num_threads(1)
    label = torch.eye(10)[[7] * 48]
    found = gaussianity.sample(
        denoiser, stored["seeds"], label, steps=6, S_churn=5.0, S_min=0.05, S_max=50, S_noise=1.003
    )
    np.testing.assert_array_equal(gaussianity.io.images.to_uint8(found), stored["images"])


def test_samples_from_the_gaussian_base_are_those_before_8_bits(results):
    """As float32, which may move a pixel by a level where it stood at the edge of one."""
    floats = np.load(results / "base_samples" / "gaussian" / "0.npz")
    stored = np.load(results / "sampling" / "0" / "0.npz")
    np.testing.assert_array_equal(floats["seeds"], stored["seeds"])
    network = gaussianity.io.images.to_network(floats["images"], np.float64)
    moved = gaussianity.io.images.to_uint8(network).astype(int) - stored["images"]
    assert np.abs(moved).max() <= 1
    assert (moved != 0).mean() < 1e-3
    assert floats["images"].dtype == np.float32
    other = np.load(results / "base_samples" / "multivariate_t" / "0.npz")
    assert np.abs(other["images"] - floats["images"]).max() > 0.1


def test_concentration_of_every_origin_and_base(results):
    """One row per functional: 5, 2 anchors, 2 random and 2 principal projections."""
    tables = [path for path in results.glob("concentration/*/*.parquet") if path.stem.isdigit()]
    assert len(tables) == 4 * 3 + 3
    for path in tables:
        table, tails = pd.read_parquet(path), pd.read_parquet(path.with_suffix(".survival.parquet"))
        assert len(table) == 11
        assert (table["low"] <= table["high"]).all()
        assert tails[table["functional"]].to_numpy().max() == 1
    drawn = pd.read_csv(results / "figures" / "concentration.csv")
    assert len(drawn) == 11 * len(tables)


def test_moments_and_spectra_equal_those_of_all_rows(results):
    for origin, parts in (("diffusion", ("sampling",)), ("data", ("data",))):
        shards = sorted(results.joinpath(*parts, "1").glob("[0-9].npz"))
        rows = np.concatenate([images(results, shard) for shard in shards])
        stored = np.load(results / "moments" / origin / "1.npz")
        assert stored["count"] == len(rows)
        np.testing.assert_allclose(stored["covariance"], batch_moments(rows).covariance, atol=1e-14)
        values = pd.read_parquet(results / "spectra" / origin / "1.parquet")["eigenvalue"]
        np.testing.assert_allclose(values, covariance_eigenvalues([rows], len(rows)), atol=1e-12)


def test_origins_have_as_many_images_as_their_source(results):
    for source, folder in (("diffusion", "sampling"), ("data", "data")):
        for shard in ("0", "1"):
            shape = images(results, folder, "0", f"{shard}.npz").shape
            assert images(results, "gaussian", source, "0", f"{shard}.npz").shape == shape


def test_classifier_tables_are_complete(results):
    tables = sorted((results / "classifier").rglob("*.parquet"))
    assert len(tables) == 6 * 2  # origins, seeds
    for path in tables:
        table = pd.read_parquet(path)
        data, fitted = (text in path.parent.name for text in ("data", "-gaussian"))
        units = 4 if data and not fitted else 1  # folds of 25 of 100 images, or the other pool
        assert list(table["train_size"]) == 2 * units * ([8, 32] if data else [8, 16])  # two losses
        assert table["test_accuracy"].between(0, 1).all()
        assert table["gaussian_accuracy"].isna().all() == fitted
        assert table["exact_accuracy"].isna().all() != fitted
        seed = int(path.stem)
        assert set(table["pool"]) == (set(range(4)) if units == 4 else {seed})
        assert set(table["tested"]) == (set(table["pool"]) if data else {1 - seed})


def test_control_data_are_told_apart(results):
    """Three of the real digits: known to be linearly separable."""
    table = pd.read_csv(results / "figures" / "accuracy.csv")
    trained = table[(table["origin"] == "data") & (table["train_size"] == 32)]
    assert len(trained) == 2  # losses
    assert trained["mean"].min() > 0.95


def test_other_shards_and_cores_give_the_same(results, tmp_path):
    """Shards of 96 instead of 48, on one core: samples bitwise, tables to 1e-6.

    From the same denoiser. Batches hold 48 images either way, so that even the network computes
    the same products. One class through its spectra, and one repetition of each loss with all
    classes, of the samples, their Gaussian data and the control.
    """
    other = Project(tmp_path)
    found = tmp_path / "results" / "smoke"
    found.mkdir(parents=True)
    for path in (*results.glob("dataset*"), *results.glob("denoiser*")):
        shutil.copy2(path, found)
    study = dict(yaml.safe_load((results / "config.yaml").read_text()), shard_size=96)
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(study))
    tables = [*results.glob("classifier/three/diffusion*/1.parquet")]
    tables += results.glob("spectra/diffusion*/7.parquet")
    assert len(tables) == 3 + 2
    targets = [path.relative_to(results.parents[1]) for path in tables]
    other.succeed("--configfile", "study.yaml", "--cores", "1", "--", *targets)
    for image_class in ("0", "1", "7"):
        shards = [
            np.load(results / "sampling" / image_class / f"{i}.npz")["images"] for i in (0, 1)
        ]
        whole = np.load(found / "sampling" / image_class / "0.npz")["images"]
        np.testing.assert_array_equal(np.concatenate(shards), whole)
    for path in tables:
        theirs = pd.read_parquet(found / path.relative_to(results))
        pd.testing.assert_frame_equal(pd.read_parquet(path), theirs, rtol=1e-6, atol=1e-6)
