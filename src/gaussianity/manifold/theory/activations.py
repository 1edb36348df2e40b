"""Activations phi of the manifold's data x = phi(F z), and their Hermite coefficients.

Source: George, Veiga and Macris (2025), arXiv 2502.04339, for the data; Mei and Montanari (2022)
for the Gaussian equivalent x ~ rho_0 + rho_1 F z + rho_* xi.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gaussianity.errors import InputError
from gaussianity.manifold.theory.quadrature import normal_rule

ISOMETRIC = "isometric"  # the linear activation with F^T F = I; its t_C has a closed form
FARTHEST = 24.0  # largest |x| of the trial: 12 deviations of the quadrature, times 2


@dataclass(frozen=True)
class Activation:
    """A function of arrays, elementwise.

    Args:    function - of a float64 array; its values have the same shape and become float64;
             breaks - places where the function is steep or has a kink or a jump. The quadrature has
             more nodes there.
    """

    function: Callable
    breaks: tuple = (0.0,)

    def __call__(self, x):
        return np.asarray(self.function(x), dtype=np.float64)


def tanh(gain=1.0):
    """tanh(gain x)."""
    return Activation(lambda x: np.tanh(gain * x))


ACTIVATIONS = {
    "linear": Activation(lambda x: x, ()),
    "tanh": tanh(),
    "tanh2x": tanh(2.0),
    "relu": Activation(lambda x: np.maximum(x, 0)),
    "sign": Activation(np.sign),
    "cubic": Activation(lambda x: x**3 / 3, ()),
    "square": Activation(lambda x: x**2 - 1, ()),
}


def activation(name):
    """The activation of a name.

    Args:    name - one of ACTIVATIONS, or `module:function` for any function of arrays. Its
             attribute `breaks` names its kinks and jumps. A function without it has one break, at
             0.
    Raises:  InputError - the name is unknown, the function cannot be imported, or see `tried`.
    """
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    if ":" not in name:
        raise InputError(
            f"activation: expected one of {', '.join(ACTIVATIONS)} or module:function, "
            f"found {name!r}"
        )
    from gaussianity.io.user_code import imported

    return tried(name, imported(name))


def tried(name, function):
    """A user's function as an Activation, after one call with numbers that quadrature will use.

    Raises:  InputError - it does not take arrays, or it does not return a finite number for each.
    """
    x = np.linspace(-FARTHEST, FARTHEST, 9)
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(function(x), dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: expected a function of arrays, found: {error}") from None
    if values.shape != x.shape:
        raise InputError(
            f"{name}: expected an array of the shape {x.shape} it was given, found {values.shape}"
        )
    if not np.isfinite(values).all():
        first = np.argmin(np.isfinite(values))
        raise InputError(f"{name}: expected finite numbers, found {values[first]} at {x[first]:g}")
    return Activation(function, tuple(getattr(function, "breaks", (0.0,))))


class HermiteCoefficients(NamedTuple):
    """Coefficients of phi(sigma g) ~ mean + slope sigma g + rest xi, g ~ N(0, 1).

    mean is rho_0 = E phi(sigma g). slope is rho_1 = E[g phi(sigma g)] / sigma. rest is rho_* >= 0,
    the standard deviation of the remainder.
    """

    mean: float
    slope: float
    rest: float


def hermite_coefficients(phi, deviation):
    """Hermite coefficients of an activation under N(0, deviation^2).

    rho_*^2 = E phi^2 - rho_0^2 - rho_1^2 sigma^2 is computed as the mean square of the remainder,
    so cancellation cannot make it negative.

    Args:    phi - an Activation, or any function of arrays; deviation - sigma > 0.
    >>> [round(float(rho), 6) for rho in hermite_coefficients(ACTIVATIONS["relu"], 1.0)]
    [0.398942, 0.5, 0.301405]
    """
    breaks = getattr(phi, "breaks", (0.0,))
    nodes, weights = normal_rule([b / deviation for b in breaks])
    values = phi(deviation * nodes)
    mean = weights @ values
    slope = weights @ (nodes * values) / deviation
    rest = values - mean - slope * deviation * nodes
    return HermiteCoefficients(mean, slope, np.sqrt(weights @ rest**2))
