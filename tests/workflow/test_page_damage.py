"""Damaged files of every kind that the papers' pages are made of, as in test_damage."""

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
    tables,
)

from configuration.study import Study

pytestmark = pytest.mark.slow  # 60 jobs beside those of the study
DENOISERS = "molrg/denoisers/2"  # subspaces of two dimensions


def figure(script, files, **others):
    """The job of a figure.

    Args:    files - argument to pattern of a file, of all files in a list, or to a dict of these;
             others - arguments that are no files.
    """

    def read(config):
        found = {key: named(value) for key, value in files.items()}
        job(script, **found, **others, **FIGURE)

    return read


def named(value):
    if isinstance(value, dict):
        return {key: named(pattern) for key, pattern in value.items()}
    if isinstance(value, list):
        return [path for pattern in value for path in tables(pattern)]
    return tables(value)[0]


def mixture_rank_job(config):
    job(
        "mixture_rank",
        denoiser_paths={k: f"{SMOKE_FOLDER}/{DENOISERS}/16/{k}.safetensors" for k in (5, 15)},
        mixture_path=f"{SMOKE_FOLDER}/{DENOISERS}/16/mixture.npz",
        ranks_path="out/ranks.parquet",
        settings=dict(config["molrg"]["numerical_rank"], steps=2),
        image_count=1,
        dimension=2,
        study_seed=0,
        device="cpu",
    )


def mixture_generalisation_job(config):
    job(
        "mixture_generalisation",
        denoiser_paths=[f"{SMOKE_FOLDER}/{DENOISERS}/4/15.safetensors"],
        mixture_paths=[f"{SMOKE_FOLDER}/{DENOISERS}/4/mixture.npz"],
        labels=[dict(dimension=2, samples=4, steps=15)],
        table_path="out/table.parquet",
        settings=dict(samples=24, steps=2, batch_size=24),
        study_seed=0,
        device="cpu",
    )


def image_generalisation_job(config):
    job(
        "image_generalisation",
        dataset_path=f"{SMOKE_FOLDER}/dataset.npz",
        denoiser_paths=[f"{SMOKE_FOLDER}/molrg/image_subsets/32/15.safetensors"],
        labels=[dict(images=32, steps=15)],
        table_path="out/table.parquet",
        spaces=dict(network={}, copy_detector=None),
        settings=dict(held_out=24, steps=2, batch_size=24),
        study_seed=0,
        device="cpu",
    )


def trained_clones_job(config):
    job(
        "trained_clones",
        denoiser_path=f"{SMOKE_FOLDER}/manifold/unconditional_denoiser.safetensors",
        image_paths=[tables(f"data/{k}/*.npz") for k in Study(config).manifold.transition_classes],
        clones_path="out/clones.parquet",
        settings=dict(lowest_time=0.1, highest_time=1.0, clone_times=2, clones=2, steps=2),
        study_seed=0,
        device="cpu",
    )


def measured_times_job(config):
    job(
        "measured_times",
        speciation_paths=tables("manifold/speciation/*.parquet"),
        collapse_paths=tables("manifold/collapse/*.parquet"),
        table_path="out/table.parquet",
    )


