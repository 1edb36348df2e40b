"""An unconditional denoiser kept after several lengths of one training."""

import numpy as np

from gaussianity.denoiser_files import save_denoiser
from gaussianity.training import Training, train_section


def train_checkpoints(
    images, paths, *, section, sigma_data, network, training, generator, device="cpu"
):
    """Train, and save the averaged denoiser on the way; its rate stays constant, so that each file
    is what a training of that length would end with.

    Args:    images - (n, C, H, W) in the network form; paths - of a .safetensors per number of
             steps, the largest is the training's length; section - of the configuration, which an
             error names; training - of Training, without steps; the others - see `training.train`.
    Returns: the loss of each step, float64.
    Raises:  InputError - network and images do not fit together, or the loss is not finite.
    """

    def keep(steps, averaged):
        if steps in paths:
            save_denoiser(averaged, paths[steps])

    _, losses = train_section(
        section,
        images,
        np.zeros(len(images), int),
        label_dim=0,
        sigma_data=sigma_data,
        network=network,
        training=Training(steps=max(paths), falls=False, **training),
        generator=generator,
        device=device,
        after_step=keep,
    )
    return losses
