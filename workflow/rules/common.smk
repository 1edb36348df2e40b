# The check of the configuration, the wildcards, and the input functions that several rules share.
import shutil
import sys
import tempfile
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

from choice.asked import KEYS, is_text
from choice.command import chosen_configuration
from costs.study import Costs
from gaussianity.errors import InputError
from gaussianity.io.remembered import remember_in
from configuration.source_files import (
    ROOT,
    expose_package,
    provide_cache,
    quote_python,
    relative_paths,
    source_files,
)
from configuration.pages import TITLES, categories, headings, title
from configuration.read_files import ReadFiles
from configuration.schema import with_defaults
from configuration.study import Study, has_gpu
from configuration.yaml_files import check_keys

expose_package()
quote_python()
provide_cache()
remember_in(".snakemake/gaussianity")  # what was found in large datasets

if workflow.modifier.skip_configfile:  # a module takes its configuration from the other workflow
    config = with_defaults(config)


def asked_keys():
    """Keys and values of --configfile and --config; those of --config as they were written."""
    settings = workflow.config_settings
    written = settings.config_args if isinstance(settings.config_args, list) else []
    texts = dict(entry.split("=", 1) for entry in written if "=" in entry)
    return settings.overwrite_config | {
        key: texts[key] for key in KEYS if key in texts and is_text(settings.overwrite_config[key])
    }


def say(line):
    """Print a line before the first job of a run; jobs read the same rules and print nothing."""
    if workflow.is_main_process:
        print(line, file=sys.stderr)


try:
    for file in workflow.configfiles:
        check_keys(file)
    config = chosen_configuration(asked_keys(), say=say) or config
    study = Study(config, needs_files="plan" not in sys.argv)  # a plan is made before the files are
    costs = Costs(study)
except InputError as error:
    raise WorkflowError(str(error)) from None

ENVIRONMENT = "../../../envs/gaussianity.yaml"
READ = ReadFiles(study.path("read_files.json"))
GPUS = int(has_gpu(config["device"]))


wildcard_constraints:
    study=study.name,
    page="|".join(TITLES),
    own=f"({'|'.join(part.folder for part in study.parts.values())})?",  # "" too
    source="|".join(study.sources),
    origin="|".join([*study.origins, *study.classified]),
    fitted="|".join(study.sources),  # whose mean and covariance Gaussian data take
    subset="|".join(study.subsets),
    image_class="|".join(study.class_files[c] for c in study.classes),
    base="|".join(config["concentration"]["bases"]),
    population="|".join(study.universality.populations),
    activation="|".join(study.manifold.theory_activations),
    case="|".join(study.manifold.transition_case_names),
    seed=r"\d+",
    shard=r"\d+",
    images=r"\d+",


def content(files):
    """Digest of the user's files that a job reads, a parameter of the job.

    Other content then runs the job again, also where the files are older than its results.
    """
    found = READ.digest(files)
    READ.save()
    return found


def memory(rule):
    """mem_mb of a rule: the estimate of `costs`, multiplied by the number of the attempt."""
    return lambda wildcards, attempt: attempt * costs.mem_mb(rule)


def minutes(limit):
    """runtime of a rule: its limit in minutes, multiplied by the number of the attempt."""
    return lambda wildcards, attempt: attempt * limit


def class_of(wildcards):
    """The class whose files a job reads or writes, as the dataset names it."""
    return study.named_by_files[wildcards.image_class]


def sampling_of(wildcards):
    """The Sampling of the source whose folder a job writes to."""
    return study.samplings[wildcards.own]


def source_in(wildcards):
    """The name of the source whose folder a job writes to."""
    return sampling_of(wildcards).part.name


def sampled_denoiser(name):
    """Input function of a file of the denoiser that a source is sampled from."""
    return lambda wildcards: sampling_of(wildcards).denoiser.file(name)


def denoiser_code(wildcards):
    """The user's files that this denoiser reads while sampling."""
    return sampling_of(wildcards).denoiser.code


def trajectories_of_source(wildcards):
    """The tables of all trajectories of the source whose folder a job writes to."""
    sampling = sampling_of(wildcards)
    return sampling.files("trajectory", sampling.trajectories)


def contractions_of_source(wildcards):
    """The contraction tables of this source."""
    sampling = sampling_of(wildcards)
    return sampling.files("contraction", sampling.contractions)


def denoiser_label(wildcards):
    """This denoiser's label of a job's class."""
    return sampling_of(wildcards).denoiser.class_labels[class_of(wildcards)]


def shards_of_class(wildcards):
    """Images of one class of an origin."""
    return study.shard_files(wildcards.origin, class_of(wildcards))


def images_of_population(wildcards):
    """Images of one class of an origin or of a base."""
    return study.universality.population_files(wildcards.population, class_of(wildcards))


def shards_of_fitted_class(wildcards):
    """Images of one class of the origin to which Gaussian data are fitted."""
    return study.shard_files(wildcards.fitted, class_of(wildcards))


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
    return study.moments.of_subset(wildcards.source, wildcards.subset)


def shrunk_moments_of_subset(wildcards):
    """Moments that an origin was drawn with, one file per class, if their covariance is shrunk."""
    return study.moments.shrunk(wildcards.origin, wildcards.subset)


def first_shards_by_class(wildcards):
    """Images of each class of a subset on which the assumptions are measured."""
    return study.universality.assumption_files(wildcards.origin, wildcards.subset)


def only_in(pages, files):
    """Input function of files that only some pages show."""
    return lambda wildcards: files if wildcards.page in pages else []


def rules_of_page(wildcards):
    """Rules whose run times a page lists: those of the main study, or those that the page adds."""
    if wildcards.page == "report":
        return list(costs.jobs())
    folders = tuple(f"results/{{study}}/{own}{wildcards.page}/" for own in ("", "{own}"))
    own = [
        Path(each.benchmark.removeprefix("benchmarks/{study}/").removeprefix("{own}")).parts[0]
        for each in workflow.rules  # whose names have a prefix in a module
        if any(str(f).startswith(folders) for f in each.output)
    ]
    own = [name.removesuffix(".tsv") for name in own]
    shown = dict.fromkeys(name.split("/")[-1] for name in study.figures_of(wildcards.page))
    return [*own, *(f"{name}_figure" for name in shown)]


def case_of(transition):
    """The case of data on a manifold that a job measures."""
    return lambda wildcards: study.manifold.transition_cases(transition)[wildcards.case]


def code_of_case(transition):
    """The file of the activation of the case that a job measures, if the user wrote it."""
    return lambda wildcards: study.manifold.case_code(transition, wildcards.case)
