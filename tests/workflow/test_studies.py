"""The other studies: the control whose answer is known, images without a diffusion model, a saved
denoiser, and the default study's own quality."""

import re
import shutil

import class_subspaces
import mixture_directions
import numpy as np
import pandas as pd
import pytest
import torch
import yaml

import gaussianity
from configuration.study import Study
from gaussianity.data.datasets import read_dataset
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from gaussianity.io.images import rows, to_network, to_uint8, to_unit
from gaussianity.sampling.sampler_variance import SETTINGS
from gaussianity.streams import image_seeds, stream
from project import ROOT, SMOKE, default_configuration


@pytest.mark.slow  # in memory: test_controls
def test_control_diffusion_and_gaussian_agree(project):
    """The exact Gaussian denoiser, in small: its samples must be found to be Gaussian."""
    small = dict(
        sources=[
            dict(
                name="diffusion",
                images_per_class=1000,
                pools=5,
                train_sizes=[16, 32, 64],
                validation_size=36,
            )
        ],
        subsets=[dict(name="pair", classes=[3, 8], gram_images_per_class=170)],
        figures=dict(trajectory_classes=[3, 8]),
        classifier=dict(losses=["cross_entropy", "least_squares"], seeds=5, epochs=15),
        sampling=dict(steps=24, snapshot_steps=[0, 24]),
        verdict=dict(margin=0.05),
    )
    (project.folder / "small.yaml").write_text(yaml.safe_dump(small))
    files = "workflow/studies/control.yaml", "small.yaml"
    project.succeed("--configfile", *files, "--until", "verdict_figure")
    verdicts = pd.read_csv(project.folder / "results/control/figures/verdict.csv")
    assert len(verdicts) == 2 * 3
    assert "beyond" not in set(verdicts["outcome"]), verdicts.to_string()
    last = verdicts[verdicts["train_size"] == 64]
    assert last["low"].min() > -0.05, last.to_string()
    assert last["high"].max() < 0.05, last.to_string()


@pytest.mark.slow
def test_positive_control_is_found_beyond_the_margin(project):
    """Two modes with the means and covariances of a Gaussian, in small, from their denoiser."""
    small = dict(
        sources=[
            dict(
                name="diffusion",
                images_per_class=1800,
                pools=3,
                train_sizes=[256],
                validation_size=44,
            )
        ],
        classifier=dict(losses=["least_squares"], seeds=3),
    )
    (project.folder / "small.yaml").write_text(yaml.safe_dump(small))
    files = "workflow/studies/positive_control.yaml", "small.yaml"
    project.succeed("--configfile", *files, "--until", "verdict_figure")
    verdicts = pd.read_csv(project.folder / "results/positive_control/figures/verdict.csv")
    assert verdicts["outcome"].tolist() == ["beyond"], verdicts.to_string()
    assert verdicts["accuracy_gaussian"][0] > verdicts["accuracy_source"][0] + 0.05


@pytest.mark.slow
@pytest.mark.parametrize("covariance", ["sample", "ledoit_wolf"])
@pytest.mark.parametrize(("side", "images"), [(20, 120), (8, 160)])  # 0.3 and 2.5 a pixel
def test_gaussian_images_are_not_beyond_the_margin(project, covariance, side, images):
    """Exactly normal images in a file, whatever estimates the covariance of the figures."""
    d, generator = side**2, np.random.default_rng(side)
    scales = 0.1 / np.sqrt(np.arange(1, d + 1))
    centres = 0.5 + 0.03 * generator.standard_normal((3, 1, d)) * scales / scales[0]
    rows = centres + scales * generator.standard_normal((3, images, d))
    np.savez(
        project.folder / "normal.npz",
        images=rows.reshape(-1, 1, side, side).astype(np.float32),
        labels=np.repeat(np.arange(3), images),
    )
    source = dict(name="data", images_per_class=images, pools=1, train_sizes=[48])
    study = dict(
        study="normal",
        dataset=dict(reader="npz", path="normal.npz"),
        sources=[source | dict(validation_size=16)],
        subsets=[dict(name="three", classes=[0, 1, 2], gram_images_per_class=50)],
        gaussian=dict(covariance=covariance),
        classifier=dict(losses=["least_squares"]),
        figures=dict(trajectory_classes=[0, 1, 2]),
    )
    (project.folder / "normal.yaml").write_text(yaml.safe_dump(study))
    project.succeed("--configfile", "normal.yaml", "--until", "verdict_figure")
    (found,) = pd.read_csv(project.folder / "results/normal/figures/verdict.csv").to_dict("records")
    assert found["outcome"] != "beyond", found
    assert found["p_beyond"] > 0.05, found
    assert abs(found["excess"]) < 0.05, found


