"""What a study costs before it runs: jobs against Snakemake's own plan, sizes against files."""

import csv
import io
import re

import numpy as np
import plan
import pytest
import torch
import yaml

from configuration.study import Study
from costs.pages import PAGES
from costs.study import LOCAL, Costs
from gaussianity.denoisers.files import load_denoiser
from gaussianity.networks.adm_layout import adm_parameters
from gaussianity.networks.adm_unet import ADMUNet
from gaussianity.networks.layers import parameter_count
from gaussianity.sampling.sampler import sample
from project import ROOT, Project, default_configuration

PAPER = dict(
    model_channels=192,
    channel_mult=[1, 2, 3, 4],
    num_blocks=3,
    attention_resolutions=[32, 16, 8],
    channels_per_head=64,
    dropout=0.1,
)
MOLRG = ("numerical_rank", "mixture_rank", "semantic_directions", "mixture_directions")
MOLRG += ("class_subspaces", "mixture_denoiser", "image_subset", "mixture_generalisation")
MOLRG += ("image_generalisation", "phase_transition")
TINY = dict(model_channels=8, channel_mult=[1, 1], num_blocks=1, attention_resolutions=[])
FOLDERS = dict(
    dataset="dataset.npz",
    sampling="sampling/*/*",
    data="data/*/*",
    moments="moments/*/*",
    gaussian="gaussian/*/*/*",
    base_samples="base_samples/*/*",
)


def merged(config, change):
    """A configuration with the entries of another one, mapping by mapping, as Snakemake merges."""
    both = config | change
    for key in set(config) & set(change):
        if isinstance(config[key], dict) and isinstance(change[key], dict):
            both[key] = merged(config[key], change[key])
    return both


def configuration(name=None, **change):
    """The default configuration, that of a study in workflow/studies/, with changes."""
    config = default_configuration()
    if name is not None:
        study = yaml.safe_load((ROOT / f"workflow/studies/{name}.yaml").read_text())
        config = merged(config, study)
    return merged(config, change)


def data_only():
    return configuration(study="data_only", sources=configuration()["sources"][1:])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the project in which nothing has run."""
    return Project(tmp_path_factory.mktemp("checkout"))


LONGER = [pytest.param(name, marks=pytest.mark.slow) for name in ("digits", "control", "rehearsal")]


@pytest.fixture(scope="module", params=["smoke", "data_only", *LONGER])
def dry_run(request, checkout):
    """A study's configuration and what `snakemake --dry-run` says of it."""
    config = dict(digits=configuration, data_only=data_only).get(
        request.param, lambda: configuration(request.param)
    )()
    (checkout.folder / "study.yaml").write_text(yaml.safe_dump(config))
    return config, checkout.succeed("--configfile", "study.yaml", "--dry-run")


