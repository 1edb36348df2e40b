"""Damaged, changed and misplaced files of every kind, each given to the job that reads it: the
file is named and nothing is written."""

import functools

import pytest
from damage import (
    FIGURE,
    SMOKE_FOLDER,
    copied_results,
    damages,
    each,
    job,
    require_found,
    require_read,
    shards,
    tables,
)

from configuration.pages import TITLES, headings
from configuration.study import Study
from project import ROOT, SMOKE

SAMPLING = ("steps", "sigma_min", "sigma_max", "rho", "S_churn", "S_min", "S_max", "S_noise")
SAMPLING += ("base", "dof", "precision", "compile", "batch_size", "stored_as", "snapshot_steps")
SAMPLING += ("snapshot_images",)


def sampling_job(config):
    job(
        "sampling",
        denoiser_path=f"{SMOKE_FOLDER}/denoiser.safetensors",
        images_path="out/0.npz",
        trajectory_path="out/0.parquet",
        snapshots_path="out/0.snapshots.npz",
        sampling={key: config["sampling"][key] for key in SAMPLING},
        image_class="1",
        class_index=1,
        label=1,
        bounds=(0, 2),
        study_seed=0,
        device="cpu",
    )


def classifier_job(config, origin):
    job(
        "classifier",
        shard_paths={k: shards(f"{origin}/{k}") for k in (0, 1)},
        fitted_paths={},
        moments_paths=[],
        scores_path="out/0.parquet",
        classes=[0, 1],
        sizes=config["sources"][0],
        settings=config["classifier"] | dict(losses=["mse"], epochs=1),
        mixes=False,
        study_seed=0,
        seed=0,
        labels={},
        device="cpu",
    )


def gaussian_job(config):
    job(
        "gaussian",
        moments_path=f"{SMOKE_FOLDER}/moments/data/0.npz",
        shard_paths=[*shards("data/0"), f"{SMOKE_FOLDER}/data/0/2.npz"],
        images_path="out/0.npz",
        fitted_index=1,
        class_index=0,
        bounds=(0, 48),
        study_seed=0,
    )


def spectra_job(config):
    names = dict(origin="diffusion", image_class="0", per_class=96, fit_ranks=[0.05, 0.5])
    job("spectra", shard_paths=shards("sampling/0"), spectra_path="out/0.parquet", **names)


def norm_contraction_job(config):
    paths = tables("sampling/*/[0-9].parquet")
    job("norm_contraction_figure", trajectory_paths=paths, classes=["0", "1"], shown=20, **FIGURE)


def contraction_job(config):
    job(
        "contraction",
        denoiser_path=f"{SMOKE_FOLDER}/denoiser.safetensors",
        contraction_path="out/0.parquet",
        sampling=dict(steps=2),
        settings=dict(images=1, singular_values=1, iterations=1),
        image_class="1",
        class_index=1,
        stream_index=1,
        label=1,
        study_seed=0,
        device="cpu",
    )


def norm_evolution_job(config):
    job(
        "norm_evolution_figure",
        trajectory_paths=tables("sampling/*/[0-9].parquet"),
        snapshots_path=f"{SMOKE_FOLDER}/sampling/0/0.snapshots.npz",
        image_class="0",
        **FIGURE,
    )


def agreement_job(config):
    dataset, files = f"{SMOKE_FOLDER}/dataset.npz", shards("sampling/0")
    job("class_agreement_figure", dataset_path=dataset, shard_paths=files, classes=["0"], **FIGURE)


def report_job(config):
    job(
        "report",
        title=TITLES["report"],
        groups=headings(Study(config), "report"),
        verdict_paths=tables("figures/verdict*.csv"),
        glossary_path=ROOT / "docs/glossary.md",
        workflow_report_path=f"{SMOKE_FOLDER}/workflow_report.html",
        text_paths=sorted((ROOT / "workflow/report").rglob("*.*")),
        shown_class="0",
        config_path=f"{SMOKE_FOLDER}/config.yaml",
        expected=config,
        measured=("benchmarks/smoke", []),
        report_path="out/report.html",
    )


def workflow_report_job(config):
    job(
        "workflow_report",
        figure_paths=tables("figures/*.png"),
        config_path=f"{SMOKE_FOLDER}/config.yaml",
        expected=config,
        snakefile_path="Snakefile",
        workflow_report_path="out/report.html",
    )


def data_job(config):
    dataset = f"{SMOKE_FOLDER}/dataset.npz"
    job("data", dataset_path=dataset, images_path="out/0.npz", image_class="0", bounds=(0, 48))


def controls_job(config):
    names, gaps = tables("controls/*.parquet"), f"{SMOKE_FOLDER}/estimation_gap.parquet"
    job("controls_figure", table_paths=names, gaps_path=gaps, **FIGURE)


def normality_job(config):
    """Of a class of the data, without the other classes."""
    study = Study(config)
    job(
        "normality",
        shard_paths=study.shard_files("data", "0"),
        gaussian_paths=study.shard_files("data-gaussian", "0"),
        null_path=study.normality.of_source("null", "data"),
        table_paths={
            name: f"out/0.{name}.{'npz' if name == 'pictures' else 'parquet'}"
            for name in ("normality", "directions", "power", "pictures")
        },
        source="data",
        image_class="0",
        settings=study.normality.settings,
        streams=study.normality.streams("data", "0"),
    )


