"""The interface of denoisers D(x, sigma, class_labels), and a denoiser with a U-Net.

A denoiser computes the posterior mean of an image given a noisy image. Every denoiser is a torch
module with `image_shape` (C, H, W) and `label_dim` (0: unconditional). Images are in the network
form, black at -1 and white at 1. sigma is the standard deviation of the noise.
"""

import inspect
import math

import torch
from torch import nn

from gaussianity.denoisers.arguments import per_sample, require_arguments, require_shape
from gaussianity.denoisers.preconditioning import PRECONDITIONINGS
from gaussianity.errors import InputError
from gaussianity.networks.adm_unet import ADMUNet
from gaussianity.networks.song_unet import SongUNet

ARCHITECTURES = {"adm": ADMUNet, "song": SongUNet}
EDM_DEFAULT = {"kind": "edm", "sigma_data": 0.5}


def made(choices, key, arguments, **others):
    """An object of the class in `choices` that `arguments[key]` names, made from the others."""
    arguments = dict(arguments)
    name = arguments.pop(key, None)
    if name not in choices:
        raise ValueError(f"{key} must be one of {', '.join(choices)}, found {name!r}")
    known = set(inspect.signature(choices[name]).parameters) - set(others)
    if not set(arguments) <= known:
        unknown = ", ".join(sorted(set(arguments) - known))
        raise ValueError(f"{name}: expected some of {', '.join(sorted(known))}, found {unknown}")
    return choices[name](**arguments, **others)


class UNetDenoiser(nn.Module):
    """A U-Net F under a preconditioning: D = c_skip x + c_out F(c_in x; c_noise).

    Args:    image_shape - (C, H, W), H = W; label_dim - number of classes, 0 for none;
             network - arguments of a network and its `architecture`, one of ARCHITECTURES;
             preconditioning - arguments of a preconditioning and its `kind`, edm, vp or ve;
             half_precision - whether it was trained for evaluation in float16 on a GPU.
    Raises:  ValueError - images, network and preconditioning do not fit together.
    Source:  Karras et al. (2022), eq. 7 and table 1.
    """

    kind = "unet"

    def __init__(
        self, *, image_shape, label_dim, network, preconditioning=EDM_DEFAULT, half_precision=False
    ):
        super().__init__()
        require_shape(image_shape, label_dim)
        for name, given in (("network", network), ("preconditioning", preconditioning)):
            if not isinstance(given, dict):
                raise InputError(f"{name}: expected a dict of arguments, found {given!r}")
        channels, height, width = image_shape
        if height != width:
            raise ValueError(f"images must be square, they are {height} x {width}")
        self.image_shape, self.label_dim = tuple(image_shape), label_dim
        self.half_precision = half_precision
        self.arguments = dict(
            image_shape=list(image_shape),
            label_dim=label_dim,
            network=dict(network),
            preconditioning={  # JSON has no infinity
                key: None if value == math.inf else value for key, value in preconditioning.items()
            },
            half_precision=half_precision,
        )
        bounded = {k: math.inf if v is None else v for k, v in preconditioning.items()}
        self.preconditioning = made(PRECONDITIONINGS, "kind", bounded)
        size = dict(resolution=height, channels=channels, label_dim=label_dim)
        self.network = made(ARCHITECTURES, "architecture", network, **size)
        self.dtype = torch.float32

    @property
    def sigma_min(self):
        """Smallest noise level that the network was trained for."""
        return self.preconditioning.sigma_min

    @property
    def sigma_max(self):
        """Largest noise level that the network was trained for."""
        return self.preconditioning.sigma_max

    def compute_in(self, dtype):
        """Compute convolutions, norms and attention in `dtype`; embeddings stay in float32."""
        self.dtype = dtype
        for layer in self.network.modules():
            if isinstance(layer, (nn.Conv2d, nn.GroupNorm)):
                layer.to(dtype)
        return self

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma, class_labels): x (n, C, H, W), any float dtype; the same shape and dtype."""
        require_arguments(self, x, sigma, class_labels)
        noisy = x.to(torch.float32)
        c_skip, c_out, c_in, c_noise = self.preconditioning(per_sample(sigma, noisy))
        if class_labels is not None:
            class_labels = class_labels.to(torch.float32)
        raw = self.network((c_in * noisy).to(self.dtype), c_noise.flatten(), class_labels)
        return (c_skip * noisy + c_out * raw.to(torch.float32)).to(x.dtype)
