import numpy as np

from gaussianity.linear.halves.dataset_halves import disjoint_halves


def test_halves_are_disjoint_and_hold_as_many_of_each_class():
    labels = np.array([0, 1, 1, 0, 0, 1, 0, 1, 1])
    first, second = disjoint_halves(labels, np.random.default_rng(0))
    assert not set(first) & set(second)
    for half in (first, second):
        assert np.bincount(labels[half]).tolist() == [2, 2]
        assert (np.diff(half) > 0).all()


def test_halves_of_another_seed_are_others():
    labels = np.zeros(40, int)
    one, other = (disjoint_halves(labels, np.random.default_rng(seed))[0] for seed in (0, 1))
    assert one.tolist() != other.tolist()
