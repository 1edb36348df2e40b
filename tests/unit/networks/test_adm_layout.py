"""The layout of the ADM U-Net against the network that torch builds from it."""

import pytest
import torch

from gaussianity.networks.adm_layout import adm_layout, adm_parameters
from gaussianity.networks.adm_unet import ADMUNet
from gaussianity.networks.layers import parameter_count

SIZES = dict(
    model_channels=32,
    channel_mult=[1, 1, 2],
    num_blocks=2,
    attention_resolutions=[8, 4],
    channels_per_head=64,
)


def test_blocks_of_two_levels():
    sizes = dict(SIZES, channel_mult=[1, 3], num_blocks=1, channels_per_head=32)
    found = adm_layout(8, **sizes)
    assert (found.first, found.last) == (32, 32)
    encoder = [(b.inputs, b.outputs, b.heads, b.resample) for b in found.encoder]
    assert encoder == [(32, 32, 1, None), (32, 32, 0, "down"), (32, 96, 3, None)]
    assert [(b.inputs, b.outputs, b.heads) for b in found.middle] == [(96, 96, 3), (96, 96, 0)]
    assert [(b.inputs, b.outputs, b.heads, b.resample, b.takes_skip) for b in found.decoder] == [
        (192, 96, 3, None, True),
        (128, 96, 3, None, True),
        (96, 96, 0, "up", False),
        (128, 32, 1, None, True),
        (64, 32, 1, None, True),
    ]


@pytest.mark.parametrize("change", [{}, dict(embedding_mult=3), dict(channels_per_head=200)])
@pytest.mark.parametrize("label_dim", [0, 10])
def test_parameters_are_those_of_the_network(label_dim, change):
    with torch.device("meta"):
        network = ADMUNet(resolution=16, channels=2, label_dim=label_dim, **SIZES | change)
    assert adm_parameters(2, 16, label_dim, **SIZES | change) == parameter_count(network)