def test_a_saved_denoiser_beside_a_dataset_of_another_class_order(smoke, project):
    """Labels go by name: the file knows 10 digits, the dataset only three, in another order."""
    saved = smoke.folder / "results/smoke/denoiser.safetensors"
    digits = read_dataset("digits")
    names = np.array(["7", "1", "0"])
    chosen = np.isin(digits.labels, [0, 1, 7])
    positions = np.array([list(names).index(str(k)) for k in digits.labels[chosen]])
    np.savez(
        project.folder / "three.npz",
        images=digits.images[chosen],
        labels=positions,
        class_names=names,
    )
    changed = dict(
        dataset=dict(reader="npz", path="three.npz"),
        denoiser=dict(kind="file", path=str(saved)),
        linear=dict(halves=dict(train=False)),
    )
    (project.folder / "changed.yaml").write_text(yaml.safe_dump(changed))
    target = "results/smoke/sampling/7/0.npz"
    project.succeed(*SMOKE, "changed.yaml", "--", target)
    found = np.load(project.folder / target)
    np.testing.assert_array_equal(found["seeds"], image_seeds(0, 0, range(48)))  # first class here
    torch.set_num_threads(1)
    images = gaussianity.sample(
        gaussianity.load_denoiser(saved),
        found["seeds"],
        torch.eye(10)[[7] * 48],  # label 7 there
        steps=6,
        S_churn=5.0,
        S_min=0.05,
        S_max=50.0,
        S_noise=1.003,
    )
    np.testing.assert_array_equal(to_uint8(images), found["images"])


def given_study(folder, denoiser, **sampling):
    """Arguments of a study of two classes sampled from a given denoiser, and of nothing else."""
    study = dict(
        study="given",
        shard_size=6,
        sources=[
            dict(
                name="diffusion",
                images_per_class=10,
                pools=1,
                train_sizes=[2],
                validation_size=2,
            )
        ],
        subsets=[dict(name="pair", classes=[0, 2], gram_images_per_class=4)],
        denoiser=denoiser,
        sampling=dict(
            steps=5, seeds="shared", batch_size=6, snapshot_steps=[0], stored_as="float32"
        )
        | dict(sigma_min=0.002, sigma_max=80.0, S_churn=5.0)
        | sampling,
        figures=dict(trajectory_classes=[0]),
    )
    (folder / "given.yaml").write_text(yaml.safe_dump(study))
    return "--configfile", "given.yaml"


def found_samples(folder, image_class):
    """Seeds and images of all shards of a class."""
    shards = [np.load(folder / f"results/given/sampling/{image_class}/{i}.npz") for i in (0, 1)]
    return [np.concatenate([shard[name] for shard in shards]) for name in ("seeds", "images")]


CHURN = dict(S_churn=5.0, S_min=0.05, S_max=50.0, S_noise=1.003)


@pytest.mark.slow
def test_a_checkpoint_is_sampled_as_from_the_python_prompt(project):
    """Image i has the seed i in every class; NVIDIA's noise levels bound the study's."""
    shutil.copy(ROOT / "tests/data/ddpmpp-vp.pkl", project.folder / "trained.pkl")
    denoiser = dict(kind="file", path="trained.pkl", image_shape=[2, 8, 8])
    arguments = given_study(project.folder, denoiser, sigma_max=500.0)
    project.succeed(*arguments, "--until", "sampling")
    torch.set_num_threads(1)
    loaded = gaussianity.load_denoiser(project.folder / "trained.pkl")
    for label in (0, 2):
        seeds, images = found_samples(project.folder, label)
        np.testing.assert_array_equal(seeds, range(10))
        expected = [
            gaussianity.sample(
                loaded, part, torch.eye(3)[[label] * len(part)], steps=5, sigma_max=500.0, **CHURN
            )
            for part in (range(6), range(6, 10))
        ]
        np.testing.assert_array_equal(images, to_unit(torch.cat(expected)))
        assert images.std() > 0.01


FUNCTION = """
import torch

def denoise(x, sigma, class_labels):
    shift = torch.tensor([-0.5, 0.0, 0.5], dtype=x.dtype)[class_labels.argmax(dim=1)]
    return shift.reshape(-1, 1, 1, 1) + 0.04 / (0.04 + sigma**2) * (x - shift.reshape(-1, 1, 1, 1))
"""


