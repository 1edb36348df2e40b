"""Scores of copying: their limits, closed forms, and their standard errors by Monte Carlo."""

import numpy as np
import pytest
from random_mixture import random_mixture

from gaussianity.denoisers.low_rank import PosteriorMeanDenoiser
from gaussianity.molrg.generalisation import (
    COPIED,
    copies,
    distance_ratio,
    generalisation_score,
    generated_images,
    held_out_part,
    inside,
    mixture_scores,
    novel_share,
    outside_share,
    scores,
    training_part,
)
from gaussianity.molrg.mixture import LowRankMixture


def normal(seed, n, d=3):
    return np.random.default_rng(seed).standard_normal((n, d))


def test_copies_score_nothing_and_fresh_samples_one():
    training, fresh, more = normal(0, 10), normal(1, 500), normal(2, 500)
    copied = copies(training, 500, np.random.default_rng(3))
    assert set(map(tuple, copied)) == set(map(tuple, training))
    found = scores(copied, training, fresh, np.random.default_rng(4))
    assert (found["gl"], found["distance_ratio"], found["novel_share"]) == (0, 0, 0)
    assert found["gl_copies"] == 0
    found = scores(more, training, fresh, np.random.default_rng(4))
    assert abs(found["gl"] - 1) < 3 * found["gl_error"] < 0.5
    assert abs(found["distance_ratio"] - 1) < 3 * found["distance_ratio_error"] < 0.2
    assert found["novel_share_low"] - 0.02 < 1 - COPIED < found["novel_share_high"] + 0.02


def test_as_many_copies_as_training_rows_are_not_told_from_samples():
    """A share 1/e of N draws from N rows is drawn once, so that the score of copies is near 0 only
    for more draws than rows."""
    training = normal(0, 400)
    few = copies(training, 400, np.random.default_rng(1))
    many = copies(training, 4000, np.random.default_rng(1))
    assert generalisation_score(few, normal(2, 400))[0] > 0.3
    assert generalisation_score(many, normal(2, 4000))[0] < 0.01


def test_scores_know_no_unit_and_no_order():
    training, fresh, made = normal(0, 20), normal(1, 100), 0.8 * normal(2, 100)
    first = scores(made, training, fresh, np.random.default_rng(4))
    again = scores(7 * made[::-1], 7 * training, 7 * fresh, np.random.default_rng(4))
    assert first == pytest.approx(again)


def test_the_standard_errors_are_those_of_repetitions():
    training = normal(0, 20)
    drawn = [
        (generalisation_score(a, b), distance_ratio(a, training, b))
        for a, b in ((normal(10 + i, 200), normal(1000 + i, 200)) for i in range(150))
    ]
    values, errors = np.array(drawn)[:, :, 0], np.array(drawn)[:, :, 1]
    # Neighbours can share their distance, which the standard error neglects.
    np.testing.assert_allclose(errors.mean(axis=0), values.std(axis=0), rtol=0.35)


def test_a_share_is_novel_where_a_share_is_copied():
    training, fresh = normal(0, 30), normal(1, 2000)
    made = np.concatenate([copies(training, 300, np.random.default_rng(2)), normal(3, 700)])
    share, low, high = novel_share(made, training, fresh)
    assert high - low == pytest.approx(3.92 * np.sqrt(share * (1 - share) / 1000), rel=0.1)
    assert low - 0.02 < 0.7 * (1 - COPIED) < high + 0.02


def test_outside_share_of_known_parts():
    bases = np.eye(4)[:, [[0, 1], [2, 3]]].transpose(1, 0, 2)  # two planes in four dimensions
    rows = np.array([[3.0, 4, 0, 0], [0, 0, 1, 0]])
    assert outside_share(rows, bases) == 0
    assert outside_share(np.array([[3.0, 0, 4, 0]]), bases) == pytest.approx(9 / 25)


def test_what_is_outside_the_subspaces_is_new_to_gl_and_not_to_its_part_inside():
    """Copies with noise of deviation 0.5 outside the subspaces have a large GL."""
    bases = np.linalg.qr(normal(0, 12, 4))[0].reshape(12, 2, 2).transpose(1, 0, 2)
    mixture = LowRankMixture(tuple(bases))
    training, fresh = (
        mixture.sample(np.random.default_rng(seed), n)[0].numpy() for seed, n in ((1, 6), (2, 500))
    )
    copied = copies(training, 500, np.random.default_rng(3))
    noise = 0.5 * normal(4, 500, 12)
    every = np.concatenate(list(bases), axis=1)
    made = copied + noise - noise @ every @ every.T
    np.testing.assert_allclose(inside(made, bases), copied, atol=1e-12)
    found = mixture_scores(made, training, fresh, bases, np.random.default_rng(5))
    assert found["gl"] > 1
    assert found["gl_inside"] < 1e-12


def test_parts_of_a_dataset_are_nested_and_apart():
    order = np.random.default_rng(0).permutation(20)
    assert set(training_part(order, 3, 8)) < set(training_part(order, 12, 8))
    together = [*held_out_part(order, 8), *training_part(order, 12, 8)]
    assert sorted(together) == list(range(20))


def test_the_exact_denoiser_of_a_mixture_generates_fresh_samples():
    """The size of the batches does not matter."""
    mixture = random_mixture(np.random.default_rng(0), 12, [2, 2])
    denoiser = PosteriorMeanDenoiser.of_mixture(mixture, (3, 2, 2))
    settings = dict(steps=18, device="cpu")
    drawn = [
        generated_images(denoiser, 300, np.random.default_rng(1), batch_size=size, **settings)
        for size in (300, 128)
    ]
    np.testing.assert_allclose(*drawn, rtol=1e-9, atol=1e-12)
    made = drawn[0].reshape(300, -1)
    assert outside_share(made, np.stack(mixture.bases)) < 1e-4
    training, fresh = (mixture.sample(np.random.default_rng(i), 300)[0].numpy() for i in (2, 3))
    found = scores(made, training, fresh, np.random.default_rng(4))
    for name in ("gl", "distance_ratio"):
        assert abs(found[name] - 1) < 4 * found[f"{name}_error"]
    assert found["novel_share_low"] - 0.04 < 1 - COPIED < found["novel_share_high"] + 0.04


def test_different_numbers_are_refused():
    with pytest.raises(ValueError, match="as many generated rows as fresh ones, found 3 and 4"):
        generalisation_score(normal(0, 3), normal(1, 4))


def test_the_score_of_copies_is_that_of_drawn_training_rows():
    training, fresh, made = normal(0, 300), normal(1, 300), normal(2, 300)
    copied = copies(training, 300, np.random.default_rng(4))
    found = scores(made, training, fresh, np.random.default_rng(4))
    assert found["gl_copies"] == generalisation_score(copied, fresh)[0] > 0.3
