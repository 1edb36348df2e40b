"""What the profile for SLURM asks for, as a dry run says without any SLURM."""

import math
import re
from types import SimpleNamespace

import pytest
import yaml
from snakemake_executor_plugin_slurm.submit_string import get_submit_command
from snakemake_executor_plugin_slurm.utils import set_gres_string
from test_plan import configuration

from configuration.study import Study
from costs.study import LOCAL, Costs
from project import ROOT, SMOKE, Project

ON_GPU = {"linear_measures", "denoiser", "sampling", "contraction", "base_samples", "classifier"}
PROFILE = ("--profile", "workflow/profiles/slurm", "--dry-run")


@pytest.fixture(scope="module")
def second_attempt(tmp_path_factory):
    """Resources of every job of the smoke study at its second attempt by rule, and the groups."""
    project = Project(tmp_path_factory.mktemp("profile"))
    output = project.succeed(*SMOKE, *PROFILE, "--attempt", "2")
    blocks = re.split(r"^ *(?:local)?rule (\w+):$", output, flags=re.MULTILINE)[1:]
    asked = {}
    for rule, body in zip(blocks[::2], blocks[1::2], strict=True):
        (resources,) = re.findall(r"^ *resources: (.*)", body, re.MULTILINE)
        if rule not in (*LOCAL, "all"):
            asked.setdefault(rule, []).append(dict(re.findall(r"(\w+)=([^,]+)", resources)))
    return asked, re.findall(r"Group job (\w+)", output)


def test_jobs_with_a_network_ask_for_a_gpu_on_any_machine(second_attempt):
    asked, _ = second_attempt
    assert len(asked) == len(Costs(Study(configuration("smoke"))).jobs()) - len(LOCAL)
    for rule, jobs in asked.items():
        for job in jobs:
            assert job["slurm_partition"] == ("gpu" if rule in ON_GPU else "cpu")
            assert job.get("gpu") == ("1" if rule in ON_GPU else None)
            assert "gres" not in job
            assert "slurm_account" not in job


def test_memory_and_time_grow_with_the_attempt(second_attempt):
    asked, _ = second_attempt
    costs = Costs(Study(configuration("smoke")))
    for rule, jobs in asked.items():
        assert {int(job["mem_mb"]) for job in jobs} == {2 * costs.mem_mb(rule)}
    assert {job["runtime"] for job in asked["sampling"]} == {"480"}
    assert {job["runtime"] for job in asked["data"]} == {"20"}


def test_short_jobs_are_grouped(second_attempt):
    _, groups = second_attempt
    assert groups.count("classifier") == 12 / 4
    assert groups.count("figures") == math.ceil(20 / 8)


def test_retries_stand_in_the_profile_and_in_no_rule(tmp_path):
    project = Project(tmp_path)
    profile = yaml.safe_load((project.folder / "workflow/profiles/slurm/config.yaml").read_text())
    assert profile["retries"] == 2
    for rules in (project.folder / "workflow/rules").rglob("*.smk"):
        assert "retries:" not in rules.read_text()


def test_the_profile_knows_every_rule_with_a_network_and_every_group():
    """Of the papers' pages too, which a dry run of the study does not show."""
    profile = yaml.safe_load((ROOT / "workflow/profiles/slurm/config.yaml").read_text())
    text = "".join(path.read_text() for path in (ROOT / "workflow/rules").rglob("*.smk"))
    blocks = re.split(r"^rule (\w+):", text, flags=re.MULTILINE)[1:]
    bodies = dict(zip(blocks[::2], blocks[1::2], strict=True))
    on_gpu = {name for name, body in bodies.items() if "gpu=GPUS" in body}
    assert on_gpu | {"classifier"} == set(profile["set-resources"])
    figures = {name for name in bodies if name.endswith("_figure")}
    grouped = {name for name, body in bodies.items() if re.search(r'group:\s+"figures"', body)}
    assert figures == grouped
    assert set(profile["groups"]) <= set(bodies) - figures
    assert set(profile["group-components"]) == {*profile["groups"].values(), "figures"}


class Resources(dict):
    __getattr__ = dict.__getitem__


def test_gres_stands_alone_where_gpu_is_0():
    """What docs/cluster.md says on --gres; with 1, both options would be passed."""

    def asked(gpu):
        resources = Resources(gpu=gpu, gres="gpu:a100:1")
        return set_gres_string(SimpleNamespace(resources=resources))

    assert asked(0).split() == ["--gres=gpu:a100:1"]
    assert asked(1).split() == ["--gres=gpu:a100:1", "--gpus=1"]


def test_ntasks_per_gpu_is_passed_only_where_tasks_are_set():
    """SLURM refuses it beside --cpus-per-task; docs/cluster.md says how to switch it off."""
    given = dict(run_uuid="", slurm_logfile="", comment_str="", account="", partition="")

    def option(**tasks):
        resources = Resources(gpu=0, gres="gpu:a100:1", **tasks)
        job = SimpleNamespace(resources=resources, threads=1)
        return "--ntasks-per-gpu" in get_submit_command(job, given | dict(workdir=None))

    assert not option()
    assert option(tasks=1)
    assert not option(tasks=1, tasks_per_gpu=0)
