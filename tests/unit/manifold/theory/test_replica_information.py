"""The replica-symmetric information: the linear case's integral, several minima, tables."""

import numpy as np
import pytest

from gaussianity.manifold.theory import replica_information
from gaussianity.manifold.theory.activations import ACTIVATIONS, Activation
from gaussianity.manifold.theory.collapse import linear_information, linear_time
from gaussianity.manifold.theory.replica_information import SEGMENTS, ReplicaInformation
from gaussianity.manifold.theory.scalar_channel import channel_information

WAVE = Activation(lambda x: np.sin(4 * x), ())  # which has a first-order transition


def minima(information, t, beta):
    """Error v and potential of every local minimum, v rising: two arrays, for numbers t, beta."""
    series = replica_information._series(information.at_time(float(t)))[None]
    values = replica_information._dense_values(series, np.array([beta]))[0]
    padded = np.concatenate([[np.inf], values, [np.inf]])
    is_minimum = (values < padded[:-2]) & (values <= padded[2:])
    logs = replica_information._dense_logs()[is_minimum]
    repeated = np.repeat(series, len(logs), axis=0)
    logs, found = replica_information._polished(repeated, np.full(len(logs), beta), logs)
    return np.exp(logs), found


@pytest.fixture(scope="module")
def wave():
    return ReplicaInformation(WAVE)


@pytest.mark.parametrize("t", [0.2, 0.7])
@pytest.mark.parametrize(("beta", "kappa"), [(0.5, 0.5), (0.5, 1.0), (1.0, 1.0), (0.2, 0.2)])
def test_the_linear_case_is_the_integral(beta, kappa, t):
    information = ReplicaInformation(ACTIVATIONS["linear"], kappa=kappa)
    assert information(t, beta) == pytest.approx(linear_information(t, beta, kappa), abs=1e-6)


def test_linear_times_are_the_integrals_over_a_grid():
    alpha, beta = np.array([[0.1], [0.2]]), np.geomspace(0.2, 4, 50)
    found = ReplicaInformation(ACTIVATIONS["linear"]).times(alpha, beta)
    np.testing.assert_allclose(found, linear_time(alpha, beta), atol=1e-5)


def test_a_class_mean_changes_nothing_of_a_linear_manifold():
    apart = ReplicaInformation(ACTIVATIONS["linear"], separation=1.5)
    assert apart(0.5, 0.4) == pytest.approx(linear_information(0.5, 0.4), abs=1e-6)


def test_every_minimum_is_found_and_the_lowest_is_taken(wave):
    """Latent coordinates are nearly known at weak noise and unknown at strong noise."""
    for t, lowest in ((0.15, 0), (0.3, 1)):
        errors, values = minima(wave, t, 0.15)
        assert len(errors) == 2
        assert errors[0] < 0.05
        assert errors[1] > 0.99
        assert values.argmin() == lowest
        assert wave(t, 0.15) == pytest.approx(values[lowest], abs=1e-12)
        grid = np.exp(np.linspace(np.log(1e-4), 0, 60))
        direct = [0.075 * (v - 1 - np.log(v)) + wave.channel(v, t) for v in grid]
        assert values[lowest] <= min(direct) + 1e-6
        assert values[lowest] == pytest.approx(min(direct), abs=1e-3)


def test_times_across_a_first_order_transition(wave):
    """The information has a kink where the minima change places, and no jump; the table's times
    are those at which the information at single times is alpha."""
    times = np.array([0.15, 0.2, 0.22, 0.25, 0.3])
    alpha = [float(wave(t, 0.15)) for t in times]
    np.testing.assert_allclose(wave.times(alpha, 0.15), times, rtol=1e-5)


def test_an_even_activation_learns_nothing_beyond_a_level_of_noise():
    """x^2 - 1 then has the solution v = 1 up to rounding, and the information of one coordinate."""
    information = ReplicaInformation(ACTIVATIONS["square"])
    errors, _ = minima(information, 2.0, 1.0)
    assert errors[-1] > 0.999
    assert information(2.0, 1.0) == pytest.approx(information.channel(1.0, 2.0), abs=1e-6)


@pytest.mark.parametrize(
    ("slope", "beta", "start", "expected"),
    [
        (0.0, 1.0, -2.0, -2.0 + np.log(1e5) / 399),  # Newton's step would lead to v = 1
        (1.0, 1e-3, -2.0, -2.0 - np.log(1e5) / 399),  # and here far below the least v
        (0.0, 1.0, -0.01, 0.0),  # beyond which there is no v
        (1e-3, 0.0, -2.0, -2.0),  # no step without curvature
    ],
)
def test_newton_steps_stay_between_the_neighbouring_points(slope, beta, start, expected):
    """A minimum is polished within a spacing of the 400 points in log v, from 1e-5 to 1."""
    series = np.zeros((1, replica_information.ERROR_POINTS))
    series[0, 1] = slope
    logs, values = replica_information._polished(series, np.array([beta]), np.array([start]))
    assert logs[0] == pytest.approx(expected, abs=1e-9)
    unit = 1 - 2 * logs[0] / np.log(1e-5)
    prior = beta / 2 * (np.exp(logs[0]) - 1 - logs[0])
    assert values[0] == pytest.approx(prior + slope * unit, rel=1e-9, abs=1e-12)


def test_times_out_of_reach_are_nan():
    assert np.isnan(ReplicaInformation(WAVE).times([1e-6, 1e-5], 0.5)).all()


def test_the_pre_activation_has_the_variance_of_the_class_mean():
    """kappa (1 + m^2) = 2.6, of which kappa v = 0.24 is unknown."""
    phi = ACTIVATIONS["tanh"]
    found = ReplicaInformation(phi, separation=1.5, kappa=0.8).channel(0.3, 0.5)
    assert found == pytest.approx(channel_information(phi, 2.6 - 0.24, 0.24, 0.5), rel=1e-12)


class Shannon(ReplicaInformation):
    """The linear channel in closed form."""

    def channel(self, v, t):
        return 0.5 * np.log1p(self.kappa * v / np.expm1(2 * t))


def test_times_are_found_in_the_first_and_the_last_segment():
    times = np.sqrt(np.multiply(*map(np.array, (SEGMENTS[:-1], SEGMENTS[1:]))))[[0, 4, 9]]
    alpha = linear_information(times, 0.5)
    found = Shannon(ACTIVATIONS["linear"]).times(alpha, 0.5)
    np.testing.assert_allclose(found, times, rtol=1e-4)
