"""Noise levels at which a measure of a denoiser is known in closed form."""

import numpy as np
import pytest
import torch

from gaussianity.denoisers.empirical_score import EmpiricalDenoiser
from gaussianity.linear.levels import forward
from gaussianity.linear.references import References

SHAPE = (1, 4, 4)
VARIANCES = 1 / np.arange(1, 17)


def measured(denoiser, rows, sigmas, clean=None, seed=1):
    """Means of the columns of each level, by level."""
    references = References(rows, denoiser.image_shape)
    del references.denoisers["empirical"]  # which takes long, and is not asked for
    parts = forward(
        denoiser,
        0,
        rows if clean is None else clean,
        references,
        sigmas,
        np.random.default_rng(seed),
        batch_size=100_000,
    )
    found = [columns for columns, _ in parts]
    return {
        float(columns["sigma"][0]): {
            name: column.mean() for name, column in columns.items() if column.dtype.kind == "f"
        }
        for columns in found
    }


def test_a_denoiser_that_memorises():
    """On its own images R^2 of the denoiser is near 1 at small noise, where every denoiser returns
    its input, and R^2 of the score is 1 - tr C (C + sigma^2)^-1 / d, for every distribution."""
    rows = np.random.default_rng(0).standard_normal((300, 16)) * np.sqrt(VARIANCES)
    denoiser = EmpiricalDenoiser(torch.as_tensor(rows, dtype=torch.float32), SHAPE)
    found = measured(denoiser, rows, [0.02, 0.05], np.repeat(rows, 10, axis=0))
    variances = np.linalg.eigvalsh(np.cov(rows.T))
    for sigma, level in found.items():
        assert 1 - level["of_gaussian"] / level["about_mean"] > 0.98
        share = np.sum(variances / (variances + sigma**2)) / 16
        score = 1 - level["of_gaussian"] / level["score"]
        assert score == pytest.approx(1 - share, abs=0.01)


def test_on_new_images_a_copy_loses_to_the_gaussian():
    """Its loss exceeds the Gaussian's, though both have the same images."""
    generator = np.random.default_rng(0)
    rows, fresh = (generator.standard_normal((200, 16)) * np.sqrt(VARIANCES) for _ in range(2))
    denoiser = EmpiricalDenoiser(torch.as_tensor(rows, dtype=torch.float32), SHAPE)
    level = measured(denoiser, rows, [0.1], fresh)[0.1]
    assert level["loss"] > 10 * level["gaussian_loss"]


class TwoPoints(torch.nn.Module):
    """Exact denoiser of 2 with probability .2 and -.5 with .8, on images of one pixel."""

    image_shape, label_dim = (1, 1, 1), 0

    def forward(self, x, sigma, labels=None):
        distances = torch.stack([(x - 2) ** 2, (x + 0.5) ** 2], -1)
        logits = torch.tensor([0.2, 0.8]).log() - distances / (2 * sigma**2)
        return logits.softmax(-1) @ torch.tensor([2.0, -0.5], dtype=x.dtype)


def test_at_large_noise_the_third_cumulant_is_left():
    """sigma^6 nats -> kappa_3^2 / 2 per e-fold; the two points have mean 0 and kappa_3 = 1.5."""
    clean = np.repeat([[2.0], [-0.5]], [20_000, 80_000], axis=0)
    references = np.repeat([[2.0], [-0.5]], [200, 800], axis=0)
    found = measured(TwoPoints(), references, [20.0], clean)[20.0]
    nats = found["of_gaussian"] / 20.0**2
    # The reference has the unbiased variance of 1,000 rows, 1.001, which is (.001 / sigma)^2 more.
    assert nats == pytest.approx(1.5**2 / (2 * 20.0**6), rel=0.06)
