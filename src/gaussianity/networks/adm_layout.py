"""The blocks of the ADM U-Net: their order, widths, heads of attention and parameters.

This module does not import torch, so that the size of a network is known before any job starts.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class BlockSize:
    """Channels of a residual block, its heads of attention, and how it resamples.

    resample - "down", "up" or None; takes_skip - whether the inputs contain a kept encoder output.
    """

    inputs: int
    outputs: int
    heads: int = 0
    resample: str | None = None
    takes_skip: bool = False

    def parameters(self, embedding):
        """Number of parameters; embedding - width of the embedding of noise level and label."""
        i, o = self.inputs, self.outputs
        count = 2 * i + 9 * i * o + o  # norm_in, conv_in
        count += 2 * o * (embedding + 1)  # scale_shift
        count += 2 * o + 9 * o**2 + o  # norm_out, conv_out
        if i != o:
            count += i * o + o  # skip
        if self.heads:
            count += 2 * o + 4 * o * (o + 1)  # norm, query_key_value, project
        return count


@dataclass(frozen=True)
class Layout:
    """Blocks in order; first, last - channels after conv_first and before conv_last."""

    first: int
    encoder: tuple
    middle: tuple
    decoder: tuple
    last: int


def adm_layout(
    resolution,
    *,
    model_channels,
    channel_mult,
    num_blocks,
    attention_resolutions,
    channels_per_head,
):
    """The Layout of an ADMUNet; arguments as there."""
    widths = [model_channels * factor for factor in channel_mult]

    def block(inputs, outputs, level, *, attends=None, **settings):
        if attends is None:
            attends = resolution >> level in attention_resolutions
        heads = outputs // channels_per_head if attends else 0
        return BlockSize(inputs, outputs, heads, **settings)

    encoder, kept, width = [], [widths[0]], widths[0]
    for level, target in enumerate(widths):
        if level:
            encoder.append(block(width, width, level, attends=False, resample="down"))
            kept.append(width)
        for _ in range(num_blocks):
            encoder.append(block(width, target, level))
            width = target
            kept.append(width)
    last = len(widths) - 1
    middle = block(width, width, last, attends=True), block(width, width, last, attends=False)
    decoder = []
    for level, target in reversed(list(enumerate(widths))):
        if level < last:
            decoder.append(block(width, width, level, attends=False, resample="up"))
        for _ in range(num_blocks + 1):
            decoder.append(block(width + kept.pop(), target, level, takes_skip=True))
            width = target
    return Layout(widths[0], tuple(encoder), middle, tuple(decoder), width)


def adm_parameters(
    channels, resolution, label_dim, *, model_channels, embedding_mult=4, dropout=0.0, **sizes
):
    """Number of parameters of an ADMUNet; arguments as there."""
    layout = adm_layout(resolution, model_channels=model_channels, **sizes)
    e = embedding_mult * model_channels
    ends = (model_channels + 1) * e + (e + 1) * e + label_dim * e  # the three embeddings
    ends += 9 * channels * layout.first + layout.first  # conv_first
    ends += 2 * layout.last + 9 * layout.last * channels + channels  # norm_last, conv_last
    blocks = (*layout.encoder, *layout.middle, *layout.decoder)
    return ends + sum(block.parameters(e) for block in blocks)
