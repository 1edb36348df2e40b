# The configuration, checked first; then wildcard domains; then input functions.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

# The package and workflow/study.py are found here without installation.
sys.path[:0] = [str(Path(workflow.basedir) / folder) for folder in ("src", "workflow")]

from gaussianity.errors import InputError
from package import expose_package, source_files
from study import Study, has_gpu

expose_package()

try:
    study = Study(config)
except InputError as error:
    raise WorkflowError(str(error)) from None

ENVIRONMENT = "../../envs/gaussianity.yaml"
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


def denoiser_settings():
    """What of config["denoiser"] the study's kind of denoiser reads."""
    given = config["denoiser"]
    keys = ("kind", "sigma_data", "network", "training") if given["kind"] == "unet" else ("kind",)
    return {key: given[key] for key in keys}


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


def what_went_wrong():
    """The sentence of the newest log that ends in an error, after all that Snakemake prints."""
    logs = sorted(Path("logs", study.name).rglob("*.log"), key=lambda log: log.stat().st_mtime)
    lines = logs[-1].read_text().splitlines() if logs else []
    found = [line for line in lines if line.startswith("error: ")]
    return f"\n{found[-1]}\n" if found else "\nThe logs named above say what went wrong.\n"


def where_results_are():
    """Where to look after a run to the report; a run to other files says nothing."""
    folder = Path("results") / study.name
    if not (folder / "report.html").exists():
        return ""
    return (
        f"\nReport:  {folder / 'report.html'} (open it in a browser)\n"
        f"Figures: {folder / 'figures'}/*.pdf and *.png, each with its table .csv\n"
        f"Data:    {folder} (results/README.md tells how to open each kind of file)\n"
    )
