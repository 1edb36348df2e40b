"""The blocks of a U-Net: their order, channels and attention.

This module does not import torch, so that the size of a network is known before any job starts.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class BlockSize:
    """Channels of a residual block, whether it has attention, and how it resamples.

    resample - "down", "up" or None; takes_skip - whether the inputs contain a kept encoder output.
    """

    inputs: int
    outputs: int
    attention: bool = False
    resample: str | None = None
    takes_skip: bool = False


@dataclass(frozen=True)
class Layout:
    """Blocks in order; last - channels after the last block."""

    encoder: tuple
    middle: tuple
    decoder: tuple
    last: int


def unet_layout(first, widths, num_blocks, attends, *, decoder_attention="all"):
    """The Layout of a U-Net with residual blocks that resample.

    Args:    first - channels before the first block; widths - channels of each level; num_blocks -
             blocks of a level, one more in the decoder; attends - whether each level has attention;
             decoder_attention - "all" or "last": the blocks of a decoder's level that have it.
    """
    encoder, kept, width = [], [first], first
    for level, target in enumerate(widths):
        if level:
            encoder.append(BlockSize(width, width, resample="down"))
            kept.append(width)
        for _ in range(num_blocks):
            encoder.append(BlockSize(width, target, attends[level]))
            width = target
            kept.append(width)
    middle = BlockSize(width, width, attention=True), BlockSize(width, width)
    decoder = []
    for level, target in reversed(list(enumerate(widths))):
        if level < len(widths) - 1:
            decoder.append(BlockSize(width, width, resample="up"))
        for i in range(num_blocks + 1):
            attention = attends[level] and (decoder_attention == "all" or i == num_blocks)
            decoder.append(BlockSize(width + kept.pop(), target, attention, takes_skip=True))
            width = target
    return Layout(tuple(encoder), middle, tuple(decoder), width)


def levels_with_attention(resolution, levels, attention_resolutions):
    """Whether each level, at half the resolution of the one before, has attention."""
    return [resolution >> level in attention_resolutions for level in range(levels)]


def check_resolution(resolution, channel_mult):
    """Raise a ValueError unless every level of the network can halve the resolution."""
    halved = 2 ** (len(channel_mult) - 1)
    if resolution % halved:
        raise ValueError(
            f"channel_mult has {len(channel_mult)} levels, so the resolution must be divisible by "
            f"{halved}; it is {resolution}"
        )
