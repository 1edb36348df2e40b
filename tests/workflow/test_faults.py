"""What happens to a study when processes die, the disk fills, or somebody starts it twice."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_plan import configuration

from configuration.pages import headings
from configuration.study import Study
from gaussianity.drawing.style import require_saved
from gaussianity.io.seals import require_seal
from project import ROOT, SMOKE


def figure_stages(*pages):
    """Rule and file of every figure that the smoke study draws on these pages."""
    study = Study(configuration("smoke"))
    drawn = [headings(study, page).values() for page in pages]
    names = [name for groups in drawn for group in groups for name in group]
    return {f"{name}_figure": f"figures/{name}.png" for name in names}


STAGES = {  # rule: where its results stand
    "configuration": "config.yaml",
    "dataset": "dataset.npz",
    "denoiser": "denoiser.safetensors",
    "sampling": "sampling",
    "contraction": "contraction",
    "linear_measures": "linear/levels.parquet",
    "data": "data",
    "moments": "moments",
    "gaussian": "gaussian",
    "spectra": "spectra",
    "gram": "gram",
    "base_samples": "base_samples",
    "concentration": "concentration",
    "assumptions": "assumptions",
    "classifier": "classifier",
    "prediction": "prediction",
    "normality_null": "normality/null",
    "normality": "normality/diffusion",
    "controls": "controls",
    "estimation_gap": "estimation_gap.parquet",
    **figure_stages("report"),
    "workflow_report": "workflow_report.html",
    "report": "report.html",
}
PAGE_STAGES = {  # the same of the papers' pages
    "phase_transition": "molrg/phase_transition",
    "mixture_denoiser": "molrg/denoisers",
    "image_subset": "molrg/image_subsets",
    "mixture_generalisation": "molrg/mixture_generalisation.parquet",
    "image_generalisation": "molrg/image_generalisation.parquet",
    "mixture_rank": "molrg/mixture_rank.parquet",
    "numerical_rank": "molrg/numerical_rank",
    "semantic_directions": "molrg/semantic_directions.parquet",
    "mixture_directions": "molrg/mixture_directions.parquet",
    "class_subspaces": "molrg/class_subspaces",
    "manifold_theory": "manifold/theory",
    "speciation": "manifold/speciation",
    "collapse": "manifold/collapse",
    "cloning": "manifold/cloning",
    "measured_times": "manifold/measured_times.parquet",
    "unconditional_denoiser": "manifold/unconditional_denoiser.safetensors",
    "real_weights": "manifold/real_weights",
    "trained_clones": "manifold/trained_clones.parquet",
    "mixture_clones": "manifold/mixture_clones.parquet",
    "linear_split": "linear/split.parquet",
    "linear_start": "linear/start_images.parquet",
    "half_denoiser": "linear/halves/first.safetensors",
    "linear_halves": "linear/halves/products.parquet",
    **figure_stages("molrg", "manifold", "linear"),
}
ELSEWHERE = {"features", "gaussian_start", "plan"}  # of another study; without results
KILLS = 3  # of each stage
PATIENCE = 300  # seconds until a stage must have started


def test_every_rule_is_a_stage():
    texts = [path.read_text() for path in (ROOT / "workflow/rules").rglob("*.smk")]
    rules = {rule for text in texts for rule in re.findall(r"^rule (\w+):", text, re.MULTILINE)}
    assert rules == {*STAGES, *PAGE_STAGES, *ELSEWHERE}


def start(project, *arguments):
    """Snakemake in a session of its own, so that all its processes can be killed at once."""
    return project.start("--rerun-incomplete", *SMOKE, *arguments, start_new_session=True)


def jobs(session, rule):
    """Process numbers of a session's running jobs of a rule."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if int(fields[3]) == session and any(part.endswith(f".{rule}.py") for part in command):
            found.append(int(folder.name))
    return found


def wait_for_jobs(running, rule):
    for _ in range(PATIENCE * 20):
        found = jobs(running.pid, rule)
        if found or running.poll() is not None:
            return found
        time.sleep(0.05)
    return []


def kill_all(running):
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def require_whole(results):
    """Every file under its final name is as it was written."""
    for path in results.rglob("*"):
        if path.suffix in (".npz", ".parquet", ".safetensors", ".json") and path.name[0] != ".":
            require_seal(path)
        if path.suffix == ".png" and path.name[0] != ".":
            require_saved(path, path.with_suffix(".csv"))


def require_equal(found, expected):
    """The same files; images bitwise, tables to 1e-6."""

    def names(folder):
        return sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())

    assert names(found) == names(expected)
    for name in names(expected):
        if name.suffix == ".npz":
            theirs = np.load(expected / name)
            for key, array in np.load(found / name).items():
                np.testing.assert_array_equal(array, theirs[key], err_msg=f"{name} {key}")
        elif name.suffix in (".parquet", ".csv"):
            read = pd.read_parquet if name.suffix == ".parquet" else pd.read_csv
            left, right = read(found / name), read(expected / name)
            pd.testing.assert_frame_equal(left, right, rtol=1e-6, atol=1e-6)


