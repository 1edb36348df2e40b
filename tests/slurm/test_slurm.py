"""The smoke study on a real SLURM of one node, which start.sh makes: make test-slurm.

Every stage, with fewer classes, shards and seeds, because each job takes two starts of Snakemake.
One run meets what happens to jobs on a cluster and must give what a run without SLURM gives;
another one must fail, and say why.
"""

import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

from project import SMOKE, Project

FEWER = """
shard_size: 100
subsets: [{name: pair, classes: [0, 1], gram_images_per_class: 40}]
classifier: {seeds: 1}
"""
STUDY = (*SMOKE, "fewer.yaml")
LONG_TABLE = "results/smoke/sampling/1/0.parquet"
HERE = Path(__file__).parent
ON_GPU = {"denoiser", "sampling", "contraction", "base_samples", "classifier"}
# For a cluster without a database whose jobs take seconds.
QUICK = {
    "latency-wait": 5,
    "slurm-status-command": "squeue",
    "slurm-init-seconds-before-status-checks": 1,
    "seconds-between-status-checks": 1,
}

pytestmark = pytest.mark.slurm


def take_interrupts():
    """Ctrl-C reaches the process, also where this one stands in a shell's background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class OnCluster(Project):
    """A checkout whose jobs go to SLURM."""

    def command(self, *arguments):
        local = super().command(*arguments)
        cores = local.index("--cores")
        quick = [f"--{key}={value}" for key, value in QUICK.items()]
        return [*local[:cores], "--profile", "workflow/profiles/slurm", *quick, *local[cores + 2 :]]

    def start(self, *arguments):
        """Run snakemake in the background; Ctrl-C reaches it."""
        return super().start(*arguments, preexec_fn=take_interrupts)


def slurm_jobs():
    """SLURM's record of every job of a rule or group, oldest first: what scontrol shows."""
    shown = subprocess.run(
        ["scontrol", "--oneliner", "show", "job"], capture_output=True, text=True, check=True
    ).stdout
    jobs = [dict(re.findall(r"(\S+?)=(\S*)", line)) for line in shown.splitlines()]
    return sorted((job for job in jobs if "Comment" in job), key=number)


def number(job):
    """Jobs are numbered as they are submitted."""
    return int(job["JobId"])


def rule_of(job):
    """The rule, or the group, of a job: the plugin's comment on it is rule_<name>_..."""
    named = job["Comment"].removeprefix("rule_")
    of_two_words = [name for name in ("base_samples", "estimation_gap") if named.startswith(name)]
    return of_two_words[0] if of_two_words else named.split("_")[0]


def wait_for(running, rule, after=0):
    """A job of the rule that runs, of a larger number than `after`."""
    while running.poll() is None:
        for job in slurm_jobs():
            if rule_of(job) == rule and number(job) > after and job["JobState"] == "RUNNING":
                return job
        time.sleep(0.5)
    raise AssertionError(f"snakemake ended before a job of the rule {rule} ran")


