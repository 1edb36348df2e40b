"""Small U-Net denoisers with random weights, and their inputs."""

import torch

from gaussianity.denoisers.unet import UNetDenoiser

SMALL = dict(model_channels=8, channel_mult=[1, 2], num_blocks=1, attention_resolutions=[4])
ADM = dict(SMALL, architecture="adm", channels_per_head=8)
DDPMPP = dict(SMALL, architecture="song")
NCSNPP = dict(
    DDPMPP, embedding_type="fourier", noise_mult=2, residual_encoder=True, taps=[1, 3, 3, 1]
)


def unet(network=ADM, **settings):
    torch.manual_seed(0)
    denoiser = UNetDenoiser(
        **(dict(image_shape=(1, 8, 8), label_dim=3, network=network) | settings)
    ).eval()
    for parameter in denoiser.parameters():  # the last layers start at zero
        torch.nn.init.normal_(parameter, std=0.1)
    return denoiser


def noisy(n, shape, sigma):
    return sigma * torch.randn((n, *shape), generator=torch.Generator().manual_seed(1)).double()


def one_hot(*labels, classes=2):
    return torch.eye(classes)[list(labels)]
