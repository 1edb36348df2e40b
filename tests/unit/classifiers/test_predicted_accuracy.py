"""The predicted accuracy against simulation, closed forms and limits, and its invariances."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from gaussianity.classifiers import predicted_accuracy
from gaussianity.classifiers.exact_accuracy import mixture_accuracy
from gaussianity.classifiers.least_squares import solve
from gaussianity.classifiers.predicted_accuracy import equivalent, predicted_accuracies
from gaussianity.classifiers.second_moments import second_moments

EXPONENTS = [0.5, 1.0, 1.5, 0.8, 1.2, 0.7, 0.9, 1.1, 1.3, 0.6]


def power_law(p, exponent, generator):
    """Covariance of trace p in a random basis, and a root of it."""
    basis = np.linalg.qr(generator.standard_normal((p, p)))[0]
    values = (1.0 + np.arange(p)) ** -exponent
    values *= p / values.sum()
    return (basis * values) @ basis.T, basis * np.sqrt(values)


def mixture(kind, p, classes, seed=7):
    """Means (K, p), covariances (K, p, p) and their roots, for the known accuracies."""
    generator = np.random.default_rng(seed)
    base = power_law(p, 1.0, generator)
    means, covariances, roots = [], [], []
    for k in range(classes):
        if kind == "iso":
            covariance = root = np.eye(p)
            mean = generator.standard_normal(p) * 1.6 / np.sqrt(p)
        elif kind == "power-diff":
            covariance, root = power_law(p, EXPONENTS[k % 10], generator)
            mean = root @ generator.standard_normal(p) * 0.2
        elif kind == "power-shared":
            covariance, root = base
            mean = root @ generator.standard_normal(p) * 0.25
        else:
            covariance, root = power_law(p, 1.2, generator)
            mean = root @ generator.standard_normal(p) * 0.25 + 3 * p**-0.25
        means.append(mean)
        covariances.append(covariance)
        roots.append(root)
    return np.array(means), np.array(covariances), np.array(roots)


def moments(means, covariances, **options):
    def read(k):
        return means[k].copy(), covariances[k].copy()

    return second_moments(read, len(means), 10**9, **options)


def predicted(means, covariances, counts, ridge=0.0, **options):
    found = equivalent(moments(means, covariances, **options), counts, ridge)
    priors = np.array(counts) / np.sum(counts)
    return mixture_accuracy(found.score_means, found.score_covariances, priors)


def simulated(means, covariances, roots, counts, *, ridge, seeds):
    """Exact accuracies of trained classifiers under the mixture."""
    targets, priors = np.repeat(np.eye(len(means)), counts, axis=0), np.array(counts) / sum(counts)
    accuracies = []
    for seed in seeds:
        generator = np.random.default_rng(seed)
        rows = [
            mean + generator.standard_normal((n, len(mean))) @ root.T
            for mean, root, n in zip(means, roots, counts, strict=True)
        ]
        weights = solve(np.concatenate(rows), targets, ridge)
        scores = means @ weights, weights.T @ covariances @ weights
        accuracies.append(mixture_accuracy(*scores, priors))
    return np.array(accuracies)


# The expected accuracies are those of a reference.
@pytest.mark.parametrize(
    ("kind", "p", "counts", "ridge", "expected"),
    [
        ("iso", 400, [30, 60, 70, 100], 0.0, 0.4255),
        ("power-diff", 400, [40] * 4, 30.0, 0.8359),
        pytest.param("power-diff", 400, [250] * 4, 1000.0, 0.9465, marks=pytest.mark.slow),
        pytest.param("power-diff", 400, [250] * 4, 30.0, 0.9338, marks=pytest.mark.slow),
        pytest.param("power-shared", 400, [30] * 10, 10.0, 0.8144, marks=pytest.mark.slow),
    ],
)
def test_reference_numbers(kind, p, counts, ridge, expected):
    found = predicted(*mixture(kind, p, len(counts))[:2], counts, ridge)
    assert found == pytest.approx(expected, abs=2e-4)


def test_reference_number_of_overdetermined_least_squares():
    found = predicted(*mixture("power-diff", 200, 4, seed=3)[:2], [150] * 4)
    assert found == pytest.approx(0.8314, abs=2e-4)


@pytest.mark.parametrize(
    ("kind", "p", "counts", "ridge"),
    [
        ("power-diff", 200, [20] * 4, 0.0),
        ("strong-mean", 200, [30, 20, 40, 10], 0.0),
        ("power-diff", 200, [100] * 4, 0.0),
        ("power-shared", 200, [40] * 4, 10.0),
    ],
)
def test_simulation(kind, p, counts, ridge):
    case = mixture(kind, p, len(counts))
    runs = simulated(*case, counts, ridge=ridge, seeds=range(8))
    away = predicted(*case[:2], counts, ridge) - runs.mean()
    assert abs(away) < 0.005 + 2.5 * runs.std(ddof=1) / np.sqrt(len(runs))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "p", "counts", "ridge"),
    [
        ("iso", 400, [30, 60, 70, 100], 0.0),
        ("power-diff", 400, [250] * 4, 30.0),
        ("power-shared", 400, [30] * 10, 10.0),
        ("power-diff", 800, [40] * 10, 0.0),
        ("power-diff", 200, [60] * 20, 10.0),
    ],
)
def test_simulation_in_many_dimensions(kind, p, counts, ridge):
    case = mixture(kind, p, len(counts))
    runs = simulated(*case, counts, ridge=ridge, seeds=range(12))
    away = predicted(*case[:2], counts, ridge) - runs.mean()
    assert abs(away) < 0.005 + 2 * runs.std(ddof=1) / np.sqrt(len(runs))


def test_closed_form_of_isotropic_classes_without_means():
    """C_k = I: with d = tr Q the fixed point is the quadratic d = p / (1 + n / (ridge + d))."""
    p, counts, ridge = 60, np.array([30.0, 50.0]), 7.0
    found = equivalent(moments(np.zeros((2, p)), np.tile(np.eye(p), (2, 1, 1))), counts, ridge)
    n = counts.sum()
    middle = ridge + n - p
    d = (-middle + np.sqrt(middle**2 + 4 * ridge * p)) / 2
    np.testing.assert_allclose(np.exp(found.log_weights), counts / (ridge + d), rtol=1e-4)
    np.testing.assert_allclose(found.score_means, 0, atol=1e-12)
    # W^T W = Y^T X (X^T X + ridge)^-2 X^T Y, whose mean is diagonal here.
    q = 1 / (1 + n / (ridge + d))
    u = p * q**2 / (1 - n * p * q**2 / (ridge + d) ** 2) / (ridge + d)
    expected = np.diag(counts / (ridge + d) * u)
    np.testing.assert_allclose(found.score_covariances[0], expected, rtol=1e-4, atol=1e-12)


def test_a_large_ridge_is_the_sum_of_the_rows():
    """ridge W -> X^T Y, whose mean and covariance are sums over the rows of the classes."""
    means, covariances, _ = mixture("power-diff", 50, 3)
    counts, ridge = np.array([5, 10, 20]), 1e9
    found = equivalent(moments(means, covariances), counts, ridge)
    np.testing.assert_allclose(ridge * found.score_means, means @ means.T * counts, rtol=1e-5)
    for k, covariance in enumerate(covariances):
        own = [
            np.vdot(covariance, c + np.outer(m, m)) for c, m in zip(covariances, means, strict=True)
        ]
        sums = counts[:, None] * means
        expected = np.diag(counts * own) + sums @ covariance @ sums.T
        np.testing.assert_allclose(ridge**2 * found.score_covariances[k], expected, rtol=1e-5)


def test_a_rotation_or_a_unit_does_not_matter():
    means, covariances, _ = mixture("strong-mean", 40, 3)
    turn = ortho_group.rvs(40, random_state=0)
    expected = predicted(means, covariances, [8, 9, 10])
    turned = predicted(means @ turn.T, turn @ covariances @ turn.T, [8, 9, 10])
    assert turned == pytest.approx(expected, abs=1e-5)
    scaled = predicted(1e-3 * means, 1e-6 * covariances, [8, 9, 10])
    assert scaled == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("n", [8, 40])
def test_pixels_without_variance_do_not_matter(n):
    means, covariances, _ = mixture("power-diff", 30, 3)
    wide = np.zeros((3, 45)), np.zeros((3, 45, 45))
    wide[0][:, 5:35], wide[1][:, 5:35, 5:35] = means, covariances
    expected = predicted(means, covariances, [n] * 3)
    assert predicted(*wide, [n] * 3) == pytest.approx(expected, abs=1e-6)
    assert moments(*wide).directions == 30


def test_overdetermined_least_squares_is_the_same_in_any_basis():
    means, covariances, _ = mixture("power-diff", 30, 3)
    mixing = np.random.default_rng(0).standard_normal((30, 30)) + 3 * np.eye(30)
    mixed = predicted(means @ mixing.T, mixing @ covariances @ mixing.T, [40] * 3)
    assert mixed == pytest.approx(predicted(means, covariances, [40] * 3), abs=1e-4)


def test_classes_that_interpolate_beside_one_that_does_not():
    """One class has more rows than directions, and the others have fewer."""
    means, covariances, roots = mixture("power-diff", 120, 3)
    roots[0][:, 12:] = 0
    covariances[0] = roots[0] @ roots[0].T
    runs = simulated(means, covariances, roots, [24] * 3, ridge=0.0, seeds=range(8))
    away = predicted(means, covariances, [24] * 3) - runs.mean()
    assert abs(away) < 0.01 + 2.5 * runs.std(ddof=1) / np.sqrt(len(runs))


def test_a_bias_is_a_direction_of_large_values():
    """A shift of all classes has no effect, because the bias has no penalty."""
    means, covariances, _ = mixture("power-diff", 40, 3)

    def with_bias(shift):
        wide = np.concatenate([means + shift, np.full((3, 1), 1e4)], axis=1)
        return predicted(wide, np.pad(covariances, [(0, 0), (0, 1), (0, 1)]), [10] * 3, 1.0)

    assert with_bias(0.0) == pytest.approx(with_bias(2.0), abs=1e-4)


def test_training_sizes_in_any_order_and_from_any_start():
    known = moments(*mixture("power-diff", 60, 3)[:2])
    sizes = [40, 5, 20, 10, 5]  # 20 rows of each of three classes are the threshold
    together = predicted_accuracies(known, sizes)
    alone = [predicted_accuracies(known, [size])[0] for size in sizes]
    np.testing.assert_allclose(together, alone, atol=1e-3)
    assert together[1] == together[4]
    assert together.argmin() == 2
    assert together.min() == pytest.approx(1 / 3, abs=0.02)


def test_matrices_read_again_and_random_probes(monkeypatch):
    """The result of many dimensions is the same within the error of the probes."""
    means, covariances, _ = mixture("power-diff", 200, 4)
    sizes = [10, 25, 100]
    expected = predicted_accuracies(moments(means, covariances), sizes)
    monkeypatch.setattr(predicted_accuracy, "EXACT", 100)
    wide = np.pad(covariances, [(0, 0), (0, 3), (0, 3)])  # adds pixels without variance
    streamed = moments(np.pad(means, [(0, 0), (0, 3)]), wide, in_memory=100)
    assert streamed.directions == 200
    assert streamed.means.shape == (4, 200)
    np.testing.assert_allclose(predicted_accuracies(streamed, sizes), expected, atol=2e-3)


@pytest.mark.parametrize(
    ("counts", "ridge"), [([1, 2], 0.0), ([1, 0, 3], 0.0), ([1, 2, 3], -1.0), ([1, 2, 3], np.nan)]
)
def test_counts_and_ridge_out_of_range(counts, ridge):
    known = moments(*mixture("iso", 5, 3)[:2])
    with pytest.raises(ValueError, match="a count above 0 for each of 3 classes and a ridge"):
        equivalent(known, counts, ridge)


def test_it_says_when_the_fixed_point_is_not_found(monkeypatch):
    monkeypatch.setattr(predicted_accuracy, "STEPS", 1)
    with pytest.raises(ArithmeticError, match="not found in 1 steps: residual"):
        predicted(*mixture("power-diff", 40, 3)[:2], [5, 6, 7])


def test_the_ridge_is_0_by_default():
    known = moments(*mixture("iso", 5, 3)[:2])
    found, expected = equivalent(known, [9, 9, 9]), equivalent(known, [9, 9, 9], 0.0)
    np.testing.assert_array_equal(found.score_means, expected.score_means)