@pytest.fixture(scope="module")
def cluster():
    """A cluster for these tests, stopped whatever happens."""
    started = subprocess.run([HERE / "start.sh"], capture_output=True, text=True)
    if started.returncode != 0:
        pytest.fail(started.stderr, pytrace=False)
    try:
        yield
    finally:
        subprocess.run([HERE / "stop.sh", started.stdout.strip()], check=True)


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The smoke study without SLURM."""
    project = Project(tmp_path_factory.mktemp("local"))
    (project.folder / "fewer.yaml").write_text(FEWER)
    project.succeed(*STUDY)
    return project


def scancel(job, *options):
    subprocess.run(["scancel", *options, job["JobId"]], check=True)


@pytest.fixture(scope="module")
def study(cluster, tmp_path_factory):
    """The smoke study on the cluster: the dataset gets too little memory, a sampling is cancelled,
    a group of classifiers hangs until its time is over."""
    project = OnCluster(tmp_path_factory.mktemp("cluster"))
    (project.folder / "fewer.yaml").write_text(FEWER)
    profile = project.folder / "workflow/profiles/slurm/config.yaml"
    little = "set-resources:\n  dataset:\n    mem_mb: 250 * attempt\n"
    profile.write_text(profile.read_text().replace("set-resources:\n", little))
    running = project.start(*STUDY)
    try:
        project.cancelled = wait_for(running, "sampling")
        scancel(project.cancelled)
        project.hanging = wait_for(running, "classifier")
        scancel(project.hanging, "--full", "--signal=STOP")
        over = ["scontrol", "update", f"JobId={project.hanging['JobId']}", "EndTime=now"]
        subprocess.run(over, check=True)
        assert running.wait(timeout=2400) == 0, project.printed()[-6000:]
    finally:
        running.kill()
    project.jobs = slurm_jobs()
    return project


def test_the_report_is_reached_and_tables_equal_those_without_slurm(study, local):
    here, there = (p.folder / "results/smoke" for p in (study, local))
    assert (here / "report.html").stat().st_size > 1e5
    tables = [
        path.relative_to(there)
        for path in sorted(there.rglob("*"))
        if path.suffix == ".csv" or (path.suffix == ".parquet" and path.parent != there)
    ]
    # classifier, spectra, gram, trajectories, contraction, assumptions, prediction, controls
    assert len(tables) == 6 + 8 + 4 + 2 + 2 + 4 + 2 + 3 + 22 + 17  # and concentration, figures
    for table in tables:
        read = pd.read_csv if table.suffix == ".csv" else pd.read_parquet
        pd.testing.assert_frame_equal(read(here / table), read(there / table), rtol=1e-6, atol=1e-6)


def test_jobs_with_a_network_have_a_gpu_and_others_have_none(study):
    rules = {rule_of(job) for job in study.jobs}
    assert rules >= ON_GPU
    for job in study.jobs:
        on_gpu = rule_of(job) in ON_GPU
        assert job["Partition"] == ("gpu" if on_gpu else "cpu")
        assert ("gres:gpu:1" in job.get("TresPerJob", "")) == on_gpu
    assert "CUDA" not in study.printed()


def test_short_jobs_share_a_slurm_job(study):
    completed = [rule_of(job) for job in study.jobs if job["JobState"] == "COMPLETED"]
    assert completed.count("classifier") == 2  # for 6 tables
    assert completed.count("figures") == 2  # for 16 rules
    assert completed.count("gaussian") == 4  # for 8 moments and 8 shards, each class in turn
    assert len(completed) == 28  # for 80 jobs of rules
    assert {job["NumCPUs"] for job in study.jobs} == {"1"}  # not as many as jobs


def megabytes(jobs):
    return [int(job["MinMemoryNode"].removesuffix("M")) for job in jobs]


def test_a_job_above_its_memory_is_repeated_with_more(study):
    first, second = [job for job in study.jobs if rule_of(job) == "dataset"]
    assert (first["JobState"], second["JobState"]) == ("FAILED", "COMPLETED")
    assert megabytes([first, second]) == [250, 500]


def test_a_cancelled_job_is_repeated(study):
    first, second = [job for job in study.jobs if job["Comment"] == study.cancelled["Comment"]]
    assert (first["JobState"], second["JobState"]) == ("CANCELLED", "COMPLETED")
    less, more = megabytes([first, second])
    assert more == 2 * less


def test_a_group_above_its_time_is_repeated_with_more(study):
    groups = [job for job in study.jobs if rule_of(job) == "classifier"]
    others = [job for job in groups if job["JobId"] != study.hanging["JobId"]]
    assert [job["JobState"] for job in groups if job not in others] == ["TIMEOUT"]
    assert {job["JobState"] for job in others} == {"COMPLETED"}
    less, more = sorted(int(job["TimeLimit"].split(":")[0]) for job in others)
    # Two hours for each of 6 tables at a first attempt, four at the second: 4 and 16, or 8 and 8.
    assert less + more / 2 == 12
    assert "DUE TO TIME LIMIT" in study.printed()  # SLURM's own log, which Snakemake shows


@pytest.fixture
def long(cluster, local, tmp_path):
    """A study whose sampling would take hours: project, the running snakemake, the SLURM job."""
    shutil.copytree(local.folder, tmp_path, dirs_exist_ok=True)
    project = OnCluster.__new__(OnCluster)
    project.folder = tmp_path
    (tmp_path / "long.yaml").write_text("sampling: {steps: 100000}")
    earlier = max(map(number, slurm_jobs()), default=0)
    running = project.start(*STUDY, "long.yaml", "--retries", "0", "--", LONG_TABLE)
    try:
        yield project, running, wait_for(running, "sampling", after=earlier)
    finally:
        running.kill()
    # What stood there before, of the same settings as this plan, is gone or known as incomplete.
    plan = project.succeed(*STUDY, "--dry-run", "--", LONG_TABLE)
    assert re.search(r"^sampling +1$", plan, re.MULTILINE), plan


def state(job):
    """SLURM's present record of a job."""
    return next(now for now in slurm_jobs() if now["JobId"] == job["JobId"])


def test_a_failed_run_names_rule_wildcards_and_log(long):
    """A job is cancelled, and not repeated."""
    project, running, job = long
    scancel(job)
    assert running.wait(timeout=120) != 0
    output = project.printed()
    assert "SLURM status is: 'CANCELLED'" in output
    last = output[output.index("sampling (image_class=1, shard=0) failed: ") :]
    assert "it was ended before it could say why" in last
    assert "log: logs/smoke/sampling/1/0.log" in last
    assert not (project.folder / LONG_TABLE).exists()


def test_a_job_that_slurm_requeues_is_waited_for_and_an_interrupt_cancels_it(long):
    """As preempted or on a node that is lost: it runs again under its number. Then Ctrl-C."""
    project, running, job = long
    subprocess.run(["scontrol", "requeue", job["JobId"]], check=True)
    while (now := state(job))["JobState"] != "RUNNING" or now["Restarts"] != "1":
        assert now["JobState"] in ("RUNNING", "COMPLETING", "PENDING")
        assert running.poll() is None
        time.sleep(1)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=120) != 0
    assert state(job)["JobState"] == "CANCELLED"
    assert "the same command goes on where this run stopped" in project.printed()
