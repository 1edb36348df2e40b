"""The workflow as a module of another workflow, in another folder."""

import os
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
import yaml

from project import ROOT, Project

USER = """
configfile: "study.yaml"


module gaussianity:
    snakefile:
        {snakefile}
    config:
        config


use rule * from gaussianity as gaussianity_*


rule everything:
    default_target: True
    input:
        rules.gaussianity_all.input,
"""
SHARD = "results/smoke/data/7/1.npz"


class User(Project):
    """A workflow of one Snakefile and a study, which uses the project as a module."""

    def __init__(self, folder, snakefile):
        folder.mkdir()
        self.folder = folder
        (folder / "Snakefile").write_text(USER.format(snakefile=snakefile))
        shutil.copy(ROOT / "workflow/studies/smoke.yaml", folder / "study.yaml")


@pytest.fixture
def user(tmp_path):
    """A user of a checkout beside it."""
    project = tmp_path / "gaussianity"
    project.mkdir()
    Project(project)
    return User(tmp_path / "user", '"../gaussianity/workflow/Snakefile"')


def test_a_module_gives_what_a_checkout_gives(smoke, user):
    """The configuration with all defaults, a shard of data, and the plan of everything else."""
    user.succeed(SHARD, "results/smoke/config.yaml")
    for path in ("results/smoke/dataset.npz", SHARD):
        assert (user.folder / path).read_bytes() == (smoke.folder / path).read_bytes()
    kept, expected = (
        yaml.safe_load((folder / "results/smoke/config.yaml").read_text())
        for folder in (user.folder, smoke.folder)
    )
    assert kept == expected
    plan = user.succeed("--dry-run", "--quiet", "rules")
    stats = dict(re.findall(r"^(\w+) +(\d+)$", plan, re.MULTILINE))
    assert stats["gaussianity_verdict_figure"] == stats["everything"] == "1"
    assert stats["gaussianity_data"] == "8"  # of nine shards, and the dataset is there too
    assert "gaussianity_dataset" not in stats
    assert "localrules" not in plan  # names without the prefix, of which Snakemake would warn


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_module_from_a_git_host(tmp_path):
    """github(...) with a repository on this machine in GitHub's place."""
    host = tmp_path / "host"
    host.mkdir()
    Project(host)
    git = ("git", "-C", str(host), "-c", "user.name=a", "-c", "user.email=a@b")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"], ["tag", "v1"]):
        subprocess.run([*git, *command], check=True)
    environment = os.environ | {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{host}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/owner/gaussianity",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    snakefile = 'github("owner/gaussianity", path="workflow/Snakefile", tag="v1")'
    user = User(tmp_path / "user", snakefile)
    done = subprocess.run(
        user.command(SHARD), cwd=user.folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (user.folder / SHARD).is_file()


@pytest.mark.slow
def test_a_module_runs_to_its_pages(smoke, papers, user):
    user.succeed("everything", "gaussianity_molrg", "gaussianity_manifold")
    for project in (smoke, papers):
        tables = sorted((project.folder / "results/smoke/figures").glob("*.csv"))
        assert len(tables) > 16
        for path in tables:
            found = pd.read_csv(user.folder / path.relative_to(project.folder))
            pd.testing.assert_frame_equal(found, pd.read_csv(path))
    assert (user.folder / "results/smoke/workflow_report.html").is_file()
    for page, rule in (("report", "data"), ("molrg", "phase_transition"), ("manifold", "collapse")):
        text = (user.folder / f"results/smoke/{page}.html").read_text()
        assert f"<td>{rule}</td>" in text  # among the run times, without the module's prefix
    assert "Nothing to be done" in user.succeed()


def test_snakemake_itself_imports_none_of_the_jobs_packages():
    """So that its own environment may have any version of them, or none."""
    packages = ("matplotlib", "pandas", "pyarrow", "safetensors", "scipy", "sklearn", "torch")
    program = (
        "import sys\n"
        f"sys.modules |= dict.fromkeys({(*packages, 'seaborn', 'xxhash')})\n"
        "import configuration.source_files, configuration.study, costs.study"
    )
    paths = os.pathsep.join(str(ROOT / folder) for folder in ("src", "workflow"))
    environment = os.environ | dict(PYTHONPATH=paths)
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
