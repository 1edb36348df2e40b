"""The ADM U-Net of Dhariwal and Nichol (2021), at any width, depth and resolution.

Source: Dhariwal and Nichol (2021), "Diffusion Models Beat GANs", section 3 and appendix;
        Karras et al. (2022), appendix F.1, for the settings that they keep fixed.
"""

import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.networks.adm_layout import adm_layout, heads_of
from gaussianity.networks.layers import (
    Attention,
    Resample,
    group_norm,
    positional_embedding,
    zeroed,
)
from gaussianity.networks.layout import check_resolution


class Block(nn.Module):
    """BigGAN residual block with scale-shift conditioning; optional resampling and attention."""

    def __init__(self, size, embedding, heads, dropout):
        super().__init__()
        inputs, outputs = size.inputs, size.outputs
        self.resample = Resample(size.resample) if size.resample else nn.Identity()
        self.norm_in = group_norm(inputs)
        self.conv_in = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.scale_shift = nn.Linear(embedding, 2 * outputs)
        self.norm_out = group_norm(outputs)
        self.dropout = nn.Dropout(dropout)
        self.conv_out = zeroed(nn.Conv2d(outputs, outputs, 3, padding=1))
        self.skip = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.attention = Attention(outputs, heads) if heads else nn.Identity()

    def forward(self, x, embedding):
        h = self.conv_in(self.resample(F.silu(self.norm_in(x))))
        scale, shift = self.scale_shift(embedding).to(h.dtype)[:, :, None, None].chunk(2, dim=1)
        h = F.silu(self.norm_out(h) * (1 + scale) + shift)
        h = self.conv_out(self.dropout(h))
        return self.attention(h + self.skip(self.resample(x)))


class ADMUNet(nn.Module):
    """F(x; c_noise, labels): images (n, C, H, H) to images of the same shape.

    Args:    resolution - H, divisible by 2 ** (levels - 1); channels - C of the images;
             label_dim - number of classes, 0 for an unconditional network;
             model_channels - width of the first level; channel_mult - width factor per level;
             embedding_mult - width of the embedding over model_channels; num_blocks - residual
             blocks per level; attention_resolutions - resolutions with attention;
             channels_per_head - a level has width // channels_per_head heads of attention;
             dropout - probability.
    Raises:  ValueError - resolution, widths and heads do not fit together.
    """

    def __init__(
        self,
        *,
        resolution,
        channels,
        label_dim,
        model_channels=192,
        channel_mult=(1, 2, 3, 4),
        embedding_mult=4,
        num_blocks=3,
        attention_resolutions=(32, 16, 8),
        channels_per_head=64,
        dropout=0.1,
    ):
        super().__init__()
        check_resolution(resolution, channel_mult)
        embedding = embedding_mult * model_channels
        self.model_channels = model_channels
        self.embed_in = nn.Linear(model_channels, embedding)
        self.embed_out = nn.Linear(embedding, embedding)
        self.embed_label = nn.Linear(label_dim, embedding, bias=False) if label_dim else None

        sizes = channel_mult, num_blocks, attention_resolutions
        layout = adm_layout(resolution, model_channels, *sizes)

        def blocks(sizes):
            made = (Block(s, embedding, heads_of(s, channels_per_head), dropout) for s in sizes)
            return nn.ModuleList(made)

        self.conv_first = nn.Conv2d(channels, layout.encoder[0].inputs, 3, padding=1)
        self.encoder, self.middle = blocks(layout.encoder), blocks(layout.middle)
        self.decoder = blocks(layout.decoder)
        self.takes_skip = [size.takes_skip for size in layout.decoder]
        self.norm_last = group_norm(layout.last)
        self.conv_last = zeroed(nn.Conv2d(layout.last, channels, 3, padding=1))

    def embedding(self, noise, labels):
        """Embedding (n, embedding) in float32 of the noise condition (n,) and one-hot labels."""
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
