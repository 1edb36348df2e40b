"""Numerical rank of a denoiser's Jacobian against known spectra, whole SVDs and closed forms."""

import itertools
import math

import numpy as np
import pytest
import torch
from random_mixture import random_mixture

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.denoisers.low_rank import PosteriorMeanDenoiser
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.molrg import numerical_rank as module
from gaussianity.molrg.numerical_rank import (
    SHARES,
    Energies,
    LeadingEnergies,
    WholeEnergies,
    batch_ranks,
    measure_ranks,
    rank_bounds,
)
from gaussianity.sampling.jacobians import NotDifferentiable, jacobian
from gaussianity.sampling.sampler import walk

SETTINGS = dict(whole_pixels=256, block=8, most=64, probes=8)


def generators(n):
    return [np.random.default_rng(i) for i in range(n)]


def energies(*values):
    squares = torch.tensor([values], dtype=torch.float64).square()
    return Energies(squares, squares.sum(dim=1), torch.zeros(1, dtype=torch.float64))


def ranks(found, share, dimension=99):
    return {name: int(value) for name, value in rank_bounds(found, share, dimension).items()}


def test_the_definitions_differ_where_the_papers_do():
    """The first of the squares 0.982, 0.009, 0.009 has more than 0.9801, but less than 0.99."""
    found = energies(math.sqrt(0.982), math.sqrt(0.009), math.sqrt(0.009))
    assert [ranks(found, share)["rank"] for share in SHARES.values()] == [1, 2]
    roots = found.squares.cumsum(dim=1).sqrt()[0]  # as the published code compares
    assert int((roots <= 0.99 * roots[-1]).sum()) + 1 == 1


@pytest.mark.parametrize("r", [1, 5, 16])
def test_equal_singular_values_count_all(r):
    """If all r <= 50 singular values are equal, both shares of the energy need all of them."""
    found = energies(*[2.0] * r, *[0.0] * (16 - r))
    assert [ranks(found, share)["rank"] for share in SHARES.values()] == [r, r]


def test_more_than_the_share_is_asked_for():
    """Exactly half of the energy is not more than half."""
    assert ranks(energies(1.0, 1.0), 0.5)["rank"] == 2
    assert ranks(energies(1.0, 0.9), 0.5)["rank"] == 1


def test_a_jacobian_of_zeros_has_rank_0():
    assert ranks(energies(0.0, 0.0), 0.99) == dict(rank=0, low=0, high=0)


def test_too_few_singular_values_give_a_lower_bound():
    squares = torch.ones(1, 3, dtype=torch.float64)
    found = Energies(squares, torch.tensor([8.0]).double(), torch.tensor([0.1]).double())
    assert ranks(found, 0.99, dimension=8) == dict(rank=3, low=3, high=8)


def test_the_error_of_the_total_widens_the_rank():
    """The squares are 4, 3, 2, 1 and the total is 10.5 +- 0.75. Three squares exceed 0.8 of 10.5,
    four exceed 0.8 of 12. Two squares and the 2 that may be left are 9, between 0.74 and 0.8 of
    12."""
    squares = torch.tensor([[4.0, 3.0, 2.0, 1.0]]).double()
    found = Energies(squares, torch.tensor([10.5]).double(), torch.tensor([0.75]).double())
    assert ranks(found, 0.8) == dict(rank=3, low=3, high=4)
    assert ranks(found, 0.74) == dict(rank=3, low=2, high=3)


def test_the_true_rank_is_never_below_low():
    """On spaces that miss a little of the leading vectors the ranks are too large."""
    true = torch.arange(1, 41).double() ** -1.5
    noise = np.random.default_rng(0).standard_normal((200, 40, 8)) / 15
    space = torch.linalg.qr(torch.eye(40)[:, :8].double() + torch.from_numpy(noise))[0]
    squares = torch.linalg.svdvals(torch.diag(true) @ space).square()
    total = true.square().sum().expand(200)
    found = Energies(squares, total, torch.zeros(200).double())
    above = 0
    for share in np.linspace(0.5, 0.99, 50):
        (expected,) = {int(r) for r in rank_bounds(exactly(true), share, 40)["rank"]}
        held = rank_bounds(found, share, 40)
        assert (held["low"] <= expected).all()
        assert (held["high"] >= expected).all()
        above += int((held["rank"] > expected).sum())
    assert above > 500


def exactly(values):
    squares = values.square()[None]
    return Energies(squares, squares.sum(dim=1), torch.zeros(1).double())


def linear(matrices):
    return lambda x: (matrices @ x.flatten(1)[:, :, None]).reshape(x.shape)


def decaying(d, n=2):
    """Matrices of falling singular values, and the singular values."""
    draw = np.random.default_rng(0).standard_normal((2 * n, d, d))
    bases = torch.linalg.qr(torch.from_numpy(draw))[0]
    values = torch.stack([torch.arange(1, d + 1).double() ** -(1.0 + i) for i in range(n)])
    return bases[:n] @ torch.diag_embed(values) @ bases[n:], values


