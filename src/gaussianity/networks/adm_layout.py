"""The blocks of the ADM U-Net, and its number of parameters, without torch."""

from gaussianity.networks.layout import levels_with_attention, unet_layout


def adm_layout(resolution, model_channels, channel_mult, num_blocks, attention_resolutions):
    """The Layout of an ADMUNet; arguments as there."""
    widths = [model_channels * factor for factor in channel_mult]
    attends = levels_with_attention(resolution, len(widths), attention_resolutions)
    return unet_layout(widths[0], widths, num_blocks, attends)


def heads_of(size, channels_per_head):
    """Heads of attention of a block; 0 without attention or where the block is too narrow."""
    return size.outputs // channels_per_head if size.attention else 0


def adm_parameters(
    channels,
    resolution,
    label_dim,
    *,
    model_channels,
    channel_mult,
    num_blocks,
    attention_resolutions,
    channels_per_head,
    embedding_mult=4,
    dropout=0.0,
):
    """Number of parameters of an ADMUNet; arguments as there."""
    sizes = channel_mult, num_blocks, attention_resolutions
    layout = adm_layout(resolution, model_channels, *sizes)
    e, first = embedding_mult * model_channels, layout.encoder[0].inputs
    ends = (model_channels + 1) * e + (e + 1) * e + label_dim * e  # the three embeddings
    ends += 9 * channels * first + first  # conv_first
    ends += 2 * layout.last + 9 * layout.last * channels + channels  # norm_last, conv_last
    blocks = (*layout.encoder, *layout.middle, *layout.decoder)
    return ends + sum(_block_parameters(size, e, channels_per_head) for size in blocks)


def _block_parameters(size, embedding, channels_per_head):
    i, o = size.inputs, size.outputs
    count = 2 * i + 9 * i * o + o  # norm_in, conv_in
    count += 2 * o * (embedding + 1)  # scale_shift
    count += 2 * o + 9 * o**2 + o  # norm_out, conv_out
    if i != o:
        count += i * o + o  # skip
    if heads_of(size, channels_per_head):
        count += 2 * o + 4 * o * (o + 1)  # norm, query_key_value, project
    return count
