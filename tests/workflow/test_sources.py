"""Named sources: what each comes from, where its files are, and what is refused."""

import numpy as np
import pandas as pd
import pytest
import yaml

from configuration.pages import categories
from configuration.study import Study
from costs.study import Costs
from gaussianity.data.datasets import read_dataset
from gaussianity.errors import InputError
from gaussianity.io.files import read_npz
from gaussianity.report.page import caption
from project import ROOT, changed_configuration

SIZES = dict(images_per_class=100, pools=1, train_sizes=[8, 16], validation_size=8)


def study(*sources, **changes):
    named = [SIZES | source for source in sources]
    pair = [dict(name="pair", classes=[3, 8], gram_images_per_class=50)]
    changes = dict(figures__trajectory_classes=[3, 8]) | changes
    return Study(changed_configuration(sources=named, subsets=pair, **changes))


@pytest.fixture
def npz(tmp_path):
    digits = read_dataset("digits")
    np.savez(tmp_path / "other.npz", images=digits.images[::-1], labels=digits.labels[::-1])
    return str(tmp_path / "other.npz")


def test_standard_sources_keep_their_files_and_numbers():
    found = study(dict(name="diffusion"), dict(name="data"))
    assert found.image_files("diffusion", "3")[0] == "results/digits/sampling/3/0.npz"
    assert found.image_files("data", "3")[0] == "results/digits/data/3/0.npz"
    assert [found.origin_index(o) for o in found.origins] == [0, 2, 1, 3]


def test_other_sources_have_a_folder_of_their_own(npz):
    found = study(
        dict(name="diffusion"),
        dict(name="long", **{"from": "denoiser"}, sampling=dict(steps=24)),
        dict(name="exact", denoiser=dict(kind="gaussian")),
        dict(name="other", dataset=dict(path=npz)),
        dict(name="copy", **{"from": "dataset"}),
    )
    folders = {
        name: found.image_files(name, "3")[0].removeprefix("results/digits/")
        for name in found.sources
    }
    assert folders == {
        "diffusion": "sampling/3/0.npz",
        "long": "sources/long/sampling/3/0.npz",
        "exact": "sources/exact/sampling/3/0.npz",
        "other": "sources/other/data/3/0.npz",
        "copy": "sources/copy/data/3/0.npz",
    }
    assert list(found.datasets) == ["", "sources/other/"]
    assert {home: each.kind for home, each in found.denoisers.items()} == {
        "": "unet",
        "sources/exact/": "gaussian",
    }
    assert found.samplings["sources/long/"].settings["steps"] == 24
    assert found.samplings["sources/exact/"].settings["steps"] == 13
    assert len({found.origin_index(origin) for origin in found.origins}) == 10
    jobs = Costs(found).jobs()
    assert [jobs[rule] for rule in ("dataset", "denoiser", "sampling", "data")] == [2, 2, 6, 4]
    assert jobs["norm_evolution_figure"] == 3


def test_a_source_keeps_its_numbers_whichever_others_there_are(npz):
    other = dict(name="other", dataset=dict(path=npz))
    alone, beside = study(other), study(dict(name="data"), other)
    assert alone.origin_index("other") == beside.origin_index("other")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (dict(name="mine"), "mine must have one of the keys .*, found none of them"),
        (
            dict(name="mine", dataset=dict(path="x.npz"), denoiser=dict(kind="gaussian")),
            "found denoiser, dataset",
        ),
        (
            dict(name="data", dataset=dict(path="x.npz")),
            "data is the study's own dataset .*another",
        ),
        (
            dict(name="mine", **{"from": "dataset"}, sampling=dict(steps=3)),
            "comes from a dataset and cannot have the key sampling",
        ),
        (dict(name="mine", dataset=dict(path=None)), r"mine: dataset\.path: expected"),
        (
            dict(name="mine", dataset=dict(path="absent.npz")),
            r"mine: dataset: absent\.npz: expected",
        ),
        (
            dict(
                name="mine", **{"from": "denoiser"}, sampling=dict(steps=3, snapshot_steps=[0, 9])
            ),
            r"mine: sampling\.snapshot_steps must be at most 3",
        ),
        (
            dict(name="mine", **{"from": "denoiser"}, sampling=dict(sigma_min=90)),
            r"mine: sampling\.sigma_min must be below",
        ),
        (
            dict(name="mine", denoiser=dict(kind="file", path="x.pkl")),
            r"mine: denoiser\.image_shape must be",
        ),
        (
            dict(name="mine", **{"from": "dataset"}, images_per_class=1000),
            "mine: images_per_class must be at most 174",
        ),
    ],
)
def test_sources_that_are_refused(source, message):
    with pytest.raises(InputError, match=rf"^config: sources: .*{message}"):
        study(source)


def test_a_study_may_have_only_sources_of_its_own(npz):
    found = study(dict(name="a", dataset=dict(path=npz)), dict(name="b", dataset=dict(path=npz)))
    assert found.molrg.edit_files[0] == found.path("sources/a/data/3/0.npz")


