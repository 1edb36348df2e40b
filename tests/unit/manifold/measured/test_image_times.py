"""Transition times of images with a known distribution, and the headline about them."""

import numpy as np
import pandas as pd
import pytest
import torch
from image_times_cases import SEED, drawn_of, isotropic_images, measured_of_images
from manifold_figure_cases import fading

from gaussianity.intervals import share_ends
from gaussianity.manifold.measured import image_times
from gaussianity.manifold.measured.image_weights import weight_table
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.two_classes import Criterion, TwoClasses, class_information


@pytest.mark.parametrize("dimension", [5, 10, 20])
def test_the_effective_dimensions_hold_that_of_isotropic_images(dimension):
    """174 images of each class: at p = 10, t_C = 0.220 for them, 0.263 for half, 0.25 measured."""
    generator = np.random.default_rng(SEED)
    rows, labels, pair = isotropic_images(dimension, 174, generator)
    found = image_times.time_table(
        measured_of_images(rows, labels, generator), pair, {}, replicates=20, generator=generator
    ).set_index(["law", "criterion"])
    measured = found.loc[("data", Criterion.CLONES)]
    low, high = measured["effective_dimension_low"], measured["effective_dimension_high"]
    assert 0.7 * dimension < low < dimension < high
    predicted = found.loc[(image_times.PREDICTED, Criterion.ALL_IMAGES)]
    assert predicted["effective_dimension_low"] == predicted["effective_dimension_high"]
    # The spread of the sample covariance reduces the dimension.
    assert predicted["effective_dimension_low"] == pytest.approx(dimension, rel=0.1)


@pytest.mark.parametrize(
    ("copies", "says"),
    [
        (0, "0 % of its samples are copies (95 % interval 0 to 1.43 %)"),  # 1 - 0.025^(1 / 256)
        (64, "25 % of its samples are copies (95 % interval 19.8 to 30.8 %)"),
        (256, "100 % of its samples are copies (95 % interval 98.6 to 100 %)"),
    ],
)
def test_the_headline_says_how_many_copies_there_may_be(copies, says):
    _, summary = drawn_of(copies)
    assert says in image_times.headline(summary)


@pytest.mark.parametrize(
    ("time", "error", "says"),
    [
        (0.1, 0.01, "the trained denoiser later, t = 0.1"),
        (0.5, 0.01, "the trained denoiser earlier, t = 0.5"),
        (0.28, 0.02, "at the same time within 2 standard errors, t = 0.28"),
        (0.28, np.nan, "the trained denoiser at t = 0.28: 4 % of"),  # not "at the same time"
        (np.nan, np.nan, "(95 % interval 2 to 7 %);\nweights of"),
        (
            np.nan,
            np.nan,
            r"way at t = 0.17 $\pm$ 0.01, on that of the Gaussian mixture at t = 0.18",
        ),
    ],
)
def test_the_headline_says_whether_a_trained_denoiser_collapses_later(time, error, says):
    clones, weights = Criterion.CLONES, Criterion.WEIGHTS
    rows = [("data", clones, 0.3, 0.01), ("trained", clones, time, error)]
    rows += [("trained", weights, 0.17, 0.01), ("mixture", weights, 0.18, 0.02)]
    summary = pd.DataFrame(rows, columns=["law", "criterion", "time", "error"])
    summary = summary.assign(copies=0.04, copies_low=0.02, copies_high=0.07)
    assert says in image_times.headline(summary)
    alone = summary[summary["law"] == "data"]
    assert image_times.headline(alone).endswith(r"collapses at t = 0.3 $\pm$ 0.01")
    never = image_times.headline(alone.assign(time=np.nan))
    assert never.endswith("collapses at no time measured")
    summary.loc[summary["law"] == "data", "time"] = np.nan
    assert "same" not in image_times.headline(summary)


