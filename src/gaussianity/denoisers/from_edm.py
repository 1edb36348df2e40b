"""Denoisers from NVIDIA's EDM checkpoints, which are pickles of torch modules.

Source: the files' own records; Karras et al. (2022), github.com/NVlabs/edm for the names.
"""

import dataclasses
import math

import torch

from gaussianity.denoisers import preconditioning
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError
from gaussianity.io.restricted_pickle import Record, read_pickle

# Arguments of NVIDIA's constructors in their order, with their defaults.
SIZES = dict(img_resolution=None, in_channels=None, out_channels=None, label_dim=0, augment_dim=0)
NETWORKS = {
    "DhariwalUNet": (
        "adm",
        dict(
            SIZES,
            model_channels=192,
            channel_mult=[1, 2, 3, 4],
            channel_mult_emb=4,
            num_blocks=3,
            attn_resolutions=[32, 16, 8],
            dropout=0.1,
            label_dropout=0,
        ),
    ),
    "SongUNet": (
        "song",
        dict(
            SIZES,
            model_channels=128,
            channel_mult=[1, 2, 2, 2],
            channel_mult_emb=4,
            num_blocks=4,
            attn_resolutions=[16],
            dropout=0.1,
            label_dropout=0,
            embedding_type="positional",
            channel_mult_noise=1,
            encoder_type="standard",
            decoder_type="standard",
            resample_filter=[1, 1],
        ),
    ),
}
# Our names of the arguments that change what a network computes in evaluation.
OUR_NAMES = dict(
    model_channels="model_channels",
    channel_mult="channel_mult",
    channel_mult_emb="embedding_mult",
    num_blocks="num_blocks",
    attn_resolutions="attention_resolutions",
    dropout="dropout",
    embedding_type="embedding_type",
    channel_mult_noise="noise_mult",
    resample_filter="taps",
)
PRECONDITIONING_KINDS = {"EDMPrecond": "edm", "VPPrecond": "vp", "VEPrecond": "ve"}
LAYERS = dict(
    map_noise="embed_noise",
    map_layer0="embed_in",
    map_layer1="embed_out",
    map_label="embed_label",
    out_norm="norm_last",
    out_conv="conv_last",
    norm0="norm_in",
    conv0="conv_in",
    norm1="norm_out",
    conv1="conv_out",
    skip="skip",
    norm2="attention.norm",
    qkv="attention.query_key_value",
    proj="attention.project",
    freqs="frequencies",
)


def read_edm_checkpoint(path):
    """The denoiser of a checkpoint in float32 on the CPU: its moving average `ema`.

    Args:    path - a pickle of NVIDIA's EDM release, or one made by its training script.
    Returns: UNetDenoiser in evaluation mode.
    Raises:  InputError - see read_pickle; or the file contains no network that is supported.
    """
    content = read_pickle(path)
    try:
        network = content["ema"] if isinstance(content, dict) else content
        return _denoiser(network)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        RuntimeError,
    ) as error:
        sentence = " ".join(str(error).split())
        if isinstance(error, KeyError):
            sentence = f"the entry {sentence} is missing"
        raise InputError(f"{path}: expected a checkpoint of NVIDIA's EDM: {sentence}") from None


def _denoiser(record):
    if not isinstance(record, Record) or record.class_name not in PRECONDITIONING_KINDS:
        found = record.class_name if isinstance(record, Record) else type(record).__name__
        raise ValueError(f"`ema` must be one of {', '.join(PRECONDITIONING_KINDS)}, found {found}")
    state = record.state
    kind = PRECONDITIONING_KINDS[record.class_name]
    fields = dataclasses.fields(preconditioning.PRECONDITIONINGS[kind])
    values = {field.name: float(state[field.name]) for field in fields}
    if any(math.isnan(value) for value in values.values()):
        raise ValueError(f"the preconditioning must hold numbers, found {values}")
    model = state["_modules"]["model"]
    architecture, network = _network(model)
    arguments = dict(
        image_shape=(state["img_channels"], state["img_resolution"], state["img_resolution"]),
        label_dim=state["label_dim"],
        network=dict(network, architecture=architecture),
        preconditioning=dict(values, kind=kind),
        half_precision=bool(state["use_fp16"]),
    )
    with torch.device("meta"):  # sizes alone, so that false claims of a file take no memory
        claimed = UNetDenoiser(**arguments).network
    weights = _weights(model, architecture, claimed)
    expected = claimed.state_dict()
    for name in sorted(set(expected) | set(weights)):
        shapes = [tuple(w[name].shape) if name in w else "none" for w in (expected, weights)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"{name} should have the shape {shapes[0]}, found {shapes[1]}")
    denoiser = UNetDenoiser(**arguments)
    denoiser.network.load_state_dict(weights)
    return denoiser.eval().requires_grad_(False)


