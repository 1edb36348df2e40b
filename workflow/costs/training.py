"""Floating-point operations of a training, counted on a network without weights."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.networks.layers import parameter_count


def training_cost(training):
    """Parameters of a network, and operations of all trainings of a rule.

    A step evaluates each image once and takes the derivatives by the weights and by the layers'
    inputs, which cost as much again each: three evaluations. A multiplication with an addition is
    two operations.

    Args:    training - `pages.Training`.
    Returns: two int.
    """
    with torch.device("meta"):
        denoiser = UNetDenoiser(
            image_shape=training.image_shape, label_dim=training.label_dim, network=training.network
        )
        labels = torch.zeros(1, training.label_dim) if training.label_dim else None
        with FlopCounterMode(display=False) as counter:
            denoiser(torch.zeros(1, *training.image_shape), torch.ones(1), labels)
    operations = 3 * counter.get_total_flops() * training.images * training.count
    return parameter_count(denoiser), operations
