"""The layers against dense matrices, formulas written out in loops, and limits."""

import math

import numpy as np
import pytest
import torch

from gaussianity.networks.layers import (
    Attention,
    FourierEmbedding,
    Resample,
    group_norm,
    parameter_count,
    positional_embedding,
    separable_kernel,
    zeroed,
)
from gaussianity.networks.layout import check_resolution

TAPS = [(1, 1), (1, 3, 3, 1), (1, 3), (1, 1, 1, 1)]


def halving(size, taps):
    """Matrix (size / 2, size) that filters and keeps every other pixel, zero beyond the edge."""
    matrix = torch.zeros(size // 2, size, dtype=torch.float64)
    for row in range(size // 2):
        for i, tap in enumerate(taps):
            column = 2 * row + i - (len(taps) - 2) // 2  # centred between two pixels
            if 0 <= column < size:
                matrix[row, column] = tap / sum(taps)
    return matrix


def images(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.mark.parametrize("taps", TAPS)
def test_down_is_the_dense_filter(taps):
    x = images(2, 3, 8, 6)
    expected = halving(8, taps) @ x @ halving(6, taps).T
    torch.testing.assert_close(Resample("down", taps)(x), expected)


@pytest.mark.parametrize("taps", TAPS)
def test_up_is_the_dense_filter(taps):
    x = images(2, 3, 4, 3)
    expected = (2 * halving(8, taps)).T @ x @ (2 * halving(6, taps))
    torch.testing.assert_close(Resample("up", taps)(x), expected)


@pytest.mark.parametrize("taps", TAPS)
def test_up_is_four_times_the_transpose_of_down(taps):
    x, y = images(1, 2, 8, 8).requires_grad_(), images(1, 2, 4, 4)
    (transposed,) = torch.autograd.grad(Resample("down", taps)(x), x, grad_outputs=y)
    torch.testing.assert_close(Resample("up", taps)(y), 4 * transposed)


def test_two_equal_taps_average_and_repeat():
    x = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    assert Resample("down")(x).item() == 3
    assert Resample("up")(x)[0, 0].tolist() == [
        [1, 1, 2, 2],
        [1, 1, 2, 2],
        [3, 3, 6, 6],
        [3, 3, 6, 6],
    ]


@pytest.mark.parametrize("direction", ["down", "up"])
@pytest.mark.parametrize("taps", [(1, 1), (1, 3, 3, 1), (1, 2, 3, 3, 2, 1)])
def test_a_constant_is_kept_away_from_the_edge(direction, taps):
    edge = len(taps) // 2 - 1
    found = Resample(direction, taps)(torch.full((1, 2, 12, 12), 0.7))
    inside = found[..., edge : found.shape[-2] - edge, edge : found.shape[-1] - edge]
    torch.testing.assert_close(inside, torch.full_like(inside, 0.7))


@pytest.mark.parametrize(("direction", "taps"), [("sideways", (1, 1)), ("down", (1, 2, 1))])
def test_resampling_that_is_not_known(direction, taps):
    with pytest.raises(ValueError, match=f"resample {direction} with a filter of {len(taps)} taps"):
        Resample(direction, taps)


def test_a_separable_kernel_sums_to_one():
    assert separable_kernel([1, 3, 3, 1])[0, 0, 0].tolist() == [1 / 64, 3 / 64, 3 / 64, 1 / 64]
    assert separable_kernel([1, 3, 3, 1]).sum() == 1


def test_positional_embedding_by_hand():
    found = positional_embedding(torch.tensor([2.0, 0.0]), 4)
    angles = [2.0, 2.0 / 100.0]  # 10,000 ** (-1 / 2)
    expected = [[*np.cos(angles), *np.sin(angles)], [1, 1, 0, 0]]
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float32))


def test_the_last_frequency_is_one_ten_thousandth_with_the_endpoint():
    found = positional_embedding(torch.tensor([3000.0]), 6, endpoint=True)
    angles = [3000.0, 3000.0 / 100.0, 0.3]
    expected = torch.tensor([[*np.cos(angles), *np.sin(angles)]], dtype=torch.float32)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_fourier_embedding_by_hand():
    embedding = FourierEmbedding(4)
    embedding.frequencies.copy_(torch.tensor([0.25, -1.5]))
    found = embedding(torch.tensor([1.0, 1 / 3]))
    expected = torch.tensor([[0.0, -1.0, 1.0, 0.0], [math.sqrt(3) / 2, -1.0, 0.5, 0.0]])
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)


