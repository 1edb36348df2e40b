"""Subspace clustering against SVD, the equivalences of the theorems and known angles."""

import math

import numpy as np
import pytest
import torch

from gaussianity.denoisers.low_rank import padded, posterior_mean
from gaussianity.molrg.clustering import (
    KSubspaces,
    OrthogonalSubspaces,
    best_clustering,
    energies,
    lloyd,
    nearest_subspaces,
    polar,
    principal_bases,
    spectral_labels,
    subspace_distances,
    used_columns,
)
from gaussianity.molrg.mixture import random_bases, random_rows


def generators(trials, seed=0):
    return [np.random.default_rng([seed, trial]) for trial in range(trials)]


def normals(*shape, seed=1):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


def projections(bases):
    return bases @ bases.mT


def problem(dimensions=(2, 2), counts=(6, 6), trials=3, n=10, noise=0.0):
    """Rows, labels and true bases (trials, K, n, d) of orthogonal subspaces."""
    streams = generators(trials)
    bases = random_bases(streams, n, list(dimensions))
    rows, labels = random_rows(streams, bases, list(counts), noise=noise)
    return rows, labels, padded(bases)


def test_principal_bases_are_the_leading_right_singular_vectors():
    rows, used = normals(3, 7, 5), used_columns([1, 2, 3])
    found = principal_bases(rows, used)
    for part, basis, d in zip(rows, found, (1, 2, 3), strict=True):
        vectors = torch.linalg.svd(part)[2][:d]
        torch.testing.assert_close(projections(basis), vectors.T @ vectors)
        assert (basis[:, d:] == 0).all()


def test_directions_that_rows_do_not_determine_are_left_out():
    rows = torch.cat([normals(1, 2, 6), torch.zeros(1, 4, 6)], dim=1)
    found = principal_bases(rows, used_columns([3]))[0]
    torch.testing.assert_close(found.T @ found, torch.diag(torch.tensor([1.0, 1, 0])).double())
    torch.testing.assert_close(rows @ projections(found), rows)


def exact_loss(rows, bases, s, gamma, hard):
    """E |x_theta(s x + gamma e) - x|^2 summed over rows, exactly: the mean over the 2 n noises
    +-sqrt(n) e_j is that over normals, since each term is quadratic in the noise.

    hard - the component of each row instead of the weights of equation 9 (equations 16 and 17).
    """
    n = rows.shape[-1]
    ends = math.sqrt(n) * torch.eye(n, dtype=rows.dtype)
    losses = []
    for x, k in zip(rows, hard, strict=True):
        noisy = s * x + gamma * torch.cat([ends, -ends])
        one = torch.ones(1, dtype=rows.dtype)
        denoised = posterior_mean(noisy, bases[k : k + 1], one, s, gamma)
        losses.append((denoised - x).square().sum(dim=1).mean())
    return torch.stack(losses).sum()


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize(("s", "gamma"), [(0.8, 0.6), (1.0, 0.5)])
def test_the_denoising_loss_is_the_objective(count, s, gamma):
    """By theorems 1 and 3 the loss of any bases is sum |x|^2 + m d gamma^2 r^2 - (2 a - a^2) times
    the objective, with a = s^2 / (s^2 + gamma^2) and r = s / (s^2 + gamma^2)."""
    rows = normals(9, 6)
    clustering = KSubspaces(rows[None], used_columns([2]), count)
    a, r = s**2 / (s**2 + gamma**2), s / (s**2 + gamma**2)
    for seed in range(2, 4):
        bases = padded(random_bases([np.random.default_rng(seed)], 6, [2] * count))
        loss = exact_loss(rows, bases[0], s, gamma, nearest_subspaces(rows[None], bases)[0])
        constant = rows.square().sum() + len(rows) * 2 * (gamma * r) ** 2
        expected = constant - (2 * a - a**2) * clustering.objective(bases)[0]
        torch.testing.assert_close(loss, expected)


def test_theorem_3_on_an_easy_case():
    """At low noise the loss with the weights of equation 9 has its minimum where (18) has its
    maximum, at the truth."""
    rows, _, truth = problem(trials=1)
    fitted = best_clustering(
        OrthogonalSubspaces(rows, used_columns([2]), 2, normals(1, 2, 10, 2)),
        [spectral_labels(rows, 2)],
    )
    torch.testing.assert_close(projections(fitted).sum(1), projections(truth).sum(1))

    def loss(bases):
        noisy = rows[0].repeat(400, 1) + 0.05 * normals(4800, 10, seed=4)
        denoised = posterior_mean(noisy, bases, torch.full((2,), 0.5).double(), 1.0, 0.05)
        return (denoised - rows[0].repeat(400, 1)).square().sum(dim=1).mean()

    lowest = loss(fitted[0])
    for seed in range(5):
        moved = (fitted[0] + 0.1 * normals(2, 10, 2, seed=seed)).transpose(0, 1).flatten(1)
        frame = polar(moved).unflatten(1, (2, 2)).transpose(0, 1)
        assert loss(frame) > lowest


