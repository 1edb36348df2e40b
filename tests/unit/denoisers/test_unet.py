"""Denoisers against dense formulas, explicit densities and limits."""

import json
import math

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError
from gaussianity.io.seals import close_seal, open_seal

SMALL = dict(model_channels=8, channel_mult=[1, 2], num_blocks=1, attention_resolutions=[4])
ADM = dict(SMALL, architecture="adm", channels_per_head=8)
DDPMPP = dict(SMALL, architecture="song")
NCSNPP = dict(
    DDPMPP, embedding_type="fourier", noise_mult=2, residual_encoder=True, taps=[1, 3, 3, 1]
)


def unet(network=ADM, **settings):
    torch.manual_seed(0)
    denoiser = UNetDenoiser(
        **(dict(image_shape=(1, 8, 8), label_dim=3, network=network) | settings)
    ).eval()
    for parameter in denoiser.parameters():  # the last layers start at zero
        torch.nn.init.normal_(parameter, std=0.1)
    return denoiser


@pytest.fixture
def edm():
    return unet()


def noisy(n, shape, sigma):
    return sigma * torch.randn((n, *shape), generator=torch.Generator().manual_seed(1)).double()


def one_hot(*labels, classes=2):
    return torch.eye(classes)[list(labels)]


@pytest.mark.parametrize("sigma", [0.01, 0.5, 20.0])
def test_gaussian_denoiser_is_the_posterior_mean(gaussian_denoiser, gaussian_classes, sigma):
    x = noisy(4, (3, 2, 2), 1 + sigma)
    found = gaussian_denoiser(x, sigma, one_hot(0, 1, 1, 0)).reshape(4, -1).numpy()
    for row, given, k in zip(found, x.reshape(4, -1).numpy(), (0, 1, 1, 0), strict=True):
        mean, covariance = gaussian_classes[k].mean(axis=0), np.cov(gaussian_classes[k].T)
        inverse = np.linalg.inv(covariance + sigma**2 * np.eye(12))
        np.testing.assert_allclose(row, mean + covariance @ inverse @ (given - mean), rtol=1e-9)


def test_gaussian_denoiser_of_fewer_images_than_pixels():
    rows = np.random.default_rng(0).standard_normal((5, 12))
    denoiser = GaussianDenoiser.of_classes([rows], (3, 2, 2))
    assert denoiser.variances.shape == (1, 4)
    x = noisy(1, (3, 2, 2), 1.0)
    covariance, mean = np.cov(rows.T), rows.mean(axis=0)
    expected = mean + covariance @ np.linalg.inv(covariance + 0.25 * np.eye(12)) @ (
        x.reshape(-1).numpy() - mean
    )
    np.testing.assert_allclose(denoiser(x, 0.5, torch.ones(1, 1)).flatten(), expected, rtol=1e-9)


@pytest.mark.parametrize("sigma", [0.3, 3.0])
def test_without_labels_it_is_the_posterior_mean_of_the_mixture(
    gaussian_denoiser, gaussian_classes, sigma
):
    x = noisy(5, (3, 2, 2), 1.0)
    flat = x.reshape(5, -1).numpy()
    densities = np.stack(
        [
            multivariate_normal(c.mean(axis=0), np.cov(c.T) + sigma**2 * np.eye(12)).pdf(flat)
            for c in gaussian_classes
        ]
    )
    weights = densities / densities.sum(axis=0)
    each = [gaussian_denoiser(x, sigma, one_hot(k, k, k, k, k)).flatten(1).numpy() for k in (0, 1)]
    expected = sum(w[:, None] * mean for w, mean in zip(weights, each, strict=True))
    np.testing.assert_allclose(gaussian_denoiser(x, sigma).flatten(1), expected, rtol=1e-8)


def test_limits_of_the_gaussian_denoiser(gaussian_denoiser, gaussian_classes):
    x = noisy(1, (3, 2, 2), 1.0)
    torch.testing.assert_close(gaussian_denoiser(x, 1e-9, one_hot(0)), x)
    mean = torch.from_numpy(gaussian_classes[0].mean(axis=0)).reshape(1, 3, 2, 2)
    torch.testing.assert_close(gaussian_denoiser(x, 1e6, one_hot(0)), mean)


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


def test_denoiser_of_moments_is_that_of_the_images(gaussian_classes, gaussian_denoiser):
    means = [rows.mean(axis=0) for rows in gaussian_classes]
    covariances = [np.cov(rows.T) for rows in gaussian_classes]
    made = GaussianDenoiser.of_moments(means, covariances, (3, 2, 2))
    x = torch.randn(5, 3, 2, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(made(x, 0.7), gaussian_denoiser(x, 0.7))
    labels = torch.eye(2)[[0, 1, 1, 0, 1]]
    torch.testing.assert_close(made(x, 0.7, labels), gaussian_denoiser(x, 0.7, labels))


def test_class_probabilities_are_those_of_the_densities(gaussian_classes, gaussian_denoiser):
    x = torch.randn(6, 3, 2, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    densities = [
        multivariate_normal(rows.mean(axis=0), np.cov(rows.T) + 0.25 * np.eye(12)).pdf(x.flatten(1))
        for rows in gaussian_classes
    ]
    expected = torch.from_numpy(np.stack(densities, axis=1))
    expected = expected / expected.sum(dim=1, keepdim=True)
    torch.testing.assert_close(gaussian_denoiser.class_probabilities(x, 0.5), expected)


def test_jacobian_between_two_classes_of_equal_variance():
    """At the origin both classes have the weight 1/2 and the means +-m s^2 / (v + s^2). Then the
    Jacobian is v / (v + s^2) I + m m^T s^2 / (v + s^2)^2."""
    m, v, sigma = np.array([1.0, -0.5, 0.0, 2.0]), 0.3, 0.8
    made = GaussianDenoiser.of_moments([m, -m], [v * np.eye(4)] * 2, (1, 2, 2))
    found = torch.autograd.functional.jacobian(
        lambda flat: made(flat.reshape(1, 1, 2, 2), sigma).flatten(), torch.zeros(4).double()
    )
    total = v + sigma**2
    expected = v / total * np.eye(4) + np.outer(m, m) * sigma**2 / total**2
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_draws_have_their_classes_moments(gaussian_denoiser):
    labels = torch.arange(40000) % 2
    rows = gaussian_denoiser.draws(labels, np.random.default_rng(0))
    for k in range(2):
        vectors, variances = gaussian_denoiser.vectors[k], gaussian_denoiser.variances[k]
        coordinates = (rows[labels == k] - gaussian_denoiser.mean[k]) @ vectors.T / variances.sqrt()
        assert coordinates.mean(dim=0).abs().max() < 5 / math.sqrt(20000)
        torch.testing.assert_close(
            torch.cov(coordinates.T), torch.eye(12, dtype=torch.float64), atol=0.05, rtol=0
        )
