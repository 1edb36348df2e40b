"""The U-Net: its published size, shapes, conditioning."""

import pytest
import torch

from gaussianity.unet import UNet, check_network, parameter_count, positional_embedding


def test_the_paper_sized_network_has_its_published_parameters():
    """ADM at 64x64 with 1,000 classes: 296 million (Karras et al. 2022, table 8)."""
    with torch.device("meta"):
        network = UNet(resolution=64, channels=3, label_dim=1000)
    assert parameter_count(network) / 1e6 == pytest.approx(296, abs=0.5)


@pytest.mark.parametrize("channel_mult", [(1,), (1, 2), (2, 1, 3)])
@pytest.mark.parametrize("attention", [(), (8, 4)])
def test_shape_is_kept(channel_mult, attention):
    network = UNet(
        resolution=8,
        channels=2,
        label_dim=0,
        model_channels=8,
        channel_mult=channel_mult,
        num_blocks=2,
        attention_resolutions=attention,
    )
    assert network(torch.randn(3, 2, 8, 8), torch.zeros(3)).shape == (3, 2, 8, 8)


def test_a_new_network_is_silent_and_every_weight_learns():
    torch.manual_seed(0)
    network = UNet(
        resolution=8,
        channels=1,
        label_dim=2,
        model_channels=8,
        channel_mult=(1, 2),
        num_blocks=1,
        attention_resolutions=(8,),
        dropout=0.0,
    )
    x, labels = torch.randn(4, 1, 8, 8), torch.eye(2)[[0, 1, 0, 1]]
    assert network(x, torch.randn(4), labels).abs().max() == 0
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    network(x, torch.randn(4), labels).square().sum().backward()
    assert all(p.grad.abs().max() > 0 for p in network.parameters())


def test_images_of_a_batch_do_not_mix():
    torch.manual_seed(0)
    network = UNet(
        resolution=4,
        channels=1,
        label_dim=0,
        model_channels=8,
        channel_mult=(1, 2),
        num_blocks=1,
        attention_resolutions=(4, 2),
    ).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    x, noise = torch.randn(3, 1, 4, 4), torch.randn(3)
    alone = torch.cat([network(x[i : i + 1], noise[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(network(x, noise), alone, rtol=1e-4, atol=1e-5)


def test_positional_embedding_by_hand():
    found = positional_embedding(torch.tensor([2.0]), 4)
    angles = torch.tensor([2.0, 2.0 / 100.0])
    torch.testing.assert_close(found, torch.cat([angles.cos(), angles.sin()])[None])


@pytest.mark.parametrize(
    ("image_shape", "changed", "message"),
    [
        ((1, 6, 6), {}, "divisible by 4; it is 6"),
        ((1, 8, 4), {}, "square, they are 8 x 4"),
        ((1, 8, 8), dict(model_channels=12), "divide each level's width, 8 does not divide 12"),
    ],
)
def test_what_does_not_fit(image_shape, changed, message):
    network = dict(model_channels=8, channel_mult=(1, 1, 2), channels_per_head=8)
    check_network(image_shape=(3, 8, 8), **network)
    with pytest.raises(ValueError, match=message):
        check_network(image_shape=image_shape, **(network | changed))
