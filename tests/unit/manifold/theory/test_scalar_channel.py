"""Information of the scalar channel: closed forms, two-valued outputs, data processing."""

import numpy as np
import pytest
from scipy import integrate, stats

from gaussianity.manifold.theory import scalar_channel
from gaussianity.manifold.theory.activations import ACTIVATIONS, Activation
from gaussianity.manifold.theory.scalar_channel import channel_information, mixture_entropy

TIMES = [0.02, 0.3, 1.5]


@pytest.mark.parametrize("t", TIMES)
@pytest.mark.parametrize(("known", "unknown"), [(0.0, 1.0), (0.9, 0.1), (3.0, 1e-3), (0.5, 2.0)])
def test_a_linear_channel_is_shannons(known, unknown, t):
    expected = 0.5 * np.log1p(unknown / np.expm1(2 * t))
    found = channel_information(ACTIVATIONS["linear"], known, unknown, t)
    assert found == pytest.approx(expected, abs=2e-7)


@pytest.mark.parametrize("t", TIMES)
@pytest.mark.parametrize(
    ("known", "unknown", "jump"),
    [(0.0, 1.0, 0.0), (0.9, 0.1, 0.0), (1.0, 1e-4, 0.0), (0.25, 1e-4, 0.5), (4.0, 1e-3, -1.5)],
)
def test_a_sign_has_two_values(known, unknown, jump, t):
    """Against integration over V of the information of an asymmetric binary input. The sign changes
    at the jump."""
    deviation = np.sqrt(-np.expm1(-2 * t))
    half = np.exp(-t) / deviation

    def binary(q):
        y = np.linspace(-half - 9, half + 9, 801)
        parts = q * stats.norm.pdf(y - half), (1 - q) * stats.norm.pdf(y + half)
        density = parts[0] + parts[1]
        entropy = -(density * np.log(density + 1e-300)).sum() * (y[1] - y[0])
        return entropy - 0.5 * np.log(2 * np.pi * np.e)

    # q as the variable of integration: V = (Phi^-1(q) sqrt(unknown) + jump) / sqrt(known)
    if known == 0:
        expected = binary(0.5)
    else:
        spread = np.sqrt(unknown / known)
        levels = np.linspace(-8, 8, 161)
        density = stats.norm.pdf(levels * spread + jump / np.sqrt(known)) * spread
        values = [binary(q) for q in stats.norm.cdf(levels)]
        expected = integrate.simpson(values * density, x=levels)
    phi = Activation(lambda x: np.where(x > jump, 1.0, -1.0), breaks=(jump,))
    for shape in (phi, ACTIVATIONS["sign"])[: 1 + (jump == 0)]:
        found = channel_information(shape, known, unknown, t)
        assert found == pytest.approx(expected, abs=2e-6)


def test_a_relu_without_known_part_against_direct_integration():
    t = 0.4
    a, deviation = np.exp(-t), np.sqrt(-np.expm1(-2 * t))

    def density(y):
        # half the outputs are the noise alone; the others a normal variable cut at zero, plus noise
        total = np.hypot(a, deviation)
        tail = stats.norm.cdf(a * y / (deviation * total))
        return 0.5 * stats.norm.pdf(y, scale=deviation) + stats.norm.pdf(y, scale=total) * tail

    y = np.linspace(-8, 10, 20001)
    entropy = integrate.simpson(-density(y) * np.log(density(y)), x=y)
    expected = entropy - 0.5 * np.log(2 * np.pi * np.e * deviation**2)
    assert channel_information(ACTIVATIONS["relu"], 0.0, 1.0, t) == pytest.approx(
        expected, abs=1e-7
    )


@pytest.mark.parametrize("name", ["tanh2x", "relu", "sign", "square"])
def test_information_falls_with_the_noise_and_rises_with_what_is_unknown(name):
    phi = ACTIVATIONS[name]
    of_time = [channel_information(phi, 0.6, 0.4, t) for t in (0.1, 0.3, 1.0, 3.0)]
    of_unknown = [channel_information(phi, 1 - v, v, 0.5) for v in (1e-4, 0.01, 0.3, 1.0)]
    assert (np.diff(of_time) < 0).all()
    assert (np.diff(of_unknown) > 0).all()
    assert min(of_time + of_unknown) > 0


def test_at_little_noise_a_bijection_adds_the_logarithm_of_its_slope():
    """J = h(phi(w)) - h(noise), and h(phi(w)) = h(w) + E log |phi'(w)|, here log(1/2) / 2."""
    bent = Activation(lambda x: np.where(x > 0, x, x / 2))
    found, linear = (
        channel_information(phi, 0.0, 1.0, 2e-4) for phi in (bent, ACTIVATIONS["linear"])
    )
    assert found - linear == pytest.approx(-0.5 * np.log(2), abs=2e-3)


def test_breaks_need_not_be_at_zero():
    """A jump, and a slope that is nearly a jump."""
    step = Activation(lambda x: np.where(x > 0.5, 1.0, -1.0), breaks=(0.5,))
    blurred = Activation(lambda x: np.tanh(4000 * (x - 0.5)), breaks=(0.5 - 1e-3, 0.5, 0.5 + 1e-3))
    expected = channel_information(step, 0.7, 0.3, 0.2)
    assert channel_information(blurred, 0.7, 0.3, 0.2) == pytest.approx(expected, abs=2e-3)


def test_entropy_of_mixtures():
    means, mass = np.array([[0.0, 0.0], [-30.0, 30.0]]), np.array([[0.5, 0.5], [0.25, 0.75]])
    normal = 0.5 * np.log(2 * np.pi * np.e)
    expected = [normal, normal + 0.25 * np.log(4) + 0.75 * np.log(4 / 3)]
    np.testing.assert_allclose(mixture_entropy(means, mass), expected, rtol=1e-9)


def test_the_number_of_nodes_rises_with_the_steepness_to_the_largest():
    steep = [Activation(lambda x, gain=gain: gain * x, ()) for gain in (0.1, 3.0, 1e6)]
    orders = [scalar_channel._order(phi, 0.5, 0.5, 0.5) for phi in steep]
    assert orders == sorted(set(orders))
    assert orders[-1] == max(scalar_channel.ORDERS)
