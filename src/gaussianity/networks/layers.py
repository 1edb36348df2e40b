"""Layers of the U-Nets: embeddings of the noise level, norms, resampling, attention."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def group_norm(channels, eps=1e-5):
    """GroupNorm with 32 groups, or fewer so that a group has at least 4 channels."""
    groups = min(32, max(1, channels // 4))
    while channels % groups:
        groups -= 1
    return nn.GroupNorm(groups, channels, eps=eps)


def zeroed(layer):
    """The layer with weights and bias set to zero, so that a residual branch starts at zero."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def positional_embedding(values, channels, *, endpoint=False):
    """Cosines and sines of values (n,) at geometrically spaced frequencies: (n, channels).

    The frequencies fall from 1 towards 1/10,000. With `endpoint` the last one is 1/10,000.
    """
    half = channels // 2
    exponents = torch.arange(half, dtype=torch.float32, device=values.device) / (half - endpoint)
    angles = torch.outer(values.to(torch.float32), 10000.0**-exponents)
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class FourierEmbedding(nn.Module):
    """Cosines and sines of values (n,) at fixed random frequencies: (n, channels).

    Source:  Song et al. (2021), appendix H; scale 16.
    """

    def __init__(self, channels, scale=16.0):
        super().__init__()
        self.register_buffer("frequencies", torch.randn(channels // 2) * scale)

    def forward(self, values):
        angles = torch.outer(values, 2 * math.pi * self.frequencies)
        return torch.cat([angles.cos(), angles.sin()], dim=1)


class Attention(nn.Module):
    """Residual self-attention over the pixels, in `heads` heads."""

    def __init__(self, channels, heads, eps=1e-5):
        super().__init__()
        if channels % heads:
            raise ValueError(f"{heads} heads of attention do not divide {channels} channels")
        self.heads = heads
        self.norm = group_norm(channels, eps)
        self.query_key_value = nn.Conv2d(channels, 3 * channels, 1)
        self.project = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, x):
        n, channels, height, width = x.shape
        # (n, 3C, H, W) -> three of (n, heads, H*W, C/heads)
        stacked = self.query_key_value(self.norm(x)).reshape(
            n, 3, self.heads, channels // self.heads, height * width
        )
        # Fused attention on a GPU is faster where a head's channels are contiguous in memory.
        stacked = stacked.transpose(-1, -2)
        query, key, value = (stacked.contiguous() if x.is_cuda else stacked).unbind(dim=1)
        mixed = F.scaled_dot_product_attention(query, key, value)
        return x + self.project(mixed.transpose(-1, -2).reshape(n, channels, height, width))


def separable_kernel(taps):
    """Two-dimensional filter (1, 1, k, k) of sum 1 from its k taps along one axis."""
    taps = torch.as_tensor(taps, dtype=torch.float32)
    return (torch.outer(taps, taps) / taps.sum() ** 2)[None, None]


class Resample(nn.Module):
    """Halve or double the resolution with a separable filter.

    Args:    direction - "down" or "up"; taps - the filter along one axis, of even length; [1, 1]
             averages 2 x 2 pixels or repeats them; [1, 3, 3, 1] is the smoother filter of NCSN++.
    """

    def __init__(self, direction, taps=(1, 1)):
        super().__init__()
        if direction not in ("down", "up") or len(taps) % 2:
            raise ValueError(f"cannot resample {direction} with a filter of {len(taps)} taps")
        self.direction, self.box = direction, len(set(taps)) == 1 and len(taps) == 2
        self.register_buffer("kernel", separable_kernel(taps), persistent=False)

    def forward(self, x):
        if self.box:
            if self.direction == "down":
                return F.avg_pool2d(x, 2)
            return F.interpolate(x, scale_factor=2.0, mode="nearest")
        channels = x.shape[1]
        kernel = self.kernel.to(x.dtype).expand(channels, 1, -1, -1)
        settings = dict(groups=channels, stride=2, padding=kernel.shape[-1] // 2 - 1)
        if self.direction == "down":
            return F.conv2d(x, kernel, **settings)
        return F.conv_transpose2d(x, 4 * kernel, **settings)


def parameter_count(network):
    """Number of trainable parameters."""
    return sum(math.prod(p.shape) for p in network.parameters())
