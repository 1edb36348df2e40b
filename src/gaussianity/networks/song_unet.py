"""The U-Nets of Song et al. (2021), DDPM++ and NCSN++, at any width, depth and resolution.

Source: Song et al. (2021), "Score-Based Generative Modeling through SDEs", appendices C and H;
        Karras et al. (2022), appendix F.1, for the settings that they keep fixed.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.networks.layers import (
    Attention,
    FourierEmbedding,
    Resample,
    group_norm,
    positional_embedding,
    separable_kernel,
)
from gaussianity.networks.layout import check_resolution, levels_with_attention, unet_layout

EPS = 1e-6  # of every norm
SUM = math.sqrt(0.5)  # keeps the variance of a sum of two branches


class Block(nn.Module):
    """Residual block with added conditioning; optional resampling and attention in one head."""

    def __init__(self, size, embedding, taps, dropout):
        super().__init__()
        inputs, outputs = size.inputs, size.outputs
        self.resample = Resample(size.resample, taps) if size.resample else nn.Identity()
        self.norm_in = group_norm(inputs, EPS)
        self.conv_in = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.shift = nn.Linear(embedding, outputs)
        self.norm_out = group_norm(outputs, EPS)
        self.dropout = nn.Dropout(dropout)
        self.conv_out = nn.Conv2d(outputs, outputs, 3, padding=1)
        projects = inputs != outputs or size.resample
        self.skip = nn.Conv2d(inputs, outputs, 1) if projects else nn.Identity()
        self.attention = Attention(outputs, heads=1, eps=EPS) if size.attention else None

    def forward(self, x, embedding):
        h = self.conv_in(self.resample(F.silu(self.norm_in(x))))
        h = h + self.shift(embedding).to(h.dtype)[:, :, None, None]
        h = self.conv_out(self.dropout(F.silu(self.norm_out(h))))
        h = (h + self.skip(self.resample(x))) * SUM
        return h if self.attention is None else self.attention(h) * SUM


class Shortcut(nn.Module):
    """NCSN++'s residual encoder: the image, projected and halved, is added at each level."""

    def __init__(self, inputs, outputs, taps):
        super().__init__()
        # One padding for the 3 x 3 convolution and the filter.
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=len(taps) // 2)
        self.register_buffer("kernel", separable_kernel(taps), persistent=False)

    def forward(self, image, h):
        kernel = self.kernel.to(h.dtype).expand(h.shape[1], 1, -1, -1)
        return (h + F.conv2d(self.conv(image), kernel, groups=h.shape[1], stride=2)) * SUM


class SongUNet(nn.Module):
    """F(x; c_noise, labels): images (n, C, H, H) to images of the same shape.

    DDPM++ has the positional embedding, no residual encoder and taps [1, 1]. NCSN++ has the fourier
    embedding, noise_mult 2, the residual encoder and taps [1, 3, 3, 1].

    Args:    resolution - H, divisible by 2 ** (levels - 1); channels - C of the images;
             label_dim - number of classes, 0 for an unconditional network;
             model_channels - width unit; channel_mult - width factor per level; embedding_mult,
             noise_mult - widths of the embedding and of the noise level's over model_channels;
             num_blocks - residual blocks per level; attention_resolutions - with attention;
             embedding_type - positional or fourier; residual_encoder - see Shortcut; taps - of the
             resampling filter; dropout - probability.
    Raises:  ValueError - resolution and levels do not fit together, unknown embedding_type.
    """

    def __init__(
        self,
        *,
        resolution,
        channels,
        label_dim,
        model_channels=128,
        channel_mult=(1, 2, 2, 2),
        embedding_mult=4,
        noise_mult=1,
        num_blocks=4,
        attention_resolutions=(16,),
        embedding_type="positional",
        residual_encoder=False,
        taps=(1, 1),
        dropout=0.1,
    ):
        super().__init__()
        check_resolution(resolution, channel_mult)
        if embedding_type not in ("positional", "fourier"):
            raise ValueError(f"embedding_type must be positional or fourier, not {embedding_type}")
        embedding, noise = embedding_mult * model_channels, noise_mult * model_channels
        self.label_dim, self.noise_channels = label_dim, noise
        self.embed_noise = FourierEmbedding(noise) if embedding_type == "fourier" else None
        self.embed_label = nn.Linear(label_dim, noise) if label_dim else None
        self.embed_in = nn.Linear(noise, embedding)
        self.embed_out = nn.Linear(embedding, embedding)

        widths = [model_channels * factor for factor in channel_mult]
        attends = levels_with_attention(resolution, len(widths), attention_resolutions)
        layout = unet_layout(model_channels, widths, num_blocks, attends, decoder_attention="last")

        def block(size):
            return Block(size, embedding, taps, dropout)

        self.conv_first = nn.Conv2d(channels, model_channels, 3, padding=1)
        self.encoder, self.shortcuts = nn.ModuleList(), nn.ModuleList()
        self.at_shortcut = []  # numbers of the encoder blocks after which a shortcut is added
        image_width = channels
        for i, size in enumerate(layout.encoder):
            self.encoder.append(block(size))
            if size.resample and residual_encoder:
                self.shortcuts.append(Shortcut(image_width, size.outputs, taps))
                self.at_shortcut.append(i)
                image_width = size.outputs
        self.middle = nn.ModuleList(map(block, layout.middle))
        self.decoder = nn.ModuleList(map(block, layout.decoder))
        self.takes_skip = [size.takes_skip for size in layout.decoder]
        self.norm_last = group_norm(layout.last, EPS)
        self.conv_last = nn.Conv2d(layout.last, channels, 3, padding=1)

    def embedding(self, noise, labels):
        """Embedding (n, embedding) in float32 of the noise condition (n,) and one-hot labels."""
        if self.embed_noise is None:
            e = positional_embedding(noise, self.noise_channels, endpoint=True)
        else:
            e = self.embed_noise(noise)
        cosines, sines = e.chunk(2, dim=1)
        e = torch.cat([sines, cosines], dim=1)  # DDPM's order
        if self.embed_label is not None:
            if labels is None:  # the bias remains
                labels = torch.zeros(1, self.label_dim, device=e.device)
            e = e + self.embed_label(labels * math.sqrt(self.label_dim))
        return F.silu(self.embed_out(F.silu(self.embed_in(e))))

    def forward(self, x, noise, labels=None):
        e = self.embedding(noise, labels)
        h = self.conv_first(x)
        kept, image = [h], x
        for i, block in enumerate(self.encoder):
            h = block(h, e)
            if i in self.at_shortcut:
                h = image = self.shortcuts[self.at_shortcut.index(i)](image, h)
            kept.append(h)
        for block in self.middle:
            h = block(h, e)
        for block, takes_skip in zip(self.decoder, self.takes_skip, strict=True):
            h = block(torch.cat([h, kept.pop()], dim=1) if takes_skip else h, e)
        return self.conv_last(F.silu(self.norm_last(h)))
