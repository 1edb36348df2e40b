"""The network compared with formulas, its gradient with differences, its steps with the paper's."""

import numpy as np
import pytest

from gaussianity.distribution.network import network as module
from gaussianity.distribution.network.network import (
    DECAY,
    RATE,
    Adam,
    Network,
    gradient,
    initial,
    trained,
    validation_loss,
)


def _double(k, seed=0):
    """A network in float64, with shifts that are not 0."""
    size = len(initial(k, np.random.default_rng(0)).flat)
    return Network(np.random.default_rng(seed).standard_normal(size), k)


def _loss(network, rows, labels):
    first, shifts, last, shift = network.layers
    logits = np.maximum(rows @ first + shifts, 0) @ last + shift
    return np.mean(np.logaddexp(0, logits) - labels * logits)


def _normal(n, k, seed):
    return np.random.default_rng(seed).standard_normal((n, k), dtype=np.float32)


def test_layers_share_the_flat_vector_and_fill_it():
    network = initial(3, np.random.default_rng(0))
    shapes = [layer.shape for layer in network.layers]
    assert shapes == [(3, module.HIDDEN), (module.HIDDEN,), (module.HIDDEN,), (1,)]
    for number, layer in enumerate(network.layers):
        layer[:] = number
    counts = np.bincount(network.flat.astype(int))
    np.testing.assert_array_equal(counts, [3 * module.HIDDEN, module.HIDDEN, module.HIDDEN, 1])


def test_logits_are_those_of_the_formula():
    network, rows = _double(4), _normal(50, 4, 1)
    first, shifts, last, shift = network.layers
    expected = [last @ np.maximum(first.T @ row + shifts, 0) + shift[0] for row in rows]
    np.testing.assert_allclose(network.logits(rows), expected, rtol=1e-5, atol=1e-4)


def test_initial_weights_have_variance_one_over_inputs():
    first, shifts, last, shift = initial(400, np.random.default_rng(2)).layers
    assert first.var() * 400 == pytest.approx(1, abs=0.03)
    assert last.var() * module.HIDDEN == pytest.approx(1, abs=0.5)
    assert not shifts.any()
    assert not shift.any()


def test_gradient_is_that_of_differences():
    network, rows = _double(3), np.random.default_rng(1).standard_normal((20, 3))
    labels = np.repeat([1.0, 0.0], 10)
    found = gradient(network, rows, labels).flat
    for at in (0, 7, 3 * module.HIDDEN + 1, 4 * module.HIDDEN + 2, -1):
        ends = []
        for step in (1e-6, -1e-6):
            moved = network.copy()
            moved.flat[at] += step
            ends.append(_loss(moved, rows, labels))
        assert found[at] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-7)


def test_gradient_keeps_the_network_and_the_rows():
    network, rows = _double(3), np.random.default_rng(1).standard_normal((20, 3))
    before = network.flat.copy(), rows.copy()
    gradient(network, rows, np.repeat([1.0, 0.0], 10))
    np.testing.assert_array_equal(network.flat, before[0])
    np.testing.assert_array_equal(rows, before[1])


def test_adam_takes_the_steps_of_the_paper():
    generator = np.random.default_rng(3)
    values = generator.standard_normal(6)
    expected, first, second = values.copy(), np.zeros(6), np.zeros(6)
    adam = Adam(values, steps=5)
    for t in range(1, 6):
        slope = generator.standard_normal(6)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        rate = RATE * (1 + np.cos(np.pi * t / 5)) / 2
        direction = first / (1 - 0.9**t) / (np.sqrt(second / (1 - 0.999**t)) + 1e-8)
        expected = expected - rate * (direction + DECAY * expected)
        adam.move(Network(slope, 1))
        np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_validation_loss_is_two_log_two_for_a_network_without_an_opinion():
    network = Network(np.zeros_like(initial(2, np.random.default_rng(0)).flat), 2)
    loss = validation_loss(network, _normal(5, 2, 0), _normal(9, 2, 1))
    assert loss == pytest.approx(2 * np.log(2))