clone_agreement_job = figure(
    "clone_agreement_figure",
    dict(
        speciation_paths=["manifold/speciation/*.parquet"],
        clone_paths=["manifold/cloning/tiny.parquet"],
        curve_paths=["manifold/cloning/tiny.curve.parquet"],
    ),
)
transition_times_job = figure(
    "transition_times_figure",
    dict(
        theory_paths=["manifold/theory/*.parquet"], measured_path="manifold/measured_times.parquet"
    ),
)
real_times_job = figure(
    "real_transition_times_figure",
    dict(
        weights_paths={
            law: f"manifold/real_weights/{law}.parquet" for law in ("data", "data-gaussian")
        },
        clone_paths={law: f"manifold/{law}_clones.parquet" for law in ("mixture", "trained")},
        posterior_path="manifold/mixture_posterior.parquet",
        moments_paths=["moments/data/0.npz", "moments/data/1.npz"],
    ),
    replicates=2,
    study_seed=0,
)
directions_job = figure(
    "semantic_directions_figure",
    dict(
        effects_paths=["molrg/semantic_directions.parquet", "molrg/mixture_directions.parquet"],
        pictures_paths=["molrg/semantic_directions.npz", "molrg/mixture_directions.npz"],
    ),
    denoisers=["study", "mixture"],
    strengths=[4],
    has_given=True,
)
subspaces_job = figure(
    "class_subspaces_figure",
    dict(
        subspaces_paths=[
            "molrg/class_subspaces/data.parquet",
            "molrg/class_subspaces/diffusion.parquet",
        ],
        clusters_paths=["molrg/class_subspaces/*.clusters.parquet"],
    ),
)
rank_job = figure(
    "numerical_rank_figure",
    dict(mixture_path="molrg/mixture_rank.parquet", class_paths=["molrg/numerical_rank/*.parquet"]),
)
generalisation_job = figure(
    "generalisation_figure",
    dict(
        mixture_path="molrg/mixture_generalisation.parquet",
        image_table_paths=["molrg/image_generalisation.parquet"],
    ),
    space="pixels",
)
# kind of file: the damaged one, the job that reads it
READ_BY = {
    "phase transition": (
        "molrg/phase_transition/svd-1.parquet",
        figure(
            "phase_transition_figure", dict(table_paths=["molrg/phase_transition/*"]), threshold=0.5
        ),
    ),
    "U-Net of a rank": (f"{DENOISERS}/16/15.safetensors", mixture_rank_job),
    "its description": (f"{DENOISERS}/16/15.json", mixture_rank_job),
    "mixture": (f"{DENOISERS}/16/mixture.npz", mixture_rank_job),
    "U-Net of a score": (f"{DENOISERS}/4/15.safetensors", mixture_generalisation_job),
    "the score's description": (f"{DENOISERS}/4/15.json", mixture_generalisation_job),
    "the score's mixture": (f"{DENOISERS}/4/mixture.npz", mixture_generalisation_job),
    "U-Net of images": ("molrg/image_subsets/32/15.safetensors", image_generalisation_job),
    "rank of mixtures": ("molrg/mixture_rank.parquet", rank_job),
    "rank of a class": ("molrg/numerical_rank/0.parquet", rank_job),
    "score of mixtures": ("molrg/mixture_generalisation.parquet", generalisation_job),
    "score of images": ("molrg/image_generalisation.parquet", generalisation_job),
    "effects": ("molrg/semantic_directions.parquet", directions_job),
    "pictures": ("molrg/mixture_directions.npz", directions_job),
    "subspaces": ("molrg/class_subspaces/data.parquet", subspaces_job),
    "clusters": ("molrg/class_subspaces/data.clusters.parquet", subspaces_job),
    "theory": ("manifold/theory/relu.parquet", transition_times_job),
    "measured times": ("manifold/measured_times.parquet", transition_times_job),
    "speciation": ("manifold/speciation/tiny.parquet", measured_times_job),
    "speciation of the figure": ("manifold/speciation/tiny.parquet", clone_agreement_job),
    "collapse": ("manifold/collapse/twin.parquet", measured_times_job),
    "collapse of the figure": (
        "manifold/collapse/twin.parquet",
        figure("collapse_figure", dict(collapse_paths=["manifold/collapse/*.parquet"])),
    ),
    "clones": ("manifold/cloning/tiny.parquet", clone_agreement_job),
    "curve": ("manifold/cloning/tiny.curve.parquet", clone_agreement_job),
    "weights": ("manifold/real_weights/data.parquet", real_times_job),
    "real clones": ("manifold/trained_clones.parquet", real_times_job),
    "posterior": ("manifold/mixture_posterior.parquet", real_times_job),
    "unconditional denoiser": ("manifold/unconditional_denoiser.safetensors", trained_clones_job),
    "its own description": ("manifold/unconditional_denoiser.json", trained_clones_job),
}
# For the ranks the mixture's bases are read, not its images, which are the largest array.
CASES = [case for case in damages(READ_BY) if case[:2] != ("mixture", "sealed nan")]


@pytest.fixture(scope="module")
def workplace(papers, tmp_path_factory):
    return copied_results(papers, tmp_path_factory.mktemp("damage"))


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
    require_read(READ_BY[kind][1], config)