@pytest.mark.slow
def test_a_function_in_the_users_folder_is_sampled_and_its_edit_seen(project):
    """D of N(shift_k, 0.2^2): the samples have the mean of their class."""
    module = project.folder / "my_denoiser.py"
    module.write_text(FUNCTION)
    denoiser = dict(kind="callable", path="my_denoiser:denoise", image_shape=[1, 4, 4])
    arguments = given_study(project.folder, denoiser, steps=20)
    target = "results/given/sampling/2/0.npz"
    project.succeed(*arguments, "--", target)
    images = np.load(project.folder / target)["images"]
    assert images.shape == (6, 1, 4, 4)
    assert images.mean() == pytest.approx(0.75, abs=5 * 0.1 / 96**0.5)  # network 0.5 is unit 0.75
    assert images.std() == pytest.approx(0.1, rel=0.35)
    assert "Nothing to be done" in project.succeed(*arguments, "--dry-run", "--", target)
    module.touch()
    assert "Nothing to be done" in project.succeed(*arguments, "--dry-run", "--", target)
    module.write_text(FUNCTION.replace("0.04", "0.09"))
    changed = project.succeed(*arguments, "--dry-run", "--", target)
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", changed, re.MULTILINE))
    assert jobs["sampling"] == "1"


def test_an_edit_of_a_pipelines_weights_would_be_seen(tmp_path, monkeypatch):
    """The denoiser's files are what its folder holds, not its table of contents alone."""
    monkeypatch.chdir(tmp_path)
    files = ["model_index.json", "unet/config.json", "unet/diffusion_pytorch_model.safetensors"]
    files += ["scheduler/scheduler_config.json"]
    for file in files:
        path = tmp_path / "pipeline" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    config = default_configuration()
    config["denoiser"] |= dict(kind="diffusers", path="pipeline", image_shape=[1, 8, 8])
    assert set(Study(config).denoiser.inputs) == {f"pipeline/{file}" for file in files}


def test_mnist_study_is_planned_from_real_files(shared, project):
    folder = shared / "data" / "mnist-t10k"
    paths = [folder / f"t10k-{part}-ubyte.gz" for part in ("images-idx3", "labels-idx1")]
    change = f"dataset={{path: '{paths[0]}', labels: '{paths[1]}'}}"
    study = "--configfile", "workflow/studies/mnist.yaml", "--config", change
    plan = project.succeed(*study, "--dry-run")
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", plan, re.MULTILINE))
    assert jobs["classifier"] == "45"
    assert not {"denoiser", "sampling", "class_agreement_figure", "norm_evolution_figure"} & set(
        jobs
    )
    project.succeed(*study, "--", "results/mnist/spectra/data-gaussian/3.parquet")
    table = pd.read_parquet(project.folder / "results/mnist/spectra/data-gaussian/3.parquet")
    assert len(table) == 784


@pytest.mark.slow
def test_default_denoiser_draws_the_intended_classes():
    """At least 95 % of the images by three nearest real neighbours, with the default settings."""
    config = default_configuration()
    data = read_dataset("digits")
    settings = dict(config["denoiser"]["training"])
    torch.set_num_threads(settings.pop("threads"))
    denoiser, _ = gaussianity.train(
        to_network(data.images),
        data.labels,
        label_dim=10,
        sigma_data=config["denoiser"]["sigma_data"],
        network=config["denoiser"]["network"],
        training=gaussianity.Training(**settings),
        generator=stream(0, "training"),
    )
    intended = np.repeat(np.arange(10), 100)
    seeds = np.concatenate([image_seeds(0, k, range(100)) for k in range(10)])
    noise = {key: config["sampling"][key] for key in SETTINGS}
    images = gaussianity.sample(denoiser, seeds, torch.eye(10)[intended], **noise)
    generated = rows(to_uint8(images))
    batches = [generated[intended == k] for k in range(10)]
    votes = gaussianity.class_votes(rows(data.images), data.labels, batches, classes=10)
    assert np.trace(votes) >= 0.95 * votes.sum()


