"""The U-Nets of Song et al.: shapes, conditioning, gradients; for parity see test_from_edm."""

import inspect
import math

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gaussianity.denoisers.from_edm import NETWORKS, OUR_NAMES
from gaussianity.networks.layers import Attention
from gaussianity.networks.layout import BlockSize
from gaussianity.networks.song_unet import Block, Shortcut, SongUNet

NCSNPP = dict(embedding_type="fourier", noise_mult=2, residual_encoder=True, taps=(1, 3, 3, 1))


def network(resolution=8, channels=1, label_dim=0, **settings):
    smallest = dict(model_channels=8, channel_mult=(1, 2), num_blocks=1, attention_resolutions=(4,))
    return SongUNet(
        resolution=resolution, channels=channels, label_dim=label_dim, **(smallest | settings)
    )


def disturbed(net, std=0.1):
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter, std=std)
    return net


@pytest.mark.parametrize("kind", [{}, NCSNPP], ids=["ddpmpp", "ncsnpp"])
@pytest.mark.parametrize("channel_mult", [(1,), (1, 2), (2, 1, 3)])
@pytest.mark.parametrize("attention", [(), (8, 4)])
@pytest.mark.parametrize("label_dim", [0, 3])
def test_shape_is_kept(kind, channel_mult, attention, label_dim):
    net = network(
        channels=2,
        label_dim=label_dim,
        channel_mult=channel_mult,
        num_blocks=2,
        attention_resolutions=attention,
        **kind,
    )
    labels = torch.eye(3)[[0, 2, 1]] if label_dim else None
    assert net(torch.randn(3, 2, 8, 8), torch.zeros(3), labels).shape == (3, 2, 8, 8)


@pytest.mark.parametrize("kind", [{}, NCSNPP], ids=["ddpmpp", "ncsnpp"])
def test_every_weight_learns(kind):
    torch.manual_seed(0)
    net = disturbed(network(label_dim=2, channel_mult=(1, 2, 2), dropout=0.0, **kind))
    labels = torch.eye(2)[[0, 1, 0, 1]]
    net(torch.randn(4, 1, 8, 8), torch.rand(4), labels).square().sum().backward()
    assert all(p.grad.abs().max() > 0 for p in net.parameters())


@pytest.mark.parametrize("kind", [{}, NCSNPP], ids=["ddpmpp", "ncsnpp"])
def test_images_of_a_batch_do_not_mix(kind):
    torch.manual_seed(0)
    net = disturbed(network(label_dim=2, **kind)).eval()
    x, noise, labels = torch.randn(3, 1, 8, 8), torch.rand(3), torch.eye(2)[[0, 1, 1]]
    each = [slice(i, i + 1) for i in range(3)]
    alone = torch.cat([net(x[i], noise[i], labels[i]) for i in each])
    torch.testing.assert_close(net(x, noise, labels), alone, rtol=1e-4, atol=1e-5)


def test_no_labels_are_labels_of_zero():
    torch.manual_seed(0)
    net = disturbed(network(label_dim=3), std=0.3).eval()
    x, noise = torch.randn(2, 1, 8, 8), torch.rand(2)
    without = net(x, noise)
    torch.testing.assert_close(without, net(x, noise, torch.zeros(2, 3)))
    assert (without - net(x, noise, torch.eye(3)[[0, 2]])).abs().max() > 1e-3


def test_the_embedding_by_hand():
    """Sines before cosines, labels scaled by the root of their number, two silu layers."""
    torch.manual_seed(0)
    net = disturbed(network(model_channels=4, label_dim=2), std=0.5)
    noise, labels = torch.tensor([0.6]), torch.tensor([[0.0, 1.0]])
    angles = torch.tensor([0.6, 0.6e-4])
    first = torch.cat([angles.sin(), angles.cos()])
    first = first + math.sqrt(2) * net.embed_label.weight[:, 1] + net.embed_label.bias
    hidden = net.embed_in.weight @ first + net.embed_in.bias
    hidden = hidden / (1 + (-hidden).exp())
    expected = net.embed_out.weight @ hidden + net.embed_out.bias
    expected = expected / (1 + (-expected).exp())
    torch.testing.assert_close(net.embedding(noise, labels), expected[None])


