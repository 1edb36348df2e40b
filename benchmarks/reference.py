"""The reference procedure of sampling, written out plainly: what our sampler is measured against.

Eager and layer by layer, NCHW, attention as an explicit softmax in float32, noise levels as tensors
on the device, the network's layers called one after the other as the papers' formulas stand.

Source: Karras et al. (2022), algorithm 2 and table 1; Dhariwal and Nichol (2021) for the network.
"""

import math

import torch
from torch.nn import functional as F

from gaussianity.networks.layers import positional_embedding


def attention(layer, x):
    """softmax(Q^T K / sqrt(size)) V per head, added to x."""
    n, channels, height, width = x.shape
    parts = layer.query_key_value(layer.norm(x)).reshape(n, 3, layer.heads, -1, height * width)
    query, key, value = parts[:, 0], parts[:, 1], parts[:, 2]  # (n, heads, size, pixels)
    scores = torch.einsum("nhci,nhcj->nhij", query.float(), key.float()) * query.shape[2] ** -0.5
    mixed = torch.einsum("nhij,nhcj->nhci", scores.softmax(dim=3).to(x.dtype), value)
    return x + layer.project(mixed.reshape(n, channels, height, width))


def residual_block(layer, x, embedding):
    h = layer.norm_in(x)
    h = F.silu(h)
    h = layer.resample(h)
    h = layer.conv_in(h)
    condition = layer.scale_shift(embedding).to(h.dtype)
    scale, shift = condition.unflatten(1, (2, -1, 1, 1)).unbind(1)
    h = layer.norm_out(h)
    h = h * (1 + scale)
    h = h + shift
    h = F.silu(h)
    h = layer.conv_out(h)
    h = h + layer.skip(layer.resample(x))
    return attention(layer.attention, h) if hasattr(layer.attention, "heads") else h


def network(unet, x, noise, labels):
    """F(x; c_noise, labels) of an ADMUNet."""
    e = unet.embed_in(positional_embedding(noise, unet.model_channels))
    e = unet.embed_out(F.silu(e))
    e = F.silu(e + unet.embed_label(labels))
    h = unet.conv_first(x)
    kept = [h]
    for layer in unet.encoder:
        h = residual_block(layer, h, e)
        kept.append(h)
    for layer in unet.middle:
        h = residual_block(layer, h, e)
    for layer, takes_skip in zip(unet.decoder, unet.takes_skip, strict=True):
        if takes_skip:
            h = torch.cat([h, kept.pop()], dim=1)
        h = residual_block(layer, h, e)
    return unet.conv_last(F.silu(unet.norm_last(h)))


def denoised(d, x, sigma, labels):
    """D(x; sigma, labels) of a UNetDenoiser: c_skip x + c_out F(c_in x; c_noise), in float64."""
    level = sigma.to(torch.float32).expand(len(x))[:, None, None, None]
    c_skip, c_out, c_in, c_noise = d.preconditioning(level)
    x = x.to(torch.float32)
    f = network(d.network, (c_in * x).to(d.dtype), c_noise[:, 0, 0, 0], labels)
    return (c_skip * x + c_out * f).to(torch.float64)


@torch.no_grad()
def sample(d, seeds, labels, *, steps, S_churn, S_min, S_max, S_noise, device="cpu"):
    """Algorithm 2, one generator per image on the CPU: float64 images."""
    generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]

    def normal(dtype):
        images = [torch.randn(d.image_shape, generator=g, dtype=dtype) for g in generators]
        return torch.stack(images).to(device)

    x = normal(torch.float32).to(torch.float64)
    for generator in generators:
        torch.randint(d.label_dim, (1,), generator=generator)
    labels = labels.to(device)
    ramp = torch.linspace(80 ** (1 / 7), 0.002 ** (1 / 7), steps, dtype=torch.float64)
    t = torch.cat([ramp**7, torch.zeros(1, dtype=torch.float64)]).to(device)  # eq. 5
    x = t[0] * x
    for i in range(steps):
        gamma = min(S_churn / steps, math.sqrt(2) - 1) if S_min <= t[i] <= S_max else 0.0
        t_hat = (1 + gamma) * t[i]
        x_hat = x + torch.sqrt(t_hat**2 - t[i] ** 2) * S_noise * normal(torch.float64)
        slope = (x_hat - denoised(d, x_hat, t_hat, labels)) / t_hat
        x = x_hat + (t[i + 1] - t_hat) * slope
        if t[i + 1] > 0:
            slope_there = (x - denoised(d, x, t[i + 1], labels)) / t[i + 1]
            x = x_hat + (t[i + 1] - t_hat) * (slope + slope_there) / 2
    return x.cpu()
