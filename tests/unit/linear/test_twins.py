import numpy as np
import pytest

from gaussianity.linear.twins import (
    account,
    centred_by_class,
    correlation,
    cosines,
    explained,
    mixed_seeds,
    of_directions,
    twin_columns,
)


@pytest.fixture(scope="module")
def images():
    """The image is its twin and noise of a third of its variance."""
    generator = np.random.default_rng(0)
    twins = generator.standard_normal((4000, 9)) * np.sqrt(0.75)
    return twins + generator.standard_normal((4000, 9)) * np.sqrt(0.25), twins


def test_share_of_an_image(images):
    found = explained(twin_columns(*images))
    assert found.value == pytest.approx(0.75, abs=4 * found.error)
    assert found.error < 0.005


def test_account_of_class_twin_and_network(images):
    """The means have the variance 1 a pixel, the twins .75, the rest .25."""
    columns = twin_columns(*images) | dict(between=np.full(4000, 9.0))
    found = account(columns)
    assert (found.class_mean, found.twin, found.network) == pytest.approx(
        (0.5, 0.375, 0.125), abs=0.01
    )
    assert found.class_mean + found.twin + found.network == pytest.approx(1)


def test_cosines_and_correlation(images):
    columns = twin_columns(*images)
    assert cosines(columns).mean() == pytest.approx(np.sqrt(0.75), abs=0.02)
    assert correlation(columns) == pytest.approx(np.sqrt(0.75), abs=0.01)


def test_directions(images):
    """Along the second direction the twin is another image's; the last has no variance."""
    moved = [rows * np.append(np.ones(8), 0.0) for rows in images]
    moved[1][:, 1] = np.roll(moved[1][:, 1], 1)
    found = of_directions(*moved, np.eye(9))
    np.testing.assert_allclose(found["correlation"][2:8], np.sqrt(0.75), atol=0.03)
    np.testing.assert_allclose(found["explained"][2:8], 0.75, atol=0.03)
    assert found["correlation"][1] == pytest.approx(0, abs=0.05)
    assert found["explained"][1] == pytest.approx(-0.75, abs=0.1)
    assert np.isnan(found["explained"][8])


def test_a_twin_of_itself(images):
    columns = twin_columns(images[1], images[1])
    assert explained(columns).value == 1
    np.testing.assert_allclose(cosines(columns), 1)


def test_mixed_seeds_are_a_control_that_fails(images):
    """Independent rows of equal variance have R^2 = -1; here 1 - (1 + .75)."""
    columns = twin_columns(images[0], mixed_seeds(images[1]))
    assert explained(columns).value == pytest.approx(-0.75, abs=0.05)
    assert cosines(columns).mean() == pytest.approx(0, abs=0.03)


def test_another_mean_of_the_twins_does_not_matter(images):
    moved = twin_columns(images[0], images[1] + 3.0)
    np.testing.assert_allclose(moved["rest"], twin_columns(*images)["rest"])


def test_means_are_those_of_each_class():
    rows = np.array([[1.0], [3.0], [10.0], [10.0]])
    assert centred_by_class(rows, np.array([0, 0, 1, 1])).ravel().tolist() == [-1, 1, 0, 0]
