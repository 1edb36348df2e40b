"""Checkpoints of NVIDIA's EDM: parity with NVIDIA's results, layout of weights, errors."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.from_edm import read_edm_checkpoint
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError
from gaussianity.io.restricted_pickle import Record, read_pickle
from gaussianity.sampling.sampler import sample

DATA = Path(__file__).parents[2] / "data"
SMALL = sorted(path.stem for path in DATA.glob("*.pkl"))
SHARED = ["adm-16x16-cond", "ddpmpp-16x16-cond"]


@pytest.fixture(scope="module", params=[*SMALL, *SHARED])
def case(request):
    """A checkpoint's denoiser and what NVIDIA's implementation computes from it."""
    name = request.param
    folder = DATA if name in SMALL else request.getfixturevalue("shared") / "checkpoints"
    return read_edm_checkpoint(folder / f"{name}.pkl"), dict(np.load(folder / f"{name}.npz"))


def given_labels(denoiser, reference):
    return torch.from_numpy(reference["labels"]) if denoiser.label_dim else None


def assert_images_close(found, expected, tolerance):
    """Each image's largest error, relative to its largest value."""
    error = np.abs(np.asarray(found) - expected).max(axis=(1, 2, 3))
    assert (error / np.abs(expected).max(axis=(1, 2, 3))).max() < tolerance


def test_there_are_fixtures_of_every_preconditioning():
    assert {"adm-narrow", "ddpmpp-vp", "ncsnpp-ve"} <= set(SMALL)


@torch.no_grad()
def test_denoised_images_are_nvidias(case):
    denoiser, reference = case
    x, sigma = torch.from_numpy(reference["x"]), torch.from_numpy(reference["sigma"])
    found = denoiser(x, sigma, given_labels(denoiser, reference))
    assert_images_close(found, reference["denoised"], 1e-5)


@pytest.mark.parametrize("labels", ["given", "drawn"])
def test_sampled_images_are_nvidias(case, labels):
    """The labels of NVIDIA's images are those that the images' seeds draw."""
    denoiser, reference = case
    found = sample(
        denoiser,
        reference["seeds"],
        given_labels(denoiser, reference) if labels == "given" else None,
        steps=int(reference["num_steps"]),
        **{name: float(reference[name]) for name in ("S_churn", "S_min", "S_max", "S_noise")},
    )
    assert_images_close(found, reference["samples"], 1e-4)


def test_a_checkpoint_is_read_for_evaluation(case):
    denoiser, _ = case
    assert not denoiser.training
    assert {p.dtype for p in denoiser.parameters()} == {torch.float32}
    assert not any(p.requires_grad for p in denoiser.parameters())


@torch.no_grad()
def test_a_checkpoint_saved_as_a_denoiser_is_the_same(case, tmp_path):
    denoiser, reference = case
    save_denoiser(denoiser, tmp_path / "d.safetensors")
    description = json.loads((tmp_path / "d.json").read_text(), parse_constant=pytest.fail)
    assert description["kind"] == "unet"
    loaded = load_denoiser(tmp_path / "d.safetensors")
    x, sigma = torch.from_numpy(reference["x"]), torch.from_numpy(reference["sigma"])
    labels = given_labels(denoiser, reference)
    assert torch.equal(loaded(x, sigma, labels), denoiser(x, sigma, labels))
    assert loaded.preconditioning == denoiser.preconditioning
    assert loaded.half_precision == denoiser.half_precision


def test_a_checkpoint_is_loaded_by_its_name():
    loaded = load_denoiser(DATA / "ddpmpp-vp.pkl")
    assert loaded.class_names == ["0", "1", "2"]
    x = torch.ones(1, 2, 8, 8)
    assert torch.equal(loaded(x, 1.0), read_edm_checkpoint(DATA / "ddpmpp-vp.pkl")(x, 1.0))


@pytest.fixture
def record():
    """The record of a network of the SongUNet kind, to be changed."""
    return read_pickle(DATA / "ddpmpp-vp.pkl")["ema"]