def shortest(benchmarks, rule):
    """Seconds of a rule's shortest job; of the reports, which have no benchmark, one."""
    paths = [*benchmarks.glob(f"{rule}.tsv"), *benchmarks.glob(f"{rule}/**/*.tsv")]
    return min((pd.read_csv(path, sep="\t")["s"][0] for path in paths), default=1.0)


def kill_in_stages(project, stages, benchmarks, *targets):
    """SIGKILL of everything, of one job, of everything, in each stage: how many there were.

    Each time what the stage has made is removed first, so that the kill meets a running job. It
    comes at a random moment of the time that the shortest job of the rule took elsewhere.
    """
    generator, kills = np.random.default_rng(0), 0
    results = project.folder / "results/smoke"
    for rule, made in stages.items():
        for kill in range(KILLS):
            remove(results / made)
            running = start(project, "--until", rule, "--", *targets)
            found = wait_for_jobs(running, rule)
            assert found, f"{rule} did not start"
            time.sleep(generator.uniform(0, shortest(benchmarks, rule)))
            if kill == 1:
                found = jobs(running.pid, rule) or found
                try:
                    os.kill(found[0], signal.SIGKILL)
                except ProcessLookupError:  # it ended by itself: the kill meets the whole instead
                    kill_all(running)
                running.wait()
            else:
                kill_all(running)
            kills += 1
            remove(project.folder / ".snakemake/locks")  # what snakemake --unlock does
            require_whole(results)
    return kills


@pytest.mark.slow
def test_kills_at_random_moments_of_every_stage(smoke, project):
    """Then the study is completed, and its results are those of one that was never interrupted."""
    kills = kill_in_stages(project, STAGES, smoke.folder / "benchmarks/smoke")
    assert kills == KILLS * len(STAGES) >= 30
    project.succeed(*SMOKE, "--rerun-incomplete")
    require_equal(project.folder / "results/smoke", smoke.folder / "results/smoke")


@pytest.mark.slow
def test_kills_in_every_stage_of_the_papers_pages(smoke, papers, tmp_path):
    """The same of what the pages add to a finished study."""
    project = smoke.copied(tmp_path / "project")
    benchmarks = papers.folder / "benchmarks/smoke"
    kills = kill_in_stages(project, PAGE_STAGES, benchmarks, *papers.pages)
    assert kills == KILLS * len(PAGE_STAGES)
    project.succeed(*SMOKE, "--rerun-incomplete", "--", *papers.pages)
    require_equal(project.folder / "results/smoke", papers.folder / "results/smoke")


@pytest.fixture
def long(project):
    """Arguments of a training that takes long."""
    (project.folder / "long.yaml").write_text("denoiser: {training: {steps: 100000}}")
    return "long.yaml", "--", "results/smoke/denoiser.safetensors"


def test_a_second_run_says_that_there_is_a_first(project, long):
    """And leaves it alone. After a SIGKILL of the first, --unlock takes its lock away."""
    first = start(project, *long)
    try:
        assert wait_for_jobs(first, "denoiser")
        second = project.snakemake(*SMOKE, *long)
        assert second.returncode != 0
        assert "cannot be locked" in second.stdout
        assert "no other Snakemake process is trying to create the same files" in second.stdout
        assert jobs(first.pid, "denoiser")
    finally:
        kill_all(first)
    assert not list((project.folder / "results/smoke").glob("denoiser*"))
    project.succeed(*SMOKE, "--unlock")
    assert "denoiser" in project.succeed("--rerun-incomplete", *SMOKE, *long[:1], "--dry-run")


def test_a_job_that_is_killed_is_named_and_no_other_jobs_error(project, long):
    """SIGKILL of one job, as by a limit of memory, beside the newer log of another one's error."""
    other = project.folder / "logs/smoke/other.log"
    other.parent.mkdir(parents=True)
    other.write_text("error: of another job\n")
    os.utime(other, (time.time() + 3600,) * 2)
    running = start(project, *long)
    for job in wait_for_jobs(running, "denoiser"):
        os.kill(job, signal.SIGKILL)
    assert running.wait() != 0
    output = project.printed()
    assert "denoiser failed: it was ended before it could say why" in output
    assert "log: logs/smoke/denoiser.log" in output
    assert "of another job" not in output
    assert not list((project.folder / "results/smoke").glob("denoiser*"))


@pytest.fixture
def small_disk(project):
    """results/ on a disk of 400 kB; resize(size) changes it."""
    folder = project.folder / "results"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder]
    if os.getuid() or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    try:
        yield lambda size: subprocess.run(
            ["mount", "-o", f"remount,size={size}", folder], check=True
        )
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_said_and_leaves_no_partial_file(project, small_disk):
    """The dataset takes 475 kB; 520 kB hold it and not the shards of all classes."""
    done = project.snakemake(*SMOKE, "--until", "data")
    for size in ("520k", "50m"):
        assert done.returncode != 0
        assert "expected room for it on the disk, found none left" in done.stdout
        assert "Traceback" not in done.stdout
        left = [path.name for path in (project.folder / "results").rglob("*.part")]
        assert not left
        require_whole(project.folder / "results")
        small_disk(size)
        done = project.snakemake(*SMOKE, "--rerun-incomplete", "--until", "data")
    assert done.returncode == 0, done.stdout
    require_whole(project.folder / "results")
    assert len(list((project.folder / "results/smoke/data").rglob("*.npz"))) == 9
