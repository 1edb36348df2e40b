"""Number format, memory layout and compilation do not change what a network computes."""

import shutil

import numpy as np
import pytest
import torch
from torch import nn

from gaussianity.denoisers.acceleration import accelerated
from gaussianity.denoisers.given import random_denoiser
from gaussianity.sampling.sampler import sample

NETWORK = dict(
    model_channels=32,
    channel_mult=[1, 2],
    num_blocks=1,
    attention_resolutions=[4],
    channels_per_head=32,
)
LEVELS = (0.01, 0.5, 5.0, 80.0)


def network():
    """The same random denoiser at each call."""
    return random_denoiser(
        (3, 8, 8), 3, sigma_data=0.5, network=NETWORK, generator=np.random.default_rng(0)
    )


def noisy(sigma):
    generator = torch.Generator().manual_seed(1)
    return (0.5 + sigma) * torch.randn(4, 3, 8, 8, generator=generator, dtype=torch.float64)


LABELS = torch.eye(3)[[0, 1, 2, 0]]


@pytest.mark.parametrize("precision", ["auto", "float32"])
@pytest.mark.parametrize("half_precision", [False, True])
def test_on_a_cpu_float32_leaves_every_bit_as_it_is(precision, half_precision):
    plain, fast = network(), network()
    fast.half_precision = half_precision
    assert accelerated(fast, "cpu", precision=precision) is fast
    for sigma in LEVELS:
        assert torch.equal(fast(noisy(sigma), sigma, LABELS), plain(noisy(sigma), sigma, LABELS))


@pytest.mark.parametrize("precision", ["float16", "bfloat16"])
def test_halved_precision_keeps_embeddings_in_float32(precision):
    fast = accelerated(network(), "cpu", precision=precision)
    dtype = getattr(torch, precision)
    for layer in fast.modules():
        expected = dict.fromkeys((nn.Conv2d, nn.GroupNorm), dtype) | {nn.Linear: torch.float32}
        if type(layer) in expected:
            assert {p.dtype for p in layer.parameters()} == {expected[type(layer)]}


@pytest.mark.parametrize(("precision", "tolerance"), [("float16", 0.003), ("bfloat16", 0.03)])
def test_halved_precision_rounds_the_images_and_not_the_state(precision, tolerance):
    plain, fast = network(), accelerated(network(), "cpu", precision=precision)
    for sigma in LEVELS:
        expected, found = (d(noisy(sigma), sigma, LABELS) for d in (plain, fast))
        assert found.dtype == torch.float64
        error = (found - expected).flatten(1).norm(dim=1) / expected.flatten(1).norm(dim=1)
        assert error.max() < tolerance
        assert not torch.equal(found, expected)
    seen = []
    fast.register_forward_pre_hook(lambda module, given: seen.append(given[0].dtype))
    assert sample(fast, range(2), LABELS[:2], steps=3).dtype == torch.float64
    assert set(seen) == {torch.float64}


class Doubling(nn.Module):
    """A denoiser without a network."""

    image_shape, label_dim = (1, 2, 2), 0

    def __init__(self):
        super().__init__()
        self.register_buffer("factor", torch.tensor(2.0, dtype=torch.float64))

    def forward(self, x, sigma, class_labels=None):
        return self.factor * x


@pytest.mark.parametrize("settings", [dict(), dict(precision="bfloat16", compiled=True)])
def test_a_denoiser_without_a_network_is_only_moved(settings):
    made = accelerated(Doubling(), "meta", **settings)
    assert (made.factor.device.type, made.factor.dtype) == ("meta", torch.float64)
    made = accelerated(Doubling(), "cpu", **settings)
    x = torch.rand(1, 1, 2, 2, dtype=torch.float64)
    assert torch.equal(made(x, 1.0), 2 * x)


@pytest.mark.parametrize("made", [network, Doubling])
def test_an_unknown_precision_is_an_error(made):
    message = "precision must be one of auto, float32, float16, bfloat16, found 'float64'"
    with pytest.raises(ValueError, match=message):
        accelerated(made(), "cpu", precision="float64")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile needs a C++ compiler")
def test_a_compiled_network_gives_the_same_images():
    plain, fast = network(), accelerated(network(), "cpu", compiled=True)
    with torch.no_grad():
        for sigma in LEVELS:
            expected = plain(noisy(sigma), sigma, LABELS)
            found = fast(noisy(sigma), sigma, LABELS)
            error = (found - expected).abs().max() / expected.abs().max()
            assert error < 1e-5
