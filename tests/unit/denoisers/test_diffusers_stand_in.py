"""Formulas and refusals of diffusers pipelines, with a stand-in for the package.

test_from_diffusers has the tests with the package itself, which is optional.
"""

import math
import sys
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from gaussianity.denoisers.from_diffusers import DiffusersDenoiser
from gaussianity.errors import InputError

SIGMA = torch.tensor([0.1, 1.0, 10.0], dtype=torch.float64)
ALPHA_BAR = 1 / (1 + SIGMA**2)
CONFIG = dict(sample_size=4, in_channels=2, out_channels=2, num_class_embeds=3)


class UNet2DModel(nn.Module):
    """Output: its input plus the time plus a hundred times the label."""

    def __init__(self, **config):
        super().__init__()
        self.config = SimpleNamespace(**config)

    def forward(self, x, time, class_labels=None):
        added = time if class_labels is None else time + 100 * class_labels
        return SimpleNamespace(sample=x + added[:, None, None, None])


@pytest.fixture
def load(monkeypatch):
    """The denoiser of a made-up pipeline: load(prediction, **config)."""

    def make(prediction="epsilon", *, label_dim=3, shape=(2, 4, 4), parts=None, **config):
        scheduler = SimpleNamespace(
            alphas_cumprod=ALPHA_BAR, config=SimpleNamespace(prediction_type=prediction)
        )
        pipeline = dict(unet=UNet2DModel(**CONFIG | config), scheduler=scheduler) | (parts or {})
        maker = SimpleNamespace(from_pretrained=lambda *_, **__: SimpleNamespace(**pipeline))
        monkeypatch.setitem(sys.modules, "diffusers", SimpleNamespace(DiffusionPipeline=maker))
        return DiffusersDenoiser(
            image_shape=shape, label_dim=label_dim, folder="folder", prefix="part."
        )

    return make


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
@pytest.mark.parametrize(("sigma", "time"), [(0.1, 0.0), (1.0, 1.0), (10**0.5, 1.5), (99.0, 2.0)])
def test_denoised_images_by_hand(load, prediction, sigma, time):
    """x = sqrt(1 + sigma^2) z with z = sqrt(alpha_bar) x. D is (x - sigma e), the image itself, or
    z sqrt(alpha_bar) - v sqrt(1 - alpha_bar)."""
    x = torch.linspace(-1, 1, 64, dtype=torch.float64).reshape(2, 2, 4, 4)
    labels = torch.eye(3)[[0, 2]]
    total = math.sqrt(1 + sigma**2)
    output = x / total + torch.tensor([time, time + 200])[:, None, None, None]
    expected = dict(
        epsilon=x - sigma * output,
        sample=output,
        v_prediction=x / total / total - sigma / total * output,
    )[prediction]
    found = load(prediction)(x, sigma, labels)
    assert found.dtype == torch.float64
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-4)
    levels = torch.tensor([sigma, 1.0], dtype=torch.float64)  # a level of each image
    torch.testing.assert_close(load(prediction)(x, levels, labels)[:1], found[:1])


def test_noise_levels_are_those_of_the_scheduler(load):
    made = load()
    torch.testing.assert_close(made.log_sigma.exp(), SIGMA)
    assert (made.sigma_min, made.sigma_max) == pytest.approx((0.1, 10.0))


def test_a_network_may_know_more_classes_and_other_sides(load):
    assert load(label_dim=2).label_dim == 2
    assert load(label_dim=0, num_class_embeds=None).label_dim == 0
    assert load(sample_size=(4, 6), shape=(2, 4, 6)).image_shape == (2, 4, 6)


class Other(nn.Module):
    """A network of another kind."""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (dict(shape=(2, 8, 8)), r"shape \(2, 8, 8\), found a network for \(2, 4, 4\); set part.im"),
        (dict(out_channels=4), "as many channels out as in, found 4 and 2"),
        (dict(out_channels=1), "as many channels out as in, found 1 and 2"),
        (dict(label_dim=4), r"labels up to 3 \(part.labels\), found a network of 3 classes"),
        (dict(label_dim=1, num_class_embeds=None), r"labels up to 0 .* of 0 classes"),
        (dict(prediction="noise"), r"UNet2DModel in pixel space .* \(noise\)"),
        (dict(parts=dict(unet=Other())), "found SimpleNamespace of Other and SimpleNamespace"),
        (dict(parts=dict(vae=1)), "a pipeline of a UNet2DModel in pixel space"),
        (dict(parts=dict(vqvae=1)), "a pipeline of a UNet2DModel in pixel space"),
        (
            dict(
                parts=dict(
                    scheduler=SimpleNamespace(config=SimpleNamespace(prediction_type="sample"))
                )
            ),
            r"a scheduler with alphas_cumprod .*\(sample\)",
        ),
        (dict(parts=dict(unet=None, scheduler=None)), r"of NoneType and NoneType \(None\)"),
    ],
)
def test_what_is_refused(load, changes, message):
    with pytest.raises(InputError, match=f"^folder: expected .*{message}"):
        load(**changes)
