# The configuration, checked first; then wildcard domains; then input functions.
import shutil
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

from snakemake.exceptions import WorkflowError


def checkout():
    """The folder of this workflow, also where another workflow uses it as a module.

    Snakemake reads single files of a repository on a git host. Python imports from folders, so the
    commit is unpacked once beside Snakemake's clone of that repository.
    """
    rules = workflow.current_basedir
    if rules.is_local:
        return Path(rules.get_path_or_uri(secret_free=True)).parents[1]
    clone = rules.hosted_repo
    commit = clone.repo.commit(rules.ref).hexsha
    folder = clone.repo_clone.with_name(f"{clone.repo_clone.name}.{commit}")
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            packed, unpacked = Path(temporary) / "packed", Path(temporary) / "unpacked"
            with open(packed, "wb") as file:
                clone.repo.archive(file, commit)
            shutil.unpack_archive(packed, unpacked, "tar", filter="data")
            unpacked.rename(folder)
    return folder


# The package, `configuration` and `costs` are imported without installation.
sys.path[:0] = [str(checkout() / folder) for folder in ("src", "workflow")]

from costs.study import Costs
from gaussianity.errors import InputError
from configuration.source_files import ROOT, expose_package, relative_paths, source_files
from configuration.pages import TITLES, categories, headings
from configuration.schema import with_defaults
from configuration.study import Study, has_gpu

expose_package()

if workflow.modifier.skip_configfile:  # a module takes its configuration from the other workflow
    config = with_defaults(config)

try:
    study = Study(config, needs_files="plan" not in sys.argv)  # a plan is made before anything is
    costs = Costs(study)
except InputError as error:
    raise WorkflowError(str(error)) from None

ENVIRONMENT = "../../../envs/gaussianity.yaml"
STARTED = time.time()
CLOCKS = 60  # seconds that the clock of a node may be behind
GPUS = int(has_gpu(config["device"]))


wildcard_constraints:
    study=study.name,
    page="|".join(TITLES),
    source="|".join(study.sources),
    origin="|".join([*study.origins, *study.classified]),
    fitted="|".join(study.origins),  # whose mean and covariance Gaussian data take
    subset="|".join(study.subsets),
    image_class="|".join(study.classes),
    base="|".join(config["concentration"]["bases"]),
    population="|".join(study.populations),
    activation="|".join(study.theory_activations),
    case="|".join(study.transition_case_names),
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


def feature_settings():
    """What the features' network is made from."""
    return study.features.settings if study.features else {}


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


def base_settings():
    """What of it the sampling from another latent reads, which says the law itself."""
    own = {"base", "stored_as", "snapshot_steps", "snapshot_images"}
    return {key: value for key, value in sampling_settings().items() if key not in own}


def concentration_settings():
    """What of config["concentration"] the measurement reads."""
    return {key: config["concentration"][key] for key in ("anchors", "projections", "bootstrap")}


def phase_transition_design(wildcards):
    """What of config["molrg"]["phase_transition"] the maps of one method read."""
    given = config["molrg"]["phase_transition"]
    descent = ("start", "learning_rate", "steps")
    own = {"svd": (), "sgd": descent}.get(wildcards.method, ("restarts",))
    keys = ("ambient_dimension", "dimensions", "samples", "trials", *own)
    return {key: given[key] for key in keys}


def classifier_settings():
    """What of config["classifier"] a repetition reads: not how many repetitions there are."""
    return {key: value for key, value in config["classifier"].items() if key != "seeds"}


def assumption_settings():
    """What of config["assumptions"] decides what is measured."""
    keys = ("sizes", "smallest_size", "directions", "replicates", "gram_images")
    return {key: config["assumptions"][key] for key in keys}


def song_training(given):
    """Network and training of a section, without the lengths, which the files' names say."""
    training = {key: value for key, value in given["training"].items() if key != "lengths"}
    return dict(network=given["network"] | dict(architecture="song"), training=training)


def mixture_denoiser_settings():
    """What of config["molrg"]["mixture_denoisers"] one training reads."""
    given = config["molrg"]["mixture_denoisers"]
    return dict(
        image_shape=given["image_shape"], subspaces=given["subspaces"], **song_training(given)
    )


def image_subset_settings():
    """What of config["molrg"]["generalisation"]["images"] one training reads."""
    given = config["molrg"]["generalisation"]["images"]
    return dict(held_out=given["held_out"], sigma_data=given["sigma_data"], **song_training(given))


def mixture_sampling_settings():
    """What of config["molrg"]["generalisation"] the mixtures' samples read."""
    given = config["molrg"]["generalisation"]
    return {key: given[key] for key in ("samples", "steps", "batch_size")}


def image_generalisation_settings():
    """What of it the images' samples read."""
    given = config["molrg"]["generalisation"]
    return dict(
        held_out=given["images"]["held_out"], steps=given["steps"], batch_size=given["batch_size"]
    )


def rank_settings():
    """What of config["molrg"]["numerical_rank"] all its measurements read."""
    given = config["molrg"]["numerical_rank"]
    return {key: value for key, value in given.items() if not key.endswith("_images")}


def edited_classes():
    """Name, class of the image seeds, number of the random streams and label of every class."""
    return [
        dict(
            name=image_class,
            seeds=study.image_seed_class(image_class),
            index=study.class_index(image_class),
            label=study.labels[image_class],
        )
        for image_class in study.classes
    ]


def class_subspace_settings(source):
    """config["molrg"]["class_subspaces"] with as many images as a source's classes have."""
    given = config["molrg"]["class_subspaces"]
    return given | dict(images_per_class=study.subspace_images(source))


