"""The reference procedure of sampling, transcribed plainly: what our sampler is measured against.

Eager, NCHW, float32 network and float64 state; attention by einsum with an explicit softmax in
float32, resampling by grouped convolutions, noise levels as tensors on the device.

Source: Karras et al. (2022), algorithm 2; Dhariwal and Nichol (2021) for the network.
"""

import math

import torch
from torch.nn import functional as F

from gaussianity.adm_unet import Block


def group_norm(x, norm):
    return F.group_norm(x, norm.num_groups, norm.weight, norm.bias, norm.eps)


def convolution(x, layer, resample=None):
    """Resampling by a 2 x 2 box, then the convolution, then the bias."""
    channels = x.shape[1]
    box = torch.full((channels, 1, 2, 2), 0.25, dtype=x.dtype, device=x.device)
    if resample == "up":
        x = F.conv_transpose2d(x, box * 4, groups=channels, stride=2)
    if resample == "down":
        x = F.conv2d(x, box, groups=channels, stride=2)
    if layer is None:
        return x
    x = F.conv2d(x, layer.weight, padding=layer.weight.shape[-1] // 2)
    return x + layer.bias.reshape(1, -1, 1, 1)


def attention(x, layer):
    n, channels, height, width = x.shape
    size = channels // layer.heads
    stacked = convolution(group_norm(x, layer.norm), layer.query_key_value)
    query, key, value = stacked.reshape(n, 3, layer.heads, size, -1).unbind(1)
    weights = torch.einsum(
        "nhcq,nhck->nhqk", query.to(torch.float32), (key / math.sqrt(size)).to(torch.float32)
    )
    weights = weights.softmax(dim=-1).to(query.dtype)
    mixed = torch.einsum("nhqk,nhck->nhcq", weights, value)
    return x + convolution(mixed.reshape(n, channels, height, width), layer.project)


def block(x, e, layer):
    resample = getattr(layer.resample, "direction", None)
    h = convolution(F.silu(group_norm(x, layer.norm_in)), layer.conv_in, resample)
    shift = e @ layer.scale_shift.weight.t() + layer.scale_shift.bias
    scale, shift = shift[:, :, None, None].to(h.dtype).chunk(2, dim=1)
    h = F.silu(group_norm(h, layer.norm_out) * (1 + scale) + shift)
    h = convolution(h, layer.conv_out)
    skip = layer.skip if isinstance(layer.skip, torch.nn.Conv2d) else None
    h = h + convolution(x, skip, resample)
    return attention(h, layer.attention) if hasattr(layer.attention, "heads") else h


def network(unet, x, noise, labels):
    """F(x; c_noise, labels) with the weights of an ADMUNet."""
    half = unet.model_channels // 2
    frequencies = 10000.0 ** -(torch.arange(half, device=x.device) / half)
    e = torch.outer(noise, frequencies)
    e = torch.cat([e.cos(), e.sin()], dim=1)
    e = F.silu(e @ unet.embed_in.weight.t() + unet.embed_in.bias)
    e = e @ unet.embed_out.weight.t() + unet.embed_out.bias
    if labels is not None:
        e = e + labels @ unet.embed_label.weight.t()
    e = F.silu(e)
    h = convolution(x, unet.conv_first)
    kept = [h]
    for layer in unet.encoder:
        h = block(h, e, layer)
        kept.append(h)
    for layer in unet.middle:
        h = block(h, e, layer)
    for layer in unet.decoder:
        if h.shape[1] != layer.conv_in.in_channels:
            h = torch.cat([h, kept.pop()], dim=1)
        h = block(h, e, layer)
    return convolution(F.silu(group_norm(h, unet.norm_last)), unet.conv_last)


def denoiser(d, x, sigma, labels):
    """D(x; sigma, labels) of a UNetDenoiser with the ADM network under EDM's preconditioning."""
    assert isinstance(d.network.middle[0], Block)
    x = x.to(torch.float32)
    sigma = sigma.to(torch.float32).reshape(-1, 1, 1, 1)
    deviation = d.preconditioning.sigma_data
    c_skip = deviation**2 / (sigma**2 + deviation**2)
    c_out = sigma * deviation / (sigma**2 + deviation**2).sqrt()
    c_in = 1 / (deviation**2 + sigma**2).sqrt()
    c_noise = (sigma.log() / 4).flatten().expand(len(x))
    f = network(d.network, (c_in * x).to(d.dtype), c_noise, labels)
    return c_skip * x + c_out * f.to(torch.float32)


@torch.no_grad()
def sample(d, seeds, labels, *, steps, S_churn, S_min, S_max, S_noise, device="cpu"):
    """Algorithm 2 with one generator per image on the CPU, EDM's noise levels: float64 images."""
    generators = [torch.Generator().manual_seed(int(seed)) for seed in seeds]

    def normal(dtype):
        drawn = [torch.randn(d.image_shape, generator=g, dtype=dtype) for g in generators]
        return torch.stack(drawn).to(device)

    latents = normal(torch.float32)
    for g in generators:
        torch.randint(d.label_dim, (1,), generator=g)
    labels = labels.to(device)
    i = torch.arange(steps, dtype=torch.float64, device=device)
    t = (80 ** (1 / 7) + i / (steps - 1) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7
    t = torch.cat([t, torch.zeros_like(t[:1])])
    x_next = latents.to(torch.float64) * t[0]
    for i in range(steps):
        x = x_next
        gamma = min(S_churn / steps, math.sqrt(2) - 1) if S_min <= t[i] <= S_max else 0
        t_hat = t[i] + gamma * t[i]
        x_hat = x + (t_hat**2 - t[i] ** 2).sqrt() * S_noise * normal(torch.float64)
        d_cur = (x_hat - denoiser(d, x_hat, t_hat, labels).to(torch.float64)) / t_hat
        x_next = x_hat + (t[i + 1] - t_hat) * d_cur
        if i < steps - 1:
            d_next = (x_next - denoiser(d, x_next, t[i + 1], labels).to(torch.float64)) / t[i + 1]
            x_next = x_hat + (t[i + 1] - t_hat) * (0.5 * d_cur + 0.5 * d_next)
    return x_next.cpu()