def test_fourier_frequencies_are_random_of_scale_16_and_saved():
    torch.manual_seed(0)
    embedding = FourierEmbedding(20000)
    assert embedding.frequencies.std() == pytest.approx(16, rel=0.03)
    assert list(embedding.state_dict()) == ["frequencies"]
    assert not list(embedding.parameters())


def attended(attention, x):
    """x + P softmax(q k / sqrt(width of a head)) v, one image, head and pixel at a time."""
    n, channels, height, width = x.shape
    size = channels // attention.heads
    stacked = attention.query_key_value.weight[:, :, 0, 0] @ attention.norm(x).flatten(2)
    stacked = stacked + attention.query_key_value.bias[:, None]  # (n, 3C, pixels)
    mixed = torch.zeros(n, channels, height * width, dtype=x.dtype)
    for image in range(n):
        for head in range(attention.heads):
            rows = torch.arange(head * size, (head + 1) * size)
            query, key, value = (stacked[image, rows + part * channels] for part in range(3))
            for pixel in range(height * width):
                scores = torch.exp(query[:, pixel] @ key / math.sqrt(size))
                mixed[image, rows, pixel] = value @ (scores / scores.sum())
    projected = attention.project.weight[:, :, 0, 0] @ mixed + attention.project.bias[:, None]
    return x + projected.reshape(x.shape)


@pytest.mark.parametrize("heads", [1, 2, 3])
@torch.no_grad()
def test_attention_is_its_formula(heads):
    torch.manual_seed(0)
    attention = Attention(12, heads).double()
    for parameter in attention.parameters():
        torch.nn.init.normal_(parameter, std=0.7)
    x = images(2, 12, 3, 2)
    found = attention(x)
    torch.testing.assert_close(found, attended(attention, x))
    assert (found - x).abs().max() > 0.1


def test_new_attention_changes_nothing():
    x = images(1, 8, 2, 2).float()
    assert torch.equal(Attention(8, 2)(x), x)


def test_heads_that_do_not_divide_the_width():
    with pytest.raises(ValueError, match="3 heads of attention do not divide 8 channels"):
        Attention(8, 3)


@pytest.mark.parametrize(
    ("channels", "groups"),
    [(1, 1), (4, 1), (8, 2), (12, 3), (20, 5), (22, 2), (128, 32), (132, 22), (192, 32)],
)
def test_groups_of_a_norm_keep_four_channels_and_divide_them(channels, groups):
    assert group_norm(channels).num_groups == groups


def test_a_zeroed_layer_gives_nothing():
    assert zeroed(torch.nn.Linear(3, 2))(torch.randn(4, 3)).abs().max() == 0


def test_every_level_but_the_first_halves_the_resolution():
    for resolution, levels in ((3, 1), (2, 2), (8, 4), (24, 4)):
        check_resolution(resolution, [1] * levels)
    for resolution, levels, divisor in ((3, 2, 2), (12, 4, 8), (9, 3, 4)):
        sentence = f"{levels} levels, .* divisible by {divisor}; it is {resolution}"
        with pytest.raises(ValueError, match=sentence):
            check_resolution(resolution, [1] * levels)


def test_parameters_are_weights_and_biases():
    assert parameter_count(torch.nn.Linear(3, 2)) == 3 * 2 + 2
