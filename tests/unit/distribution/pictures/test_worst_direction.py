"""Planted directions are found, false alarms are as often as stated, pictures fit the scores."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from gaussianity.distribution.haar import haar_scores, whitened
from gaussianity.distribution.pictures import worst_direction as module
from gaussianity.distribution.pictures.worst_direction import (
    filter_of,
    one_direction,
    pattern,
    visible,
    worst_direction,
)
from gaussianity.distribution.principal_scores import principal_scores
from gaussianity.distribution.statistics import squared_distances


def _gamma(n, generator):
    return (generator.gamma(4, size=n) - 4) / 2


def _modes(n, generator):
    """Two modes .9 standard deviations from the mean."""
    return 0.9 * generator.choice([-1, 1], n) + np.sqrt(0.19) * generator.standard_normal(n)


def _planted(shape, direction, n, generator):
    """Scores (n, k), normal but for the direction (k,) of length 1."""
    rows = generator.standard_normal((n, len(direction)))
    return whitened(rows + np.outer(shape(n, generator) - rows @ direction, direction))


def _unit(k, seed):
    values = np.random.default_rng(seed).standard_normal(k)
    return values / np.linalg.norm(values)


@pytest.mark.parametrize("shape", [_gamma, _modes])
def test_a_planted_direction_is_found(shape):
    direction, generator = _unit(8, 0), np.random.default_rng(1)
    W = _planted(shape, direction, 1600, generator)
    found = worst_direction(W, generator)
    assert abs(found.theta @ direction) > 0.95
    assert found.p_value < 0.005
    assert found.delta == pytest.approx(0.235, abs=0.05)  # of both, nearly


@pytest.mark.parametrize("shape", [_gamma, _modes])
def test_a_direction_in_thirty_two_is_found_in_1600_images(shape):
    for seed in range(3):
        generator = np.random.default_rng(seed)
        W = _planted(shape, np.eye(64)[9], 1600, generator)
        assert worst_direction(W, generator).p_value < 0.05


def test_a_direction_among_others_of_its_kurtosis_is_found():
    # FOBI cannot tell directions of one kurtosis apart. The fixed points of log cosh can.
    axes = np.linalg.qr(np.random.default_rng(1).standard_normal((6, 6)))[0]
    for seed in range(3):
        W = whitened(np.random.default_rng(seed).laplace(size=(2000, 6)) @ axes)
        theta = worst_direction(W, np.random.default_rng(2)).theta
        assert np.abs(axes @ theta).max() > 0.985


def test_nothing_beyond_the_searched_directions_is_found():
    generator = np.random.default_rng(0)
    W = _planted(_gamma, np.eye(20)[12], 600, generator)  # 600 // 50 = 12 are searched
    found = worst_direction(W, generator)
    assert found.theta.shape == (20,)
    assert not found.theta[12:].any()
    assert np.linalg.norm(found.theta) == pytest.approx(1)
    assert found.p_value > 0.05


def test_delta_is_that_of_the_held_out_scores():
    generator = np.random.default_rng(2)
    found = worst_direction(_planted(_gamma, _unit(4, 1), 401, generator), generator)
    assert found.scores.shape == (200,)
    assert found.scores.mean() == pytest.approx(0, abs=1e-12)
    assert found.scores.var() == pytest.approx(1)
    assert squared_distances(found.scores[:, None])[0] == pytest.approx(found.delta**2)


def test_false_alarms_are_as_often_as_stated(monkeypatch):
    monkeypatch.setattr(module, "NULL_DRAWS", 399)
    found = []
    for seed in range(60):
        generator = np.random.default_rng(seed)
        found.append(worst_direction(haar_scores(300, 6, generator), generator).p_value)
    assert np.mean(np.array(found) <= 0.05) <= 0.13  # 3 of 60 expected
    assert np.mean(np.array(found) <= 0.5) >= 0.2


def test_a_direction_measured_on_the_half_that_found_it_is_a_false_alarm(monkeypatch):
    # The measurement on the other half is what makes the p value one of a single direction.
    search, halves = module._searched, []

    def kept(half):
        halves.append(half)
        return search(half)

    def same(theta, _):
        scores = halves[-1] @ theta
        return theta, float(squared_distances(scores[:, None])[0]), scores

    monkeypatch.setattr(module, "_searched", kept)
    monkeypatch.setattr(module, "_held_out", same)
    generator = np.random.default_rng(0)
    assert worst_direction(haar_scores(300, 6, generator), generator).p_value < 0.05


def test_one_direction_has_its_known_mean_and_quantile():
    squared = one_direction(100, 4000, np.random.default_rng(0))
    assert squared.shape == (4000,)
    assert 100 * squared.mean() == pytest.approx(1.51, abs=0.05)
    assert np.quantile(squared, 0.95) ** 0.5 == pytest.approx(0.165, abs=0.01)


def test_blocks_of_the_null_do_not_change_its_distribution(monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 250)
    squared = one_direction(100, 501, np.random.default_rng(0))
    assert squared.shape == (501,)
    assert 100 * squared.mean() == pytest.approx(1.51, abs=0.2)


def test_the_same_generator_gives_the_same_direction():
    W = haar_scores(100, 5, np.random.default_rng(0))
    found = [worst_direction(W, np.random.default_rng(3)) for _ in range(2)]
    np.testing.assert_array_equal(found[0].theta, found[1].theta)
    assert found[0].p_value == found[1].p_value


def test_signs_of_the_scores_do_not_matter():
    generator = np.random.default_rng(2)
    W = _planted(_gamma, _unit(4, 1), 400, generator)
    signs = np.array([1, -1, -1, 1])
    one, other = (worst_direction(w, np.random.default_rng(3)) for w in (W, W * signs))
    assert one.delta == pytest.approx(other.delta, rel=1e-3)
    assert abs(one.theta @ (other.theta * signs)) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("n", "k"), [(20, 1), (20, 2), (49, 4)])
def test_fewer_images_than_fifty_search_one_direction(n, k):
    generator = np.random.default_rng(0)
    found = worst_direction(haar_scores(n, k, generator), generator)
    np.testing.assert_array_equal(np.abs(found.theta), np.eye(k)[0])
    assert 0 < found.p_value <= 1


def test_a_discrete_direction_has_the_least_p_value():
    generator = np.random.default_rng(0)
    W = _planted(lambda n, g: g.choice([-1.0, 1.0], n), np.eye(2)[0], 400, generator)
    found = worst_direction(W, generator)
    assert found.p_value == 2 / (module.NULL_DRAWS + 1)
    assert found.delta == pytest.approx(0.6, abs=0.05)  # .636 along the axis


@pytest.mark.parametrize(("n", "k"), [(19, 3), (30, 0)])
def test_too_few_images_or_directions(n, k):
    message = f"expected at least 20 images and one direction, found {n} images and {k} directions"
    with pytest.raises(ValueError, match=re.escape(message)):
        worst_direction(np.zeros((n, k)), np.random.default_rng(0))


def _principal(n, d, k, generator):
    """Images (n, d) and their principal scores on k directions."""
    images = generator.standard_normal((n, d)) * np.arange(1, d + 1)
    centred = images - images.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / n)
    variances, directions = variances[::-1][:k], axes.T[::-1][:k]
    scores = centred @ directions.T / np.sqrt(variances)
    return centred, SimpleNamespace(variances=variances, directions=directions, scores=scores)


def test_filter_gives_the_scores():
    centred, principal = _principal(50, 6, 3, np.random.default_rng(0))
    theta = _unit(3, 1)
    np.testing.assert_allclose(
        centred @ filter_of(theta, principal), principal.scores @ theta, atol=1e-12
    )


def test_pattern_is_the_regression_of_the_images_on_the_scores():
    centred, principal = _principal(50, 6, 6, np.random.default_rng(0))
    theta = _unit(6, 1)
    slopes = centred.T @ (principal.scores @ theta) / 50
    np.testing.assert_allclose(pattern(theta, principal), slopes, atol=1e-12)


def test_filter_reads_one_from_the_pattern():
    _, principal = _principal(50, 6, 4, np.random.default_rng(0))
    theta = _unit(4, 1)
    assert filter_of(theta, principal) @ pattern(theta, principal) == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "k"), [(400, 8), (1600, 32)])
def test_false_alarms_of_200_sets(n, k):
    found = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        found.append(worst_direction(haar_scores(n, k, generator), generator).p_value)
    assert 0.015 <= np.mean(np.array(found) <= 0.05) <= 0.09


def test_visible_directions_hold_nine_tenths_of_the_variance():
    """Of variances 6, 2, 1.5, .5 the first two hold .8, the first three .95."""
    rows = np.random.default_rng(0).standard_normal((400, 4))
    rows = np.linalg.qr(rows - rows.mean(axis=0))[0] * np.sqrt([6, 2, 1.5, 0.5])
    principal = principal_scores(lambda: iter([rows]))
    assert visible(principal) == 3
    first = principal_scores(lambda: iter([rows]), most=2)  # hold less than that together
    assert visible(first) == 2


def candidates(monkeypatch, half, iterations=30):
    """The directions that `_searched` tries: axes and FOBI's, then two kinds of fixed points."""
    seen, measure = [], module.squared_distances

    def watched(scores):
        seen.append(np.linalg.lstsq(half, scores.astype(float))[0])
        return measure(scores)

    monkeypatch.setattr(module, "squared_distances", watched)
    monkeypatch.setattr(module, "ITERATIONS", iterations)
    best = module._searched(half)
    return best, np.split(seen[0], 3, axis=1)