def test_products_find_the_ranks_of_the_whole_matrix():
    """The singular values are i^-1 and i^-2, i up to 144. The standard error covers the error."""
    matrices, values = decaying(144)
    x = torch.zeros(2, 1, 12, 12, dtype=torch.float64)
    exact = WholeEnergies()(linear(matrices), x, None)
    torch.testing.assert_close(exact.squares, values.square(), rtol=1e-9, atol=1e-14)
    found = LeadingEnergies(block=8, most=144, probes=16)(linear(matrices), x, generators(2))
    off = (found.total - exact.total).abs()
    assert (off <= 4 * found.error).all()
    assert (found.error / found.total < 5e-3).all()
    for share in SHARES.values():
        expected = rank_bounds(exact, share, 144)["rank"]
        held = rank_bounds(found, share, 144)
        assert (held["low"] <= expected).all()
        assert (expected <= held["high"]).all()
        assert ((held["rank"] - expected).abs() <= 2).all()
        assert (held["high"] < 144).all()
    assert found.squares.shape[1] < 144  # the search ended before the space was full


def test_products_end_with_a_lower_bound():
    x = torch.zeros(1, 1, 8, 8, dtype=torch.float64)
    found = LeadingEnergies(block=8, most=16, probes=8)(lambda y: 3 * y, x, generators(1))
    held = ranks(found, 0.99, dimension=64)
    assert held == dict(rank=16, low=8, high=64)  # the space of J^T J = 9 I is one block of 8
    torch.testing.assert_close(found.total, torch.tensor([9 * 64.0]).double(), rtol=0.2, atol=0)


def test_a_space_that_is_exhausted_is_exact():
    """The rank is 3 of 64. Nothing is left after one block, and the total has no error."""
    matrix = torch.diag_embed(torch.tensor([[3.0, 2.0, 1.0, *[0.0] * 61]]).double())
    x = torch.zeros(1, 1, 8, 8, dtype=torch.float64)
    found = LeadingEnergies(block=4, most=64, probes=8)(linear(matrix), x, generators(1))
    torch.testing.assert_close(found.total, torch.tensor([14.0]).double(), rtol=1e-12, atol=0)
    assert found.error < 1e-12
    assert ranks(found, 0.99, dimension=64) == dict(rank=3, low=3, high=3)


class InTheRange:
    """A generator whose first vector lies in the span of the first two axes."""

    def standard_normal(self, shape):
        drawn = np.random.default_rng(0).standard_normal(shape)
        drawn[2:, 0] = 0
        return drawn


def test_the_space_grows_no_more_once_it_holds_the_rank():
    """Two vectors hold the range. One vector was not enough, so that the rank was 2 before, too."""
    matrix = torch.diag_embed(torch.tensor([[2.0, 1.0, *[0.0] * 7]]).double())
    x = torch.zeros(1, 1, 3, 3, dtype=torch.float64)
    found = LeadingEnergies(block=1, most=9, probes=4)(linear(matrix), x, [InTheRange()])
    torch.testing.assert_close(found.squares, torch.tensor([[4.0, 1.0]]).double())


@pytest.fixture(scope="module")
def mixture():
    """Three subspaces of 2, 3 and 4 dimensions in 27."""
    return random_mixture(np.random.default_rng(3), 27, [2, 3, 4])


def by_image(found, definition):
    """Rank (n, steps) of one definition."""
    chosen = found["definition"] == definition
    return found["rank"][chosen].reshape(len(np.unique(found["seed"])), -1)


def test_the_exact_denoiser_has_at_most_the_sum_of_the_dimensions(mixture):
    """By lemma 1 the rank is 9 if the noise hides the component, and that of one component if
    not."""
    denoiser = PosteriorMeanDenoiser.of_mixture(mixture, (3, 3, 3))
    found = measure_ranks(
        denoiser, range(6), None, settings=SETTINGS, generators=generators(6), steps=18
    )
    assert (found["rank"] <= 9).all()
    rows = zip(found["seed"], found["step"], found["definition"], strict=True)
    assert list(rows) == list(itertools.product(range(6), range(18), SHARES))
    rank = by_image(found, "energy 0.99")
    assert (rank[:, 0] == 9).all()
    assert set(rank[:, -1]) <= {2, 3, 4}
    assert len(set(rank[:, -1])) > 1


def test_one_subspace_has_its_dimension_at_every_noise_level():
    mixture = random_mixture(np.random.default_rng(0), 16, [5])
    denoiser = PosteriorMeanDenoiser.of_mixture(mixture, (1, 4, 4))
    found = measure_ranks(
        denoiser, range(2), None, settings=SETTINGS, generators=generators(2), steps=6
    )
    assert (found["rank"] == 5).all()


