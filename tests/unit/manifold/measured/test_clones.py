"""Clones agree with the probability that the posterior at their fork gives."""

import numpy as np
import pytest
import torch

from gaussianity.intervals import binomial_error
from gaussianity.manifold.measured.clones import forked, training_set_clones
from gaussianity.manifold.measured.weight_curves import training_set
from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.distribution import ManifoldDistribution
from gaussianity.manifold.theory.speciation import clone_agreement


class Silence:
    """Noise that is 0 and counts its calls."""

    def __init__(self):
        self.asked = 0

    def normal(self, dtype):
        self.asked += 1
        return torch.zeros(1, 2, dtype=dtype)


def test_forks_lie_on_the_way_and_clones_go_on_from_them():
    """Without noise and score all states grow by the same factor: forks and ends are known."""
    made = []

    def noises():
        made.append(Silence())
        return made[-1]

    x, times = torch.ones(1, 2, dtype=torch.float64), np.array([3.0, 2.0, 1.0, 0.5])
    found = list(forked(lambda x, t: 0 * x, x, times, [0.7, 2.0], noises))
    assert [time for time, _, _ in found] == [2.0, 0.7]
    for time, state, ends in found:
        torch.testing.assert_close(state, np.exp(3.0 - time) * x)
        for end in ends:
            torch.testing.assert_close(end, np.exp(2.5) * x)
    # To 2.0; twice from 2.0 by 1.0 to 0.5; from 2.0 by 1.0 to 0.7; twice from 0.7 to 0.5.
    assert [noise.asked for noise in made] == [1, 2, 2, 2, 1, 1]


def check(columns):
    for shared in ("class", "point"):
        gap = columns[f"same_{shared}"] - columns[f"posterior_{shared}"]
        assert (np.abs(gap) < 3 * columns[f"same_{shared}_error"]).all(), columns


def test_clones_agree_as_the_posterior_says():
    distribution = ManifoldDistribution(16, 8, ACTIVATIONS["linear"], 1.0, 0.5, isometric=True)
    rows, labels = training_set(distribution, 40, np.random.default_rng(0))
    run = dict(pairs=150, steps=60, span=(4.0, 0.01), generator=np.random.default_rng(1))
    columns = training_set_clones(rows, labels, [0.3, 1.0], **run)
    assert columns["time"].tolist() == [1.0, 0.3]
    assert columns["same_point"][1] > columns["same_point"][0] + 0.2
    check(columns)


@pytest.mark.slow  # half a minute
def test_clones_of_two_classes_agree_as_posterior_and_theory_say():
    """D = 64 e^-2t, here 4, 1 and 1/4."""
    distribution = ManifoldDistribution(128, 64, ACTIVATIONS["linear"], 1.0, 0.5, isometric=True)
    rows, labels = training_set(distribution, 5000, np.random.default_rng(2))
    deflections = np.array([0.25, 1.0, 4.0])
    forks = np.log(64 / deflections) / 2
    run = dict(pairs=400, steps=140, span=(6.0, 0.01), generator=np.random.default_rng(3))
    columns = training_set_clones(rows, labels, forks, **run)
    check(columns)
    theory = clone_agreement(deflections)
    assert (np.abs(columns["same_class"] - theory) < 3 * columns["same_class_error"]).all()
    np.testing.assert_allclose(columns["posterior_class"], theory, atol=0.04)


@pytest.mark.slow  # half a minute
def test_clones_collapse_as_the_posterior_says():
    distribution = ManifoldDistribution(64, 16, ACTIVATIONS["linear"], 0.0, 0.25, isometric=True)
    rows, labels = training_set(distribution, 5000, np.random.default_rng(4))
    collapse = 0.5 * np.log1p(1 / (5000 ** (2 / 16) - 1))
    run = dict(pairs=400, steps=160, span=(5.0, 0.005), generator=np.random.default_rng(5))
    columns = training_set_clones(rows, labels, collapse * np.array([0.6, 1.0, 1.6]), **run)
    check(columns)


def test_binomial_error_is_not_zero_where_all_agree():
    assert binomial_error(0.5, 396) == pytest.approx(0.025)
    assert binomial_error(0.0, 100) == pytest.approx(np.sqrt(2 * 102 / 104**3))
    assert binomial_error(1.0, 100) == pytest.approx(np.sqrt(2 * 102 / 104**3))


def test_ends_are_compared_with_training_points_in_the_datas_unit(monkeypatch):
    """An end at time 1 is e^-1 times a training point. Two of three pairs end at one point, and
    all end in one class."""
    rows, labels = torch.tensor([[1.0, 0.0], [2.0, 0.0], [4.0, 1.0]]).double(), [0, 1, 1]
    ends = [np.exp(-1) * rows[chosen].reshape(3, 2, 1, 1) for chosen in ([0, 1, 2], [0, 2, 2])]
    forks = [(2.0, 0 * ends[0], ends)]
    monkeypatch.setattr("gaussianity.manifold.measured.clones.forked", lambda *_: iter(forks))
    run = dict(pairs=3, steps=2, span=(6.0, 1.0), generator=np.random.default_rng(0))
    found = training_set_clones(rows, labels, [2.0], **run)
    assert found["time"].tolist() == [2.0]
    assert found["same_point"].tolist() == pytest.approx([2 / 3])
    assert found["same_class"].tolist() == [1.0]
    assert found["same_point_error"].tolist() == [binomial_error(2 / 3, 3)]
