"""Values of pools and folds from pairs, and the coverage of their intervals."""

import itertools

import numpy as np
import pytest

from gaussianity.universality.verdict.equivalence import interval
from gaussianity.universality.verdict.units import unit_values


def test_folds_have_their_own_values():
    np.testing.assert_array_equal(
        unit_values({(2, 2): 0.3, (0, 0): 0.1, (1, 1): 0.2}), [0.1, 0.2, 0.3]
    )


def test_the_mean_is_that_of_all_pairs():
    generator = np.random.default_rng(0)
    pairs = {pair: generator.standard_normal(3) for pair in itertools.permutations(range(4), 2)}
    found = unit_values(pairs)
    assert found.shape == (4, 3)
    np.testing.assert_allclose(found.mean(axis=0), np.mean(list(pairs.values()), axis=0))


def test_effects_of_the_training_are_the_values():
    effects = np.array([0.3, -0.1, -0.2])
    pairs = {(p, q): 1 + effects[p] for p, q in itertools.permutations(range(3), 2)}
    np.testing.assert_allclose(unit_values(pairs), 1 + effects)


def test_two_pools_have_the_values_of_the_two_trainings():
    np.testing.assert_array_equal(unit_values({(1, 0): 0.2, (0, 1): 0.1}), [0.1, 0.2])


def test_a_pair_that_is_missing():
    with pytest.raises(ValueError, match=r"found none for \[\(1, 2\)\]"):
        unit_values({pair: 0.0 for pair in itertools.permutations(range(3), 2) if pair != (1, 2)})


@pytest.mark.parametrize("tested", [0.2, 1.0, 3.0])
def test_intervals_cover_however_much_the_shared_test_images_vary(tested):
    """Pairs a_p + b_q + noise: the means over q alone cover 90, 82 and 55 % here."""
    generator = np.random.default_rng(1)
    covers = []
    for _ in range(2000):
        trained, of_test = generator.standard_normal(5), tested * generator.standard_normal(5)
        pairs = {
            (p, q): trained[p] + of_test[q] + 0.5 * generator.standard_normal()
            for p, q in itertools.permutations(range(5), 2)
        }
        found = interval(unit_values(pairs), 0.05)
        covers.append(found.low <= 0 <= found.high)
    assert 0.88 <= np.mean(covers) <= 0.96
