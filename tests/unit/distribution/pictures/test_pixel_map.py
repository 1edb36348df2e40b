"""Pixels that are not normal."""

import tracemalloc

import numpy as np
import pytest

from gaussianity.distribution.null import null_draws
from gaussianity.distribution.pictures import pixel_map as module
from gaussianity.distribution.pictures.pixel_map import pixel_map
from gaussianity.distribution.statistics import squared_distances

NULL = null_draws(500, 4, 200, np.random.default_rng(0))


def map_of(rows, step=0.0, shards=1):
    return pixel_map(lambda: iter(np.array_split(rows, shards)), NULL, step)


def test_only_a_block_of_pixels_is_in_memory(monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 500 * 20)
    generators = [np.random.default_rng(shard) for shard in range(10)]
    tracemalloc.start()
    pixel_map(lambda: (generator.random((50, 400)) for generator in generators), NULL, 0.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500 * 400 * 8 * 0.6  # of all rows; a block is a twentieth, a batch a tenth


def test_a_pixel_of_two_values_stands_out(monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 1000)  # two pixels at a time
    rows = np.random.default_rng(0).standard_normal((500, 5))
    rows[:, 1] = np.tile([0.0, 1.0], 250)
    rows[:, 3] = 0.5
    found = map_of(rows, shards=3)
    assert found[1] == pytest.approx(0.6358 - NULL.quantile(0.95), abs=5e-3)
    assert np.isnan(found[3])
    assert (found[[0, 2, 4]] < 0.02).all()


@pytest.mark.parametrize("deviation", [0.5, 1.0, 4.0])
def test_rounding_alone_does_not_count(deviation):
    rows = np.round(np.random.default_rng(0).standard_normal((500, 40)) * deviation)
    found = map_of(rows, step=1.0)
    assert found.min() == 0
    assert np.mean(found > 0) <= 0.05
    if deviation < 1:  # without the allowance it would
        assert (map_of(rows) > 0).all()


def test_the_distance_is_in_standard_deviations():
    rows = np.random.default_rng(0).exponential(size=(500, 1))
    scores = (rows - rows.mean()) / rows.std()
    expected = np.sqrt(squared_distances(scores)) - NULL.quantile(0.95) - 0.1 / 12**0.5 / rows.std()
    np.testing.assert_allclose(map_of(rows, step=0.1), expected)
