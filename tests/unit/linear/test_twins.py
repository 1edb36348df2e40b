import numpy as np
import pytest

from gaussianity.linear.twins import (
    account,
    cosines,
    direction_correlations,
    explained,
    mixed_seeds,
)

CLASSES = np.repeat([0, 1], 2000)


@pytest.fixture(scope="module")
def images():
    """Two classes at -+(1, ..., 1); the image is its twin and noise of a third of its variance."""
    generator = np.random.default_rng(0)
    means = np.where(CLASSES, 1.0, -1.0)[:, None] * np.ones(9)
    twins = means + generator.standard_normal((4000, 9)) * np.sqrt(0.75)
    return twins + generator.standard_normal((4000, 9)) * np.sqrt(0.25), twins


def test_share_of_an_image(images):
    found = explained(*images, CLASSES)
    assert found.value == pytest.approx(0.75, abs=4 * found.error)
    assert found.error < 0.005


def test_account_of_class_twin_and_network(images):
    """The means have the variance 1, the twins .75, the rest .25."""
    found = account(*images, CLASSES)
    assert (found.class_mean, found.twin, found.network) == pytest.approx(
        (0.5, 0.375, 0.125), abs=0.01
    )
    assert found.class_mean + found.twin + found.network == pytest.approx(1)


def test_cosines_and_correlations(images):
    assert cosines(*images, CLASSES).mean() == pytest.approx(np.sqrt(0.75), abs=0.02)
    first = CLASSES == 0
    found = direction_correlations(images[0][first], images[1][first], -np.ones(9), np.eye(9))
    np.testing.assert_allclose(found, np.sqrt(0.75), atol=0.03)


def test_a_twin_of_itself(images):
    assert explained(images[1], images[1], CLASSES).value == 1
    np.testing.assert_allclose(cosines(images[1], images[1], CLASSES), 1)


def test_mixed_seeds_are_a_control_that_fails(images):
    """Independent rows of equal variance have R^2 = -1; here 1 - (1 + .75)."""
    mixed = mixed_seeds(images[1], CLASSES)
    assert explained(images[0], mixed, CLASSES).value == pytest.approx(-0.75, abs=0.05)
    assert cosines(images[0], mixed, CLASSES).mean() == pytest.approx(0, abs=0.03)
    assert account(images[0], mixed, CLASSES).class_mean == pytest.approx(0.5, abs=0.01)


def test_another_mean_of_the_twins_does_not_matter(images):
    moved = images[1] + np.where(CLASSES, 3.0, 0.0)[:, None]
    assert explained(images[0], moved, CLASSES).value == explained(*images, CLASSES).value
