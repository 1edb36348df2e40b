# The configuration, checked first; then wildcard domains; then input functions.
import sys
import time
from pathlib import Path

from snakemake.exceptions import WorkflowError

# The package and workflow/study.py are found here without installation.
sys.path[:0] = [str(Path(workflow.basedir) / folder) for folder in ("src", "workflow")]

from costs import Costs
from gaussianity.errors import InputError
from package import expose_package, source_files
from study import Study, has_gpu

expose_package()

try:
    study = Study(config, needs_files="plan" not in sys.argv)  # a plan is made before anything is
    costs = Costs(study)
except InputError as error:
    raise WorkflowError(str(error)) from None

ENVIRONMENT = "../../envs/gaussianity.yaml"
STARTED = time.time()
CLOCKS = 60  # seconds that the clock of a node may be behind
GPUS = int(has_gpu(config["device"]))


wildcard_constraints:
    study=study.name,
    source="|".join(study.sources),
    origin="|".join(study.origins),
    subset="|".join(study.subsets),
    image_class="|".join(study.classes),
    loss="|".join(study.losses),
    seed=r"\d+",
    shard=r"\d+",


def memory(rule):
    """mem_mb of a rule: what `costs` estimates, and as much again in every further attempt."""
    return lambda wildcards, attempt: attempt * costs.mem_mb(rule)


def minutes(limit):
    """runtime of a rule: its limit, and as much again in every further attempt."""
    return lambda wildcards, attempt: attempt * limit


def denoiser_settings():
    """What of config["denoiser"] the study's kind of denoiser reads."""
    given = config["denoiser"]
    keys = {
        "unet": ("sigma_data", "network", "training"),
        "random": ("sigma_data", "network", "image_shape"),
        "callable": ("path", "image_shape"),
        "diffusers": ("path", "image_shape"),
        "file": ("image_shape",),
    }.get(given["kind"], ())
    settings = {key: given[key] for key in ("kind", *keys)}
    if given["kind"] in ("random", "callable", "diffusers"):
        settings["label_dim"] = study.label_dim
    if given["kind"] == "file":  # the names stay with the denoiser, so that other studies find them
        settings["labels"] = given["labels"]
    return settings


def sampling_settings():
    """What of config["sampling"] the sampling itself reads; `seeds` decides the image seeds."""
    return {key: value for key, value in config["sampling"].items() if key != "seeds"}


def trajectory_settings():
    """What of config["sampling"] decides an image's way, however it is computed and stored."""
    others = (
        "precision",
        "compile",
        "batch_size",
        "stored_as",
        "snapshot_steps",
        "snapshot_images",
    )
    return {key: value for key, value in sampling_settings().items() if key not in others}


def classifier_settings(wildcards):
    """What of config["classifier"] a loss reads."""
    given = config["classifier"]
    if wildcards.loss == "least_squares":
        return {"ridge": given["ridge"]}
    keys = ("learning_rates", "epochs", "batch_size", "patience", "selection")
    return {key: given[key] for key in keys}


def shards_of_class(wildcards):
    """Images of one class of an origin."""
    return study.shard_files(wildcards.origin, wildcards.image_class)


def shards_of_source_class(wildcards):
    """Images of one class of the source that Gaussian data match."""
    return study.shard_files(wildcards.source, wildcards.image_class)


def shards_of_subset(wildcards):
    """Images of all classes of a subset, class by class."""
    return study.subset_files(wildcards.origin, wildcards.subset)


def own_log(job):
    """A job's log where it is of this run; one left by an earlier run says nothing of this one."""
    log = Path(job.log[0])
    return log if log.exists() and log.stat().st_mtime > STARTED - CLOCKS else None


def failed_jobs():
    """The jobs that failed for good; of a group, whose jobs run in turn, the one that ran last."""

    def started(job):
        log = own_log(job)
        return log.stat().st_mtime if log else 0.0

    return [max(getattr(job, "jobs", [job]), key=started) for job in workflow.scheduler.failed]


def reason(log):
    """What a failed job's log says last: a user's mistake, a fault of ours, or nothing."""
    lines = log.read_text().splitlines() if log else []
    mistakes = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    if mistakes:
        return mistakes[-1]
    if any(line.startswith("Traceback") for line in lines):
        return f"a fault of the program, {lines[-1]}"
    return (
        "it was ended before it could say why, as by a limit of memory or time or by hand; "
        "the message of the error above says more"
    )


def what_went_wrong():
    """Rule, wildcards, reason and log of every failed job, after all that Snakemake prints."""
    sentences = []
    for job in failed_jobs():
        values = [f"{name}={value}" for name, value in job.wildcards.items() if name != "study"]
        what = f"{job.rule.name} ({', '.join(values)})" if values else job.rule.name
        sentences.append(f"\n{what} failed: {reason(own_log(job))}\nlog: {job.log[0]}\n")
    return "".join(sentences) or (
        "\nInterrupted, or stopped by the error above: the same command goes on where this run "
        "stopped.\n"
    )


def where_results_are():
    """Where to look after a run to the report; a run to other files says nothing."""
    folder = Path("results") / study.name
    if "plan" in sys.argv or not (folder / "report.html").exists():
        return ""
    return (
        f"\nReport:  {folder / 'report.html'} (open it in a browser)\n"
        f"Figures: {folder / 'figures'}/*.pdf and *.png, each with its table .csv\n"
        f"Data:    {folder} (results/README.md tells how to open each kind of file)\n"
    )