def jobs_in(output):
    """Number of jobs of each rule in the output of a dry run, without its targets."""
    _, last = output.rsplit("Job stats:", 1)
    counts = {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", last, re.MULTILINE)}
    targets = sum(counts.pop(target, 0) for target in ("all", *PAGES))
    assert counts.pop("total") == sum(counts.values()) + targets
    return counts


def test_jobs_are_those_of_a_dry_run(dry_run):
    config, output = dry_run
    assert Costs(Study(config)).jobs() == jobs_in(output)


def memory_in(output):
    """mem_mb that the jobs of each rule ask for in the output of a dry run."""
    blocks = re.split(r"^ *(?:local)?rule (\w+):$", output, flags=re.MULTILINE)[1:]
    asked = {}
    for rule, body in zip(blocks[::2], blocks[1::2], strict=True):
        found = re.search(r"^ +resources: .*\bmem_mb=(\d+)", body, re.MULTILINE)
        if found:
            asked.setdefault(rule, set()).add(int(found[1]))
    return asked


def test_the_rules_ask_for_the_memory_that_the_plan_says(dry_run):
    config, output = dry_run
    costs = Costs(Study(config))
    heavy = set(costs.jobs()) - set(LOCAL)
    assert memory_in(output) == {rule: {costs.mem_mb(rule)} for rule in heavy}
    assert min(costs.mem_mb(rule) for rule in costs.jobs()) >= 500


@pytest.mark.parametrize("label_dim", [0, 10])
@pytest.mark.parametrize(
    ("channels", "resolution", "settings"),
    [
        (1, 8, configuration()["denoiser"]["network"]),
        (1, 8, configuration("smoke")["denoiser"]["network"]),
        (3, 64, configuration("rehearsal")["denoiser"]["network"]),
        (3, 32, dict(PAPER, model_channels=64, num_blocks=1)),
        (2, 16, dict(PAPER, model_channels=32, channel_mult=[1, 1, 2], num_blocks=2)),
        (1, 8, dict(TINY, channels_per_head=8)),
        (3, 8, dict(TINY, channel_mult=[1], channels_per_head=8, attention_resolutions=[8])),
        (3, 8, dict(TINY, channels_per_head=64)),  # too narrow for any head
    ],
)
def test_parameters_are_counted_as_the_network_has_them(channels, resolution, settings, label_dim):
    with torch.device("meta"):
        network = ADMUNet(resolution=resolution, channels=channels, label_dim=label_dim, **settings)
    count = adm_parameters(channels, resolution, label_dim, **settings)
    assert count == parameter_count(network)


LARGE = ("denoiser", "sampling", "contraction", "moments", "gaussian", "spectra", "gram")
LARGE += ("classifier", "class_subspaces", "numerical_rank", "semantic_directions")


def test_memory_grows_with_the_study_where_jobs_hold_what_grows():
    """Arrays of the paper's study that a job holds, and small studies stay small."""
    large = Costs(Study(configuration("imagenet64"), needs_files=False))
    d, weights = large.d, large.network_bytes()
    held = dict(
        moments=8 * d**2,
        spectra=8 * 10240 * d,
        sampling=weights,
        denoiser=weights,
        contraction=2 * weights,
        numerical_rank=2 * weights,
        semantic_directions=2 * weights,
        class_subspaces=8 * 20 * 150 * d,
    )
    for rule, size in held.items():
        assert large.memory(rule) > size, rule
    small = Costs(Study(configuration("smoke")))
    for rule in LARGE:
        assert small.mem_mb(rule) <= 1600, rule
        assert small.memory(rule) < large.memory(rule), rule


def test_the_papers_network_has_as_many_parameters_as_published():
    """295.9 million: Dhariwal and Nichol (2021), table 4, ImageNet 64 x 64."""
    assert round(adm_parameters(3, 64, 1000, **PAPER) / 1e6, 1) == 295.9


def test_network_evaluations_of_the_papers_study():
    costs = Costs(Study(configuration("imagenet64"), needs_files=False))
    assert costs.network_evaluations() == (20 * 10240 + 3 * 2048) * 511
    assert costs.jobs()["sampling"] == 20 * 5
    assert costs.d == 12288


class Counting(torch.nn.Module):
    """A denoiser that counts the images that it is given."""

    image_shape, label_dim, images = (1, 8, 8), 0, 0

    def forward(self, x, sigma, class_labels=None):
        self.images += len(x)
        return x


def test_network_evaluations_are_those_that_the_sampler_makes():
    config, counting = configuration("smoke"), Counting()
    sample(counting, range(96), steps=config["sampling"]["steps"], S_churn=5.0)
    # 96 images of each of 3 classes, and 48 from each of 3 bases
    assert Costs(Study(config)).network_evaluations() == (3 + 3 * 48 / 96) * counting.images


def test_disk_is_what_the_smoke_study_left(smoke):
    """Arrays byte for byte; with headers and tables within a fifth and a kilobyte per file."""
    results = smoke.folder / "results" / "smoke"
    costs = Costs(Study(yaml.safe_load((results / "config.yaml").read_text())))
    for rule, pattern in FOLDERS.items():
        files = list(results.glob(pattern))
        size = sum(file.stat().st_size for file in files)
        assert size == pytest.approx(costs.disk(rule), rel=0.2, abs=1024 * len(files)), rule
    for rule, names in dict(
        data=["images"], gaussian=["images"], moments=["mean", "covariance"]
    ).items():
        held = sum(
            np.load(file)[name].nbytes for file in results.glob(FOLDERS[rule]) for name in names
        )
        assert held == costs.disk(rule), rule
    size = (results / "denoiser.safetensors").stat().st_size
    assert size == pytest.approx(costs.disk("denoiser"), abs=2e4)  # the names of its tensors


def test_memory_is_more_than_the_smoke_studys_jobs_took(smoke):
    assert {"denoiser", "sampling"} <= rules_that_took_less(smoke)


@pytest.mark.slow  # 60 jobs beside those of the study
def test_memory_is_more_than_the_papers_pages_jobs_took(papers):
    assert {"mixture_denoiser", "class_subspaces"} <= rules_that_took_less(papers, MOLRG)


def rules_that_took_less(project, among=None):
    """Names of the rules whose jobs were seen, all within what they asked for."""
    folder = project.folder / "benchmarks" / "smoke"
    results = project.folder / "results" / "smoke"
    costs = Costs(Study(yaml.safe_load((results / "config.yaml").read_text())))
    seen = set()
    for path in folder.rglob("*.tsv"):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        with open(path, newline="") as file:
            (row,) = csv.DictReader(file, delimiter="\t")
        if among and rule not in among:
            continue
        if row["max_rss"] not in ("-", "NA"):  # not sampled in time
            assert float(row["max_rss"]) < costs.mem_mb(rule), path
            seen.add(rule)
    return seen


def quickened(project):
    """Let the plan measure for a moment only."""
    script = project.folder / "workflow/scripts/report/plan.py"
    text, replaced = re.subn(r"^SECONDS = .*$", "SECONDS = 0.01", script.read_text(), flags=re.M)
    assert replaced == 1
    script.write_text(text)


def test_the_papers_study_is_planned_without_its_checkpoint(checkout):
    """As a user calls it, but with a small network, for a moment: the real one takes a minute."""
    quickened(checkout)
    small = dict(
        denoiser=dict(network=dict(TINY, channels_per_head=8)), sampling=dict(batch_size=1)
    )
    (checkout.folder / "small.yaml").write_text(yaml.safe_dump(small))
    study = "--configfile", "workflow/studies/imagenet64.yaml", "small.yaml"
    output = checkout.succeed("plan", "--cores", "1", *study)
    assert "study imagenet64: 20 classes, images 3 x 64 x 64 (d = 12,288)" in output
    assert "network evaluations: 107,792,384 of single images (511 for each image)" in output
    assert re.search(r"^sampling +100 ", output, re.MULTILINE)
    assert re.search(r"^sampling at that rate: ", output, re.MULTILINE)
    assert not (checkout.folder / "results").exists()
    assert not (checkout.folder / "benchmarks").exists()


def test_without_its_checkpoint_the_papers_study_says_where_to_get_it(checkout):
    done = checkout.snakemake("--configfile", "workflow/studies/imagenet64.yaml", "--dry-run")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout
    (sentence,) = [line for line in done.stdout.splitlines() if "expected" in line]
    for part in (
        "checkpoints/edm-imagenet-64x64-cond-adm.pkl: expected a checkpoint of NVIDIA's EDM",
        "download https://nvlabs-fi-cdn.nvidia.com/edm/pretrained/edm-imagenet-64x64-cond-adm.pkl",
        "(about 1.2 GB) and put it there, or set denoiser.path",
    ):
        assert part in sentence


@pytest.mark.slow
def test_the_papers_network_is_measured():
    """295.9 million random weights, on one core."""
    screen = io.StringIO()
    plan.main(config=configuration("imagenet64"), device="cpu", screen=screen)
    (rate,) = re.findall(r"batch 2, an ADM network.*\): ([\d.]+) evaluations/s", screen.getvalue())
    assert 0.05 < float(rate) < 1000


@pytest.fixture
def moment(monkeypatch, tmp_path):
    """Plans measure for a moment only, in a folder without results."""
    monkeypatch.setattr(plan, "SECONDS", 0.01)
    monkeypatch.chdir(tmp_path)


def printed(config):
    screen = io.StringIO()
    plan.main(config=config, device="cpu", screen=screen)
    return screen.getvalue()


def test_a_plan_prints_a_line_per_rule(moment):
    config = configuration("smoke")
    output, costs = printed(config), Costs(Study(config))
    for rule, count in costs.jobs().items():
        memory = plan.amount(1e6 * costs.mem_mb(rule))
        assert re.search(rf"^{rule} +{count} +{memory}", output, re.MULTILINE), rule
    assert f"network evaluations: {costs.network_evaluations():,} of single" in output
    assert re.search(r"^measured here .* [\d,.]+ evaluations/s = ", output, re.MULTILINE)
    assert re.search(r"^sampling at that rate: [\d,.]+ CPU core-hours$", output, re.MULTILINE)
    for page in PAGES:
        heading, all_of = f"page {page} (snakemake -- {page})", sum(costs.jobs(page).values())
        assert re.search(rf"^all +{all_of:,} ", output[output.index(heading) :], re.MULTILINE)


def test_a_study_without_a_diffusion_model_has_no_network_to_measure(moment):
    found = printed(data_only())
    assert "174 images per class from data" in found
    of_study, *of_pages = found.split("\npage ")  # whose own networks are trained in any study
    assert not re.search("network|measured|sampling|denoiser", of_study)
    assert not re.search("linear_measures|sampling ", "".join(of_pages))


def test_the_exact_denoiser_is_not_measured(moment):
    assert "no time measured for the denoiser kind gaussian" in printed(configuration("control"))


def test_a_given_file_is_measured_itself(moment):
    """The network of the configuration stands in for a checkpoint that is not there, only."""
    checkpoint = ROOT / "tests" / "data" / "ddpmpp-vp.pkl"
    given = dict(kind="file", path=str(checkpoint), image_shape=[2, 8, 8])
    subset = dict(name="pair", classes=[0, 1], gram_images_per_class=40)
    figures = dict(trajectory_classes=[0, 1])
    sources = configuration("smoke")["sources"][:1]
    config = configuration(
        "smoke",
        denoiser=given,
        subsets=[subset],
        sources=sources,
        figures=figures,
        linear=dict(halves=dict(train=False)),
    )
    found, _ = plan.denoiser_to_measure(Study(config))
    assert parameter_count(found) == parameter_count(load_denoiser(checkpoint))


def test_a_plan_says_what_the_verdict_can_see():
    """5 pools see 1.33 deviations: t of 4 degrees of freedom at 0.95, and 0.84, over sqrt(5)."""
    first, second = plan.of_verdict(Study(configuration()))
    assert "verdict on diffusion, least_squares: 5 pools" in first
    assert "0.003 or more away from the margin and differs between pools by 0.002" in second
    assert "0.008 if by 0.006" in second


def test_a_plan_says_what_stands_in_the_way_of_a_verdict():
    config = configuration(study="few", sources=configuration()["sources"][1:])
    config["sources"] = [config["sources"][0] | dict(train_sizes=[120])]
    _, _, *found = plan.of_verdict(Study(config))
    pair = [line for line in found if line.startswith("  no verdict on pair: ")]
    assert "145 images are mixed into 140 rows, fewer than 1.25 images a row: set" in pair[0]
    assert "120 of 174 images of a class are trained on, more than 0.6 of them" in pair[1]
    assert len(found) == 2 * len(config["subsets"])


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, ""), (9e5, ""), (1e6, "1 MB"), (4.6e8, "460 MB"), (1e9, "1.0 GB"), (2.42e10, "24.2 GB")],
)
def test_amounts_have_units(size, text):
    assert plan.amount(size) == text
