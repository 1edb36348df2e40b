"""Denoisers that are saved and loaded, and files that do not fit together."""

import json
import math

import pytest
import torch
from small_unets import ADM, DDPMPP, NCSNPP, noisy, one_hot, unet

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.errors import InputError
from gaussianity.io.seals import close_seal, open_seal


@pytest.fixture
def edm():
    return unet()


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_saved_and_loaded(edm, gaussian_denoiser, tmp_path, suffix):
    for denoiser, shape in ((edm, (1, 8, 8)), (gaussian_denoiser, (3, 2, 2))):
        names = list("abc")[: denoiser.label_dim]
        save_denoiser(denoiser, tmp_path / "d.safetensors", names)
        loaded = load_denoiser(tmp_path / f"d{suffix}")
        x = noisy(2, shape, 1.0)
        assert torch.equal(loaded(x, 0.7), denoiser(x, 0.7))
        assert (loaded.class_names, loaded.image_shape) == (names, shape)


def not_json(constant):
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("network", [ADM, DDPMPP, NCSNPP], ids=["adm", "ddpmpp", "ncsnpp"])
@pytest.mark.parametrize(
    "preconditioning",
    [
        dict(kind="edm", sigma_data=0.3),
        dict(kind="vp", beta_d=12.0, sigma_max=80.0),
        dict(kind="ve", sigma_min=0.01),
    ],
    ids=["edm", "vp", "ve"],
)
def test_a_saved_network_gives_the_same_images_bit_for_bit(network, preconditioning, tmp_path):
    denoiser = unet(network, preconditioning=preconditioning, half_precision=True)
    save_denoiser(denoiser, tmp_path / "d.safetensors")
    json.loads((tmp_path / "d.json").read_text(), parse_constant=not_json)
    loaded = load_denoiser(tmp_path / "d.safetensors")
    x, labels = noisy(3, (1, 8, 8), 1.0), one_hot(0, 1, 2, classes=3)
    for sigma in (0.03, torch.tensor([0.1, 1.0, 30.0])):
        assert torch.equal(loaded(x, sigma, labels), denoiser(x, sigma, labels))
    assert loaded.preconditioning == denoiser.preconditioning
    assert loaded.arguments == denoiser.arguments
    assert loaded.half_precision


def test_a_noise_level_without_bound_is_not_written_as_infinity(tmp_path):
    denoiser = unet(preconditioning=dict(kind="edm", sigma_max=math.inf))
    save_denoiser(denoiser, tmp_path / "d.safetensors")
    json.loads((tmp_path / "d.json").read_text(), parse_constant=not_json)
    assert load_denoiser(tmp_path / "d.json").sigma_max == math.inf


def test_class_names(edm, tmp_path):
    save_denoiser(edm, tmp_path / "d.safetensors")
    assert load_denoiser(tmp_path / "d.json").class_names == ["0", "1", "2"]
    with pytest.raises(ValueError, match="expected 3 class names, found 2"):
        save_denoiser(edm, tmp_path / "d.safetensors", ["a", "b"])


def test_files_that_do_not_fit(edm, tmp_path):
    path = tmp_path / "d.safetensors"
    with pytest.raises(InputError, match=r"d\.json: expected a denoiser's description"):
        load_denoiser(path)
    save_denoiser(edm, path)
    description = path.with_suffix(".json")
    good = description.read_text()
    for broken, message in (
        (good.replace("}", ""), "expected JSON"),
        (f'["{open_seal(description)}"]', '"format"'),
        (good.replace('"kind"', '"sort"'), "the description lacks kind"),
        (good.replace("unet", "vae"), "kind must be one of unet, gaussian.* found 'vae'"),
        (good.replace('"label_dim": 3', '"label_dim": 4'), "do not fit"),
        (good.replace('"num_blocks"', '"blocks"'), "do not fit"),
    ):
        description.write_text(broken)
        close_seal(description)
        with pytest.raises(InputError, match=message):
            load_denoiser(path)
    description.write_text(good)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="safetensors: expected the file as it was written"):
        load_denoiser(path)
    path.unlink()
    with pytest.raises(InputError, match="expected the denoiser's tensors, found no such file"):
        load_denoiser(path)
