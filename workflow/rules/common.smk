# Checks the configuration; then come the wildcards, the settings that rules read, and the input functions.
import shutil
import sys
import tempfile
import zlib
from itertools import chain
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
    study = Study(config, needs_files="plan" not in sys.argv)  # a plan is made before the files are
    costs = Costs(study)
except InputError as error:
    raise WorkflowError(str(error)) from None

ENVIRONMENT = "../../../envs/gaussianity.yaml"
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
    """mem_mb of a rule: the estimate of `costs`, multiplied by the number of the attempt."""
    return lambda wildcards, attempt: attempt * costs.mem_mb(rule)


def minutes(limit):
    """runtime of a rule: its limit in minutes, multiplied by the number of the attempt."""
    return lambda wildcards, attempt: attempt * limit


def denoiser_settings():
    """Settings in config["denoiser"] that the study's kind of denoiser reads."""
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
    if given["kind"] == "file":  # saved with the denoiser for other studies
        settings["labels"] = given["labels"]
    return settings


def feature_settings():
    """Settings of the network of the features; none without features."""
    return study.features.settings if study.features else {}


def sampling_settings():
    """Settings of sampling, without `seeds`, which decides the seeds of the images."""
    return {key: value for key, value in config["sampling"].items() if key != "seeds"}


def trajectory_settings():
    """Settings of sampling that determine an image's trajectory.

    Those that say how it is computed and stored are left out.
    """
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
    """Settings of sampling for another latent distribution, without `base`."""
    own = {"base", "stored_as", "snapshot_steps", "snapshot_images"}
    return {key: value for key, value in sampling_settings().items() if key not in own}


def concentration_settings():
    """Settings in config["concentration"] that the measurement reads."""
    return {key: config["concentration"][key] for key in ("anchors", "projections", "bootstrap")}


def phase_transition_design(wildcards):
    """Settings in config["molrg"]["phase_transition"] that one method reads."""
    given = config["molrg"]["phase_transition"]
    descent = ("start", "learning_rate", "steps")
    own = {"svd": (), "sgd": descent}.get(wildcards.method, ("restarts",))
    keys = ("ambient_dimension", "dimensions", "samples", "trials", *own)
    return {key: given[key] for key in keys}


def classifier_settings():
    """Settings in config["classifier"] of one repetition, without the number of repetitions."""
    return {key: value for key, value in config["classifier"].items() if key != "seeds"}


def assumption_settings():
    """Settings in config["assumptions"] that decide what is measured."""
    keys = ("sizes", "smallest_size", "directions", "replicates", "gram_images")
    return {key: config["assumptions"][key] for key in keys}


def song_training(given):
    """Network and training of a section, without `lengths`, which is in the names of the files."""
    training = {key: value for key, value in given["training"].items() if key != "lengths"}
    return dict(network=given["network"] | dict(architecture="song"), training=training)


def mixture_denoiser_settings():
    """Settings in config["molrg"]["mixture_denoisers"] of one training."""
    given = config["molrg"]["mixture_denoisers"]
    return dict(
        image_shape=given["image_shape"], subspaces=given["subspaces"], **song_training(given)
    )


def image_subset_settings():
    """Settings in config["molrg"]["generalisation"]["images"] of one training."""
    given = config["molrg"]["generalisation"]["images"]
    return dict(held_out=given["held_out"], sigma_data=given["sigma_data"], **song_training(given))


def mixture_sampling_settings():
    """Settings in config["molrg"]["generalisation"] for the samples of mixtures."""
    given = config["molrg"]["generalisation"]
    return {key: given[key] for key in ("samples", "steps", "batch_size")}


def image_generalisation_settings():
    """Settings in config["molrg"]["generalisation"] for the samples of images."""
    given = config["molrg"]["generalisation"]
    return dict(
        held_out=given["images"]["held_out"], steps=given["steps"], batch_size=given["batch_size"]
    )


def rank_settings():
    """Settings in config["molrg"]["numerical_rank"] that all measurements share."""
    given = config["molrg"]["numerical_rank"]
    return {key: value for key, value in given.items() if not key.endswith("_images")}


def edited_classes():
    """Each class with its name, the number of its image seeds, that of its streams and its label."""
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
    """config["molrg"]["class_subspaces"], with the number of images that the source's classes have."""
    given = config["molrg"]["class_subspaces"]
    return given | dict(images_per_class=study.subspace_images(source))


