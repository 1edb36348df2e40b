"""Hermite coefficients against closed forms, for kinks, jumps and steep steps."""

import math
import sys
import types

import numpy as np
import pytest
from scipy import integrate

from gaussianity.errors import InputError
from gaussianity.manifold.theory.activations import (
    ACTIVATIONS,
    Activation,
    activation,
    hermite_coefficients,
    tanh,
)
from gaussianity.manifold.theory.quadrature import normal_rule

DEVIATIONS = [0.3, 1.0, math.sqrt(2), 7.0]
CLOSED_FORMS = {  # rho_0, rho_1, rho_*^2 at sigma
    "linear": lambda s: (0, 1, 0),
    "relu": lambda s: (s / math.sqrt(2 * math.pi), 0.5, s**2 * (1 / 4 - 1 / (2 * math.pi))),
    "sign": lambda s: (0, math.sqrt(2 / math.pi) / s, 1 - 2 / math.pi),
    "cubic": lambda s: (0, s**2, 2 * s**6 / 3),
    "square": lambda s: (s**2 - 1, 0, 2 * s**4),
}


@pytest.mark.parametrize("deviation", DEVIATIONS)
@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_coefficients_are_the_closed_forms(name, deviation):
    mean, slope, rest = hermite_coefficients(ACTIVATIONS[name], deviation)
    expected = CLOSED_FORMS[name](deviation)
    scale = max(1.0, deviation**3)
    np.testing.assert_allclose((mean, slope), expected[:2], rtol=1e-12, atol=1e-12 * scale)
    np.testing.assert_allclose(rest, math.sqrt(expected[2]), rtol=1e-12, atol=1e-12 * scale)


@pytest.mark.parametrize("deviation", DEVIATIONS)
@pytest.mark.parametrize("gain", [1.0, 2.0, 60.0])
def test_tanh_against_adaptive_integration_and_steins_lemma(gain, deviation):
    def normal_mean(f):
        def integrand(g):
            return f(deviation * g) * math.exp(-(g**2) / 2) / math.sqrt(2 * math.pi)

        return 2 * integrate.quad(integrand, 0, 12, epsabs=1e-13, limit=200)[0]

    phi = {1.0: ACTIVATIONS["tanh"], 2.0: ACTIVATIONS["tanh2x"]}.get(gain, tanh(gain))
    mean, slope, rest = hermite_coefficients(phi, deviation)
    assert abs(mean) < 1e-14
    # E[g phi(sigma g)] / sigma = E phi'(sigma g)
    assert slope == pytest.approx(
        normal_mean(lambda x: gain / math.cosh(min(gain * x, 300)) ** 2), rel=1e-11
    )
    power = normal_mean(lambda x: math.tanh(gain * x) ** 2)
    assert rest**2 == pytest.approx(power - (slope * deviation) ** 2, rel=1e-9)


def test_a_steep_tanh_has_the_coefficients_of_the_sign():
    steep = hermite_coefficients(tanh(1e8), 1.0)
    np.testing.assert_allclose(steep, hermite_coefficients(ACTIVATIONS["sign"], 1.0), atol=1e-7)


def test_breaks_anywhere():
    """A shifted jump: 1 above the threshold b has the mean P(g > b)."""
    step = Activation(lambda x: (x > 0.7).astype(float), breaks=(0.7,))
    mean, slope, _ = hermite_coefficients(step, 2.0)
    assert mean == pytest.approx(math.erfc(0.35 / math.sqrt(2)) / 2, abs=1e-13)
    assert slope == pytest.approx(math.exp(-(0.35**2) / 2) / math.sqrt(2 * math.pi) / 2, abs=1e-13)


def test_any_function_will_do():
    assert hermite_coefficients(abs, 1.0).mean == pytest.approx(math.sqrt(2 / math.pi), rel=1e-13)


def test_the_normal_rule_has_the_moments_of_the_normal_distribution():
    nodes, weights = normal_rule([0.0, 3.1])
    moments = [weights @ nodes**k for k in range(0, 21, 2)]
    np.testing.assert_allclose(moments, [math.prod(range(1, k, 2)) for k in range(0, 21, 2)])


@pytest.fixture
def own(monkeypatch):
    """A user's module."""
    module = types.ModuleType("own_activations")
    monkeypatch.setitem(sys.modules, "own_activations", module)
    return module


def test_an_imported_activation(own):
    own.softplus = lambda x: np.logaddexp(0, x)
    assert activation("own_activations:softplus")(np.zeros(1)) == pytest.approx(math.log(2))
    assert activation("relu") is ACTIVATIONS["relu"]


def test_breaks_of_an_imported_activation(own):
    """P(2 g > 0.7) is exact only with the jump as a break; the values are booleans."""
    own.step = lambda x: x > 0.7
    assert activation("own_activations:step").breaks == (0.0,)
    own.step.breaks = [0.7]
    mean = hermite_coefficients(activation("own_activations:step"), 2.0).mean
    assert mean == pytest.approx(math.erfc(0.35 / math.sqrt(2)) / 2, abs=1e-13)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (math.tanh, "own_activations:phi: expected a function of arrays, found: only .*scalar"),
        (lambda x: x if x > 0 else 0.0, "expected a function of arrays, found: The truth value of"),
        (np.sum, r"expected an array of the shape \(9,\) it was given, found \(\)"),
        (np.log, "expected finite numbers, found nan at -24"),
        (lambda x: "x", "expected a function of arrays, found: could not convert string"),
    ],
)
def test_a_function_that_is_no_activation(own, function, message):
    own.phi = function
    with pytest.raises(InputError, match=message):
        activation("own_activations:phi")


def test_an_unknown_activation():
    with pytest.raises(InputError, match=r"one of linear, .* or module:function, found 'gelu'"):
        activation("gelu")
