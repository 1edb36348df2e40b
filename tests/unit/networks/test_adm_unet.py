"""The ADM U-Net: its published size, shapes, conditioning, heads of attention."""

import inspect

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gaussianity.denoisers.from_edm import NETWORKS, OUR_NAMES
from gaussianity.networks.adm_unet import ADMUNet, Block
from gaussianity.networks.layers import Attention, parameter_count
from gaussianity.networks.layout import BlockSize


def network(resolution=8, label_dim=0, channels=1, **settings):
    smallest = dict(model_channels=8, channel_mult=(1, 2), num_blocks=1, channels_per_head=8)
    return ADMUNet(
        resolution=resolution, channels=channels, label_dim=label_dim, **(smallest | settings)
    )


def heads(blocks):
    """Heads of each block, 0 where there is no attention."""
    return [b.attention.heads if isinstance(b.attention, Attention) else 0 for b in blocks]


def test_the_paper_sized_network_has_its_published_parameters():
    """ADM at 64x64 with 1,000 classes: 296 million (Karras et al. 2022, table 8)."""
    with torch.device("meta"):
        paper_sized = ADMUNet(resolution=64, channels=3, label_dim=1000)
    assert parameter_count(paper_sized) / 1e6 == pytest.approx(296, abs=0.5)


@pytest.mark.parametrize("channel_mult", [(1,), (1, 2), (2, 1, 3)])
@pytest.mark.parametrize("attention", [(), (8, 4)])
def test_shape_is_kept(channel_mult, attention):
    found = network(
        channels=2, channel_mult=channel_mult, num_blocks=2, attention_resolutions=attention
    )(torch.randn(3, 2, 8, 8), torch.zeros(3))
    assert found.shape == (3, 2, 8, 8)


def test_a_new_network_is_silent_and_every_weight_learns():
    torch.manual_seed(0)
    fresh = network(label_dim=2, attention_resolutions=(8,), dropout=0.0)
    x, labels = torch.randn(4, 1, 8, 8), torch.eye(2)[[0, 1, 0, 1]]
    assert fresh(x, torch.randn(4), labels).abs().max() == 0
    for parameter in fresh.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    fresh(x, torch.randn(4), labels).square().sum().backward()
    assert all(p.grad.abs().max() > 0 for p in fresh.parameters())


def test_images_of_a_batch_do_not_mix():
    torch.manual_seed(0)
    trained = network(resolution=4, attention_resolutions=(4, 2)).eval()
    for parameter in trained.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    x, noise = torch.randn(3, 1, 4, 4), torch.randn(3)
    alone = torch.cat([trained(x[i : i + 1], noise[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(trained(x, noise), alone, rtol=1e-4, atol=1e-5)


def test_no_labels_are_labels_of_zero():
    torch.manual_seed(0)
    trained = network(label_dim=3).eval()
    for parameter in trained.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    x, noise = torch.randn(2, 1, 8, 8), torch.randn(2)
    assert torch.equal(trained(x, noise), trained(x, noise, torch.zeros(2, 3)))


def test_a_level_has_as_many_heads_as_its_width_holds():
    """Widths 8, 16, 48 at 16 channels per head: no, one and three heads."""
    found = network(channel_mult=(1, 2, 6), attention_resolutions=(8, 4, 2), channels_per_head=16)
    # Resampling blocks carry none: level, down, level, down, level and back again.
    assert heads(found.encoder) == [0, 0, 1, 0, 3]
    assert heads(found.middle) == [3, 0]
    assert heads(found.decoder) == [3, 3, 0, 1, 1, 0, 0, 0]


def test_attention_stands_at_its_resolutions_and_in_the_middle_only():
    found = network(channel_mult=(1, 1), attention_resolutions=(8,))
    assert heads(found.encoder) == [1, 0, 0]
    assert heads(found.middle) == [1, 0]
    assert heads(found.decoder) == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (dict(resolution=6, channel_mult=(1, 1, 2)), "divisible by 4; it is 6"),
        (dict(model_channels=20, channels_per_head=6), "3 heads .* do not divide 20 channels"),
    ],
)
def test_what_does_not_fit(settings, message):
    with pytest.raises(ValueError, match=message):
        network(channel_mult=settings.pop("channel_mult", (1,)), **settings)


@pytest.mark.parametrize("resample", [None, "down", "up"])
@torch.no_grad()
def test_a_block_is_its_formula(resample):
    """Small images show the 1e-5 of the norms. Bilinear halving averages 2 x 2 pixels."""
    torch.manual_seed(0)
    block = Block(BlockSize(8, 16, resample=resample), 5, 0, 0.0)
    for parameter in block.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    x, embedding = 0.01 * torch.randn(2, 8, 4, 4), torch.randn(2, 5)

    def resampled(values):
        scale = {None: 1, "down": 0.5, "up": 2}[resample]
        return (
            values
            if scale == 1
            else F.interpolate(
                values, scale_factor=scale, mode="bilinear" if scale < 1 else "nearest"
            )
        )

    weights = dict(block.named_parameters())
    h = F.silu(F.group_norm(x, 2, weights["norm_in.weight"], weights["norm_in.bias"], 1e-5))
    h = F.conv2d(resampled(h), weights["conv_in.weight"], weights["conv_in.bias"], padding=1)
    both = embedding @ weights["scale_shift.weight"].T + weights["scale_shift.bias"]
    scale, shift = both[:, :16, None, None], both[:, 16:, None, None]
    h = F.group_norm(h, 4, weights["norm_out.weight"], weights["norm_out.bias"], 1e-5)
    h = F.silu(h * (1 + scale) + shift)
    h = F.conv2d(h, weights["conv_out.weight"], weights["conv_out.bias"], padding=1)
    skip = F.conv2d(resampled(x), weights["skip.weight"], weights["skip.bias"])
    torch.testing.assert_close(block(x, embedding), h + skip)


def test_defaults_are_those_of_the_authors():
    """NVIDIA's defaults, and 64 channels per head (Dhariwal and Nichol 2021, section 3)."""
    ours = inspect.signature(ADMUNet).parameters
    theirs = NETWORKS["DhariwalUNet"][1]
    theirs = {OUR_NAMES[key]: v for key, v in theirs.items() if key in OUR_NAMES}
    for name, value in (theirs | dict(channels_per_head=64)).items():
        np.testing.assert_array_equal(ours[name].default, value, err_msg=name)
