"""A subset's classes are measured one at a time, and each as if it were alone."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.fft import idctn

from gaussianity.universality.assumptions import subset_measures
from gaussianity.universality.assumptions.assumptions import table
from gaussianity.universality.assumptions.class_measures import measure_class
from gaussianity.universality.assumptions.subset_measures import (
    Settings,
    measure_subset,
    resolutions,
)

SETTINGS = Settings(sizes=3, smallest_size=0.25, directions=4, replicates=3, gram_images=16)


def images(seed, count=40):
    return np.random.default_rng(seed).standard_normal((count, 1, 8, 8))


def measured(classes):
    generators = [np.random.default_rng(k) for k in range(len(classes))]
    return measure_subset(classes, generators, np.random.default_rng(9), SETTINGS)


def test_each_class_is_measured_as_alone():
    parts, mixture = measured(dict(a=lambda: images(0), b=lambda: images(1)))
    levels = resolutions(images(1), np.geomspace(0.25, 1, 3))
    expected, _ = measure_class(levels, np.random.default_rng(1), directions=4, replicates=3)
    for name, measure in expected.items():
        np.testing.assert_array_equal(parts[1][name].values, measure.values)
    np.testing.assert_array_equal(mixture["gram"].sizes, [4, 16, 64])
    np.testing.assert_array_equal(mixture["gram_n"].sizes, [1, 4, 16])


@pytest.mark.parametrize(
    ("images_of_class", "at_most", "counts", "kept"),
    [
        (40, 16, [1, 4, 16], 40),  # POOL times 16 rows of two classes are more than there are
        (40, 8, [1, 2, 8], 32),
        (40, 5, [1, 1, 5], 20),
        (20, 64, [1, 5, 20], 20),  # half of the 40 images
    ],
)
def test_as_many_rows_of_the_mixture_are_kept_as_random_sets_need(
    monkeypatch, images_of_class, at_most, counts, kept
):
    monkeypatch.setattr(subset_measures, "measure_gram", lambda *given, **_: given)
    classes = {str(k): (lambda k=k: images(k, images_of_class)) for k in range(2)}
    generators = [np.random.default_rng(k) for k in range(2)]
    settings = replace(SETTINGS, gram_images=at_most)
    _, (levels, traces, found, _) = measure_subset(classes, generators, None, settings)
    assert found == counts
    assert [rows.shape for rows in levels] == [(2, kept, d) for d in (4, 16, 64)]
    for k in range(2):
        rows = resolutions(images(k, images_of_class), [1.0])[0]
        expected = rows[:kept] - rows.mean(axis=0)
        np.testing.assert_allclose(levels[-1][k], expected, rtol=1e-5, atol=1e-6)
    variances = [images(k, images_of_class).var(axis=0).sum() for k in range(2)]
    assert traces[-1] == pytest.approx(np.mean(variances))


@pytest.mark.parametrize(("fall", "expected"), [(0.0, "holds"), (2.0, "fails")])
def test_smallest_singular_values_of_known_images(fall, expected):
    """Pixels are independent, or frequencies k fall as k^-2; the common mean is large."""
    amplitudes = np.outer(*[np.arange(1.0, 9) ** -fall] * 2)

    def read(seed):
        return 3 + idctn(images(seed, 200) * amplitudes, axes=(2, 3), norm="ortho")

    classes = {str(k): (lambda k=k: read(k)) for k in range(3)}
    settings = replace(SETTINGS, replicates=20, gram_images=64)
    generators = [np.random.default_rng(k) for k in range(3)]
    _, mixture = measure_subset(classes, generators, np.random.default_rng(9), settings)
    found = pd.DataFrame(table(mixture, confidence=0.95, tolerance=0.25))
    assert set(found["verdict"]) == {expected}, found.to_string()


def test_an_error_names_the_class():
    same = np.full((40, 1, 8, 8), 0.5)
    with pytest.raises(ValueError, match=r"class b: .* images that differ, found all the same"):
        measured(dict(a=lambda: images(0), b=lambda: same))


def test_sizes_rise_and_stand_once():
    found = resolutions(np.zeros((2, 3, 8, 4)), [0.25, 0.26, 0.5, 1.0])
    assert [rows.shape for rows in found] == [(2, 3 * 2 * 1), (2, 3 * 4 * 2), (2, 3 * 8 * 4)]


@pytest.mark.parametrize("shape", [(2, 1, 8, 2), (2, 1, 2, 8)])
def test_one_frequency_is_kept_at_least(shape):
    found = resolutions(np.zeros(shape), [0.1, 1.0])
    assert [rows.shape for rows in found] == [(2, 1), (2, 16)]


def test_all_frequencies_keep_products():
    images = np.random.default_rng(0).standard_normal((5, 2, 6, 7))
    (whole,) = resolutions(images, [1.0])
    flat = images.reshape(5, -1)
    np.testing.assert_allclose(whole @ whole.T, flat @ flat.T, atol=1e-12)


def test_a_constant_image_is_one_number_at_any_resolution():
    for rows in resolutions(np.full((1, 1, 8, 8), 0.5), [0.1, 0.5, 1.0]):
        assert rows[0, 0] == pytest.approx(4.0)  # 0.5 * sqrt(64)
        np.testing.assert_allclose(rows[0, 1:], 0, atol=1e-14)


def test_lower_resolutions_are_orthogonal_projections():
    """The products of the rows of all unit images are the projection matrix."""
    units = np.eye(30).reshape(30, 1, 5, 6)
    low, _ = resolutions(units, [0.5, 1.0])
    projection = low @ low.T
    np.testing.assert_allclose(projection @ projection, projection, atol=1e-12)
    assert projection.trace() == pytest.approx(low.shape[1])
