import numpy as np
import pytest
import torch
from linear_cases import SHAPE, class_images

from gaussianity.data.neighbours import voted_classes
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.linear.finite_moments import wiener_losses
from gaussianity.linear.late_starts import FINER, LATE, Settings, image_table, level_table
from gaussianity.linear.references import References
from gaussianity.sampling.sampler_variance import sampled_moments

SEEDS = np.arange(24)
WALK = dict(steps=8, sigma_min=0.002, sigma_max=80.0, rho=7.0)
SETTINGS = Settings(walk=WALK, starts=3, batch_size=16)


@pytest.fixture(scope="module")
def case():
    """The exact denoiser of one normal class, with its references."""
    rows = class_images(2.0, 0)
    return GaussianDenoiser.of_classes([rows], SHAPE), References(rows, SHAPE), rows


def deviations(case, **start):
    """Images about the mean along the eigenvectors, in closed form: (n, d)."""
    _, references, _ = case
    variances = references.variances.numpy()
    sampled, missing = sampled_moments(variances, **WALK, **start)
    noise = [torch.randn(SHAPE, generator=torch.Generator().manual_seed(int(s))) for s in SEEDS]
    latents = torch.stack(noise).double().numpy().reshape(len(SEEDS), -1)
    vectors = references.vectors.numpy()
    centred = np.sqrt(sampled) * (latents @ vectors.T)
    return centred - missing * (vectors @ references.mean.numpy())


def test_only_discretisation_moves_exactly_gaussian_images(case):
    denoiser, references, rows = case
    voters = rows, np.zeros(len(rows), dtype=int)
    found = image_table(denoiser, 0, references, SEEDS, voters, SETTINGS)
    whole = deviations(case)
    spread = np.square(whole - whole.mean(axis=0)).sum(axis=1)
    assert {int(step) for step in found["step"][found["compared"] == LATE]} == {1, 4, 6}
    for step in (1, 4, 6):
        rows_of_start = (found["compared"] == LATE) & (found["step"] == step)
        late = deviations(case, start_step=step)
        moved = np.square(late - whole).sum(axis=1)
        np.testing.assert_allclose(found["moved"][rows_of_start], moved, atol=1e-9)
        np.testing.assert_allclose(found["spread"][rows_of_start], spread, atol=1e-9)
        own = np.square(late - late.mean(axis=0)).sum(axis=1)
        np.testing.assert_allclose(found["own_spread"][rows_of_start], own, atol=1e-9)
        np.testing.assert_allclose(found["saved"][rows_of_start], 2 * step / 15)
    assert found["same_vote"].all()
    assert (found["compared"] == FINER).sum() == len(SEEDS)


def test_the_exact_denoiser_leaves_no_nats(case):
    """Both denoisers are the same, so that only the optimism of the moments is between them."""
    denoiser, references, rows = case
    normal = torch.from_numpy(np.random.default_rng(0).standard_normal((30, *SHAPE)))
    found = level_table(denoiser, 0, references, normal, SETTINGS)
    np.testing.assert_allclose(found["nats"], 0, atol=1e-10)
    variances = references.variances.numpy()
    for sigma, own, other in zip(
        found["sigma"], found["network_loss"], found["gaussian_loss"], strict=True
    ):
        expected = np.divide(*wiener_losses(variances, len(rows), sigma))
        assert own / other == pytest.approx(expected)
        x = references.rows[:30].double() + sigma * normal.flatten(1)
        denoised = denoiser(x.reshape(-1, *SHAPE), sigma, torch.ones(30, 1)).flatten(1)
        rest = (denoised - references.rows[:30]).square().sum(dim=1).mean()
        assert own == pytest.approx(float(rest))


def test_votes_are_those_of_the_nearest():
    rows, labels = np.array([[0.0], [0.1], [0.2], [5.0], [5.1], [5.2]]), np.array([4] * 3 + [7] * 3)
    np.testing.assert_array_equal(voted_classes(rows, labels, [[0.3], [4.0]]), [4, 7])
