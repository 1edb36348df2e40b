# The configuration, checked first; then wildcard domains; then input functions.
import sys
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
    if "plan" in sys.argv or not (folder / "report.html").exists():
        return ""
    return (
        f"\nReport:  {folder / 'report.html'} (open it in a browser)\n"
        f"Figures: {folder / 'figures'}/*.pdf and *.png, each with its table .csv\n"
        f"Data:    {folder} (results/README.md tells how to open each kind of file)\n"
    )