def normality_figure_job(config):
    study = Study(config)
    job(
        "normality_figure",
        measured_paths=study.normality.of_classes("measured").values(),
        known_power_paths=study.normality.of_sizes("known_power"),
        rule=study.normality.rule,
        left_out={},
        sentences_path="out/sentences.csv",
        **FIGURE,
    )


def normality_pictures_job(config):
    study = Study(config)
    job(
        "normality_pictures_figure",
        pictures_paths=study.normality.of_classes("pictures"),
        shown=study.moments.eigenface_classes,
        image_shape=study.image_shape,
        **FIGURE,
    )


# kind of file: the damaged one, the job that reads it
READ_BY = {
    "dataset": ("dataset.npz", data_job),
    "dataset of the agreement": ("dataset.npz", agreement_job),
    "denoiser": ("denoiser.safetensors", sampling_job),
    "description": ("denoiser.json", sampling_job),
    "data": (
        "data/0/1.npz",
        lambda config: job(
            "moments", shard_paths=shards("data/0"), moments_path="out/0.npz", covariance="sample"
        ),
    ),
    "images": ("sampling/0/1.npz", spectra_job),
    "trajectory": ("sampling/1/0.parquet", norm_contraction_job),
    "denoiser of the contraction": ("denoiser.safetensors", contraction_job),
    "contraction": (
        "contraction/0.parquet",
        lambda config: job(
            "contraction_figure", contraction_paths=tables("contraction/*.parquet"), **FIGURE
        ),
    ),
    "snapshots": ("sampling/0/0.snapshots.npz", norm_evolution_job),
    "moments": ("moments/data/0.npz", gaussian_job),
    "gaussian": (
        "gaussian/diffusion/1/0.npz",
        functools.partial(classifier_job, origin="gaussian/diffusion"),
    ),
    "spectra": (
        "spectra/data/1.parquet",
        lambda config: job("spectra_figure", spectra_paths=tables("spectra/*/*.parquet"), **FIGURE),
    ),
    "gram": (
        "gram/three/data.parquet",
        lambda config: job("gram_figure", gram_paths=tables("gram/*/*.parquet"), **FIGURE),
    ),
    "assumptions": (
        "assumptions/three/data.parquet",
        lambda config: job(
            "assumptions_figure",
            measured_paths=tables("assumptions/*/*.parquet"),
            shown="three",
            **FIGURE,
        ),
    ),
    "scores": (
        "classifier/three/data/0.parquet",
        lambda config: job(
            "accuracy_figure", score_paths=tables("classifier/*/*/*.parquet"), **FIGURE
        ),
    ),
    "random scores": ("normality/null/100.npz", normality_job),
    "normality": ("normality/data/0.parquet", normality_figure_job),
    "known power": ("normality/null/96.parquet", normality_figure_job),
    "pictures of normality": ("normality/data/0.pictures.npz", normality_pictures_job),
    "control": ("controls/uniform.parquet", controls_job),
    "estimation gap": ("estimation_gap.parquet", controls_job),
    "figure": ("figures/accuracy.png", report_job),
    "table of a figure": ("figures/accuracy.csv", report_job),
    "configuration": ("config.yaml", report_job),
    "figure of the workflow's report": ("figures/spectra.png", workflow_report_job),
    "configuration of the workflow's report": ("config.yaml", workflow_report_job),
}


@pytest.fixture(scope="module")
def workplace(smoke, tmp_path_factory):
    return copied_results(smoke, tmp_path_factory.mktemp("damage"))


CASES = list(damages(READ_BY))


def test_there_are_at_least_200_cases():
    assert len(CASES) >= 200


@each(CASES)
def test_damage_is_found_and_named(workplace, monkeypatch, number, kind, damage):
    folder, config = workplace
    monkeypatch.chdir(folder)
    require_found(*READ_BY[kind], config, damage, number)


@pytest.mark.parametrize("kind", READ_BY)
def test_whole_files_are_read(workplace, monkeypatch, kind):
    """The jobs that refuse the damaged file above accept the whole one."""
    folder, config = workplace
    monkeypatch.chdir(folder)
    if READ_BY[kind][1] is workflow_report_job:
        monkeypatch.setattr("workflow_report.subprocess.run", stop_before_snakemake)
        with pytest.raises(StopIteration):
            workflow_report_job(config)
        return
    require_read(READ_BY[kind][1], config)


def stop_before_snakemake(*arguments, **options):
    raise StopIteration


def test_a_damaged_file_ends_a_run(smoke, tmp_path):
    """Through Snakemake: one sentence, no traceback, nothing made of it; then made again."""
    project = smoke.copied(tmp_path / "copy")
    damaged = project.folder / SMOKE_FOLDER / "moments/data/0.npz"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 16
    damaged.write_bytes(content)
    made = project.folder / SMOKE_FOLDER / "gaussian/data/0/0.npz"
    made.unlink()
    done = project.snakemake(*SMOKE)
    assert done.returncode != 0
    assert f"error: {SMOKE_FOLDER}/moments/data/0.npz: expected the file as it was" in done.stdout
    assert "Traceback" not in done.stdout
    assert not made.exists()
    damaged.unlink()
    project.succeed(*SMOKE, "--", f"{SMOKE_FOLDER}/gaussian/data/0/0.npz")
    assert made.is_file()