def model(record):
    return record.state["_modules"]["model"]


def layer(record, *names):
    """A layer of the network: the record below `names`."""
    found = model(record)
    for name in names:
        found = found.state["_modules"][name]
    return found


@pytest.mark.parametrize("protocol", [2, 4, 5])
def test_a_checkpoint_written_anew_is_the_same(record, write_pickle, protocol):
    expected = read_edm_checkpoint(DATA / "ddpmpp-vp.pkl").state_dict()
    found = read_edm_checkpoint(write_pickle(dict(ema=record), protocol)).state_dict()
    assert list(found) == list(expected)
    assert all(torch.equal(found[name], expected[name]) for name in found)


def test_a_pickle_of_the_network_alone_is_read(record, write_pickle):
    assert read_edm_checkpoint(write_pickle(record)).image_shape == (2, 8, 8)


@pytest.mark.parametrize("flag", [True, False])
def test_the_half_precision_flag_is_read_and_computes_in_float32(record, write_pickle, flag):
    record.state["use_fp16"] = flag
    denoiser = read_edm_checkpoint(write_pickle(dict(ema=record)))
    assert denoiser.half_precision is flag
    assert denoiser.network.conv_first.weight.dtype == torch.float32


def test_the_levels_and_the_schedule_are_read(record, write_pickle):
    record.state.update(beta_d=12, beta_min=0.5, M=500, sigma_min=0.1, sigma_max=20.0)
    denoiser = read_edm_checkpoint(write_pickle(dict(ema=record)))
    assert vars(denoiser.preconditioning) == dict(
        beta_d=12, beta_min=0.5, M=500, sigma_min=0.1, sigma_max=20
    )
    assert (denoiser.sigma_min, denoiser.sigma_max) == (0.1, 20)


def test_arguments_by_position_are_named_in_their_order(record, write_pickle):
    """The arguments are resolution, channels in and out, label_dim, augment_dim, model_channels."""
    state, first = model(record).state, ["img_resolution", "in_channels", "out_channels"]
    for name in (*first, "label_dim", "augment_dim", "model_channels"):
        value = state["_init_kwargs"].pop(name, {"augment_dim": 0}.get(name))
        state["_init_args"] = (*state["_init_args"], value)
    read_edm_checkpoint(write_pickle(dict(ema=record)))
    state["_init_args"] = (*state["_init_args"][:-1], 5)  # another width
    with pytest.raises(InputError, match=r"should have the shape \(5,\), found \(4,\)"):
        read_edm_checkpoint(write_pickle(dict(ema=record)))


def wide_denoiser(width):
    """An untrained ADM denoiser of one level, `width` wide, that attends everywhere."""
    network = dict(
        architecture="adm",
        model_channels=width,
        channel_mult=[1],
        embedding_mult=1,
        num_blocks=1,
        attention_resolutions=[2],
    )
    return UNetDenoiser(image_shape=(1, 2, 2), label_dim=0, network=network)


def named(class_name="Conv2d", children=None, **parameters):
    return Record(
        class_name,
        dict(_modules=children or {}, _parameters=parameters, _buffers={}, training=True),
    )


def random_layer(layer):
    """A record of random parameters in the shapes of one of our layers."""
    return named(**{name: 0.2 * torch.randn(p.shape) for name, p in layer.named_parameters()})