def test_polar_is_the_nearest_orthonormal_frame():
    frames = normals(2, 7, 3)
    left, _, right = torch.linalg.svd(frames, full_matrices=False)
    torch.testing.assert_close(polar(frames), left @ right)
    wider = torch.cat([frames, torch.zeros(2, 7, 1)], dim=2)
    torch.testing.assert_close(polar(wider)[:, :, :3], left @ right)
    assert (polar(wider)[:, :, 3] == 0).all()


@pytest.mark.parametrize("counts", [(2, 2, 2), (7, 3, 5)])
def test_the_spectral_start_finds_orthogonal_subspaces(counts):
    """This holds for too few rows to span the subspaces, and for any order of the rows."""
    rows, labels, _ = problem((3, 3, 3), counts, n=12)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
    found = spectral_labels(rows[:, order], 3)
    together = labels[order][:, None] == labels[order]
    assert ((found[:, :, None] == found[:, None, :]) == together).all()


@pytest.mark.parametrize("kind", [KSubspaces, OrthogonalSubspaces])
def test_the_objective_never_falls(kind):
    rows, _, truth = problem((3, 3), (9, 9), noise=0.3)
    more = (normals(*truth.shape),) if kind is OrthogonalSubspaces else ()
    clustering = kind(rows, used_columns([3, 2, 3]), 2, *more)
    labels = nearest_subspaces(rows, normals(*truth.shape, seed=5))
    bases, reached = clustering.start(labels), []
    for _ in range(6):
        bases = clustering.update(labels, bases)
        labels = nearest_subspaces(rows, bases)
        reached.append(clustering.objective(bases))
    assert (torch.stack(reached).diff(dim=0) > -1e-9).all()
    assert reached[-1].sum() > reached[0].sum() + 0.1
    if kind is OrthogonalSubspaces:
        frames = bases.transpose(1, 2).flatten(2)
        squares = torch.diag_embed((frames != 0).any(dim=1).to(frames))
        torch.testing.assert_close(frames.mT @ frames, squares)


def test_orthonormal_bases_share_what_two_clusters_want():
    """Both clusters vary most along e_1. The second loses less without e_1, so that (18) gives it
    e_2."""
    first = torch.diag(torch.tensor([3.0, 2.9, 0, 0]).double())
    second = torch.diag(torch.tensor([4.0, 0, 1.0, 0]).double())
    rows, labels = torch.cat([first, second])[None], torch.tensor([[0] * 4 + [1] * 4])
    clustering = OrthogonalSubspaces(rows, used_columns([1]), 2, normals(1, 2, 4, 1))
    bases = clustering.update(labels, clustering.start(labels), most=500)
    expected = torch.tensor([[0, 1.0, 0, 0], [1.0, 0, 0, 0]]).double()
    torch.testing.assert_close(bases[0, :, :, 0].abs(), expected, atol=1e-4, rtol=0)


def test_directions_of_little_energy_are_kept_in_both_clusters():
    """The rows determine a direction even if their part along it is small."""
    _, labels, truth = problem((3, 3), (3, 3), trials=1)
    left, _, right = torch.linalg.svd(normals(2, 3, 3))
    coordinates = left * torch.tensor([3.0, 1.0, 0.01]).double() @ right
    rows = (coordinates @ truth[0].mT).flatten(0, 1)[None]
    clustering = OrthogonalSubspaces(rows, used_columns([3]), 2, normals(*truth.shape))
    spectral, _ = subspace_distances(best_clustering(clustering, [labels[None]]), truth)
    assert spectral.max() < 0.1


def test_restarts_help_where_they_can_and_are_not_made_where_not():
    rows, labels, _ = problem((2, 2), (8, 8), noise=0.05)
    clustering = KSubspaces(rows, used_columns([2] * 3), 2)
    right = labels.expand(3, -1)
    wrong = torch.arange(16).remainder(2).expand(3, -1)
    alone = lloyd(clustering, wrong, 0)  # no step from the wrong labels
    best = best_clustering(clustering, [wrong, right], iterations=0)
    torch.testing.assert_close(best, lloyd(clustering, right, 0))
    assert (clustering.objective(best) > clustering.objective(alone)).all()
    torch.testing.assert_close(best_clustering(clustering, [right, wrong], iterations=0), best)
    exact, labels, _ = problem((2, 2), (8, 8))
    perfect = KSubspaces(exact, used_columns([2] * 3), 2)
    # The second start, which could not be used, is not tried.
    best_clustering(perfect, [labels.expand(3, -1), None])