def class_subspace_streams(source):
    """Indices of the random streams: of all classes together, and of each."""
    numbers = [0, *(1 + study.class_index(image_class) for image_class in study.classes)]
    return [(study.origin_index(source), number) for number in numbers]


def assumption_rule():
    """What decides whether an assumption holds."""
    given = config["assumptions"]
    ranks = config["spectra"]["fit_ranks"]
    return dict(fit_ranks=ranks, confidence=given["confidence"], tolerance=given["tolerance"])


def assumption_streams(wildcards):
    """Study seed and the numbers of origin, subset and classes that name the random streams."""
    classes = study.subsets[wildcards.subset]["classes"]
    return (
        config["seed"],
        study.origin_index(wildcards.origin),
        zlib.crc32(wildcards.subset.encode()),  # whichever other subsets there are
        [study.class_index(c) for c in classes],
    )


def shards_of_class(wildcards):
    """Images of one class of an origin."""
    return study.shard_files(wildcards.origin, wildcards.image_class)


def images_of_population(wildcards):
    """Images of one class of an origin or of a base."""
    return study.population_files(wildcards.population, wildcards.image_class)


def shards_of_fitted_class(wildcards):
    """Images of one class of the origin that Gaussian data match."""
    return study.shard_files(wildcards.fitted, wildcards.image_class)


def shards_of_subset(wildcards):
    """Images of all classes of a subset, class by class."""
    return study.subset_files(wildcards.origin, wildcards.subset)


def fitted_shards_of_subset(wildcards):
    """Images that an origin's mean and covariance come from, class by class; none of a source."""
    return study.subset_files(study.fitted_by(wildcards.origin), wildcards.subset)


def moments_of_subset(wildcards):
    """Moments of a source, class by class."""
    classes = study.subsets[wildcards.subset]["classes"]
    return [study.path(f"moments/{wildcards.source}/{c}.npz") for c in classes]


def shrunk_moments_of_subset(wildcards):
    """Moments that an origin was drawn with, class by class, where their covariance was shrunk."""
    fitted = study.fitted_by(wildcards.origin)
    if fitted is None or config["gaussian"]["covariance"] == "sample":
        return []
    classes = study.subsets[wildcards.subset]["classes"]
    return [study.path(f"moments/{fitted}/{image_class}.npz") for image_class in classes]


def first_shards_of_subset(wildcards):
    """Those of them that hold the images on which the assumptions are measured."""
    return study.assumption_files(wildcards.origin, wildcards.subset)


def only_in_report(files):
    """Files that the page of the main study shows, and the papers' pages don't."""
    return lambda wildcards: files if wildcards.page == "report" else []


def rules_of_page(wildcards):
    """Rules whose run times a page lists: all of the main study, or those that a paper adds."""
    if wildcards.page == "report":
        return list(costs.jobs())
    folder = f"results/{{study}}/{wildcards.page}/"
    own = [
        Path(each.benchmark).relative_to("benchmarks/{study}").parts[0].removesuffix(".tsv")
        for each in workflow.rules  # whose names have a prefix in a module
        if any(str(f).startswith(folder) for f in each.output)
    ]
    return [*own, *(f"{name}_figure" for name in study.figures_of(wildcards.page))]


def case_of(transition):
    """The case of config["manifold"] that a job measures."""
    return lambda wildcards: study.transition_cases(transition)[wildcards.case]


def code_of_case(transition):
    """The file of the activation of the case that a job measures, where it is the user's."""
    return lambda wildcards: study.case_code(transition, wildcards.case)


def transition_tables(transition, suffix="parquet"):
    """Tables of all cases of a transition."""
    names = study.transition_cases(transition)
    return [study.path(f"manifold/{transition}/{name}.{suffix}") for name in names]


def transition_design(transition):
    """How many training sets, points and times."""
    given = config["manifold"][transition]
    return {key: given[key] for key in ("seeds", "points", "times") if key in given}


def transition_images(origin):
    """Images of each of the two classes whose transition times are measured."""
    return [study.image_files(origin, c) for c in study.transition_classes]


def transition_moments():
    """Their moments."""
    return [study.path(f"moments/data/{c}.npz") for c in study.transition_classes]


def theory_settings():
    """What of config["manifold"]["theory"] one activation's curves read."""
    return {
        key: value for key, value in config["manifold"]["theory"].items() if key != "activations"
    }


def weight_settings():
    """What of config["manifold"]["real_data"] the measurements without trajectories read."""
    keys = ("lowest_time", "highest_time", "times", "noisy_images")
    return {key: config["manifold"]["real_data"][key] for key in keys}


def clone_settings():
    """What of it the cloning reads."""
    keys = ("lowest_time", "highest_time", "clone_times", "clones", "steps")
    return {key: config["manifold"]["real_data"][key] for key in keys}


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


def end_timers():
    """Snakemake ends when the last of its timers of max-jobs-per-timespan has; no job is left that
    they could start."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()


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
    """Where to look after a run to the pages of this run; a run to other files says nothing."""
    folder = Path("results") / study.name
    pages = [folder / f"{page}.html" for page in TITLES]
    made = [page for page in pages if page.exists()]
    if "plan" in sys.argv or not made:
        return ""
    lines = [f"Report:  {page} (open it in a browser)\n" for page in made]
    if folder / "report.html" in made:
        lines.append(f"Jobs:    {folder / 'workflow_report.html'} (run times, graph, code)\n")
    return (
        f"\n{''.join(lines)}"
        f"Figures: {folder / 'figures'}/*.pdf and *.png, each with its table .csv\n"
        f"Data:    {folder} (results/README.md tells how to open each kind of file)\n"
    )
