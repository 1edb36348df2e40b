import numpy as np
import pytest

from gaussianity.sampling.sampler_variance import sampled_moments, spectrum
from gaussianity.sampling.variance_table import class_moments, table

SETTINGS = dict(
    steps=12, sigma_min=0.002, sigma_max=10.0, rho=7.0, S_churn=0.0, S_min=0, S_max=50, S_noise=1
)


@pytest.fixture
def rows():
    generator = np.random.default_rng(0)
    return generator.standard_normal((60, 5)) * [2, 1, 0.5, 0.2, 0.1] + 3


def test_images_that_are_scaled_and_moved_have_these_ratios(rows):
    moved = 2 * (rows - rows.mean(axis=0)) + rows.mean(axis=0) + 0.3
    found = table([class_moments(rows, moved)], SETTINGS)
    np.testing.assert_allclose(found["generated"], 4)
    total = found["eigenvalue"][0]
    assert found["generated_shift"][0] == pytest.approx(np.sqrt(5 * 0.3**2 / total))


def test_the_sampler_is_that_of_the_closed_form(rows):
    found = table([class_moments(rows, rows)], SETTINGS)
    direction = spectrum(rows)
    sampled, missing = sampled_moments(direction.variances, **SETTINGS)
    np.testing.assert_allclose(found["sampler"][1:], sampled / direction.variances)
    shift = np.abs(missing * direction.means) / np.sqrt(direction.variances)
    np.testing.assert_allclose(found["sampler_shift"][1:], shift)
    assert found["sampler"][0] == pytest.approx(sampled.sum() / direction.variances.sum())


def test_classes_are_pooled_as_sums(rows):
    both = [class_moments(rows, 2 * rows), class_moments(3 * rows, 3 * rows)]
    found = table(both, SETTINGS)
    np.testing.assert_allclose(found["generated"], (4 + 9) / (1 + 9))
    np.testing.assert_allclose(found["eigenvalue"][1:], 5 * spectrum(rows).variances)


def test_a_class_of_few_images_has_fewer_directions(rows):
    found = table([class_moments(rows, rows), class_moments(rows[:3], rows[:3])], SETTINGS)
    assert len(found) == 1 + 5
    np.testing.assert_allclose(found["generated"], 1)
    np.testing.assert_allclose(found["eigenvalue"][3], spectrum(rows).variances[2])


def test_without_other_images_nothing_is_compared(rows):
    found = table([class_moments(None, rows)], SETTINGS)
    assert found[["generated", "generated_shift"]].isna().all(axis=None)
    np.testing.assert_allclose(found["eigenvalue"][1:], spectrum(rows).variances)