def test_trials_do_not_depend_on_each_other():
    rows, _, truth = problem((3, 3), (5, 5), noise=0.2)
    filling = normals(*truth.shape)
    used = used_columns([3, 3, 3])
    starts = [nearest_subspaces(rows, normals(*truth.shape, seed=s)) for s in (5, 6)]
    whole = best_clustering(OrthogonalSubspaces(rows, used, 2, filling), starts)
    part = OrthogonalSubspaces(rows, used, 2, filling).part(torch.tensor([1]))
    alone = best_clustering(part, [labels[1:2] for labels in starts])
    torch.testing.assert_close(whole[1:2], alone, atol=1e-5, rtol=0)


def test_distances_of_lines_and_planes_at_known_angles():
    angle = 0.3
    line = torch.tensor([[math.cos(angle)], [math.sin(angle)], [0]], dtype=torch.float64)
    axes = torch.eye(3, dtype=torch.float64)
    bases = torch.stack([axes[:, 2:], line])[None]
    truth = torch.stack([axes[:, :1], axes[:, 2:]])[None]
    spectral, frobenius = subspace_distances(bases, truth)  # matched crosswise
    np.testing.assert_allclose(spectral, math.sin(angle) / 2, rtol=1e-6)
    np.testing.assert_allclose(frobenius, math.sqrt(2) * math.sin(angle) / 2, rtol=1e-6)
    plane = torch.cat([line, axes[:, 2:]], dim=1)[None, None]
    spectral, frobenius = subspace_distances(plane, axes[None, None, :, [0, 2]])
    np.testing.assert_allclose([spectral, frobenius / math.sqrt(2)], math.sin(angle), rtol=1e-6)


def test_equal_subspaces_have_the_distance_0():
    """Also where the cosine of the angle is rounded to more than 1."""
    truth = torch.stack(random_bases(generators(200), 10, [3, 3]), dim=1)
    for distances in subspace_distances(truth, truth):
        np.testing.assert_allclose(distances, 0, atol=1e-6)


@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_the_cluster_of_more_energy_keeps_its_direction(scale):
    """Two clusters at 45 degrees; the orthogonal start turns the one with little energy."""
    first, second = torch.tensor([[1.0, 0, 0], [0.5**0.5, 0.5**0.5, 0]], dtype=torch.float64)
    rows = scale * torch.stack([10 * first, 10 * first, second, second])[None]
    filling = torch.zeros(1, 2, 3, 1, dtype=torch.float64)
    clustering = OrthogonalSubspaces(rows, used_columns([1]), 2, filling)
    bases = clustering.start(torch.tensor([[0, 0, 1, 1]]))[0, :, :, 0]
    assert abs(bases[0] @ first) > 0.99
    assert abs(bases[1] @ second) < 0.8


def test_missing_and_unused_directions_in_distances():
    """A direction that was not learnt counts as an orthogonal one. A direction that a trial does
    not have counts as learnt."""
    axes = torch.eye(4, dtype=torch.float64)
    truth = torch.nn.functional.pad(axes[None, None, :, :2], (0, 1))
    for basis, expected in ((axes[:, :2], 0.0), (axes[:, :1], 1.0), (axes[:, [0, 3]], 1.0)):
        bases = torch.nn.functional.pad(basis, (0, 3 - basis.shape[1]))[None, None]
        spectral, frobenius = subspace_distances(bases, truth)
        np.testing.assert_allclose(spectral, expected, atol=1e-7)
        np.testing.assert_allclose(frobenius, math.sqrt(2) * expected, atol=1e-7)


def test_energies_are_those_of_projections():
    rows, bases = normals(2, 5, 6), padded(random_bases(generators(2), 6, [2, 1]))
    expected = (rows[:, None] @ projections(bases)).square().sum(dim=3)
    torch.testing.assert_close(energies(rows, bases), expected)


def test_alternation_stops_where_no_row_moves(monkeypatch):
    """From the true labels one update is made, and none after it."""
    rows, labels, truth = problem()
    update, updated = KSubspaces.update, []

    def counted(self, *arguments):
        updated.append(len(self.rows))
        return update(self, *arguments)

    monkeypatch.setattr(KSubspaces, "update", counted)
    found = lloyd(KSubspaces(rows, used_columns([2] * 3), 2), labels.expand(3, -1), 30)
    assert updated == [3]
    torch.testing.assert_close(projections(found), projections(truth))


def test_the_spectral_start_weighs_all_rows_alike():
    """Two pairs of near rows are one cluster, and three rows are one although their cosines are
    small. Without normalisation the pairs would be the two clusters."""
    cosines = torch.eye(7, dtype=torch.float64)
    cosines[:4, :4] += 0.1 * (1 - torch.eye(4))
    cosines[[0, 1, 2, 3], [1, 0, 3, 2]] = 0.5
    cosines[4:, 4:] += 0.05 * (1 - torch.eye(3))
    rows = torch.linalg.cholesky(cosines)[None]
    found = spectral_labels(rows, 2)[0]
    assert len(set(found[:4].tolist())) == len(set(found[4:].tolist())) == 1
    assert found[0] != found[4]
