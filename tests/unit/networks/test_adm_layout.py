"""Heads and parameters of the ADM U-Net, against the network that torch builds."""

import pytest
import torch

from gaussianity.networks.adm_layout import adm_layout, adm_parameters, heads_of
from gaussianity.networks.adm_unet import ADMUNet
from gaussianity.networks.layers import parameter_count

SIZES = dict(
    model_channels=32,
    channel_mult=[1, 1, 2],
    num_blocks=2,
    attention_resolutions=[8, 4],
    channels_per_head=64,
)


def test_heads_by_hand():
    found = adm_layout(8, 32, [1, 3], 1, [8, 4])
    heads = [heads_of(b, 32) for b in (*found.encoder, *found.middle, *found.decoder)]
    assert heads == [1, 0, 3, 3, 0, 3, 3, 0, 1, 1]
    assert (found.encoder[0].inputs, found.last) == (32, 32)
    assert heads_of(found.encoder[0], 64) == 0


@pytest.mark.parametrize("change", [{}, dict(embedding_mult=3), dict(channels_per_head=200)])
@pytest.mark.parametrize("label_dim", [0, 10])
def test_parameters_are_those_of_the_network(label_dim, change):
    with torch.device("meta"):
        network = ADMUNet(resolution=16, channels=2, label_dim=label_dim, **SIZES | change)
    assert adm_parameters(2, 16, label_dim, **SIZES | change) == parameter_count(network)
