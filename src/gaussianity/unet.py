"""The ADM U-Net of Dhariwal and Nichol (2021), at any width, depth and resolution.

Source: Dhariwal and Nichol (2021), "Diffusion Models Beat GANs", section 3 and appendix;
        Karras et al. (2022), appendix F.1, for the parts that they hold fixed.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F


def group_norm(channels):
    """GroupNorm with 32 groups, or fewer so that a group keeps at least 4 channels."""
    groups = min(32, max(1, channels // 4))
    while channels % groups:
        groups -= 1
    return nn.GroupNorm(groups, channels, eps=1e-5)


def zeroed(layer):
    """The layer with weights and bias set to zero: a residual branch that starts as nothing."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def positional_embedding(values, channels):
    """Cosines and sines of values (n,) at geometrically spaced frequencies: (n, channels)."""
    half = channels // 2
    exponents = torch.arange(half, dtype=torch.float32, device=values.device) / half
    angles = torch.outer(values.to(torch.float32), 10000.0**-exponents)
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class Attention(nn.Module):
    """Residual self-attention over the pixels, in heads of `channels_per_head` channels."""

    def __init__(self, channels, channels_per_head):
        super().__init__()
        self.heads = max(1, channels // channels_per_head)
        self.norm = group_norm(channels)
        self.query_key_value = nn.Conv2d(channels, 3 * channels, 1)
        self.project = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, x):
        n, channels, height, width = x.shape
        # (n, 3C, H, W) -> three of (n, heads, H*W, C/heads)
        stacked = self.query_key_value(self.norm(x)).reshape(
            n, 3, self.heads, channels // self.heads, height * width
        )
        query, key, value = stacked.transpose(-1, -2).unbind(dim=1)
        mixed = F.scaled_dot_product_attention(query, key, value)
        return x + self.project(mixed.transpose(-1, -2).reshape(n, channels, height, width))


class Block(nn.Module):
    """BigGAN residual block: optional resampling, scale-shift conditioning, optional attention."""

    def __init__(self, inputs, outputs, embedding, *, resample=None, attention=None, dropout=0.0):
        super().__init__()
        self.resample = resample
        self.norm_in = group_norm(inputs)
        self.conv_in = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.scale_shift = nn.Linear(embedding, 2 * outputs)
        self.norm_out = group_norm(outputs)
        self.dropout = nn.Dropout(dropout)
        self.conv_out = zeroed(nn.Conv2d(outputs, outputs, 3, padding=1))
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.attention = Attention(outputs, attention) if attention else nn.Identity()

    def _resampled(self, x):
        if self.resample == "down":
            return F.avg_pool2d(x, 2)
        if self.resample == "up":
            return F.interpolate(x, scale_factor=2, mode="nearest")
        return x

    def forward(self, x, embedding):
        h = self.conv_in(self._resampled(F.silu(self.norm_in(x))))
        scale, shift = self.scale_shift(embedding)[:, :, None, None].chunk(2, dim=1)
        h = F.silu(self.norm_out(h) * (1 + scale) + shift)
        h = self.conv_out(self.dropout(h))
        return self.attention(h + self.skip(self._resampled(x)))


class UNet(nn.Module):
    """F(x; c_noise, labels): images (n, C, H, H) to images of the same shape.

    Args:    resolution - H, divisible by 2 ** (levels - 1); channels - C of the images;
             label_dim - number of classes, 0 for an unconditional network;
             model_channels - width of the first level; channel_mult - width factor per level;
             num_blocks - residual blocks per level; attention_resolutions - where attention stands;
             channels_per_head - size of an attention head; dropout - probability.
    Raises:  ValueError - see `check_network`.
    """

    def __init__(
        self,
        *,
        resolution,
        channels,
        label_dim,
        model_channels=192,
        channel_mult=(1, 2, 3, 4),
        num_blocks=3,
        attention_resolutions=(32, 16, 8),
        channels_per_head=64,
        dropout=0.1,
    ):
        super().__init__()
        check_network(
            image_shape=(channels, resolution, resolution),
            model_channels=model_channels,
            channel_mult=channel_mult,
            channels_per_head=channels_per_head,
        )
        embedding = 4 * model_channels
        self.model_channels = model_channels
        self.embed_in = nn.Linear(model_channels, embedding)
        self.embed_out = nn.Linear(embedding, embedding)
        self.embed_label = nn.Linear(label_dim, embedding, bias=False) if label_dim else None

        def block(inputs, outputs, level, resample=None, *, attention=None):
            here = resolution >> level in attention_resolutions
            return Block(
                inputs,
                outputs,
                embedding,
                resample=resample,
                attention=channels_per_head if (here if attention is None else attention) else None,
                dropout=dropout,
            )

        widths = [model_channels * factor for factor in channel_mult]
        self.conv_first = nn.Conv2d(channels, widths[0], 3, padding=1)
        self.encoder = nn.ModuleList()
        kept, width = [widths[0]], widths[0]
        for level, target in enumerate(widths):
            if level:
                self.encoder.append(block(width, width, level, "down", attention=False))
                kept.append(width)
            for _ in range(num_blocks):
                self.encoder.append(block(width, target, level))
                width = target
                kept.append(width)

        last = len(widths) - 1
        self.middle = nn.ModuleList(
            [block(width, width, last, attention=True), block(width, width, last, attention=False)]
        )
        self.decoder = nn.ModuleList()
        self.takes_skip = []
        for level, target in reversed(list(enumerate(widths))):
            if level < last:
                self.decoder.append(block(width, width, level, "up", attention=False))
                self.takes_skip.append(False)
            for _ in range(num_blocks + 1):
                self.decoder.append(block(width + kept.pop(), target, level))
                self.takes_skip.append(True)
                width = target
        self.norm_last = group_norm(width)
        self.conv_last = zeroed(nn.Conv2d(width, channels, 3, padding=1))

    def embedding(self, noise, labels):
        """Embedding (n, 4 * model_channels) of the noise condition (n,) and one-hot labels."""
        e = F.silu(self.embed_in(positional_embedding(noise, self.model_channels)))
        e = self.embed_out(e)
        if self.embed_label is not None and labels is not None:
            e = e + self.embed_label(labels)
        return F.silu(e)

    def forward(self, x, noise, labels=None):
        e = self.embedding(noise, labels)
        h = self.conv_first(x)
        kept = [h]
        for block in self.encoder:
            h = block(h, e)
            kept.append(h)
        for block in self.middle:
            h = block(h, e)
        for block, takes_skip in zip(self.decoder, self.takes_skip, strict=True):
            h = block(torch.cat([h, kept.pop()], dim=1) if takes_skip else h, e)
        return self.conv_last(F.silu(self.norm_last(h)))


def check_network(*, image_shape, model_channels, channel_mult, channels_per_head, **_):
    """Raise a ValueError where images (C, H, W) and the arguments of UNet do not fit together."""
    _, height, width = image_shape
    if height != width:
        raise ValueError(f"images must be square, they are {height} x {width}")
    halved = 2 ** (len(channel_mult) - 1)
    if height % halved:
        raise ValueError(
            f"channel_mult has {len(channel_mult)} levels, so the resolution must be divisible by "
            f"{halved}; it is {height}"
        )
    for factor in channel_mult:
        channels = model_channels * factor
        if channels > channels_per_head and channels % channels_per_head:
            raise ValueError(
                f"channels_per_head must divide each level's width, {channels_per_head} does not "
                f"divide {channels}"
            )


def parameter_count(network):
    """Number of trainable parameters."""
    return sum(math.prod(p.shape) for p in network.parameters())