def test_attention_stands_behind_each_block_down_and_the_last_block_up():
    net = network(num_blocks=2, attention_resolutions=(8, 4))
    assert [isinstance(b.attention, Attention) for b in net.encoder] == [
        *(True, True),
        *(False, True, True),
    ]
    assert [isinstance(b.attention, Attention) for b in net.middle] == [True, False]
    assert [isinstance(b.attention, Attention) for b in net.decoder] == [
        *(False, False, True),
        *(False, False, False, True),
    ]
    assert {m.heads for m in net.modules() if isinstance(m, Attention)} == {1}


@torch.no_grad()
def test_a_shortcut_is_the_filter_of_the_convolution_added():
    """Filter and convolution share one border of zeros: 4 taps and 3 x 3 pixels need 2 pixels."""
    torch.manual_seed(0)
    shortcut = Shortcut(1, 4, (1, 3, 3, 1)).double()
    image, h = torch.randn(2, 1, 8, 8).double(), torch.randn(2, 4, 4, 4).double()
    padded = torch.nn.functional.pad(image, (2, 2, 2, 2))
    projected = torch.nn.functional.conv2d(padded, shortcut.conv.weight, shortcut.conv.bias)
    taps = torch.tensor([1, 3, 3, 1]).double() / 8
    expected = h.clone()
    for row in range(4):
        for column in range(4):
            window = projected[:, :, 2 * row : 2 * row + 4, 2 * column : 2 * column + 4]
            expected[:, :, row, column] += torch.einsum("ncij,i,j->nc", window, taps, taps)
    torch.testing.assert_close(shortcut(image, h), expected / math.sqrt(2))


def test_noise_matters():
    torch.manual_seed(0)
    x = torch.randn(1, 1, 8, 8)
    for kind in ({}, NCSNPP):
        net = disturbed(network(**kind), std=0.3).eval()
        found = net(x, torch.tensor([0.1])), net(x, torch.tensor([0.9]))
        assert (found[0] - found[1]).abs().max() > 1e-3


def test_an_unknown_embedding():
    with pytest.raises(ValueError, match="embedding_type must be positional or fourier, not sine"):
        network(embedding_type="sine")


def test_a_resolution_that_cannot_be_halved():
    with pytest.raises(ValueError, match=r"3 levels, .* divisible by 4; it is 6"):
        network(resolution=6, channel_mult=(1, 1, 1))


def test_defaults_are_nvidias():
    ours = inspect.signature(SongUNet).parameters
    theirs = {OUR_NAMES[key]: v for key, v in NETWORKS["SongUNet"][1].items() if key in OUR_NAMES}
    assert {"model_channels", "channel_mult", "taps"} <= set(theirs)
    for name, value in theirs.items():
        np.testing.assert_array_equal(ours[name].default, value, err_msg=name)


@pytest.mark.parametrize(("outputs", "projects"), [(8, False), (16, True)])
@torch.no_grad()
def test_a_block_is_its_formula(outputs, projects):
    """Sums are divided by the root of 2. Small images show the 1e-6 of the norms."""
    torch.manual_seed(0)
    block = disturbed(Block(BlockSize(8, outputs, attention=True), 5, (1, 1), 0.0), std=0.5)
    x, embedding = 0.002 * torch.randn(2, 8, 4, 4), torch.randn(2, 5)
    weights = dict(block.named_parameters())
    assert ("skip.weight" in weights) == projects
    h = F.silu(F.group_norm(x, 2, weights["norm_in.weight"], weights["norm_in.bias"], 1e-6))
    h = F.conv2d(h, weights["conv_in.weight"], weights["conv_in.bias"], padding=1)
    h = h + (embedding @ weights["shift.weight"].T + weights["shift.bias"])[:, :, None, None]
    norm = weights["norm_out.weight"], weights["norm_out.bias"]
    h = F.silu(F.group_norm(h, outputs // 4, *norm, 1e-6))
    h = F.conv2d(h, weights["conv_out.weight"], weights["conv_out.bias"], padding=1)
    skip = F.conv2d(x, weights["skip.weight"], weights["skip.bias"]) if projects else x
    summed = (h + skip) / math.sqrt(2)
    torch.testing.assert_close(block(x, embedding), block.attention(summed) / math.sqrt(2))
    assert block.attention.norm.eps == 1e-6


def test_widths_are_multiples_of_the_first():
    net = network(channel_mult=(1, 2, 3))
    assert [b.conv_out.out_channels for b in net.encoder] == [8, 8, 16, 16, 24]
    assert [b.conv_out.out_channels for b in net.decoder] == [24, 24, 24, 16, 16, 16, 8, 8]
    assert net.conv_first.out_channels == net.conv_last.in_channels == 8