def test_an_edit_of_an_activation_would_be_seen(tmp_path, monkeypatch):
    """By the jobs that compute it; an installed package's file is none of the project's."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text("def phi(x):\n    return x\n")
    config = default_configuration()
    config["manifold"]["theory"]["activations"] = ["relu", "own:phi", "scipy.special:erf"]
    config["manifold"]["collapse"]["cases"][0]["activation"] = "own:phi"
    study = Study(config).manifold
    assert study.activation_code == {"own:phi": ["own.py"], "scipy.special:erf": []}
    first, second = list(study.transition_cases("collapse"))[:2]
    assert study.case_code("collapse", first) == ["own.py"]
    assert study.case_code("collapse", second) == []
    assert study.case_code("collapse") == ["own.py"]
    assert study.case_code("cloning") == []
    config["manifold"]["cloning"]["cases"][0]["activation"] = "absent_module:phi"
    with pytest.raises(InputError, match=r"manifold\.cloning\.cases absent_module:phi: expected"):
        Study(config)
    assert Study(config, needs_files=False).manifold.activation_code == {}


@pytest.mark.slow
def test_the_jobs_of_an_activation_run_again_after_its_edit(project):
    module = project.folder / "own.py"
    module.write_text("def phi(x):\n    return x**3\n")
    change = project.folder / "own.yaml"
    case = dict(case="own", activation="own:phi", d=16, p=8, n=100, separation=0.0, kappa=1.0)
    cases = [case | dict(isometric=False)]
    theory = dict(activations=["relu", "own:phi"])
    change.write_text(
        yaml.safe_dump(dict(manifold=dict(theory=theory, collapse=dict(cases=cases))))
    )
    folder = "results/smoke/manifold"
    targets = [f"{folder}/{name}.parquet" for name in ("theory/relu", "theory/own_phi")]
    arguments = (*SMOKE, change, "--dry-run", "--", *targets, f"{folder}/collapse/own.parquet")
    project.succeed(*(part for part in arguments if part != "--dry-run"))
    assert "Nothing to be done" in project.succeed(*arguments)
    module.write_text("def phi(x):\n    return x**5\n")
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", project.succeed(*arguments), re.MULTILINE))
    assert jobs == dict(manifold_theory="1", collapse="1", total="2")


def test_transition_times_need_a_datasets_images():
    """Those of the first two classes, unless others are named."""
    config = default_configuration()
    both = Study(config)
    assert both.manifold.transition_classes == ["3", "8"]
    assert both.manifold.cloned_denoisers == ["trained", "mixture"]
    data = Study(config | dict(sources=config["sources"][1:]))
    assert data.manifold.cloned_denoisers == ["mixture"]
    diffusion = Study(config | dict(sources=config["sources"][:1]))
    assert diffusion.manifold.transition_classes == []
    assert "real_transition_times" in both.figures_of("manifold")
    assert "real_transition_times" not in diffusion.figures_of("manifold")
    config["manifold"]["real_data"]["classes"] = [0, 9]
    assert Study(config).manifold.transition_classes == ["0", "9"]


def test_images_of_a_denoiser_without_labels_have_seeds_of_their_own(tmp_path, monkeypatch):
    """Also where the classes share theirs, as in the paper's study: equal ones would be one image
    measured several times."""
    monkeypatch.chdir(tmp_path)
    generator, config = np.random.default_rng(0), default_configuration()
    for k in range(3):
        write_npz(f"{k}.npz", images=generator.uniform(size=(12, 1, 4, 4)).astype(np.float32))
    settings = dict(images=2, steps=2, directions=2, random=1, strengths=[1], classifier_images=12)
    settings |= dict(levels=[], inversion=dict(images=0, steps=2, path=None))
    mixture_directions.main(
        shard_paths=[["0.npz"], ["1.npz"], ["2.npz"]],
        effects_path="effects.parquet",
        pictures_path="pictures.npz",
        settings=config["molrg"]["semantic_directions"] | settings,
        classes=[dict(name=str(k), seeds=0, index=k, label=k) for k in range(3)],
        image_shape=(1, 4, 4),
        study_seed=0,
        device="cpu",
    )
    seeds = pd.read_parquet("effects.parquet").groupby("image")["seed"].unique().explode()
    assert len(seeds) == seeds.nunique() == 6


def test_the_denoiser_of_a_class_is_held_against_the_components_of_its_own_images(
    tmp_path, monkeypatch
):
    """Theorem 1, whatever the class's moments are: here those of another law."""
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    for k in range(2):
        plane = np.linalg.qr(generator.standard_normal((16, 2)))[0]
        planes = generator.standard_normal((40, 2)) @ plane.T
        write_npz(f"{k}.npz", images=planes.reshape(40, 1, 4, 4).astype(np.float32))
        write_npz(f"moments{k}.npz", mean=np.zeros(16), covariance=np.diag(np.arange(16.0)))
    class_subspaces.main(
        image_paths=["0.npz", "1.npz"],
        moments_paths=["moments0.npz", "moments1.npz"],
        subspaces_path="subspaces.parquet",
        clusters_path="clusters.parquet",
        source="data",
        classes=["a", "b"],
        settings=dict(
            images_per_class=40, dimension=2, restarts=1, iterations=5, denoising=400, random=5
        ),
        generators=[np.random.default_rng(k) for k in range(3)],
    )
    found = pd.read_parquet("subspaces.parquet").query("against == 'own'")
    found = found.set_index(["learned", "reference"])["affinity"]
    assert len(found["denoiser", "principal"]) == 2
    assert found["denoiser", "principal"].min() > 0.99
    assert found["denoiser", "covariance"].max() < 0.9