def wide_record(width):
    """A network as NVIDIA's code would write it, with random weights."""
    ours = wide_denoiser(width)
    network = ours.network

    def block(ours):
        layers = dict(
            norm0=ours.norm_in,
            conv0=ours.conv_in,
            affine=ours.scale_shift,
            norm1=ours.norm_out,
            conv1=ours.conv_out,
        )
        if not isinstance(ours.skip, torch.nn.Identity):
            layers["skip"] = ours.skip
        if not isinstance(ours.attention, torch.nn.Identity):
            attention = ours.attention
            layers |= dict(
                norm2=attention.norm, qkv=attention.query_key_value, proj=attention.project
            )
        return named("UNetBlock", {name: random_layer(layer) for name, layer in layers.items()})

    parts = dict(
        map_layer0=random_layer(network.embed_in),
        map_layer1=random_layer(network.embed_out),
        enc=named(
            "ModuleDict",
            {"2x2_conv": random_layer(network.conv_first), "2x2_block0": block(network.encoder[0])},
        ),
        dec=named(
            "ModuleDict",
            {
                "2x2_in0": block(network.middle[0]),
                "2x2_in1": block(network.middle[1]),
                "2x2_block0": block(network.decoder[0]),
                "2x2_block1": block(network.decoder[1]),
            },
        ),
        out_norm=random_layer(network.norm_last),
        out_conv=random_layer(network.conv_last),
    )
    unet = named("DhariwalUNet", parts)
    unet.state |= dict(
        _init_args=(),
        _init_kwargs=dict(
            img_resolution=2,
            in_channels=1,
            out_channels=1,
            label_dim=0,
            model_channels=width,
            channel_mult=[1],
            channel_mult_emb=1,
            num_blocks=1,
            attn_resolutions=[2],
        ),
    )
    edm = named("EDMPrecond", dict(model=unet))
    edm.state |= dict(
        img_resolution=2,
        img_channels=1,
        label_dim=0,
        use_fp16=False,
        sigma_data=0.5,
        sigma_min=0,
        sigma_max=math.inf,
    )
    return edm


def nvidias_attention(x, normed, heads, qkv, project):
    """Attention by NVIDIA's layout: row (head * C/h + c) * 3 + j is query, key or value j of
    channel c of a head."""
    n, channels, height, width = x.shape
    size = channels // heads
    rows = torch.einsum("rc,ncp->nrp", qkv.state["_parameters"]["weight"][:, :, 0, 0], normed)
    rows = rows + qkv.state["_parameters"]["bias"][:, None]
    mixed = torch.zeros(n, channels, height * width)
    for head in range(heads):
        query, key, value = (
            torch.stack([rows[:, (head * size + c) * 3 + j] for c in range(size)], dim=1)
            for j in range(3)
        )
        weight = torch.einsum("ncq,nck->nqk", query, key / math.sqrt(size)).softmax(dim=2)
        mixed[:, head * size : (head + 1) * size] = torch.einsum("nqk,nck->ncq", weight, value)
    projected = torch.einsum(
        "rc,ncp->nrp", project.state["_parameters"]["weight"][:, :, 0, 0], mixed
    )
    projected = projected + project.state["_parameters"]["bias"][:, None]
    return x + projected.reshape(x.shape)


@pytest.mark.parametrize(("width", "heads"), [(64, 1), (128, 2), (192, 3)])
@torch.no_grad()
def test_rows_of_attention_stand_head_by_head_channel_by_channel(width, heads, write_pickle):
    torch.manual_seed(0)
    record = wide_record(width)
    denoiser = read_edm_checkpoint(write_pickle(dict(ema=record), protocol=5))
    x = torch.randn(2, width, 2, 2)
    for ours, names in (
        (denoiser.network.middle[0], ("dec", "2x2_in0")),
        (denoiser.network.decoder[1], ("dec", "2x2_block1")),
    ):
        assert ours.attention.heads == heads
        qkv, project = layer(record, *names, "qkv"), layer(record, *names, "proj")
        normed = ours.attention.norm(x).flatten(2)
        expected = nvidias_attention(x, normed, heads, qkv, project)
        torch.testing.assert_close(ours.attention(x), expected, rtol=1e-4, atol=1e-4)
        assert (expected - x).abs().max() > 0.1


def change_class(record, name):
    record.class_name = name


def change_arguments(record, **arguments):
    model(record).state["_init_kwargs"].update(arguments)


def put_nan(record):
    layer(record, "dec", "8x8_aux_conv").state["_parameters"]["weight"][0, 0, 1, 1] = math.nan