def class_subspace_streams(source):
    """Indices of the random streams: first the one of all classes together, then one per class."""
    numbers = [0, *(1 + study.class_index(image_class) for image_class in study.classes)]
    return [(study.origin_index(source), number) for number in numbers]


def assumption_rule():
    """Settings that decide whether an assumption holds."""
    given = config["assumptions"]
    ranks = config["spectra"]["fit_ranks"]
    return dict(fit_ranks=ranks, confidence=given["confidence"], tolerance=given["tolerance"])


def assumption_streams(wildcards):
    """The study seed, and the numbers of origin, subset and classes, which name the streams."""
    classes = study.subsets[wildcards.subset]["classes"]
    return (
        config["seed"],
        study.origin_index(wildcards.origin),
        zlib.crc32(wildcards.subset.encode()),  # does not depend on the other subsets
        [study.class_index(c) for c in classes],
    )


def shards_of_class(wildcards):
    """Images of one class of an origin."""
    return study.shard_files(wildcards.origin, wildcards.image_class)


def images_of_population(wildcards):
    """Images of one class of an origin or of a base."""
    return study.population_files(wildcards.population, wildcards.image_class)


def shards_of_fitted_class(wildcards):
    """Images of one class of the origin to which Gaussian data are fitted."""
    return study.shard_files(wildcards.fitted, wildcards.image_class)


def together(files_by_class):
    """Input function of all files of a function that returns lists of files by class."""
    return lambda wildcards: list(chain.from_iterable(files_by_class(wildcards).values()))


def shards_by_class(wildcards):
    """Images of each class of a subset."""
    return study.subset_files(wildcards.origin, wildcards.subset)


def fitted_shards_by_class(wildcards):
    """Images of each class to which an origin is fitted; none if the origin is a source."""
    return study.subset_files(study.fitted_by(wildcards.origin), wildcards.subset)


def moments_of_subset(wildcards):
    """Moments of a source, one file per class of the subset."""
    classes = study.subsets[wildcards.subset]["classes"]
    return [study.path(f"moments/{wildcards.source}/{c}.npz") for c in classes]


def shrunk_moments_of_subset(wildcards):
    """Moments that an origin was drawn with, one file per class, if their covariance is shrunk."""
    fitted = study.fitted_by(wildcards.origin)
    if fitted is None or config["gaussian"]["covariance"] == "sample":
        return []
    classes = study.subsets[wildcards.subset]["classes"]
    return [study.path(f"moments/{fitted}/{image_class}.npz") for image_class in classes]


def first_shards_by_class(wildcards):
    """Images of each class of a subset on which the assumptions are measured."""
    return study.assumption_files(wildcards.origin, wildcards.subset)


def only_in_report(files):
    """Input function of files that only the page report shows."""
    return lambda wildcards: files if wildcards.page == "report" else []


def rules_of_page(wildcards):
    """Rules whose run times a page lists: those of the main study, or those that the page adds."""
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
    """The file of the activation of the case that a job measures, if the user wrote it."""
    return lambda wildcards: study.case_code(transition, wildcards.case)


def transition_tables(transition, suffix="parquet"):
    """Tables of all cases of a transition."""
    names = study.transition_cases(transition)
    return [study.path(f"manifold/{transition}/{name}.{suffix}") for name in names]


def transition_design(transition):
    """Numbers of training sets, points and times."""
    given = config["manifold"][transition]
    return {key: given[key] for key in ("seeds", "points", "times") if key in given}


def transition_images(origin):
    """Images of each of the two classes whose transition times are measured."""
    return [study.image_files(origin, c) for c in study.transition_classes]


def transition_moments():
    """Moments of each of the two classes whose transition times are measured."""
    return [study.path(f"moments/data/{c}.npz") for c in study.transition_classes]


def theory_settings():
    """Settings in config["manifold"]["theory"] for the curves of one activation."""
    return {
        key: value for key, value in config["manifold"]["theory"].items() if key != "activations"
    }


def weight_settings():
    """Settings in config["manifold"]["real_data"] for measurements without trajectories."""
    keys = ("lowest_time", "highest_time", "times", "noisy_images")
    return {key: config["manifold"]["real_data"][key] for key in keys}


def clone_settings():
    """Settings in config["manifold"]["real_data"] for cloning."""
    keys = ("lowest_time", "highest_time", "clone_times", "clones", "steps")
    return {key: config["manifold"]["real_data"][key] for key in keys}
