"""Scores of images on the directions of their covariance."""

import tracemalloc

import numpy as np
import pytest

from gaussianity.distribution import leading_directions
from gaussianity.distribution import principal_scores as module
from gaussianity.distribution.principal_scores import principal_scores
from gaussianity.errors import InputError


def scores_of(rows, most=64, shards=1):
    return principal_scores(lambda: iter(np.array_split(rows, shards)), most)


def decaying(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)) / np.arange(1, d + 1)


def test_scores_are_the_left_singular_vectors():
    rows = decaying(200, 30)
    centred = rows - rows.mean(axis=0)
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    found = scores_of(rows)
    assert found.scores.shape == (200, 20)  # a tenth of the images
    np.testing.assert_allclose(np.abs(found.scores), np.sqrt(200) * np.abs(left[:, :20]), atol=1e-8)
    np.testing.assert_allclose(found.variances, singular[:20] ** 2 / 200)
    assert found.total == pytest.approx(np.square(centred).sum() / 200)
    assert found.share == pytest.approx((singular[:20] ** 2).sum() / (singular**2).sum())
    np.testing.assert_allclose(found.mean, rows.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(
        found.scores * np.sqrt(found.variances), centred @ found.directions.T, atol=1e-10
    )
    assert (found.step, found.constant, found.repeated, found.images) == (0, 0, 0, 200)


def test_shift_scale_and_rotation_change_signs_only():
    rows = decaying(100, 12)
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((12, 12)))[0]
    moved = scores_of(3 * rows @ turn + 5).scores
    np.testing.assert_allclose(np.abs(moved), np.abs(scores_of(rows).scores), atol=1e-9)


@pytest.fixture(params=["covariance", "inner products", "iteration"])
def way(request, monkeypatch):
    """Each way to the directions, for few pixels."""
    monkeypatch.setattr(leading_directions, "DENSE", 1024 if request.param == "covariance" else 8)
    monkeypatch.setattr(leading_directions, "FEW", 8 if request.param == "iteration" else 1024)
    return request.param


def test_results_do_not_depend_on_the_sharding(monkeypatch, way):
    monkeypatch.setattr(module, "ROWS", 64)
    rows = decaying(300, 40).astype(np.float32)
    first, second = scores_of(rows), scores_of(rows, shards=7)
    np.testing.assert_array_equal(first.scores, second.scores)
    np.testing.assert_array_equal(first.variances, second.variances)


def test_every_way_finds_the_leading_directions(monkeypatch, way):
    monkeypatch.setattr(module, "ROWS", 64)
    rows = decaying(400, 200)
    found = scores_of(rows, 10)
    centred = rows - rows.mean(axis=0)
    _, singular, right = np.linalg.svd(centred, full_matrices=False)
    error = 1e-4 if way == "iteration" else 1e-9
    np.testing.assert_allclose(found.variances, singular[:10] ** 2 / 400, rtol=error)
    along = np.abs(np.sum(found.directions * right[:10], axis=1))
    np.testing.assert_allclose(along, 1, atol=error)
    assert (np.take_along_axis(*largest_of(found.directions)) > 0).all()
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(10), atol=1e-12)
    np.testing.assert_allclose(found.scores.T @ found.scores / 400, np.eye(10), atol=1e-10)
    np.testing.assert_allclose(found.scores.mean(axis=0), 0, atol=1e-12)
    scaled = found.scores * np.sqrt(found.variances)
    np.testing.assert_allclose(scaled, centred @ found.directions.T, atol=1e-12)


def largest_of(directions):
    """Arguments of `take_along_axis` for the entry of largest modulus of each direction."""
    return directions, np.abs(directions).argmax(axis=1)[:, None], 1


def test_memory_holds_a_batch_of_large_images(monkeypatch):
    """No (d, d), nor all rows in float64: 12 and 7 MB."""
    monkeypatch.setattr(module, "ROWS", 64)
    monkeypatch.setattr(leading_directions, "FEW", 64)
    rows = decaying(700, 1250).astype(np.float32)
    tracemalloc.start()
    scores_of(rows, 5, shards=11)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4e6


def test_directions_without_variance_are_left_out(way):
    """Five of thirty pixels vary, in 200 images."""
    rows = np.full((200, 30), 0.3)
    rows[:, ::6] += decaying(200, 5)
    found = scores_of(rows)
    assert found.scores.shape == (200, 5)
    assert found.constant == 25
    assert np.isfinite(found.scores).all()


@pytest.mark.parametrize("levels", [255, 16])
def test_the_step_of_the_quantisation_limits_the_directions(levels):
    """Standard deviations of .5 to 8 steps: those from two steps on are kept."""
    deviations = np.array([8.0, 4.0, 2.2, 1.8, 1.0, 0.5]) / levels
    rows = np.random.default_rng(0).standard_normal((2000, 6)) * deviations + 0.5
    found = scores_of(np.round(rows * levels) / levels)
    assert found.step == pytest.approx(1 / levels)
    assert found.scores.shape[1] == 3
    assert scores_of(rows).step == 0
    assert scores_of(rows).scores.shape[1] == 6


def test_the_step_is_the_smallest_gap_of_the_values():
    """No pixel has the third of the eight levels."""
    rows = np.random.default_rng(0).choice([0, 1, 3, 4, 5, 6, 7], size=(100, 5)) / 7
    assert scores_of(rows).step == pytest.approx(1 / 7)


def test_repeated_images_are_counted_and_left_out():
    rows = decaying(60, 8)
    found = scores_of(np.concatenate([rows[:20], rows[10:15], rows[20:], rows[:1]]), shards=3)
    assert (found.repeated, found.images) == (6, 60)
    np.testing.assert_array_equal(found.scores, scores_of(rows).scores)


def test_images_of_two_levels_have_no_direction_with_enough_variance():
    rows = np.unique(np.random.default_rng(0).integers(2, size=(400, 9)), axis=0).astype(float)
    found = scores_of(rows)
    assert found.step == 1
    assert found.scores.shape == (len(rows), 0)
    assert np.isfinite(found.total)


def test_too_few_images_are_refused():
    with pytest.raises(InputError, match=r"at least 20 different images of a class, found 19$"):
        scores_of(decaying(19, 5))
    rows = decaying(15, 5)
    with pytest.raises(InputError, match=r"found 15 \(15 repeat another\)"):
        scores_of(np.concatenate([rows, rows]))