def test_figures_of_a_sampler_are_in_the_folder_of_its_source():
    """Also where no source is `diffusion`; Snakemake's own report asks for them by their name."""
    found = study(dict(name="exact", denoiser=dict(kind="gaussian")))
    assert found.path("sources/exact/figures/norm_contraction.png") in found.results
    assert found.path("figures/norm_contraction.png") not in found.results
    assert categories(found)["norm_contraction"].endswith("Norms along the sampler")
    beside = study(dict(name="diffusion"), dict(name="exact", denoiser=dict(kind="gaussian")))
    for folder in ("", "sources/exact/"):
        assert beside.path(f"{folder}figures/norm_contraction.png") in beside.results
    assert categories(beside)["norm_contraction"].endswith("Norms along the sampler")


def test_names_of_sources_differ_in_more_than_capitals(npz):
    with pytest.raises(InputError, match="differ, also without capitals, found data, Data"):
        study(dict(name="data"), dict(name="Data", dataset=dict(path=npz)))


def test_classes_and_shapes_must_be_those_of_the_other_sources(tmp_path):
    images = np.zeros((60, 8, 8), np.uint8)
    np.savez(tmp_path / "few.npz", images=images, labels=np.repeat([3, 4], 30))
    with pytest.raises(
        InputError, match=r"few: dataset: expected images of .* 3, 8, found none of 8"
    ):
        study(dict(name="data"), dict(name="few", dataset=dict(path=str(tmp_path / "few.npz"))))
    np.savez(
        tmp_path / "wide.npz", images=np.zeros((200, 8, 9), np.uint8), labels=np.repeat([3, 8], 100)
    )
    with pytest.raises(InputError, match=r"wide: expected images of the shape \(1, 8, 8\)"):
        study(dict(name="data"), dict(name="wide", dataset=dict(path=str(tmp_path / "wide.npz"))))


def test_matched_sources_have_the_same_seeds_in_their_pools():
    same = dict(name="long", **{"from": "denoiser"}, sampling=dict(steps=24))
    found = study(dict(name="diffusion"), same, same | dict(name="few", pools=2), dict(name="data"))
    assert found.classifiers.matched_sources == [("diffusion", "long")]


def test_two_denoisers_and_real_images(project):
    """The exact denoiser of normal classes, a network of few steps, and the digits."""
    few = dict(images_per_class=19, pools=1, train_sizes=[4], validation_size=4)
    coarse = dict(steps=3, snapshot_steps=[0, 3])
    config = dict(
        study="three",
        shard_size=64,
        sources=[
            dict(name="normal", denoiser=dict(kind="gaussian"), **few),
            dict(name="coarse", **{"from": "denoiser"}, sampling=coarse, **few),
            dict(name="data", **few),
        ],
        subsets=[dict(name="pair", classes=[3, 8], gram_images_per_class=19)],
        denoiser=dict(
            network=dict(model_channels=8), training=dict(steps=5, batch_size=16, warmup_steps=2)
        ),
        sampling=dict(steps=4, snapshot_steps=[0, 4], snapshot_images=1),
        contraction=dict(images=1),
        classifier=dict(losses=["least_squares"], seeds=1),
        concentration=dict(anchors=2),
        figures=dict(trajectory_classes=[3, 8]),
    )
    (project.folder / "three.yaml").write_text(yaml.safe_dump(config))
    results = project.folder / "results/three"
    project.succeed("--configfile", "three.yaml", "--", "results/three/figures/comparison.csv")
    folders = dict(normal="sources/normal/sampling", coarse="sources/coarse/sampling", data="data")
    images = {
        name: read_npz(results / folder / "3/0.npz", "images")["images"]
        for name, folder in folders.items()
    }
    assert {each.shape for each in images.values()} == {(19, 1, 8, 8)}
    assert not np.array_equal(images["normal"], images["coarse"])
    assert (results / "sources/normal/denoiser.safetensors").exists()
    assert not (results / "sources/coarse/denoiser.safetensors").exists()
    steps = {
        name: pd.read_parquet(results / f"sources/{name}/sampling/3/0.parquet")["step"].max()
        for name in ("normal", "coarse")
    }
    assert steps == dict(normal=4, coarse=3)
    found = pd.read_csv(results / "figures/comparison.csv")
    pairs = found[["first", "second"]].to_numpy().tolist()
    assert pairs == [["normal", "coarse"], ["normal", "data"], ["coarse", "data"]]
    excesses = found[["excess_first", "excess_second"]].abs()
    gaps = excesses["excess_first"] - excesses["excess_second"]
    np.testing.assert_allclose(found["gap"], gaps, atol=1e-12)
    assert ((found["low"] <= found["gap"]) & (found["gap"] <= found["high"])).all()


def test_the_reports_introduction_names_every_source():
    sources = [
        dict(name="diffusion"),
        dict(name="exact", denoiser=dict(kind="gaussian")),
        dict(name="long", **{"from": "denoiser"}),
        dict(name="gan", dataset=dict(path="samples")),
        dict(name="real", dataset=dict(reader="digits")),
        dict(name="copy", **{"from": "dataset"}),
    ]
    config = changed_configuration(sources=sources)
    said = caption(
        (ROOT / "workflow/report/report.rst").read_text(), dict(snakemake=dict(config=config))
    )
    text = " ".join(said.replace("<em>", "").replace("</em>", "").split())
    assert "denoiser: unet), samples of another denoiser (gaussian) (exact), samples" in text
    assert "with another sampler (long), those of samples (gan), those of digits (real)" in text
    assert "images of the dataset (copy)." in text
