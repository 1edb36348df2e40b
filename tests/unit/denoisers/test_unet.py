"""Denoisers with a U-Net: preconditioning, precision, labels, settings that do not fit."""

import math

import numpy as np
import pytest
import torch
from small_unets import ADM, DDPMPP, NCSNPP, SMALL, noisy, one_hot, unet


@pytest.fixture
def edm():
    return unet()


def test_a_noise_level_per_sample(gaussian_denoiser, edm):
    for denoiser, shape, classes in ((gaussian_denoiser, (3, 2, 2), 2), (edm, (1, 8, 8), 3)):
        x, labels = noisy(3, shape, 1.0), one_hot(0, 1, 0, classes=classes)
        levels = torch.tensor([0.1, 1.0, 10.0])
        together = denoiser(x, levels, labels)
        for i in range(3):
            alone = denoiser(x[i : i + 1], float(levels[i]), labels[i : i + 1])
            torch.testing.assert_close(together[i : i + 1], alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("sigma", [0.002, 0.5, 80.0])
def test_preconditioning_of_table_1(edm, sigma):
    x, labels = noisy(2, (1, 8, 8), sigma).float(), one_hot(0, 2, classes=3)
    c_skip = 0.25 / (sigma**2 + 0.25)
    c_out = sigma * 0.5 / (sigma**2 + 0.25) ** 0.5
    c_in, c_noise = 1 / (sigma**2 + 0.25) ** 0.5, 0.25 * np.log(sigma)
    raw = edm.network(c_in * x, torch.full((2,), c_noise), labels)
    expected = c_skip * x + c_out * raw
    torch.testing.assert_close(edm(x, sigma, labels), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("sigma", [0.05, 0.5, 50.0])
@pytest.mark.parametrize("network", [ADM, DDPMPP, NCSNPP], ids=["adm", "ddpmpp", "ncsnpp"])
def test_vp_and_ve_predict_the_noise(network, sigma):
    """Table 1: c_skip = 1 and c_out = -sigma (VP) or sigma (VE), the network's input c_in x."""
    x, labels = noisy(2, (1, 8, 8), sigma).float(), one_hot(0, 2, classes=3)
    time = (math.sqrt(0.1**2 + 2 * 19.9 * math.log1p(sigma**2)) - 0.1) / 19.9
    for kind, c_out, c_in, c_noise in (
        ("vp", -sigma, 1 / math.sqrt(sigma**2 + 1), 999 * time),
        ("ve", sigma, 1, math.log(sigma / 2)),
    ):
        denoiser = unet(network, preconditioning=dict(kind=kind))
        expected = x + c_out * denoiser.network(c_in * x, torch.full((2,), c_noise), labels)
        torch.testing.assert_close(denoiser(x, sigma, labels), expected, rtol=1e-3, atol=1e-4)


def test_a_network_knows_the_noise_levels_that_it_was_trained_for():
    levels = {kind: unet(preconditioning=dict(kind=kind)) for kind in ("edm", "vp", "ve")}
    assert {kind: (d.sigma_min, d.sigma_max) for kind, d in levels.items()} == dict(
        edm=(0, math.inf), vp=(0.001, 152.167), ve=(0.02, 100)
    )


@pytest.mark.parametrize("network", [ADM, NCSNPP], ids=["adm", "ncsnpp"])
def test_half_the_precision_rounds_the_result(network):
    """bfloat16 has 8 bits; embeddings, and so noise levels, stay in float32."""
    x, labels = noisy(2, (1, 8, 8), 1.0), one_hot(0, 2, classes=3)
    whole, half = unet(network), unet(network)
    assert half.compute_in(torch.bfloat16) is half
    assert half.network.conv_first.weight.dtype == torch.bfloat16
    assert half.network.embed_in.weight.dtype == torch.float32
    found, expected = half(x, 1.0, labels), whole(x, 1.0, labels)
    assert found.dtype == torch.float64
    assert not torch.equal(found, expected)
    assert (found - expected).abs().max() < 0.02 * expected.abs().max()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(image_shape=(1, 8, 4)), "images must be square, they are 8 x 4"),
        (dict(image_shape=(1, 9, 9)), "divisible by 2; it is 9"),
        (dict(network=dict(ADM, architecture="vit")), "one of adm, song, found 'vit'"),
        (dict(network=SMALL), "architecture must be one of adm, song, found None"),
        (dict(preconditioning=dict(kind="vq")), "kind must be one of edm, vp, ve, found 'vq'"),
        (dict(network=dict(ADM, model_channels=20, channels_per_head=6)), "do not divide"),
    ],
)
def test_what_does_not_fit_together(changed, message):
    with pytest.raises(ValueError, match=message):
        unet(**changed)


def test_labels_and_noise_matter(edm):
    x = noisy(1, (1, 8, 8), 1.0)
    outputs = [edm(x, 1.0, one_hot(k, classes=3)) for k in (0, 1)] + [edm(x, 1.0), edm(x, 2.0)]
    for i, a in enumerate(outputs):
        for b in outputs[:i]:
            assert (a - b).abs().max() > 1e-3


def test_dtype_of_the_input_is_kept(edm, gaussian_denoiser):
    for dtype in (torch.float32, torch.float64):
        assert edm(noisy(1, (1, 8, 8), 1.0).to(dtype), 1.0).dtype == dtype
        assert gaussian_denoiser(noisy(1, (3, 2, 2), 1.0).to(dtype), 1.0).dtype == dtype


def test_labels_of_the_wrong_shape(edm, gaussian_denoiser):
    for denoiser, shape in ((edm, (1, 8, 8)), (gaussian_denoiser, (3, 2, 2))):
        with pytest.raises(ValueError, match=r"one-hot of shape \(2, \d\), found \(2, 5\)"):
            denoiser(noisy(2, shape, 1.0), 1.0, torch.zeros(2, 5))


def test_arguments_are_without_infinity():
    """They become a JSON file, which has no infinity."""
    kinds = dict(kind="edm", sigma_data=0.7, sigma_max=math.inf)
    denoiser = unet(preconditioning=kinds)
    assert denoiser.arguments["preconditioning"] == dict(kind="edm", sigma_data=0.7, sigma_max=None)
    again = type(denoiser)(**denoiser.arguments)
    assert again.preconditioning == denoiser.preconditioning
