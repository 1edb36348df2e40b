"""Normality of arrays: normal images, two modes, and arrays that do not fit."""

import numpy as np
import pandas as pd
import pytest

import gaussianity
from gaussianity.errors import InputError

FAST = dict(draws=199)


def images_of(kind, n=100):
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((n, 9)) / np.arange(1, 10)
    if kind == "skewed":
        rows[:, 0] = generator.exponential(size=n) - 1
    return (0.5 + 0.02 * rows).reshape(n, 3, 3)


@pytest.fixture(scope="module")
def skewed():
    return gaussianity.normality(images_of("skewed", 400), **FAST)


def test_normal_images_are_never_called_not_gaussian():
    found = gaussianity.normality(images_of("normal"), **FAST)
    row = found.table.set_index("kind").loc["images"]
    assert row["outcome"] in ("within", "open")
    assert row["p_value"] > 0.05
    assert repr(found) == found.sentence
    assert "not Gaussian" not in repr(found)


def test_skewed_images_are_found_in_their_first_direction(skewed):
    row = skewed.table.set_index("kind").loc["images"]
    assert row["outcome"] == "not_normal"
    assert row["most_departing"] == 1
    # The exponential distribution is .44 from normal, in 1 of 1.54 of the variance.
    assert row["distance"] == pytest.approx(0.44 * np.sqrt(1 / 1.54), abs=0.06)
    assert repr(skewed).startswith("array (400 images): not Gaussian (p = 0.005). ")
    # Gaussian data have the distance 0, and their p value is uniform: small for some seeds.
    low = skewed.table.set_index("kind")["distance_low"]
    assert low["gaussian"] == 0
    assert low["images"] > 0.2
    assert skewed.power["images"].tolist() == [25, 50, 100]
    assert skewed.directions["rank"].tolist() == [*range(1, 10)] * 2


def test_the_plot_has_the_distances_of_the_directions(skewed):
    (panel,) = skewed.plot().axes
    assert panel.get_title() == "400 images"
    (line,) = (line for line in panel.lines if line.get_label() == "images")
    images = skewed.directions[skewed.directions["kind"] == "images"]
    np.testing.assert_array_equal(line.get_ydata(), images["delta"])


def test_the_seed_decides_and_the_shape_of_an_image_does_not():
    images = images_of("skewed")
    first = gaussianity.normality(images, **FAST)
    flat = gaussianity.normality(images.reshape(-1, 9), **FAST)
    pd.testing.assert_frame_equal(first.table, flat.table)
    other = gaussianity.normality(images, seed=1, **FAST).table.set_index("kind")["distance_high"]
    known = first.table.set_index("kind")["distance_high"]
    # Only the exact mean of the null distribution is simulated in the distance of the images.
    assert other["images"] == pytest.approx(known["images"], abs=0.01)
    assert other["gaussian"] != known["gaussian"]


def test_uint8_images_are_those_divided_by_255():
    stored = np.round(images_of("skewed") * 255).astype(np.uint8)
    first, second = (gaussianity.normality(each, **FAST) for each in (stored, stored / 255))
    assert first.table["directions"].tolist() == second.table["directions"].tolist()
    np.testing.assert_allclose(first.table["distance"], second.table["distance"], atol=1e-5)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros(30), r"expected an array \(n, ...\), found the shape \(30,\)"),
        (np.zeros((30, 4), int), "expected uint8 or floats, found int64"),
        (np.zeros((19, 4)), "expected at least 20 of one class, found 19"),
        (np.full((30, 4), np.nan), "expected finite numbers, found NaN or infinity"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(images, message):
    with pytest.raises(InputError, match=message):
        gaussianity.normality(images)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (dict(directions=0), "directions: expected a number at least 1, found 0"),
        (dict(draws=5), "draws: expected a number at least 19, found 5"),
        (dict(distance_margin=0), "distance_margin: expected a number above 0, found 0"),
        (dict(accuracy_margin=0.6), "accuracy_margin: expected a number above 0 and at most 0.5"),
        (dict(level=0.5), "level: expected a number above 0 and below 0.5, found 0.5"),
    ],
)
def test_settings_outside_of_their_range_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        gaussianity.normality(images_of("normal"), **settings)


def test_repeated_images_are_named():
    images = images_of("normal")
    found = gaussianity.normality(np.concatenate([images, images[:5]]), **FAST)
    assert "5 images equal an earlier one" in repr(found)


def test_images_that_do_not_differ_have_no_answer():
    found = gaussianity.normality(np.full((40, 4), 0.5), **FAST)
    assert found.table["outcome"].iloc[0] == "open"
    assert "cannot tell" in repr(found)
    (said,) = found.plot().axes[0].texts
    assert said.get_text() == "No class could be tested."
