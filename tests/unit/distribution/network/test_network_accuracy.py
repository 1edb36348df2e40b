"""Exactly 1/2 for normal images, more for others, and one half never sees the other."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from gaussianity.distribution.haar import haar_scores, whitened
from gaussianity.distribution.network import network
from gaussianity.distribution.network import network_accuracy as module
from gaussianity.distribution.network.network_accuracy import NetworkAccuracy, network_accuracy


@pytest.fixture
def quick(monkeypatch):
    """A sixth of the training. The expectation for normal images does not depend on it."""
    monkeypatch.setattr(network, "EPOCHS", 10)
    monkeypatch.setattr(module, "LEAST_BANK", 1000)


def _mean_of_normal(n, k, sets):
    found = []
    for seed in range(sets):
        generator = np.random.default_rng(seed)
        found.append(network_accuracy(haar_scores(n, k, generator), generator).value)
    return np.mean(found)


def _uniform(n, k, seed):
    return whitened(np.random.default_rng(seed).uniform(-1, 1, (n, k)))


def _subspaces(n, generator):
    """Scores of four subspaces of 8 dimensions in 64, with noise of .05."""
    bases = [np.linalg.qr(np.random.default_rng(s).standard_normal((64, 8)))[0] for s in range(4)]
    chosen, rows = generator.integers(4, size=n), 0.05 * generator.standard_normal((n, 64))
    for number, basis in enumerate(bases):
        rows[chosen == number] += generator.standard_normal(((chosen == number).sum(), 8)) @ basis.T
    rows -= rows.mean(axis=0)
    variances, axes = np.linalg.eigh(rows.T @ rows / n)
    return (rows @ axes / np.sqrt(variances))[:, ::-1]


@pytest.mark.usefixtures("quick")
def test_the_mean_over_normal_images_is_one_half():
    assert _mean_of_normal(100, 10, 30) == pytest.approx(0.5, abs=0.01)


@pytest.mark.usefixtures("quick")
def test_halves_that_are_whitened_together_leave_one_half(monkeypatch):
    # The scores are white over both halves. What is in excess in one half is missing in the other.
    monkeypatch.setattr(module, "whitened", lambda rows: rows)
    assert _mean_of_normal(100, 10, 30) < 0.48


def test_subspaces_are_told_apart(monkeypatch):
    monkeypatch.setattr(module, "DIRECTIONS", (32,))  # all four bases, without noise
    generator = np.random.default_rng(1)
    found = network_accuracy(_subspaces(1600, generator), generator)
    assert found.value > 0.98
    assert found.low > 0.97


def test_uniform_images_are_told_from_gaussian_data_but_not_from_uniform_ones():
    W, generator = _uniform(800, 4, 0), np.random.default_rng(1)
    gaussian = network_accuracy(W, generator)
    same = network_accuracy(W, generator, _uniform(8000, 4, 2))
    assert gaussian.low > 0.52
    assert same.low < 0.5 < same.high


def test_gaussian_images_are_told_from_a_uniform_pool():
    generator = np.random.default_rng(3)
    found = network_accuracy(haar_scores(800, 4, generator), generator, _uniform(3000, 4, 4))
    assert found.low > 0.53


@pytest.mark.usefixtures("quick")
def test_the_mean_against_a_pool_of_the_same_distribution_is_one_half():
    found = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        pool = _uniform(1000, 5, 100 + seed)
        found.append(network_accuracy(_uniform(100, 5, seed), generator, pool).value)
    assert np.mean(found) == pytest.approx(0.5, abs=0.02)


def test_training_validation_and_test_have_no_row_in_common(monkeypatch):
    seen, tested = [], []

    def watched(images, gaussian, validation, generator):
        seen.append([images, validation[0], gaussian])
        return 0.0, SimpleNamespace(inputs=3, logits=lambda rows: tested.append(rows) or rows[:, 0])

    monkeypatch.setattr(module, "trained", watched)
    monkeypatch.setattr(module, "whitened", lambda rows: rows)
    W, pool = np.arange(183.0).reshape(61, 3), np.arange(1000.0, 1600.0).reshape(200, 3)
    network_accuracy(W, np.random.default_rng(1), pool)
    assert len(tested) == 8  # the images and the three sets of a hundred, in both halves
    for half, rows in zip(seen, (tested[:4], tested[4:]), strict=True):
        sets = [set(part[:, 0]) for part in half] + [set(np.concatenate(rows)[:, 0])]
        assert len(set.union(*sets)) == sum(map(len, sets))
        assert set(W[:, 0]) <= set.union(*sets)


@pytest.mark.usefixtures("quick")
def test_scale_and_mean_of_the_scores_do_not_matter():
    W = _uniform(100, 5, 0)
    found = [network_accuracy(w, np.random.default_rng(1)) for w in (W, 3 * W + 2)]
    assert found[0].value == pytest.approx(found[1].value, abs=0.01)


def test_scale_and_mean_of_the_pool_do_not_matter():
    """Each set of the pool is whitened by itself, in training and in the test."""
    W = whitened(np.random.default_rng(0).choice([-1.0, 1.0], (200, 3)))
    pool = haar_scores(2000, 3, np.random.default_rng(2))
    found = [network_accuracy(W, np.random.default_rng(1), rows) for rows in (pool, 3 * pool + 2)]
    assert found[0].value > 0.75
    assert found[0].value == pytest.approx(found[1].value, abs=0.01)


@pytest.mark.usefixtures("quick")
def test_numbers_of_directions_are_the_candidates_and_all(monkeypatch):
    tried = []

    def watched(images, *others):
        tried.append(images.shape[1])
        return network.trained(images, *others)

    monkeypatch.setattr(module, "trained", watched)
    found = network_accuracy(haar_scores(80, 8, np.random.default_rng(0)), np.random.default_rng(1))
    assert tried == [4, 8, 4, 8]
    assert len(found.directions) == 2
    assert set(found.directions) <= {4, 8}


@pytest.mark.usefixtures("quick")
def test_few_leading_directions_win_where_only_they_depart():
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((600, 40))
    rows[:, 0] = np.sign(rows[:, 0])
    assert network_accuracy(whitened(rows), generator).directions == (4, 4)


@pytest.mark.usefixtures("quick")
def test_the_same_generator_gives_the_same_accuracy():
    W = _uniform(100, 5, 0)
    found = [network_accuracy(W, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_error_is_that_of_two_shares():
    # (.5 .5 / 1000 + .5 .5 / 10000)^(1/2) / 2
    found = module._error(np.array([0.5, 0.5]), np.array([1000, 10_000]))
    assert found == pytest.approx(np.sqrt(0.25 / 1000 + 0.25 / 10_000) / 2)
    # 22 of 24 and 202 of 204, with two right and two wrong answers added.
    squared = 22 / 24 * (2 / 24) / 20 + 202 / 204 * (2 / 204) / 200
    found = module._error(np.array([1.0, 1.0]), np.array([20, 200]))
    assert found == pytest.approx(np.sqrt(squared) / 2, rel=1e-12)


@pytest.mark.parametrize("pool", [None, 182])
def test_a_network_without_an_opinion_is_right_on_all_gaussian_rows(monkeypatch, pool):
    """61 images are tested in halves of 30 and 31, on two or three sets of 91 others."""
    undecided = SimpleNamespace(inputs=3, logits=lambda rows: np.zeros(len(rows)))
    monkeypatch.setattr(module, "trained", lambda *_: (0.0, undecided))
    generator = np.random.default_rng(0)
    other = pool and haar_scores(pool, 3, generator)
    found = network_accuracy(haar_scores(61, 3, generator), generator, other)
    assert found.value == 0.5
    counts = np.array([61, 3 * 30 + 2 * 31 if pool else module.DRAWS * 61])
    assert found.error == module._error(np.array([0.0, 1.0]), counts)


@pytest.mark.parametrize("least", [10, 2000])
def test_numbers_of_rows_in_training_and_validation(monkeypatch, least):
    """A fifth of the images of a half, at least 10, measures; there are more Gaussian rows."""
    seen = []

    def watched(images, gaussian, validation, _):
        seen.append([len(rows) for rows in (images, gaussian, *validation)])
        return 0.0, SimpleNamespace(inputs=3, logits=lambda rows: rows[:, 0])

    monkeypatch.setattr(module, "trained", watched)
    monkeypatch.setattr(module, "LEAST_BANK", least)
    for n, held_out in ((200, 20), (60, 10), (22, 5)):
        seen.clear()
        half = n // 2
        network_accuracy(haar_scores(n, 3, np.random.default_rng(0)), np.random.default_rng(1))
        bank = max(module.BANK * half, least)
        assert seen == [[half - held_out, bank, held_out, module.MEASURED * held_out]] * 2


def test_interval_is_nearly_two_errors_wide_on_both_sides():
    found = NetworkAccuracy(0.6, 0.01, (4, 4))
    assert (found.low, found.high) == pytest.approx((0.5804, 0.6196))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("n", "k"), [(20, 1), (20, 2), (21, 5)])
def test_few_images_are_enough(n, k):
    generator = np.random.default_rng(0)
    found = network_accuracy(haar_scores(n, k, generator), generator)
    assert 0 <= found.value <= 1
    assert found.error > 0.05


@pytest.mark.usefixtures("quick")
def test_a_direction_that_one_half_does_not_have_is_measured():
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((200, 6))
    rows[:, 5] = np.arange(200) == 0  # a pixel that only one image has
    found = network_accuracy(whitened(rows), generator)
    assert 0 <= found.low <= found.value <= 1


@pytest.mark.parametrize(("n", "k"), [(19, 1), (40, 0), (39, 10)])
def test_too_few_images_or_directions(n, k):
    message = (
        "expected at least 20 images, one direction and 4 images per direction, "
        f"found {n} images and {k} directions"
    )
    with pytest.raises(ValueError, match=re.escape(message)):
        network_accuracy(np.zeros((n, k)), np.random.default_rng(0))


@pytest.mark.parametrize("shape", [(40, 2), (39, 3)])
def test_a_pool_that_does_not_fit(shape):
    message = f"expected scores of at least 40 other images on 3 directions, found {shape}"
    with pytest.raises(ValueError, match=re.escape(message)):
        network_accuracy(np.zeros((40, 3)), np.random.default_rng(0), np.zeros(shape))


@pytest.mark.slow
@pytest.mark.parametrize(("n", "k"), [(160, 16), (640, 64)])
def test_the_mean_over_normal_images_is_one_half_after_the_whole_training(n, k):
    assert _mean_of_normal(n, k, 30) == pytest.approx(0.5, abs=0.008)


@pytest.mark.slow
def test_the_interval_covers_one_half_for_normal_images():
    covered = []
    for seed in range(40):
        generator = np.random.default_rng(seed)
        found = network_accuracy(haar_scores(400, 40, generator), generator)
        covered.append(found.low <= 0.5 <= found.high)
    assert np.mean(covered) >= 0.95


@pytest.mark.slow
def test_known_distributions_have_their_accuracy():
    # .63 to .67 and .60 to .62 in several splits
    generator = np.random.default_rng(0)
    tails = generator.standard_normal((1600, 64)) / np.sqrt(generator.chisquare(3, (1600, 1)) / 3)
    assert network_accuracy(whitened(tails), generator).value == pytest.approx(0.65, abs=0.04)
    assert network_accuracy(_uniform(1600, 64, 1), generator).value == pytest.approx(0.6, abs=0.04)
