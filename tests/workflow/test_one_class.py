"""A study of one class has no classifiers; its report begins with the distribution."""

import re

import pandas as pd
import plan
import pytest
import yaml
from small_report import DISTRIBUTION, QUESTION, small_report
from test_plan import configuration, jobs_in

import report
from configuration.study import Study
from costs.pages import PAGES
from costs.study import Costs
from gaussianity.errors import InputError
from gaussianity.report.summary import ONE_CLASS, UNTESTED
from project import ROOT, Project

NO_HALVES = dict(linear=dict(halves=dict(train=False)))
SUBSET = dict(name="whole", classes=["images"], gram_images_per_class=40)
DENOISER = dict(
    kind="file",
    path=str(ROOT / "tests/data/ncsnpp-ve.pkl"),
    image_shape=[1, 8, 8],
    labels=dict(images=None),
)
CLASSIFIED = {"verdict", "comparison", "accuracy", "predicted_accuracy", "assumptions", "controls"}
CLASSIFIED |= {"class_agreement"}
PUBLISHED = {
    "cifar10_uncond": ("edm-cifar10-32x32-uncond-vp.pkl", 32),
    "ffhq_uncond": ("edm-ffhq-64x64-uncond-vp.pkl", 64),
    "afhqv2_uncond": ("edm-afhqv2-64x64-uncond-vp.pkl", 64),
}


def one_class(**changes):
    """The smoke study of an unconditional checkpoint."""
    return configuration("smoke") | dict(
        study="one",
        sources=[dict(name="diffusion", images_per_class=96)],
        subsets=[SUBSET],
        denoiser=configuration()["denoiser"] | DENOISER,
        figures=configuration("smoke")["figures"] | dict(trajectory_classes=["images"]),
        linear=configuration("smoke", **NO_HALVES)["linear"],
        **changes,
    )


def test_classifiers_are_left_out_and_all_else_is_drawn():
    study, whole = Study(one_class()), Study(configuration("smoke"))
    assert set(whole.figures) - set(study.figures) == CLASSIFIED
    assert {"spectra", "gram", "normality", "norms", "norm_contraction"} <= set(study.figures)
    jobs = Costs(study).jobs()
    without = {"classifier", "prediction", "controls", "estimation_gap"}
    assert not {*without, *(f"{name}_figure" for name in CLASSIFIED)} & set(jobs)
    assert study.universality.verdict == study.universality.comparison == []
    assert study.labels == {"images": None}
    assert (study.denoiser.label_dim, study.class_index("images")) == (0, 0)
    (said,) = plan.of_verdict(study)
    assert said.startswith("no verdict: the study has one class")


def test_the_pages_leave_out_what_needs_two_classes():
    study = Study(one_class())
    assert study.figures_of("molrg") == ["phase_transition", "generalisation", "numerical_rank"]
    assert "real_transition_times" not in study.figures_of("manifold")
    assert study.molrg.numerical_ranks == [dict(image_class="images")]


@pytest.mark.parametrize("name", PUBLISHED)
def test_studies_of_published_checkpoints(name):
    file, side = PUBLISHED[name]
    study = Study(configuration(name), needs_files=False)
    assert study.config["denoiser"]["path"] == f"checkpoints/{file}"
    assert study.image_shape == (3, side, side)
    assert not study.is_classified
    assert study.molrg.numerical_ranks


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            dict(subsets=[SUBSET, SUBSET | dict(name="other")]),
            "subsets: whole must have two or more classes, .* found the subsets whole, other",
        ),
        (
            dict(subsets=[SUBSET | dict(classes=["images", "others"])]),
            "sources: diffusion lacks the key pools, train_sizes, validation_size, which only",
        ),
    ],
)
def test_subsets_and_sources_fit_together(changes, message):
    with pytest.raises(InputError, match=message):
        Study(one_class() | changes)


def test_several_classes_have_labels():
    config = one_class() | dict(subsets=[SUBSET | dict(classes=["images", "others"])])
    config["sources"] = configuration("smoke")["sources"][:1]
    config["denoiser"]["labels"] = dict(images=None, others=None)
    with pytest.raises(InputError, match="labels must be numbers where there are several classes"):
        Study(config)


@pytest.fixture
def page(tmp_path):
    """page(sentences): the report of a study without a verdict; None where nothing was tested."""
    inputs = small_report(tmp_path)
    config = inputs["expected"] | dict(subsets=[SUBSET])
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))

    def page(sentences):
        paths = []
        if sentences is not None:
            paths = [tmp_path / "figures/normality_sentences.csv"]
            pd.DataFrame(dict(sentence=sentences)).to_csv(paths[0], index=False)
        groups = {heading: of for heading, of in inputs["groups"].items() if heading != "Verdict"}
        changed = dict(verdict_paths=[], groups=groups, expected=config, distribution_paths=paths)
        report.main(**inputs | changed)
        return inputs["report_path"].read_text()

    return page


def test_the_first_screen_answers_for_the_distribution(page):
    text = page(["The generated images are not Gaussian (p = 0.01).", "Another."])
    screen = text[: text.index("</header>")]
    questions = re.findall(r'<h2 class="question">(.*?)</h2>', screen)
    assert questions == [DISTRIBUTION, QUESTION]
    assert '<p class="headline">The generated images are not Gaussian (p = 0.01).' in screen
    assert ONE_CLASS.replace("'", "&#39;") in screen
    assert "The study has one class, <em>images</em>." in text
    assert "interval" not in screen
    assert "Repetitions" not in text
    assert '<dt id="word-mixed-images">' in text


def test_without_a_test_the_first_screen_says_so(page):
    text = page(None)
    assert UNTESTED in text
    assert 'href="#as-a-distribution"' not in text


@pytest.mark.slow  # 40 jobs
def test_an_unconditional_checkpoint_is_studied(tmp_path):
    project = Project(tmp_path)
    config = one_class()
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(config))
    study = "--configfile", "one.yaml"
    planned = jobs_in(project.succeed(*study, "--dry-run"))
    assert planned == Costs(Study(config)).jobs()
    of_pages = jobs_in(project.succeed(*study, "--dry-run", "--", *PAGES))
    together = {}
    for name in PAGES:
        for rule, count in Costs(Study(config)).alone(name).items():
            together[rule] = max(count, together.get(rule, 0))
    assert of_pages == together | {"report": len(PAGES)}
    ranks = "results/one/molrg/numerical_rank/images.parquet"
    printed = project.succeed(*study, "--", "all", ranks)
    assert re.search(r"^As a distribution: The generated images", printed, re.MULTILINE)
    assert (pd.read_parquet(tmp_path / ranks)["rank"] > 0).all()
    text = (tmp_path / "results/one/report.html").read_text()
    assert '<h2 class="question">As a distribution?</h2>' in text
