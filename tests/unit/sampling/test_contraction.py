"""Local Lipschitz constants of the sampler's steps against closed forms."""

import itertools
import math

import numpy as np
import pytest
import torch
from gaussian_jacobian import gaussian_jacobian

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.sampling import contraction
from gaussianity.sampling.contraction import (
    LeadingSpectra,
    WholeSpectra,
    batch_contraction,
    closed_form_constants,
    gaussian_step_eigenvalues,
    measure_contraction,
    step_jacobian,
)
from gaussianity.sampling.jacobians import (
    Derivative,
    NotDifferentiable,
    jacobian,
    leading_singular_values,
)
from gaussianity.sampling.sampler import sample, sigma_schedule, walk

D = 64
CHURN = dict(S_churn=10.0, S_min=0.05, S_max=50.0, S_noise=1.003)


def basis():
    draw = torch.randn(D, D, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return torch.linalg.qr(draw)[0].T


def normal_classes(means, variances):
    """The exact denoiser of normal classes with means (K, d) and variances (d,) along one basis."""
    denoiser = GaussianDenoiser(image_shape=(1, 8, 8), label_dim=len(means), rank=D)
    denoiser.mean[:] = means
    denoiser.vectors[:] = basis()
    denoiser.variances[:] = variances
    return denoiser


VARIANCES = 4 * (1.0 + torch.arange(D, dtype=torch.float64)) ** -1.5


@pytest.fixture(scope="module")
def normal():
    return normal_classes(torch.zeros(1, D), VARIANCES)


@pytest.fixture(scope="module")
def two_modes():
    """The mixture of N(m, C) and N(-m, C) with |m| = 2, called without labels."""
    mode = 2 * basis()[5]
    mixture = normal_classes(torch.stack([mode, -mode]), 0.05 * VARIANCES)
    return Unlabelled(mixture)


class Unlabelled(torch.nn.Module):
    """A conditional denoiser whose labels the sampler does not draw."""

    label_dim = 0

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser, self.image_shape = denoiser, denoiser.image_shape

    def forward(self, x, sigma, class_labels=None):
        return self.denoiser(x, sigma)


def steps_of(denoiser, seeds=(0, 1), **settings):
    return [(step, x) for step, x, *_ in walk(denoiser, seeds, **settings)]


def table(denoiser, seeds, spectra=None, labels=None, **settings):
    found = batch_contraction(denoiser, seeds, labels, spectra or WholeSpectra(8), **settings)
    return {name: column.reshape(len(seeds), -1) for name, column in found.items()}


def generators(n):
    return [np.random.default_rng(i) for i in range(n)]


def test_a_step_is_the_samplers(normal):
    """The steps of a walk, applied one after the other, end where `sample` ends."""
    x = None
    for step, start in steps_of(normal, steps=7, **CHURN):
        x = step(start if x is None else x)
    torch.testing.assert_close(x, sample(normal, (0, 1), steps=7, **CHURN), rtol=0, atol=0)


@pytest.mark.parametrize("settings", [dict(S_churn=0.0), CHURN])
def test_a_normal_class_has_the_closed_form(normal, settings):
    found = table(normal, range(2), steps=8, **settings)
    columns = {name: column.ravel() for name, column in found.items()}
    expected = closed_form_constants(normal, 0, columns).reshape(2, -1)
    np.testing.assert_allclose(found["lipschitz"], expected, rtol=1e-12)
    assert (expected < 1).all()
    sigma = found["sigma_hat"][0][:, None]
    shrink = VARIANCES.numpy() / (VARIANCES.numpy() + sigma**2)  # falling
    for k in range(8):
        np.testing.assert_allclose(found[f"singular_{k + 1}"][0], shrink[:, k], rtol=1e-10)
    assert not found["lipschitz_residual"].any()
    assert not found["singular_residual"].any()


def test_the_closed_form_by_hand():
    """Variance 3, t = 1, t' = 0.5: Euler (3 + 0.5) / 4; Heun 1 - 0.25 [1/4 + 0.5/3.25 * 0.875]."""
    heun = 1 - 0.25 * (0.25 + 0.5 / 3.25 * 0.875)
    np.testing.assert_allclose(gaussian_step_eigenvalues([3.0], 1.0, 0.5), [heun])
    np.testing.assert_allclose(gaussian_step_eigenvalues([3.0, 0.0], 1.0, 0.0), [0.75, 0.0])


def test_closed_form_counts_directions_without_variance():
    """Pixels without variance have the eigenvalue t'/t, here the only one. Eigenvalues rise with
    the variance."""
    variances = np.append(0.0, np.geomspace(1e-6, 1e4, 50))
    for sigma, sigma_next in ((80.0, 70.0), (2.0, 0.1), (0.01, 0.009), (0.5, 0.0)):
        assert (np.diff(gaussian_step_eigenvalues(variances, sigma, sigma_next)) >= 0).all()
    flat = GaussianDenoiser(image_shape=(1, 2, 2), label_dim=1, rank=1)
    columns = dict(step=np.zeros(1), sigma_hat=np.array([2.0]), sigma_next=np.array([1.0]))
    np.testing.assert_allclose(closed_form_constants(flat, 0, columns), 0.5)
    assert np.isnan(closed_form_constants(object(), 0, columns)).all()


def test_block_lanczos_finds_the_closed_form(normal):
    """8 iterations reach 1.1e-4, as 3,000 iterations of a power method do."""
    worst = 0.0
    for step, x in steps_of(normal, (0,), steps=4):
        start = torch.from_numpy(generators(1)[0].standard_normal((1, D, 8)))
        found = leading_singular_values(Derivative(step, x), start, 8)
        expected = gaussian_step_eigenvalues(VARIANCES, step.sigma_hat, step.sigma_next).max()
        assert found.values[0, 0] <= expected * (1 + 1e-9)
        worst = max(worst, expected - found.values[0, 0])
    assert worst < 1.1e-4


def test_the_jacobian_of_a_mixture_is_the_derivative(two_modes, gaussian_denoiser):
    for denoiser, call, shape in (
        (two_modes.denoiser, two_modes, (1, 8, 8)),
        (gaussian_denoiser, Unlabelled(gaussian_denoiser), (3, 2, 2)),
    ):
        x = torch.randn(3, *shape, generator=torch.Generator().manual_seed(0)).double()
        for sigma in (0.3, 1.0, 5.0):
            expected = jacobian(lambda y, s=sigma, call=call: call(y, s), x)
            torch.testing.assert_close(gaussian_jacobian(denoiser, x, sigma), expected)
    labels = torch.eye(2)[[1, 0, 1]]
    expected = jacobian(lambda y: gaussian_denoiser(y, 0.4, labels), x)
    torch.testing.assert_close(gaussian_jacobian(gaussian_denoiser, x, 0.4, labels), expected)


def closed_step(denoiser, step, x):
    """Jacobian of a step from the closed form of D's."""
    x_hat = step.churned(x)
    first, second = gaussian_jacobian(denoiser, x_hat, step.sigma_hat), None
    if step.corrected:
        second = gaussian_jacobian(denoiser, step.euler(x_hat)[0], step.sigma_next)
    return step_jacobian(step, first, second)


@pytest.mark.parametrize("settings", [dict(S_churn=0.0), CHURN])
def test_the_chain_rule_gives_the_jacobian_of_the_step(two_modes, settings):
    """The last step, which is not corrected, is included. The injected noise is fixed."""
    for step, x in steps_of(two_modes, steps=6, **settings):
        expected = closed_step(two_modes.denoiser, step, x)
        torch.testing.assert_close(jacobian(step, x), expected, rtol=1e-9, atol=1e-12)


def test_block_lanczos_on_the_mixture(two_modes):
    """6 iterations reach 2.6e-3, as 500 iterations of a power method do."""
    seeds, settings = range(2), dict(steps=4)
    exact = table(two_modes, seeds, **settings)
    found = table(two_modes, seeds, LeadingSpectra(8, 6, generators(2)), **settings)
    np.testing.assert_array_less(found["lipschitz"], exact["lipschitz"] * (1 + 1e-9))
    np.testing.assert_allclose(found["lipschitz"], exact["lipschitz"], rtol=2.6e-3)
    np.testing.assert_allclose(found["singular_1"], exact["singular_1"], rtol=2.6e-3)
    bound = found["lipschitz_residual"] / math.sqrt(2) * found["lipschitz"]
    closed = [
        torch.linalg.svdvals(closed_step(two_modes.denoiser, step, x))
        for step, x in steps_of(two_modes, seeds, **settings)
    ]
    for i, singular in enumerate(closed):  # a true singular value lies within the residual
        away = np.abs(singular.numpy() - found["lipschitz"][:, i : i + 1]).min(axis=1)
        assert (away <= bound[:, i] + 1e-12).all()


def test_norms_shrink_in_every_step_and_yet_steps_expand(two_modes):
    """Every norm falls, but steps expand where a trajectory approaches one of the modes. In sets of
    40 trajectories 0.8 to 2.3 % of the steps expand, by up to 2.5, at noise levels 0.84 to 2.2."""
    settings = dict(steps=32)
    grew, constants, sigma = [], [], []
    for step, x, x_next, *_ in walk(two_modes, range(80, 140), **settings):
        if step.corrected:
            jacobians = closed_step(two_modes.denoiser, step, x)
            constants.append(torch.linalg.matrix_norm(jacobians, 2))
            grew.append(x_next.flatten(1).norm(dim=1) >= x.flatten(1).norm(dim=1))
            sigma.append(step.sigma)
    assert not torch.stack(grew).any()
    constants = torch.stack(constants)
    expands = (constants > 1).numpy()
    assert 0.008 < expands.mean() < 0.025
    assert 2 < constants.max() < 3
    levels = np.array(sigma)[expands.any(axis=1)]
    np.testing.assert_allclose([levels.min(), levels.max()], [0.84, 2.2], atol=0.03)
    chosen = expands.any(axis=0).nonzero()[0][:2]
    found = table(two_modes, 80 + chosen, **settings)
    np.testing.assert_allclose(found["lipschitz"][:, :-1], constants.T[chosen], rtol=1e-8)
    assert (found["norm_ratio"][:, :-1] < 1).all()


def test_an_euler_step_expands_where_the_posterior_is_wider_than_the_noise(two_modes):
    """The step expands iff the largest eigenvalue of Cov(x0 | x) exceeds t^2."""
    seen = set()
    for step, x in steps_of(two_modes, range(80, 92), steps=32):
        if not step.corrected:
            continue
        constants = torch.linalg.matrix_norm(jacobian(lambda y, s=step: s.euler(y)[0], x), 2)
        covariance = step.sigma**2 * gaussian_jacobian(two_modes.denoiser, x, step.sigma)
        wider = torch.linalg.eigvalsh(covariance)[:, -1] > step.sigma**2
        assert ((constants > 1) == wider).all()
        seen |= set(wider.tolist())
    assert seen == {True, False}


def test_the_last_step_is_the_denoiser(two_modes):
    found = table(two_modes, range(3), steps=5)
    np.testing.assert_allclose(found["lipschitz"][:, -1], found["singular_1"][:, -1], rtol=1e-10)
    assert (found["sigma_next"][:, -1] == 0).all()
    np.testing.assert_allclose(found["sigma"], [sigma_schedule(5)[:-1].tolist()] * 3)


def test_the_ratio_of_norms_is_that_of_the_states(two_modes):
    states = [x for _, x in steps_of(two_modes, range(3), steps=5)]
    norms = [x.flatten(1).norm(dim=1) for x in (*states, sample(two_modes, range(3), steps=5))]
    expected = torch.stack([after / before for before, after in itertools.pairwise(norms)], dim=1)
    np.testing.assert_allclose(table(two_modes, range(3), steps=5)["norm_ratio"], expected)


def test_churn_is_at_the_level_after_it(normal):
    found = table(normal, range(2), steps=10, **CHURN)
    gamma = min(1.0, math.sqrt(2) - 1)
    inside = (found["sigma"] >= 0.05) & (found["sigma"] <= 50)
    expected = np.where(inside, (1 + gamma) * found["sigma"], found["sigma"])
    np.testing.assert_allclose(found["sigma_hat"], expected)
    assert inside.any()
    assert not inside.all()


def test_what_leads_is_not_missed_for_what_led(normal):
    """If all steps share their eigenvectors, the span of earlier leading vectors is invariant."""

    class Overtaken(Unlabelled):
        """D = A x, where the order of the eigenvalues of A reverses at sigma = 1."""

        def forward(self, x, sigma, class_labels=None):
            scale = rising if sigma > 1 else rising.flip(0)
            return (x.flatten(1) @ vectors.T * scale @ vectors).reshape(x.shape)

    vectors, rising = basis(), torch.linspace(0.1, 0.9, D, dtype=torch.float64)
    spectra = LeadingSpectra(8, 8, generators(1))
    found = table(Overtaken(normal), range(1), spectra, steps=8)
    np.testing.assert_allclose(found["singular_1"], 0.9, rtol=1e-4)


def test_batch_size_and_method_do_not_change_the_result(normal, monkeypatch):
    labels = torch.ones(3, 1)
    settings = dict(count=4, iterations=9, steps=2)
    whole = measure_contraction(normal, range(3), labels, generators=generators(3), **settings)
    monkeypatch.setattr(contraction, "TOGETHER", 2)
    parts = measure_contraction(normal, range(3), labels, generators=generators(3), **settings)
    monkeypatch.setattr(contraction, "WHOLE", D)  # images of so many pixels are still exact
    parts = measure_contraction(normal, range(3), labels, generators=generators(3), **settings)
    assert not parts["lipschitz_residual"].any()
    monkeypatch.setattr(contraction, "WHOLE", 16)
    monkeypatch.setattr(contraction, "TOGETHER", 1)
    bounds = measure_contraction(normal, range(3), labels, generators=generators(3), **settings)
    assert list(whole) == list(parts) == list(bounds)
    for name, column in whole.items():
        np.testing.assert_allclose(parts[name], column, rtol=1e-10, atol=1e-12)
        if not name.endswith("residual"):
            np.testing.assert_allclose(bounds[name], column, rtol=1e-3)
    assert whole["seed"].tolist() == [0, 0, 1, 1, 2, 2]
    assert whole["step"].tolist() == [0, 1] * 3


def test_each_image_has_its_own_label(monkeypatch):
    """Also where its batch is not the first."""
    means = torch.stack([torch.zeros(D), 3 * torch.ones(D)]).double()
    two = normal_classes(means, torch.stack([VARIANCES, VARIANCES.flip(0) / 9]))
    labels = torch.eye(2)[[1, 0, 0]]
    monkeypatch.setattr(contraction, "TOGETHER", 2)
    settings = dict(count=4, iterations=1, generators=generators(3), steps=4)
    found = measure_contraction(two, range(3), labels, **settings)
    for i in range(3):
        alone = batch_contraction(two, [i], labels[[i]], WholeSpectra(4), steps=4)
        chosen = found["seed"] == i
        np.testing.assert_allclose(found["norm_ratio"][chosen], alone["norm_ratio"], rtol=1e-10)
        np.testing.assert_allclose(found["lipschitz"][chosen], alone["lipschitz"], rtol=1e-10)


class Hidden(Unlabelled):
    """A denoiser whose network is computed under no_grad, as in many examples of inference."""

    def forward(self, x, sigma, class_labels=None):
        with torch.no_grad():
            network = self.denoiser(x, sigma)
        return 0.04 * x + network - 0.04 * x.detach()


@pytest.mark.parametrize("whole", [256, 16])
def test_a_derivative_that_does_not_fit_the_values_is_refused(two_modes, whole, monkeypatch):
    monkeypatch.setattr(contraction, "WHOLE", whole)
    hidden = Hidden(two_modes.denoiser)
    with pytest.raises(NotDifferentiable, match=r"differs by \d+ % from the change of its values"):
        batch_contraction(hidden, range(2), None, WholeSpectra(2), steps=6)


def test_a_derivative_that_fits_the_values_is_accepted(two_modes, monkeypatch):
    seen = []
    monkeypatch.setattr(contraction, "DISAGREES", 0.05)
    check = contraction.require_derivative
    monkeypatch.setattr(
        contraction, "require_derivative", lambda *a: (check(*a), seen.append(a[0].index))
    )
    for steps in (4, 5):  # it is checked once, halfway
        batch_contraction(two_modes, range(2), None, WholeSpectra(2), steps=steps)
    assert seen == [2, 2]


def test_the_derivative_is_probed_in_one_direction_as_far_as_the_noise(two_modes, monkeypatch):
    probes = []
    monkeypatch.setattr(Derivative, "error", lambda self, direction: probes.append(direction) or 0)
    levels = []
    for step, x in steps_of(two_modes, range(2), steps=4):
        contraction.require_derivative(step, x)
        levels.append(step.sigma_hat)
    scaled = [probe / level for probe, level in zip(probes, levels, strict=True)]
    assert torch.equal(scaled[0][0], scaled[0][1])
    for other in scaled[1:]:
        torch.testing.assert_close(other, scaled[0])
