import numpy as np
import pytest
import torch

from gaussianity.denoisers import two_modes
from gaussianity.denoisers.empirical_score import EmpiricalDenoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.io.columns import concatenated
from gaussianity.linear import levels
from gaussianity.linear.levels import between_classes
from gaussianity.linear.references import References

SHAPE = (1, 2, 3)
VARIANCES = np.array([2.0, 1, 0.5, 0.2, 0.1, 0.05])
LEVELS = [0.2, 1.0, 5.0]


def images(n=400, seed=0):
    return 0.3 + np.random.default_rng(seed).standard_normal((n, 6)) * np.sqrt(VARIANCES)


def forward(*args, **settings):
    return concatenated([columns for columns, _ in levels.forward(*args, **settings)])


def along(*args, **settings):
    return concatenated([columns for columns, _ in levels.along(*args, **settings)])


@pytest.fixture(scope="module")
def rows():
    return images()


def of(denoiser, rows, label=0, mixture=None, clean=None):
    references = References(rows, SHAPE, mixture)
    clean = rows if clean is None else clean
    return forward(
        denoiser, label, clean, references, LEVELS, np.random.default_rng(1), batch_size=64
    )


def test_the_exact_gaussian_denoiser_is_its_reference(rows):
    found = of(GaussianDenoiser.of_classes([rows], SHAPE), rows)
    np.testing.assert_allclose(found["of_gaussian"], 0, atol=1e-20)
    np.testing.assert_allclose(found["loss"], found["gaussian_loss"])
    assert np.isnan(found["of_mixture"]).all()


def test_the_memorising_denoiser_is_the_empirical_reference(rows):
    found = of(EmpiricalDenoiser(torch.as_tensor(rows, dtype=torch.float32), SHAPE), rows)
    np.testing.assert_allclose(found["of_empirical"], 0, atol=1e-10)


def test_a_mixture_of_equal_classes_is_the_class(rows):
    mixture = GaussianDenoiser.of_classes([rows, rows], SHAPE)
    found = of(mixture, rows, mixture=mixture)
    np.testing.assert_allclose(found["of_mixture"], 0, atol=1e-20)


def test_expected_numbers_of_the_gaussian(rows):
    """Isotropic against Wiener, score and loss in closed form, within four standard errors."""
    many = images(20_000, 3)
    denoiser = GaussianDenoiser.of_moments(np.full((1, 6), 0.3), np.diag(VARIANCES)[None], SHAPE)
    references = References(many, SHAPE)
    found = forward(
        denoiser, 0, many, references, [0.7], np.random.default_rng(2), batch_size=20_000
    )
    total, w = VARIANCES + 0.49, VARIANCES / (VARIANCES + 0.49)
    one = VARIANCES.mean() / (VARIANCES.mean() + 0.49)
    expected = dict(
        of_isotropic=np.sum((w - one) ** 2 * total),
        about_mean=np.sum(w**2 * total),
        score=np.sum((1 - w) ** 2 * total),
        loss=np.sum(0.49 * w),
    )
    for name, value in expected.items():
        error = found[name].std() / np.sqrt(20_000)
        assert found[name].mean() == pytest.approx(value, abs=5 * error + 0.01 * value), name


def test_two_modes_differ_by_the_gap_of_the_losses():
    """E|D* - D_W|^2 is the difference of the losses for the exact denoiser of any distribution."""
    shape, count = (1, 4, 4), 30_000
    generator = np.random.default_rng(5)
    axis = two_modes.direction(shape).reshape(-1).numpy()
    signs = generator.choice([-1.0, 1.0], count)
    spread = np.sqrt(two_modes.S2) * generator.standard_normal(count)
    clean = np.sqrt(two_modes.V) * generator.standard_normal((count, 16))
    clean += np.outer(two_modes.M + signs * two_modes.A + spread - clean @ axis, axis)

    class Exact(torch.nn.Module):
        image_shape, label_dim = shape, 2

        def forward(self, x, sigma, labels):
            return two_modes.denoiser(x, sigma, labels)

    references = References(clean, shape)
    del references.denoisers["empirical"]
    found = forward(
        Exact(), 0, clean, references, [0.16], np.random.default_rng(6), batch_size=count
    )
    gap = found["gaussian_loss"] - found["loss"]
    error = (found["of_gaussian"] - gap).std() / np.sqrt(count)
    assert found["of_gaussian"].mean() == pytest.approx(gap.mean(), abs=4 * error)
    assert found["of_gaussian"].mean() > 10 * error


def test_states_of_the_sampler_are_those_of_the_walk(rows):
    """Along the trajectory of an exact denoiser the distance is 0, with churn too."""
    denoiser = GaussianDenoiser.of_classes([rows], SHAPE)
    settings = dict(steps=5, S_churn=2.0)
    found = along(denoiser, 0, range(7), References(rows, SHAPE), settings)
    assert len(found["sigma"]) == 5 * 7
    assert found["sigma"][0] == pytest.approx(80 * 1.4)
    np.testing.assert_allclose(found["of_gaussian"], 0, atol=1e-18)
    assert np.isnan(found["loss"]).all()
    assert (found["of_isotropic"] > 0).all()


def test_between_classes_and_within_make_the_whole(rows):
    """Sums of squares about the overall mean are those within the classes and between them."""
    denoiser = GaussianDenoiser.of_classes([rows], SHAPE)
    parts = [rows[:100], rows[100:400] + 2]
    generator, references = np.random.default_rng(1), References(rows, SHAPE)
    found = [
        next(levels.forward(denoiser, 0, part, references, [1.0], generator, batch_size=999))
        for part in parts
    ]
    counts = [100, 300]
    between = between_classes([mean for _, mean in found], counts)
    x = [part + np.zeros(6) for part in parts]
    generator = np.random.default_rng(1)
    noisy = [
        torch.from_numpy(p + generator.standard_normal(p.shape)).reshape(-1, *SHAPE) for p in x
    ]
    all_rows = torch.cat([denoiser(each, 1.0) for each in noisy]).reshape(400, -1).numpy()
    total = np.sum((all_rows - all_rows.mean(axis=0)) ** 2)
    within = sum(columns["about_mean"].sum() for columns, _ in found)
    assert within + between @ counts == pytest.approx(total)
