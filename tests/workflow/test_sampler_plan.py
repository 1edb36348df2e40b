"""What a plan says of a sampler: its own error of the variance, and a start in closed form."""

import pytest
from test_plan import configuration

from configuration.study import Study
from costs import sampler
from costs.study import Costs
from gaussianity.errors import InputError
from project import ROOT


def test_a_plan_says_what_the_sampler_does_to_the_variance():
    """52.3 % of 12 steps with churn: the closed form of the digits' spectra; now below 5 %."""
    edm = dict(steps=12, sigma_min=0.002, sigma_max=80.0, S_churn=5.0)
    known, _, shift, warned, _ = sampler.lines(Study(configuration(sampling=edm)))
    assert "change the variance of exactly Gaussian images by +52.3 % in all" in known
    assert "move the mean by 0.2 % of the images' spread" in shift
    assert warned.startswith("  warning: more than 5 %")
    assert "makes +52.3 % total variance" in next(
        sampler.warnings(Study(configuration(sampling=edm)))
    )
    study = Study(configuration())
    assert "+4.1 % in all" in next(sampler.lines(study))
    assert not list(sampler.warnings(study))


def test_a_plan_without_a_dataset_says_that_it_cannot_know():
    """EDM's 256 steps from 80: 2 of 511 evaluations for each of the steps above the level."""
    study = Study(configuration("imagenet64"), needs_files=False)
    unknown, typical, saved = sampler.lines(study)
    assert "is known after the run (figure sampler_variance)" in unknown
    assert "+0.9 % at 4, " in typical
    assert "sampling.start: gaussian) would save of the evaluations 23% at sigma 20" in saved
    assert not list(sampler.warnings(study))


def test_a_start_in_closed_form_saves_two_evaluations_a_step():
    late = dict(start="gaussian", start_level=5.0)
    study, whole = Study(configuration(sampling=late)), Study(configuration())
    assert study.sampling.start_step == 3  # levels 15, 10.8, 7.6, 5.2, 3.6, ...
    assert study.sampling.evaluations == 25 - 2 * 3
    share = Costs(study).network_evaluations() / Costs(whole).network_evaluations()
    assert share == pytest.approx(19 / 25)
    *_, said = sampler.lines(study)
    assert said == "  start in closed form at sigma 5: 19 evaluations an image"
    searched = Study(configuration(sampling=dict(start="gaussian")))
    assert searched.sampling.evaluations == 25
    *_, said = sampler.lines(searched)
    assert said.endswith("at the level that its job finds: at most 25 evaluations an image")


def test_a_start_in_closed_form_needs_a_dataset():
    given = dict(kind="file", path=str(ROOT / "tests/data/ddpmpp-vp.pkl"), image_shape=[2, 8, 8])
    subset = dict(name="pair", classes=[0, 1], gram_images_per_class=40)
    config = configuration(
        "smoke",
        denoiser=given,
        subsets=[subset],
        sources=configuration("smoke")["sources"][:1],
        figures=dict(trajectory_classes=[0, 1]),
        sampling=dict(start="gaussian"),
    )
    with pytest.raises(InputError, match=r"start: gaussian needs the mean and covariance"):
        Study(config)
