"""The preconditionings against table 1 of Karras et al. (2022), in numpy."""

import math

import numpy as np
import pytest
import torch

from gaussianity.denoisers.preconditioning import EDM, PRECONDITIONINGS, VE, VP

SIGMA = np.array([1e-3, 0.02, 0.5, 3.0, 80.0])


def table_1(kind, sigma, *, sigma_data=0.5, beta_d=19.9, beta_min=0.1, M=1000):
    """Columns VP, VE and "Ours" of table 1: c_skip, c_out, c_in, c_noise."""
    one = np.ones_like(sigma)
    if kind == "vp":
        # sigma^-1: the root t of beta_d t^2 / 2 + beta_min t - ln(1 + sigma^2)
        roots = [np.roots([beta_d / 2, beta_min, -np.log1p(s**2)]).max() for s in sigma]
        return one, -sigma, 1 / np.sqrt(sigma**2 + 1), (M - 1) * np.array(roots)
    if kind == "ve":
        return one, sigma, one, np.log(sigma / 2)
    total = sigma**2 + sigma_data**2
    scale = np.sqrt(total)
    return sigma_data**2 / total, sigma * sigma_data / scale, 1 / scale, np.log(sigma) / 4


def found(preconditioning, sigma):
    values = preconditioning(torch.from_numpy(sigma))
    return [np.broadcast_to(np.asarray(v, dtype=float), sigma.shape) for v in values]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("edm", {}),
        ("edm", dict(sigma_data=0.3)),
        ("vp", {}),
        ("vp", dict(beta_d=12.0, beta_min=0.3, M=500)),
        ("ve", {}),
    ],
)
def test_table_1(kind, settings):
    values = found(PRECONDITIONINGS[kind](**settings), SIGMA)
    for value, expected in zip(values, table_1(kind, SIGMA, **settings), strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-8)


def test_no_noise_leaves_the_image_alone():
    """c_skip = 1, c_out = 0 where sigma = 0."""
    for kind in PRECONDITIONINGS.values():
        c_skip, c_out, c_in, _ = found(kind(), np.array([1e-12]))
        assert c_skip == pytest.approx(1)
        assert c_out == pytest.approx(0, abs=1e-11)
        assert c_in == pytest.approx(2 if kind is EDM else 1)


def test_all_noise_leaves_the_network_alone():
    """c_skip = 0 and c_out = sigma_data at high noise; the variance of the input is scaled to 1."""
    sigma = np.array([1e9])
    c_skip, c_out, c_in, _ = found(EDM(sigma_data=0.3), sigma)
    assert c_skip == pytest.approx(0, abs=1e-15)
    assert c_out == pytest.approx(0.3)
    assert c_in * sigma == pytest.approx(1)
    assert found(VP(), sigma)[2] * sigma == pytest.approx(1)


def test_edm_keeps_inputs_and_targets_at_unit_variance():
    """Karras et al. (2022), appendix B.6: of c_in (y + n) and of (y - c_skip (y + n)) / c_out."""
    c_skip, c_out, c_in, _ = found(EDM(sigma_data=0.7), SIGMA)
    np.testing.assert_allclose(c_in**2 * (0.7**2 + SIGMA**2), 1)
    target = ((1 - c_skip) * 0.7) ** 2 + (c_skip * SIGMA) ** 2
    np.testing.assert_allclose(target / c_out**2, 1)


@pytest.mark.parametrize(("beta_d", "beta_min", "M"), [(19.9, 0.1, 1000), (5.0, 0.5, 100)])
def test_the_noise_condition_of_vp_is_the_time_step(beta_d, beta_min, M):
    time = np.linspace(0.01, 1, 7)
    sigma = np.sqrt(np.exp(beta_d * time**2 / 2 + beta_min * time) - 1)
    c_noise = found(VP(beta_d=beta_d, beta_min=beta_min, M=M), sigma)[3]
    np.testing.assert_allclose(c_noise, (M - 1) * time, rtol=1e-10)


def test_the_levels_of_vp_are_those_of_its_first_and_last_step():
    """sigma(1e-5) and sigma(1) of the default schedule (Karras et al., table 1)."""
    assert pytest.approx(math.sqrt(math.expm1(19.9 / 2 + 0.1)), rel=2e-3) == VP().sigma_max
    assert pytest.approx(math.sqrt(math.expm1(0.1e-5)), rel=2e-3) == VP().sigma_min


def test_the_levels_that_a_network_was_trained_for():
    assert (EDM().sigma_min, EDM().sigma_max) == (0, math.inf)
    assert (VE().sigma_min, VE().sigma_max) == (0.02, 100)


def test_dtype_of_the_noise_levels_is_kept():
    for kind in PRECONDITIONINGS.values():
        for dtype in (torch.float32, torch.float64):
            values = kind()(torch.ones(2, dtype=dtype))
            assert {v.dtype for v in values if isinstance(v, torch.Tensor)} == {dtype}