def _skewed_sources(n=1500):
    """Whitened mixtures of three independent sources of different tails."""
    generator = np.random.default_rng(4)
    sources = [generator.exponential(size=n), generator.laplace(size=n), generator.uniform(size=n)]
    return whitened(np.stack(sources, axis=1) @ generator.standard_normal((3, 3)))


def test_candidates_are_the_axes_and_the_eigenvectors_of_fobi(monkeypatch):
    half = _skewed_sources()
    best, (start, _, _) = candidates(monkeypatch, half, 0)
    np.testing.assert_allclose(start[:, :3], np.eye(3), atol=1e-5)
    fourth = np.einsum("n,ni,nj->ij", (half**2).sum(axis=1), half, half)
    along = np.abs(np.linalg.eigh(fourth)[1].T @ start[:, 3:])
    np.testing.assert_allclose(along, np.eye(3), atol=1e-3)
    found = squared_distances(half @ start)
    assert abs(best @ start[:, found.argmax()]) == pytest.approx(1, abs=1e-5)


def test_a_step_to_a_fixed_point(monkeypatch):
    """E x tanh(w x) - w E tanh'(w x), and E x (w x)^2, of length 1."""
    half = _skewed_sources()
    _, (start, even, odd) = candidates(monkeypatch, half, 1)
    slopes = np.tanh(half @ start)
    next_even = half.T @ slopes / len(half) - start * (1 - slopes**2).mean(axis=0)
    for found, expected in ((even, next_even), (odd, half.T @ (half @ start) ** 2)):
        expected /= np.linalg.norm(expected, axis=0)
        np.testing.assert_allclose(found, expected, atol=1e-3)


