"""Effects of edits against closed forms, and a classifier of known accuracy."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.molrg.edit_effects import (
    Classifier,
    EditSettings,
    measure_edits,
    measure_effects,
)
from gaussianity.molrg.semantic_directions import state_at
from gaussianity.sampling.contraction import gaussian_step_eigenvalues

D = 16
VARIANCES = 4 * (1.0 + torch.arange(D, dtype=torch.float64)) ** -1.5
SETTINGS = EditSettings(
    sigma=2.0,
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


def test_the_classifier_separates_its_classes(classifier):
    """The best possible classifier errs in 0.13 % of the cases."""
    assert classifier.accuracy > 0.97
    assert classifier.model.coef_[0, 0] > 5 * np.abs(classifier.model.coef_[0, 1:]).max()


def test_the_accuracy_is_of_images_held_out():
    """In 60 dimensions a classifier can fit random labels, but it cannot predict others."""
    classes = [np.random.default_rng(k).standard_normal((20, 60)) for k in range(2)]
    fitted = Classifier.of_classes(classes, np.random.default_rng(5))
    labels = np.repeat([0, 1], 20)
    assert fitted.model.score(np.concatenate(classes), labels) > 0.85
    assert fitted.accuracy < 0.85


def test_effects_by_hand(classifier):
    """The network form has twice the range. The first pixel moves the classifier."""
    base = torch.full((1, 1, 4, 4), 0.0, dtype=torch.float64)
    base[..., 0, 0] = -0.8
    edited = base.repeat(1, 1, 2, 1, 1, 1).reshape(1, 1, 2, 1, 4, 4).clone()
    edited[0, 0, 0, 0, 0, 0] = 0.8
    found = measure_effects(edited, base, classifier)
    np.testing.assert_allclose(found["rms_change"], [[[0.8 / 4, 0]]])
    np.testing.assert_allclose(found["switched"], [[[1, 0]]])
    before, after = (classifier.probabilities(x.numpy())[0] for x in (base, edited[0, 0, :1]))
    np.testing.assert_allclose(found["probability_moved"], [[[abs(after - before)[0], 0]]])
    assert found["probability_moved"][0, 0, 0] > 0.5


@pytest.fixture(scope="module")
def normal():
    denoiser = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=1, rank=D)
    denoiser.vectors[:], denoiser.variances[:] = torch.eye(D).double(), VARIANCES
    return denoiser


def measured(normal, classifier, **changed):
    return measure_edits(
        normal,
        range(5),
        torch.ones(5, 1),
        classifier=classifier,
        settings=replace(SETTINGS, **changed),
        generators=[np.random.default_rng(i) for i in range(5)],
        device="cpu",
    )


def test_the_change_of_pixels_has_the_closed_form(normal, classifier):
    """The change along a singular vector is strength sigma gain / (2 sqrt(d)) for every image."""
    found, pictures = measured(normal, classifier)
    state = state_at(normal, range(5), torch.ones(5, 1), 2.0, steps=8)
    gains = np.prod(
        [gaussian_step_eigenvalues(VARIANCES, s.sigma, s.sigma_next) for s in state.steps], axis=0
    )
    singular = found["kind"] == "singular"
    expected = np.abs(found["strength"]) * state.sigma * gains[found["index"] - 1] / 2 / D**0.5
    np.testing.assert_allclose(found["rms_change"][singular], expected[singular], rtol=1e-9)
    inside = found["kind"] == "inside"
    assert (found["rms_change"][inside] <= np.abs(found["strength"][inside]) * expected.max()).all()
    assert len(found["seed"]) == 5 * (4 + 3 * 3) * 4
    assert found["image"].max() == 4
    np.testing.assert_allclose(found["sigma"], state.sigma)
    assert pictures.shape == (2, 3, 5, 1, 4, 4)
    np.testing.assert_allclose(pictures[:, :, 2], state.images[:2, None].expand(-1, 3, -1, -1, -1))
    moved = np.sqrt(np.square(pictures[:, 1, 4] - pictures[:, 1, 2]).mean(axis=(1, 2, 3))) / 2
    np.testing.assert_allclose(moved, 2 * state.sigma * gains[1] / 2 / D**0.5, rtol=1e-9)


def test_batch_size_and_method_do_not_change_the_result(normal, classifier, monkeypatch):
    whole, pictures = measured(normal, classifier)
    monkeypatch.setattr("gaussianity.molrg.edit_effects.TOGETHER", 2)
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