def test_transition_times_of_real_images_by_hand():
    """Curves 1 / (1 + (t / a)^3) pass 1/2 at a; same_class (1 + that) / 2 passes 0.7752 at
    a (1 / 0.5504 - 1)^(1/3)."""
    times = np.geomspace(0.01, 3, 60)
    weights, clones = {"data": fading("data", times, 0.3)}, {}
    measured = image_times.agreement_samples(weights, clones, fading("mixture", times, 0.4))
    pair = TwoClasses.of_moments(2 * np.eye(16)[:2], np.stack([np.eye(16) / 2] * 2), [50, 50])
    found = image_times.time_table(
        measured, pair, clones, replicates=20, generator=np.random.default_rng(0)
    ).set_index(["law", "criterion"])["time"]
    assert found["data", Criterion.CLONES] == pytest.approx(0.3, rel=1e-3)
    later = (1 / 0.5504 - 1) ** (1 / 3)
    assert found["data", Criterion.DEFLECTION_ONE] == pytest.approx(0.3 * later, rel=1e-3)
    assert found["mixture", Criterion.DEFLECTION_ONE] == pytest.approx(0.4 * later, rel=1e-3)
    assert found[image_times.PREDICTED, Criterion.ALL_IMAGES] == pair.collapse_time(100)
    share = 1 - np.log(2) / np.log(100)  # of entropies log(100) (1 - share)
    expected = 0.3 * (1 / share - 1) ** (1 / 3)
    assert found["data", Criterion.EXCESS_ENTROPY] == pytest.approx(expected, rel=5e-3)


def test_the_excess_entropy_of_two_images_is_what_is_not_known_of_them():
    """log 2 - I(image; y), and I is that of two normal classes at a half distance m of D = m^2 /
    sigma^2."""
    rows = torch.tensor([[0.7, 0.0], [-0.7, 0.0]], dtype=torch.float64)
    times = np.array([0.1, 0.4, 0.9])
    columns = weight_table(
        rows, torch.arange(2), times, count=20000, generator=np.random.default_rng(SEED)
    )
    found = pd.DataFrame(columns).groupby("time")["entropy"].mean()
    expected = [np.log(2) - class_information(0.49 / noise_level(t) ** 2) for t in times]
    np.testing.assert_allclose(found, expected, atol=6e-3)


def test_the_excess_entropys_time_approaches_that_of_half_of_the_images_from_below():
    """Two classes of 300 isotropic normal images, in 5, 25 and 125 dimensions."""
    ratios = []
    for dimension in (5, 25, 125):
        generator = np.random.default_rng(SEED)
        rows, labels, pair = isotropic_images(dimension, 300, generator, d=dimension + 1)
        measured = measured_of_images(rows, labels, generator)
        found = image_times.time_table(measured, pair, {}, replicates=20, generator=generator)
        time = image_times.find_row(found, "data", Criterion.EXCESS_ENTROPY)["time"]
        ratios.append(time / pair.collapse_time(300))
    assert ratios == sorted(ratios)
    assert ratios[-1] < 1 < ratios[-1] + 0.2


def test_clones_of_the_exact_mixture_are_a_control():
    times = np.geomspace(0.01, 3, 5)
    frames = {name: fading("data", times, 0.3) for name in ("mixture", "trained")}
    found = image_times.agreement_samples({}, frames, fading("mixture", times, 0.4))
    clones, weights = Criterion.CLONES, Criterion.WEIGHTS
    assert set(found) == {
        ("mixture", "speciation", None),
        ("mixture", "control", None),
        ("mixture", "collapse", clones),
        ("mixture", "collapse", weights),
        ("trained", "speciation", None),
        ("trained", "collapse", clones),
        ("trained", "collapse", weights),
    }


@pytest.mark.parametrize("missing", ["absent", "never"])
def test_the_headline_is_silent_about_weights_that_do_not_pass(missing):
    clones, weights = Criterion.CLONES, Criterion.WEIGHTS
    rows = [("data", clones, 0.3, 0.01), ("trained", clones, np.nan, np.nan)]
    both = [("trained", weights, 0.17, 0.01), ("mixture", weights, np.nan, np.nan)]
    if missing == "never":
        rows.append(("trained", weights, np.nan, np.nan))

    def said(rows):
        summary = pd.DataFrame(rows, columns=["law", "criterion", "time", "error"])
        return image_times.headline(summary.assign(copies=0.04, copies_low=0.02, copies_high=0.07))

    assert said(rows).endswith("(95 % interval 2 to 7 %)")
    assert said(rows[:2] + both).endswith(r"on its way at t = 0.17 $\pm$ 0.01")


def test_the_samples_of_a_denoiser_are_its_clones_at_the_last_time():
    """Shares of the ends that are copies: 1, 1/2, 1/2 and 0 of 4 pairs."""
    clones = pd.DataFrame(dict(time=np.repeat([0.1, 3.0], 4), class_accuracy=0.9))
    clones["copies"] = [1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.0]
    found = image_times._samples_of(clones)
    low, high = share_ends(2, 4)
    assert found == dict(copies=0.5, copies_low=low, copies_high=high, class_accuracy=0.9)