def test_further_candidates_are_fixed_points_of_two_contrasts(monkeypatch):
    """Of E x tanh(w x) - w E tanh'(w x), and of E x (w x)^2, up to sign and length."""
    half = _skewed_sources()
    _, (_, even, odd) = candidates(monkeypatch, half)
    along = half @ even
    slopes = 1 - np.tanh(along) ** 2
    next_even = half.T @ np.tanh(along) / len(half) - even * slopes.mean(axis=0)
    next_odd = half.T @ (half @ odd) ** 2
    for now, then in ((even, next_even), (odd, next_odd)):
        np.testing.assert_allclose(np.linalg.norm(now, axis=0), 1, rtol=1e-4)
        cosines = np.abs((now * then).sum(axis=0)) / np.linalg.norm(then, axis=0)
        assert np.median(cosines) > 0.9999


@pytest.mark.parametrize(("n", "searched"), [(99, 1), (100, 2), (149, 2), (150, 3), (400, 5)])
def test_a_direction_is_searched_for_every_fifty_images(monkeypatch, n, searched):
    shapes = []
    monkeypatch.setattr(module, "_searched", lambda half: shapes.append(half.shape) or half[0])
    generator = np.random.default_rng(0)
    worst_direction(haar_scores(n, 5, generator), generator)
    assert shapes == [(n // 2, searched)] * 2
