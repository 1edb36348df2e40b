"""Learning of subspaces from N samples: the step of the theorems, and the softer edge of SGD."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from gaussianity.molrg import phase_transition
from gaussianity.molrg.phase_transition import METHODS, Design, measure_distances
from gaussianity.molrg.success_rates import departures, success_rates


def designed(**changes):
    """A Design of the paper's figures 4 and 8 with some changes."""
    maps = dict(ambient_dimension=48, dimensions=range(2, 9), samples=range(2, 16), trials=20)
    descent = dict(steps=1000, learning_rate=0.2, start="near")
    return Design(**maps | descent | dict(restarts=2) | changes)


SMALL = designed(ambient_dimension=24, dimensions=(2, 4), samples=(2, 3, 4, 5), trials=6)
EXACT = [("svd", 1), *((method, k) for method in ("clustering", "orthogonal") for k in (2, 3))]


def success(method, components, noise, design):
    """Rates (d, N) at the threshold 0.5, and the table."""
    columns = measure_distances(method, components, [noise], design, 0)
    frame = pd.DataFrame(columns).assign(method=method, components=components)
    summary = success_rates(frame, 0.5)
    return summary.pivot(index="dimension", columns="samples", values="rate"), summary


def step(design):
    d, n = np.meshgrid(design.dimensions, design.samples, indexing="ij")
    return n >= d


@pytest.mark.parametrize(("method", "components"), EXACT)
def test_without_noise_success_begins_where_samples_span_the_subspace(method, components):
    rates, _ = success(method, components, 0.0, SMALL)
    np.testing.assert_array_equal(rates, step(SMALL))


@pytest.mark.parametrize("components", [2, 3])
def test_as_many_samples_as_dimensions_suffice_however_badly_they_are_placed(components):
    """A few of 80 sets of 3 samples in 3 dimensions have a singular value near 0.001."""
    design = designed(dimensions=(3,), samples=(3,), trials=80)
    found = measure_distances("orthogonal", components, [0.0], design, 5)
    assert found["spectral"].max() < 0.05


@pytest.mark.slow  # 490 cells of 20 trials
@pytest.mark.parametrize(("method", "components"), EXACT)
def test_the_whole_maps_without_noise(method, components):
    """As in figures 4 and 8 of the paper, the rates are exactly 0 and 1 in all 98 cells."""
    rates, summary = success(method, components, 0.0, designed())
    np.testing.assert_array_equal(rates, step(designed()))
    assert departures(summary) == (0, 98)


@pytest.mark.slow  # some 2,000 decompositions
def test_noise_moves_the_edge():
    """With noise 0.05 half of the trials succeed at d + 1 samples for d = 3 and 4, at d + 2 for
    d = 8."""
    design = designed(dimensions=(3, 4, 8), samples=(2, 3, 4, 5, 6, 10, 14), trials=100)
    rates, _ = success("svd", 1, 0.05, design)
    for d, n, expected in ((3, 4, 0.55), (4, 5, 0.5), (8, 10, 0.5)):
        assert abs(rates.loc[d, n] - expected) < 0.25
    assert rates.loc[3, 3] < 0.35
    assert (rates[14] > 0.95).all()


@pytest.mark.slow  # 1,000 steps of 320 trials
def test_the_edge_of_descent_is_softer():
    """For d = 3 longer descents gave 0, 0.55 and 0.95 at 2, 3 and 4 samples."""
    design = designed(dimensions=(3, 5), samples=(2, 3, 4, 9), trials=40, steps=1000, start="cold")
    rates, _ = success("sgd", 1, 0.0, design)
    assert (rates[2] == 0).all()
    assert 0.1 < rates.loc[3, 3] < 0.8
    assert rates.loc[3, 3] < rates.loc[3, 4] < 1
    assert rates.loc[3, 9] > 0.9


@pytest.mark.parametrize(("method", "components"), [("orthogonal", 2), ("sgd", 2)])
def test_a_trial_does_not_depend_on_the_others_of_a_map(method, components):
    design = replace(SMALL, steps=10)
    whole = pd.DataFrame(measure_distances(method, components, [0.1], design, 0))
    fewer = replace(design, dimensions=(4,), samples=(3,), trials=2)
    alone = pd.DataFrame(measure_distances(method, components, [0.1], fewer, 0))
    chosen = whole.query("dimension == 4 and samples == 3 and trial < 2").reset_index(drop=True)
    pd.testing.assert_frame_equal(chosen, alone, atol=1e-5)
    other = pd.DataFrame(measure_distances(method, components, [0.1], fewer, 1))
    assert (other["spectral"] != alone["spectral"]).all()


def test_all_methods_see_the_same_rows(monkeypatch):
    seen = {}
    for name, method in list(METHODS.items()):

        def recorded(trials, design, name=name, method=method):
            seen.setdefault(name, []).append((trials.rows, trials.truth))
            return method(trials, design)

        monkeypatch.setitem(METHODS, name, recorded)
    for name in ("clustering", "orthogonal", "sgd"):
        measure_distances(name, 2, [0.0, 0.1], replace(SMALL, steps=1), 0)
    assert len(seen["sgd"]) == 2 * len(SMALL.samples)
    for name in ("clustering", "orthogonal"):
        torch.testing.assert_close(seen[name], seen["sgd"], rtol=0, atol=0)


def test_descents_have_noise_of_their_own(monkeypatch):
    seeds = []

    def learn(rows, bases, generators, descent):
        seeds.extend(generator.initial_seed() for generator in generators)
        return bases

    monkeypatch.setattr(phase_transition, "learn", learn)
    measure_distances("sgd", 2, [0.0], SMALL, 0)
    assert len(seeds) == 2 * 4 * 6  # cells of d and N, and their trials
    assert len(set(seeds)) == len(seeds)