def _network(model):
    """Our architecture and its arguments from the record of a network."""
    if model.class_name not in NETWORKS:
        raise ValueError(
            f"the network must be one of {', '.join(NETWORKS)}, found {model.class_name}"
        )
    architecture, defaults = NETWORKS[model.class_name]
    in_order = zip(defaults, model.state["_init_args"], strict=False)
    given = dict(in_order, **model.state["_init_kwargs"])
    unknown = sorted(set(given) - set(defaults))
    if unknown:
        raise ValueError(f"{model.class_name} has the unknown arguments {', '.join(unknown)}")
    arguments = defaults | given
    network = {OUR_NAMES[key]: arguments[key] for key in defaults if key in OUR_NAMES}
    held = len(model.state["_modules"]["enc"].state["_modules"])
    if (
        len(network["channel_mult"]) * network["num_blocks"] > held
        or len(network.get("taps", ())) > 16
    ):
        raise ValueError(f"{model.class_name} claims more blocks or taps than it has")
    if architecture == "song":
        encoder, decoder = arguments["encoder_type"], arguments["decoder_type"]
        if encoder not in ("standard", "residual") or decoder != "standard":
            raise ValueError(
                "SongUNet must have encoder_type standard (DDPM++) or residual (NCSN++) and "
                f"decoder_type standard, found {encoder} and {decoder}"
            )
        network["residual_encoder"] = encoder == "residual"
    return architecture, network


def _weights(model, architecture, network):
    """State dict, under our names, from a network's record."""
    weights = {}
    for part, layer in _children(model).items():
        if part in ("enc", "dec"):
            _add_blocks(weights, part, _children(layer), architecture, network)
        elif part != "map_augment":  # augmentation labels are zero in sampling
            _add(weights, LAYERS[part], layer)
    return weights


def _add_blocks(weights, part, blocks, architecture, network):
    counts = dict.fromkeys(("encoder", "middle", "decoder", "shortcuts"), 0)
    for name, block in blocks.items():
        _, found, kind = name.partition("_")  # 64x64_conv, 32x32_down, 32x32_block0, 8x8_in0, ...
        if not found:
            raise ValueError(f"unknown block {name}")
        if kind in ("conv", "aux_norm", "aux_conv"):
            target = dict(conv="conv_first", aux_norm="norm_last", aux_conv="conv_last")[kind]
            _add(weights, target, block)
            continue
        if kind == "aux_residual":
            stack = "shortcuts"
        elif part == "enc":
            stack = "encoder"
        else:
            stack = "middle" if kind in ("in0", "in1") else "decoder"
        target = f"{stack}.{counts[stack]}"
        counts[stack] += 1
        if stack == "shortcuts":
            _add(weights, f"{target}.conv", block)
            continue
        for layer_name, layer in _children(block).items():
            affine = "scale_shift" if architecture == "adm" else "shift"
            ours = affine if layer_name == "affine" else LAYERS[layer_name]
            _add(weights, f"{target}.{ours}", layer)
            if layer_name == "qkv":
                heads = network.get_submodule(f"{target}.attention").heads
                for end in ("weight", "bias"):
                    key = f"{target}.{ours}.{end}"
                    weights[key] = _query_key_value(weights[key], heads)


def _query_key_value(stacked, heads):
    """Reorder rows from NVIDIA's (heads, channels, 3) to (3, heads, channels).

    The axis of length 3 is query, key, value.
    """
    rows = stacked.reshape(heads, -1, 3, *stacked.shape[1:])
    return rows.movedim(2, 0).reshape(stacked.shape)


def _children(record):
    return {name: child for name, child in record.state["_modules"].items() if child is not None}


def _add(weights, name, layer):
    """Add a layer's parameters and buffers in float32. Resampling filters follow from arguments."""
    tensors = layer.state["_parameters"] | layer.state["_buffers"]
    for key, tensor in tensors.items():
        if tensor is None or key == "resample_filter":
            continue
        if not torch.isfinite(tensor).all():
            raise ValueError(f"{name}.{key} must be finite")
        weights[f"{name}.{LAYERS.get(key, key)}"] = tensor.to(torch.float32).contiguous()
