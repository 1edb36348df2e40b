# The configuration, checked first; then wildcard domains; then input functions.
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

# The package, `configuration` and `costs` are imported without installation.
sys.path[:0] = [str(Path(workflow.basedir) / folder) for folder in ("src", "workflow")]

from costs.study import Costs
from gaussianity.errors import InputError
from configuration.source_files import expose_package, source_files
from configuration.pages import TITLES, headings
from configuration.study import Study, has_gpu

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
    page="|".join(TITLES),
    source="|".join(study.sources),
    origin="|".join([*study.origins, *study.classified]),
    fitted="|".join(study.origins),  # whose mean and covariance Gaussian data take
    subset="|".join(study.subsets),
    image_class="|".join(study.classes),
    base="|".join(config["concentration"]["bases"]),
    population="|".join(study.universality.populations),
    activation="|".join(study.manifold.theory_activations),
    case="|".join(study.manifold.transition_case_names),
    seed=r"\d+",
    shard=r"\d+",


def memory(rule):
    """mem_mb of a rule: the estimate of `costs`, and as much again in every further attempt."""
    return lambda wildcards, attempt: attempt * costs.mem_mb(rule)


def minutes(limit):
    """runtime of a rule: its limit, and as much again in every further attempt."""
    return lambda wildcards, attempt: attempt * limit


def shards_of_class(wildcards):
    """Images of one class of an origin."""
    return study.shard_files(wildcards.origin, wildcards.image_class)


def images_of_population(wildcards):
    """Images of one class of an origin or of a base."""
    return study.universality.population_files(wildcards.population, wildcards.image_class)


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
    return study.moments.of_subset(wildcards.source, wildcards.subset)


def shrunk_moments_of_subset(wildcards):
    """Moments that an origin was drawn with, class by class, where their covariance was shrunk."""
    return study.moments.shrunk(wildcards.origin, wildcards.subset)


def first_shards_of_subset(wildcards):
    """Images on which the assumptions are measured, class by class."""
    return study.universality.assumption_files(wildcards.origin, wildcards.subset)


def only_in_report(files):
    """Files that the page of the main study shows, and the papers' pages don't."""
    return lambda wildcards: files if wildcards.page == "report" else []


def rules_of_page(wildcards):
    """Rules whose run times a page lists: all of the main study, or those that a paper adds."""
    if wildcards.page == "report":
        return list(costs.jobs())
    folder = f"results/{{study}}/{wildcards.page}/"
    own = [
        each.name for each in workflow.rules if any(str(f).startswith(folder) for f in each.output)
    ]
    return [*own, *(f"{name}_figure" for name in study.figures_of(wildcards.page))]


def case_of(transition):
    """The case of data on a manifold that a job measures."""
    return lambda wildcards: study.manifold.transition_cases(transition)[wildcards.case]


def code_of_case(transition):
    """The file of the activation of the case that a job measures, where it is the user's."""
    return lambda wildcards: study.manifold.case_code(transition, wildcards.case)