def test_validation_loss_weighs_images_and_gaussian_rows_alike():
    network = _double(2)
    images, gaussian = _normal(5, 2, 0), _normal(9, 2, 1)
    expected = _loss(network, images, 1) + _loss(network, gaussian, 0)
    assert validation_loss(network, images, gaussian) == pytest.approx(expected, rel=1e-5)


def test_each_epoch_has_each_row_once():
    batches = list(module._batches(12, 4, 7, np.random.default_rng(0)))
    assert [len(batch) for batch in batches] == [4] * 7
    for epoch in (batches[:3], batches[3:6]):
        assert sorted(np.concatenate(epoch)) == list(range(12))
    assert list(batches[0]) != list(batches[3])


def test_distributions_that_hardly_overlap_are_told_apart():
    loss, network = trained(
        _normal(200, 3, 0) + 5,
        _normal(500, 3, 1),
        (_normal(50, 3, 2) + 5, _normal(80, 3, 3)),
        np.random.default_rng(4),
    )
    assert loss < 0.05
    assert (network.logits(_normal(500, 3, 5) + 5) > 0).mean() > 0.99
    assert (network.logits(_normal(500, 3, 6)) < 0).mean() > 0.99


def test_a_curved_border_is_learnt():
    rows = _normal(3000, 2, 0)
    ring = rows / np.linalg.norm(rows, axis=1, keepdims=True) * np.float32(2**0.5)
    loss, _ = trained(
        ring[:1000],
        _normal(2000, 2, 1),
        (ring[1000:], _normal(2000, 2, 2)),
        np.random.default_rng(3),
    )
    assert loss < 1.1  # 1.386 without an opinion


def test_the_returned_network_is_the_one_with_the_returned_loss_and_not_the_last(monkeypatch):
    images, gaussian, held_out = _normal(30, 10, 0), _normal(30, 10, 1), _normal(400, 10, 2)
    validation = held_out[:200], held_out[200:]
    seen = []

    def watched(network, *rows):
        seen.append(validation_loss(network, *rows))
        return seen[-1]

    monkeypatch.setattr(module, "validation_loss", watched)
    loss, network = trained(images, gaussian, validation, np.random.default_rng(3))
    assert loss == min(seen)
    assert loss < seen[-1] / 1.5  # the last one knows the 30 images by heart
    assert validation_loss(network, *validation) == loss


def test_the_same_generator_gives_the_same_network():
    found = [
        trained(
            _normal(20, 2, 0),
            _normal(90, 2, 1),
            (_normal(5, 2, 2), _normal(9, 2, 3)),
            np.random.default_rng(7),
        )
        for _ in range(2)
    ]
    np.testing.assert_array_equal(found[0][1].flat, found[1][1].flat)
    assert found[0][1].flat.dtype == np.float32


def test_the_loss_is_measured_at_even_intervals_and_at_the_end(monkeypatch):
    """Of 23 steps in five intervals, after every fourth step and the last one."""
    moves, measured = [], []
    monkeypatch.setattr(module, "EPOCHS", 23)
    monkeypatch.setattr(module, "CHECKS", 5)
    monkeypatch.setattr(Adam, "move", lambda *_: moves.append(1))
    monkeypatch.setattr(module, "validation_loss", lambda *_: measured.append(len(moves)) or 0.0)
    trained(_normal(20, 2, 0), _normal(90, 2, 1), (None, None), np.random.default_rng(7))
    assert measured == [4, 8, 12, 16, 20, 23]


def test_steps_are_bounded_for_many_images(monkeypatch):
    moves = []
    monkeypatch.setattr(module, "MOST_STEPS", 3)
    monkeypatch.setattr(Adam, "move", lambda adam, gradient: moves.append(adam.steps))
    validation = _normal(5, 2, 2), _normal(9, 2, 3)
    trained(_normal(300, 2, 0), _normal(90, 2, 1), validation, np.random.default_rng(7))
    assert moves == [3, 3, 3]