def rename_block(record):
    blocks = layer(record, "enc").state["_modules"]
    blocks["8x8"] = blocks.pop("8x8_conv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda r: change_class(r, "iDDPMPrecond"),
            "`ema` must be one of EDMPrecond, VPPrecond, VEPrecond, found iDDPMPrecond",
        ),
        (
            lambda r: change_class(model(r), "UNet2D"),
            "network must be one of DhariwalUNet, SongUNet, found UNet2D",
        ),
        (lambda r: change_arguments(r, wings=2), "SongUNet has the unknown arguments wings"),
        (lambda r: change_arguments(r, decoder_type="skip"), "found standard and skip"),
        (lambda r: change_arguments(r, encoder_type="skip"), "found skip and standard"),
        (lambda r: change_arguments(r, embedding_type="sine"), "positional or fourier, not sine"),
        (lambda r: change_arguments(r, num_blocks=2), "attention|Missing key"),
        (lambda r: change_arguments(r, model_channels=8), "should have the shape"),
        (lambda r: r.state.pop("beta_min"), "the entry 'beta_min' is missing"),
        (lambda r: r.state.pop("_modules"), "the entry '_modules' is missing"),
        (lambda r: r.state.update(img_resolution=9), "divisible by 2; it is 9"),
        (lambda r: r.state.update(beta_d="wide"), "could not convert string to float: 'wide'"),
        (lambda r: r.state.update(beta_d=math.nan), "beta_d"),
        (lambda r: r.state.update(beta_d=10**400), "too large"),
        (put_nan, r"conv_last\.weight must be finite"),
        (rename_block, "8x8"),
    ],
    ids=[
        "preconditioning",
        "network",
        "argument",
        "decoder",
        "encoder",
        "embedding",
        "blocks",
        "width",
        "no-schedule",
        "no-modules",
        "resolution",
        "schedule-of-text",
        "schedule-not-a-number",
        "schedule-too-large",
        "weight-not-a-number",
        "block-without-a-kind",
    ],
)
def test_a_checkpoint_that_is_not_understood(record, write_pickle, change, message):
    change(record)
    path = write_pickle(dict(ema=record))
    with pytest.raises(InputError, match=message) as caught:
        read_edm_checkpoint(path)
    assert str(caught.value).startswith(f"{path}: expected a checkpoint of NVIDIA's EDM: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "the entry 'ema' is missing"),
        (dict(net=1), "the entry 'ema' is missing"),
        (dict(ema={"a": 1}), "`ema` must be one of .*, found dict"),
        (dict(ema=None), "`ema` must be one of .*, found NoneType"),
        ([1, 2], "`ema` must be one of .*, found list"),
        (dict(ema=Record("EDMPrecond", {})), "is missing"),
    ],
)
def test_a_pickle_that_is_no_checkpoint(write_pickle, content, message):
    with pytest.raises(InputError, match=message):
        read_edm_checkpoint(write_pickle(content))


def test_a_network_without_levels(write_pickle):
    record = read_pickle(DATA / "adm-narrow.pkl")["ema"]
    change_arguments(record, channel_mult=[])
    with pytest.raises(InputError, match="expected a checkpoint of NVIDIA's EDM"):
        read_edm_checkpoint(write_pickle(dict(ema=record)))


def test_a_layer_too_many_is_found(record, write_pickle):
    model(record).state["_modules"]["map_layer2"] = layer(record, "map_layer1")
    with pytest.raises(InputError, match="map_layer2"):
        read_edm_checkpoint(write_pickle(dict(ema=record)))


def test_augmentation_labels_are_left_out(record, write_pickle):
    """The labels are zero in sampling, and their layer has no bias."""
    model(record).state["_modules"]["map_augment"] = named("Linear", weight=torch.ones(4, 9))
    change_arguments(record, augment_dim=9)
    found = read_edm_checkpoint(write_pickle(dict(ema=record)))
    x = torch.ones(1, 2, 8, 8)
    assert torch.equal(found(x, 1.0), read_edm_checkpoint(DATA / "ddpmpp-vp.pkl")(x, 1.0))


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(InputError, match=r"no\.pkl: expected a pickle, found no such file"):
        read_edm_checkpoint(tmp_path / "no.pkl")
