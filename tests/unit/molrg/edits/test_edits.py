"""Edits along several kinds of directions against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.molrg.edits.edit_effects import Classifier
from gaussianity.molrg.edits.edits import (
    Editing,
    EditSettings,
    Given,
    Sampled,
    measure_all,
    measure_edits,
    measure_inversions,
)
from gaussianity.molrg.edits.inversion import inverted_state, round_trip_error
from gaussianity.molrg.edits.semantic_directions import state_at
from gaussianity.sampling.contraction import gaussian_step_eigenvalues

D = 16
VARIANCES = 4 * (1.0 + torch.arange(D, dtype=torch.float64)) ** -1.5
SETTINGS = EditSettings(
    sigma=2.0,
    levels=[1.0, 4.0],
    steps=8,
    directions=4,
    random=3,
    strengths=[1.0, 2.0],
    batch_size=64,
    whole_pixels=256,
    iterations=8,
    shown_images=2,
    shown_directions=2,
)


@pytest.fixture(scope="module")
def classifier():
    """Classifier of two classes that differ in the first pixel, 0.2 and 0.8 with deviation 0.1."""
    generator = np.random.default_rng(0)
    classes = [generator.normal(0.5, 0.1, (400, D)) for _ in range(2)]
    for rows, centre in zip(classes, (0.2, 0.8), strict=True):
        rows[:, 0] += centre - 0.5
    return Classifier.of_classes(classes, np.random.default_rng(1))


@pytest.fixture(scope="module")
def normal():
    denoiser = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=1, rank=D)
    denoiser.vectors[:], denoiser.variances[:] = torch.eye(D).double(), VARIANCES
    return denoiser


def editing(classifier, n=5, **changed):
    """The principal directions are the last six pixels, of the smallest variances."""
    principal = torch.eye(D).double()[10:].expand(n, -1, -1)
    generators = [np.random.default_rng(i) for i in range(n)]
    return Editing(principal, generators, classifier, replace(SETTINGS, **changed))


def sampled(classifier, **changed):
    return Sampled(np.arange(5), torch.ones(5, 1), editing(classifier, **changed))


def measured(normal, classifier, **changed):
    return measure_edits(normal, sampled(classifier, **changed), "cpu")


def expected_change(state, table, first=0):
    """strength sigma gain / (2 sqrt(d)) along the pixels from the first one on, of every row."""
    gains = np.prod(
        [gaussian_step_eigenvalues(VARIANCES, s.sigma, s.sigma_next) for s in state.steps], axis=0
    )
    moved = gains[(table["index"] - 1 + first) % D]
    return np.abs(table["strength"]) * state.sigma * moved / 2 / D**0.5


def test_the_change_of_pixels_has_the_closed_form(normal, classifier):
    """The singular vectors are the pixels in the order of their variances."""
    found, pictures = measured(normal, classifier)
    state = state_at(normal, range(5), torch.ones(5, 1), 2.0, steps=8)
    expected = expected_change(state, found)
    for kind, first in (("singular", 0), ("principal", 10)):
        chosen = found["kind"] == kind
        along = expected_change(state, found, first)[chosen]
        np.testing.assert_allclose(found["rms_change"][chosen], along, rtol=1e-9)
    inside = found["kind"] == "inside"
    assert (found["rms_change"][inside] <= np.abs(found["strength"][inside]) * expected.max()).all()
    assert len(found["seed"]) == 5 * (4 + 6 + 3 * 3) * 4
    assert found["image"].max() == 4
    np.testing.assert_allclose(found["sigma"], state.sigma)
    assert pictures.shape == (2, 3, 5, 1, 4, 4)
    np.testing.assert_allclose(pictures[:, :, 2], state.images[:2, None].expand(-1, 3, -1, -1, -1))
    moved = np.sqrt(np.square(pictures[:, 1, 4] - pictures[:, 1, 2]).mean(axis=(1, 2, 3))) / 2
    second = (found["kind"] == "singular") & (found["index"] == 2) & (found["strength"] == 2)
    np.testing.assert_allclose(moved, expected[second][:2], rtol=1e-9)


def test_batch_size_and_method_do_not_change_the_result(normal, classifier, monkeypatch):
    whole, pictures = measured(normal, classifier)
    monkeypatch.setattr("gaussianity.molrg.edits.edits.TOGETHER", 2)
    parts, same = measured(normal, classifier, batch_size=3)
    products, _ = measured(normal, classifier, whole_pixels=4)
    for table in (whole, products):
        residual, drawn = table.pop("residual"), table["kind"] != "singular"
        assert np.isnan(residual[drawn]).all()
        assert residual[~drawn].any() == (table is products)
        assert residual[~drawn].max() < 1e-3
    order = np.lexsort([whole[k] for k in ("strength", "index", "kind", "image")])
    for other, near in ((parts, 1e-9), (products, 1e-3)):
        placed = np.lexsort([other[k] for k in ("strength", "index", "kind", "image")])
        singular = whole["kind"][order] == "singular"
        for name, column in whole.items():
            if column.dtype.kind == "f":
                np.testing.assert_allclose(
                    other[name][placed][singular], column[order][singular], rtol=near, atol=near
                )
            else:
                np.testing.assert_array_equal(other[name][placed], column[order])
    np.testing.assert_allclose(
        parts["rms_change"][np.lexsort([parts[k] for k in ("strength", "index", "kind", "image")])],
        whole["rms_change"][order],
    )
    np.testing.assert_allclose(same, pictures)


def test_one_direction_stays_outside_those_that_are_asked_for(normal, classifier):
    """Of 16 pixels at most 15 singular vectors are taken."""
    found, _ = measured(normal, classifier, directions=40)
    assert found["index"][found["kind"] == "singular"].max() == D - 1
    outside = found["rms_change"][found["kind"] == "outside"]
    assert len(outside)
    assert (outside > 0).all()


def given(classifier, n=3):
    images = torch.from_numpy(np.random.default_rng(7).standard_normal((n, 1, 4, 4)))
    return Given(images, torch.ones(n, 1), editing(classifier, n), steps=16)


def test_given_images_are_edited_from_their_inversion(normal, classifier):
    chosen = given(classifier)
    found, pictures = measure_inversions(normal, chosen, "cpu")
    state = inverted_state(normal, chosen.images, torch.ones(3, 1), 2.0, steps=16)
    for kind, first in (("singular", 0), ("principal", 10)):
        rows = found["kind"] == kind
        along = expected_change(state, found, first)[rows]
        np.testing.assert_allclose(found["rms_change"][rows], along, rtol=1e-9)
    errors = round_trip_error(state, chosen.images).numpy()
    np.testing.assert_allclose(found["round_trip"], errors[found["image"]])
    assert set(found["kind"]) == {"singular", "principal", "random"}
    assert found["index"][found["kind"] == "principal"].max() == SETTINGS.shown_directions
    assert pictures.shape == (2, 3, 6, 1, 4, 4)
    np.testing.assert_allclose(pictures[:, 1, 0], chosen.images[:2])
    np.testing.assert_allclose(pictures[:, 2, 3], state.images[:2])


def test_the_parts_are_at_their_levels(normal, classifier):
    """The sweep has the edits of the largest strength at the step nearest to each level."""
    found, pictures = measure_all(normal, sampled(classifier), given(classifier), "cpu")
    part = {name: found["part"] == name for name in ("edits", "sweep", "inversion")}
    alone, shown = measured(normal, classifier)
    np.testing.assert_array_equal(found["rms_change"][part["edits"]], alone["rms_change"])
    np.testing.assert_array_equal(pictures["images"], shown)
    assert pictures["inverted"].shape[2] == shown.shape[2] + 1
    swept = {name: column[part["sweep"]] for name, column in found.items()}
    assert set(swept["strength"]) == {-2.0, 2.0}
    for level in SETTINGS.levels:
        state = state_at(normal, range(5), torch.ones(5, 1), level, steps=8)
        rows = (swept["kind"] == "singular") & (swept["sigma"] == state.sigma)
        assert rows.sum() == 5 * 2 * 2
        along = expected_change(state, swept)[rows]
        np.testing.assert_allclose(swept["rms_change"][rows], along, rtol=1e-9)
    assert np.isnan(found["round_trip"][~part["inversion"]]).all()
    assert not np.isnan(found["round_trip"][part["inversion"]]).any()


def test_without_a_sweep_and_given_images_there_are_only_edits(normal, classifier):
    found, pictures = measure_all(normal, sampled(classifier, levels=[]), None, "cpu")
    assert set(found["part"]) == {"edits"}
    assert list(pictures) == ["images"]