def test_a_normal_class_has_the_closed_form():
    """The singular values are lam / (lam + sigma^2)."""
    variances = 4 * (1.0 + torch.arange(16, dtype=torch.float64)) ** -2
    denoiser = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=1, rank=16)
    denoiser.vectors[0], denoiser.variances[0] = torch.eye(16).double(), variances
    labels = torch.ones(2, 1)
    found = batch_ranks(denoiser, (0, 1), labels, WholeEnergies(), None, steps=7)
    assert (found["dimension"] == 16).all()
    np.testing.assert_allclose(found["snr"] * found["sigma"], 1)
    for name, share in SHARES.items():
        sigma = found["sigma"][found["definition"] == name].reshape(2, 7)[0]
        squares = (variances / (variances + torch.from_numpy(sigma)[:, None] ** 2)).square()
        expected = (squares.cumsum(dim=1) <= share * squares.sum(dim=1)[:, None]).sum(dim=1) + 1
        assert by_image(found, name).tolist() == [expected.tolist()] * 2


@pytest.fixture(scope="module")
def unet():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = dict(architecture="adm", model_channels=8, channel_mult=[1], num_blocks=1)
        network |= dict(attention_resolutions=[], channels_per_head=8, dropout=0.0)
        denoiser = UNetDenoiser(image_shape=(1, 4, 4), label_dim=2, network=network)
        for parameter in denoiser.parameters():
            torch.nn.init.normal_(parameter, std=0.15)
    return denoiser.eval().requires_grad_(False)


def test_the_jacobian_is_the_trajectorys_under_its_label(unet):
    labels = torch.eye(2)[[0, 1]]
    found = batch_ranks(unet, (4, 5), labels, WholeEnergies(), None, steps=3)
    rank = by_image(found, "energy 0.99")
    for step, x, *_ in walk(unet, (4, 5), labels, steps=3):
        squares = torch.linalg.svdvals(
            jacobian(lambda y, s=step: unet(y, s.sigma, labels), x)
        ).square()
        expected = ranks_of(squares, 0.99)
        assert rank[:, step.index].tolist() == expected


def ranks_of(squares, share):
    shares = squares.cumsum(dim=1) / squares.sum(dim=1, keepdim=True)
    return ((shares <= share).sum(dim=1) + 1).tolist()


def test_batch_size_and_method_do_not_change_the_result(unet, monkeypatch):
    labels = torch.eye(2)[[0, 1, 0]]

    def measured(**changed):
        return measure_ranks(
            unet,
            range(3),
            labels,
            settings=dict(SETTINGS, **changed),
            generators=generators(3),
            steps=3,
        )

    whole = measured()
    monkeypatch.setattr(module, "TOGETHER", 2)
    parts = measured()
    products = measured(whole_pixels=4, block=4)
    assert list(whole) == list(parts) == list(products)
    for name, column in whole.items():
        np.testing.assert_array_equal(parts[name], column)
        if name not in ("rank", "low", "high", "total_error"):
            np.testing.assert_array_equal(products[name], column)
    assert (products["low"] <= whole["rank"]).all()
    assert (whole["rank"] <= products["high"]).all()
    assert not whole["total_error"].any()
    assert whole["seed"].tolist() == np.repeat([0, 1, 2], 6).tolist()
    assert whole["definition"].tolist() == list(SHARES) * 9


def test_a_denoiser_that_cannot_be_differentiated_is_refused():
    class Hidden(torch.nn.Module):
        image_shape, label_dim = (1, 2, 2), 0

        def forward(self, x, sigma, class_labels=None):
            with torch.no_grad():
                return 0.5 * x

    with pytest.raises(NotDifferentiable, match="no derivative"):
        measure_ranks(Hidden(), (0,), None, settings=SETTINGS, generators=generators(1), steps=2)


def test_the_derivative_is_checked_at_the_middle_step(monkeypatch):
    checked = []
    monkeypatch.setattr(module, "require_derivative", lambda step, x: checked.append(step))
    denoiser = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=1, rank=16)
    batch_ranks(denoiser, (0, 1), torch.ones(2, 1), WholeEnergies(), None, steps=7)
    assert [step.index for step in checked] == [3]


def test_bounds_of_a_rank_by_hand():
    """Squares 4, 3, 2, 1 and an error of 1 in the total 10. The share 0.7 is 7, which the first two
    do not exceed; it is 8.4 with two errors more, which the first three exceed."""
    squares = torch.tensor([[4.0, 3, 2, 1]]).double()
    energies = Energies(squares, torch.tensor([10.0]).double(), torch.tensor([1.0]).double())
    held = {name: int(value) for name, value in rank_bounds(energies, 0.7, 9).items()}
    assert held == dict(rank=3, low=2, high=3)
    held = {name: int(value) for name, value in rank_bounds(energies, 0.9, 9).items()}
    assert held == dict(rank=4, low=3, high=9)  # 10.8 is more than all squares
