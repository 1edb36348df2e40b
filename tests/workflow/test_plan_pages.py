"""What the pages besides the report cost: jobs against Snakemake's own plan, trainings."""

import pytest
import yaml
from test_plan import configuration, data_only, jobs_in, memory_in

from configuration.pages import TITLES
from configuration.study import Study
from costs.pages import PAGES, trainings
from costs.study import LOCAL, Costs
from costs.training import training_cost
from project import Project


def few_classes():
    """Of some classes of the dataset alone, so that the file of the whole dataset is another."""
    pair = dict(name="pair", classes=[0, 1], gram_images_per_class=40)
    return data_only() | dict(study="few_classes", subsets=[pair])


LONGER_PAGES = [pytest.param(name, marks=pytest.mark.slow) for name in ("digits", "few_classes")]


@pytest.fixture(scope="module", params=["smoke", *LONGER_PAGES])
def dry_run(request, tmp_path_factory):
    """A study's configuration and what Snakemake says of a dry run of the pages."""
    checkout = Project(tmp_path_factory.mktemp("checkout"))
    config = dict(digits=configuration, few_classes=few_classes).get(
        request.param, lambda: configuration(request.param)
    )()
    (checkout.folder / "study.yaml").write_text(yaml.safe_dump(config))
    study = "--configfile", "study.yaml"
    return config, checkout.succeed(*study, "--dry-run", "--", *PAGES)


def test_jobs_of_the_pages_are_those_of_a_dry_run(dry_run):
    """One page reads the same files of the report as the others, or more of them."""
    config, output = dry_run
    costs = Costs(Study(config))
    found = [costs.alone(page) for page in PAGES]
    together = {rule: max(jobs.get(rule, 0) for jobs in found) for rule in set().union(*found)}
    assert together | {"report": len(PAGES)} == jobs_in(output)
    for page, alone in zip(PAGES, found, strict=True):
        added = costs.jobs(page)
        assert added == {rule: alone[rule] for rule in added}
        assert {rule for rule in added if rule in costs.jobs()} == {"report"}
        assert all(alone[rule] <= costs.jobs()[rule] for rule in alone if rule not in added)


def test_the_pages_rules_ask_for_the_memory_that_the_plan_says(dry_run):
    config, output = dry_run
    costs = Costs(Study(config))
    heavy = {rule for page in PAGES for rule in costs.alone(page)} - set(LOCAL)
    assert memory_in(output) == {rule: {costs.mem_mb(rule)} for rule in heavy}


def test_every_page_is_planned():
    assert ["report", *PAGES] == list(TITLES)


def test_the_trainings_of_the_papers_mixtures_take_425_petaflop():
    """54.4 million parameters and 656 MFLOP for an evaluation, by PyTorch's own counter with
    gradients: 1,966 MFLOP for each of 36 x 512 x 11,719 images."""
    config = configuration("molrg_paper")
    (mixtures, _), study = trainings(Study(config), "molrg"), Study(config)
    parameters, operations = training_cost(mixtures)
    assert (mixtures.count, mixtures.images) == (36, 512 * 11719)
    assert round(parameters / 1e6, 1) == 54.4
    assert operations == pytest.approx(1.96644e9 * 36 * 512 * 11719, rel=1e-3)
    (own,) = trainings(study, "report")
    assert (own.count, own.images) == (1, 96000)
    assert trainings(Study(data_only()), "report") == []
    (unconditional,) = trainings(study, "manifold")
    assert (unconditional.count, unconditional.label_dim, own.label_dim) == (1, 0, 10)
    assert unconditional.network == own.network
