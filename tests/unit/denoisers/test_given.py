"""Denoisers that need no dataset: random weights, and files against the expected images."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.from_function import CallableDenoiser
from gaussianity.denoisers.given import class_names_of, given_denoiser, random_denoiser
from gaussianity.errors import InputError

DATA = Path(__file__).parents[2] / "data"
CHECKPOINT = DATA / "ddpmpp-vp.pkl"
NETWORK = dict(
    model_channels=16,
    channel_mult=[1, 2],
    num_blocks=1,
    attention_resolutions=[4],
    channels_per_head=16,
    dropout=0.1,
)


def made(seed=0, image_shape=(1, 8, 8), label_dim=3, **network):
    return random_denoiser(
        image_shape,
        label_dim,
        sigma_data=0.5,
        network=NETWORK | network,
        generator=np.random.default_rng(seed),
        prefix="config: part.",
    )


def noisy(n, shape=(1, 8, 8)):
    return torch.randn((n, *shape), generator=torch.Generator().manual_seed(1)).double()


def test_random_weights_follow_from_their_generator_alone():
    torch.manual_seed(7)
    first = made().state_dict()
    torch.manual_seed(8)
    again, other = made().state_dict(), made(seed=1).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    weights = [name for name in first if name.endswith("conv_in.weight")]
    assert len(weights) > 4
    assert not any(torch.equal(first[name], other[name]) for name in weights)


def test_random_weights_leave_torchs_own_generator_alone():
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    made()
    assert torch.equal(torch.rand(3), expected)


def test_no_layer_of_random_weights_is_silent():
    """In an untrained U-Net the last layer and the end of each branch are zero."""
    denoiser = made()
    convolutions = [m for m in denoiser.modules() if isinstance(m, nn.Conv2d)]
    assert all((c.weight != 0).float().mean() > 0.99 for c in convolutions)
    x = noisy(2)
    c_skip = 0.25 / (1 + 0.25)
    assert (denoiser(x, 1.0) - c_skip * x).abs().max() > 0.01


def test_random_weights_hear_labels_and_noise():
    denoiser, x = made(), noisy(1)
    outputs = [denoiser(x, 1.0, torch.eye(3)[[k]]) for k in (0, 2)]
    outputs.append(denoiser(1.1 * x, 1.1, torch.eye(3)[[0]]))
    for i, a in enumerate(outputs):
        for b in outputs[:i]:
            assert (a - b).abs().max() > 1e-4


def test_random_weights_are_ready_to_be_evaluated_and_saved(tmp_path):
    denoiser = made()
    assert not denoiser.training
    assert not any(p.requires_grad for p in denoiser.parameters())
    save_denoiser(denoiser, tmp_path / "d.safetensors")
    loaded = load_denoiser(tmp_path / "d.json")
    assert torch.equal(loaded(noisy(2), 1.0), denoiser(noisy(2), 1.0))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(channel_mult=[1, 1, 1, 1, 1]), "divisible by 16; it is 8"),
        (dict(image_shape=(1, 8, 4)), "images must be square, they are 8 x 4"),
        (dict(model_channels=20, channels_per_head=6), "do not divide"),
    ],
)
def test_random_sizes_that_do_not_fit_are_one_sentence(changed, message):
    with pytest.raises(InputError, match=f"^config: part.network: .*{message}"):
        made(**changed)


def test_a_checkpoint_and_its_converted_form_are_bitwise_the_same(tmp_path):
    checkpoint = given_denoiser("file", path=CHECKPOINT, image_shape=[2, 8, 8])
    save_denoiser(checkpoint, tmp_path / "d.safetensors")
    converted = given_denoiser("file", path=tmp_path / "d.safetensors")
    x, labels = noisy(3, (2, 8, 8)), torch.eye(3)
    for sigma in (0.01, 1.0, 100.0):
        assert torch.equal(converted(x, sigma, labels), checkpoint(x, sigma, labels))
        assert torch.equal(converted(x, sigma), checkpoint(x, sigma))
    levels = (checkpoint.sigma_min, checkpoint.sigma_max)
    assert (converted.sigma_min, converted.sigma_max) == levels
    assert converted.half_precision == checkpoint.half_precision


def test_a_file_may_know_more_labels_than_are_used():
    assert given_denoiser("file", path=CHECKPOINT, image_shape=(2, 8, 8)).label_dim == 3


@pytest.mark.parametrize("image_shape", [[3, 8, 8], [2, 16, 16]])
def test_a_file_of_other_images_is_one_sentence(image_shape):
    message = r"ddpmpp-vp.pkl: expected images of shape .* \(part\.image_shape\), found \(2, 8, 8\)"
    with pytest.raises(InputError, match=message):
        given_denoiser("file", path=CHECKPOINT, image_shape=image_shape, prefix="part.")


def test_a_study_names_some_of_the_labels():
    denoiser = given_denoiser("file", path=CHECKPOINT)
    names = class_names_of(denoiser, {"cat": 2, "dog": 0}, CHECKPOINT)
    assert names == ["dog", "1", "cat"]


@pytest.mark.parametrize(
    ("name", "label", "found"), [("ddpmpp-vp", 3, "3 classes"), ("adm-narrow", 0, "no classes")]
)
def test_a_label_that_the_file_does_not_have_is_one_sentence(name, label, found):
    path = DATA / f"{name}.pkl"
    message = f"{name}.pkl: expected a denoiser with the label {label} of the class cat "
    message += rf"\(part\.labels\), found one of {found}"
    with pytest.raises(InputError, match=message):
        class_names_of(given_denoiser("file", path=path), {"cat": label}, path, "part.")


def test_a_class_without_a_label_is_that_of_an_unconditional_denoiser():
    path = DATA / "adm-narrow.pkl"
    assert class_names_of(given_denoiser("file", path=path), {"faces": None}, path) == []
    denoiser = given_denoiser("file", path=CHECKPOINT)
    with pytest.raises(
        InputError, match=r"part\.labels gives the class faces no label, found one of"
    ):
        class_names_of(denoiser, {"faces": None}, CHECKPOINT, "part.")


def test_missing_files_are_one_sentence(tmp_path):
    for name in ("absent.pkl", "absent.safetensors", "absent.json"):
        with pytest.raises(InputError, match=r"absent\.\w+: expected .*, found no such file"):
            given_denoiser("file", path=tmp_path / name)


def test_functions_and_random_networks_are_made_by_their_kind(tmp_path, monkeypatch):
    (tmp_path / "given_function.py").write_text("def half(x, sigma, labels):\n    return x / 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    function = given_denoiser(
        "callable", label_dim=3, path="given_function:half", image_shape=[1, 8, 8]
    )
    assert isinstance(function, CallableDenoiser)
    assert (function.image_shape, function.label_dim) == ((1, 8, 8), 3)
    assert torch.equal(function(noisy(1), 1.0), noisy(1) / 2)
    settings = dict(sigma_data=0.5, network=NETWORK, generator=np.random.default_rng(0))
    network = given_denoiser("random", label_dim=3, image_shape=[1, 8, 8], **settings)
    assert torch.equal(network(noisy(1), 1.0), made()(noisy(1), 1.0))


def test_a_pipeline_is_made_by_its_kind(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(InputError, match=r"^folder: a diffusers pipeline needs"):
        given_denoiser("diffusers", label_dim=3, path="folder", image_shape=[1, 8, 8])


def test_the_seed_of_random_weights_is_one_of_many():
    counts = []

    class Seeds:
        def integers(self, count):
            counts.append(count)
            return 3

    random_denoiser(
        (1, 8, 8), 0, sigma_data=0.5, network=NETWORK, generator=Seeds(), prefix="config: part."
    )
    assert len(counts) == 1
    assert counts[0] >= 2**30
