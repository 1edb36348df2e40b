"""Every functional is 1-Lipschitz for random and worst pairs, and has the value of its name."""

import numpy as np
import pytest

from gaussianity.universality.functionals import Functionals, class_functionals, family

D, N = 30, 200
GENERATOR = np.random.default_rng(0)
ROWS = GENERATOR.uniform(0, 1, (N, D)) * np.linspace(2, 0.1, D)
ANCHORS = GENERATOR.uniform(0, 1, (3, D))


def batches():
    return iter([ROWS[:70], ROWS[70:]])


@pytest.fixture(scope="module")
def made():
    streams = np.random.default_rng(1), np.random.default_rng(2)
    return class_functionals(batches, ANCHORS, projections=2, fixed=streams[0], start=streams[1])


@pytest.fixture
def functionals(made):
    return made[0]


def test_names_are_those_of_the_columns(functionals):
    assert functionals.names == (
        "norm",
        "mean_distance",
        "anchor_distance_1",
        "anchor_distance_2",
        "anchor_distance_3",
        "nearest_anchor",
        "random_projection_1",
        "random_projection_2",
        "principal_projection_1",
        "principal_projection_2",
        "maximum",
        "relu_norm",
    )
    assert functionals.values(ROWS).shape == (N, len(functionals.names))


def slopes(functionals, x, y):
    away = np.linalg.norm(x - y, axis=1)[:, None]
    return np.abs(functionals.values(x) - functionals.values(y)) / away


@pytest.mark.parametrize("scale", [1e-3, 1.0, 100.0])
def test_no_pair_of_images_is_moved_apart(functionals, scale):
    generator = np.random.default_rng(3)
    x = generator.normal(size=(2000, D))
    y = x + scale * generator.normal(size=(2000, D))
    found = slopes(functionals, x, y)
    assert found.max() <= 1 + 1e-9
    assert found.max(axis=0).min() > 0.2  # no functional is nearly constant


def test_the_constant_one_is_reached(functionals):
    """Each step is along the gradient of its functional."""
    x = np.full((1, D), 0.5)
    x[0, 4] = 9.0
    pixel = np.zeros((1, D))
    pixel[0, 4] = 1
    steps = {
        "norm": x,
        "mean_distance": x - functionals.mean,
        "anchor_distance_2": x - functionals.anchors[1],
        "random_projection_1": functionals.directions[:1],
        "principal_projection_2": functionals.principal[1:],
        "maximum": pixel,
    }
    for name, step in steps.items():
        found = slopes(functionals, x, x + step)[0, functionals.names.index(name)]
        assert found == pytest.approx(1), name
    nearest = np.linalg.norm(x - functionals.anchors, axis=1).argmin()
    found = slopes(functionals, x, 2 * x - functionals.anchors[nearest])
    assert found.shape == (1, len(functionals.names))
    assert np.linalg.norm(functionals.weights, 2) == pytest.approx(1)


def test_values_by_their_names(functionals):
    found = dict(zip(functionals.names, functionals.values(ROWS).T, strict=True))
    np.testing.assert_allclose(found["norm"], np.sqrt((ROWS**2).sum(axis=1)))
    np.testing.assert_allclose(found["mean_distance"] ** 2, ((ROWS - ROWS.mean(0)) ** 2).sum(1))
    distances = np.sqrt(((ROWS[:, None] - ANCHORS) ** 2).sum(axis=2))
    np.testing.assert_allclose(found["anchor_distance_3"], distances[:, 2])
    np.testing.assert_allclose(found["nearest_anchor"], distances.min(axis=1))
    np.testing.assert_allclose(found["maximum"], ROWS.max(axis=1))
    hidden = np.maximum(functionals.weights @ ROWS.T, 0)
    np.testing.assert_allclose(found["relu_norm"] ** 2, (hidden**2).sum(axis=0))


def test_the_first_principal_projection_has_the_largest_eigenvalue_as_variance(made):
    functionals, largest = made
    values = dict(zip(functionals.names, functionals.values(ROWS).T, strict=True))
    assert values["principal_projection_1"].var(ddof=1) == pytest.approx(largest)
    assert largest == pytest.approx(np.linalg.eigvalsh(np.cov(ROWS.T)).max())


def test_batches_do_not_matter(functionals):
    whole = functionals.values(ROWS)
    np.testing.assert_allclose(functionals.values_of(batches()), whole, rtol=1e-12)


def test_directions_and_weights_are_the_fixed_streams_alone():
    """Other rows and another start do not change the directions, so that classes compare."""
    found = [
        class_functionals(
            lambda rows=rows: iter([rows]),
            ANCHORS,
            projections=2,
            fixed=np.random.default_rng(1),
            start=np.random.default_rng(start),
        )[0]
        for rows, start in ((ROWS, 2), (ROWS[:50] ** 2, 3))
    ]
    np.testing.assert_array_equal(found[0].directions, found[1].directions)
    np.testing.assert_array_equal(found[0].weights, found[1].weights)
    np.testing.assert_allclose(np.linalg.norm(found[0].directions, axis=1), 1)


def test_fewer_rows_than_projections_have_fewer_principal_ones():
    found = class_functionals(
        lambda: iter([ROWS[:3]]),
        ANCHORS,
        projections=5,
        fixed=np.random.default_rng(1),
        start=np.random.default_rng(2),
    )[0]
    assert len(found.directions) == 5
    assert len(found.principal) == 2
    assert isinstance(found, Functionals)


def test_families():
    assert family("principal_projection_12") == "principal_projection"
    assert family("nearest_anchor") == "nearest_anchor"
