import numpy as np
import pandas as pd
import pytest
import torch
from linear_cases import exact
from scipy.stats import norm

from gaussianity.denoisers import two_modes
from gaussianity.linear.classes import level_table
from gaussianity.linear.level_summary import explained_share, level_summary
from gaussianity.linear.levels import forward
from gaussianity.linear.references import References


class ControlAxis(torch.nn.Module):
    """The positive control's exact denoiser along its axis, on images of one pixel."""

    image_shape, label_dim = (1, 1, 1), 2

    def forward(self, x, sigma, labels):
        return two_modes.denoiser(x, sigma, labels)


@pytest.fixture(scope="module")
def control():
    """Summary of 8,000 images of class 0."""
    generator = np.random.default_rng(3)
    modes = two_modes.M + two_modes.A * generator.choice([-1.0, 1.0], 8_000)
    # One pixel is in the right half: the axis points to dark.
    clean = -(modes + np.sqrt(two_modes.S2) * generator.standard_normal(8_000))[:, None]
    references = References(clean, (1, 1, 1))
    del references.denoisers["empirical"]
    levels = np.geomspace(0.02, 20, 30)
    levels = np.sort(np.append(levels, 0.162))
    parts = forward(ControlAxis(), 0, clean, references, levels, generator, batch_size=8_000)
    tables = [pd.DataFrame(columns).assign(image_class="0", between=0.0) for columns, _ in parts]
    return level_summary(pd.concat(tables))


def divergence(sigma):
    """Kullback-Leibler divergence of the two modes from their Gaussian, both with noise."""
    x = np.linspace(-3, 3, 200_001)
    width = np.sqrt(two_modes.S2 + sigma**2)
    density = (norm.pdf(x, two_modes.A, width) + norm.pdf(x, -two_modes.A, width)) / 2
    gaussian = norm.logpdf(x, 0, np.sqrt(two_modes.V + sigma**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        integrand = np.where(density > 0, density * (np.log(density) - gaussian), 0)
    return np.trapezoid(integrand, x)


def test_the_positive_control_is_seen_along_its_axis(control):
    """R^2 is lowest at noise level .162, .9279, by numerical integration."""
    rows = control[control["reference"] == "gaussian"].set_index("sigma")
    assert rows.loc[0.162, "explained"] == pytest.approx(0.9279, abs=0.004)
    below = rows.loc[rows.index < 1, "explained"]
    assert below.idxmin() == pytest.approx(0.162, rel=0.4)


def test_the_area_is_the_divergence_from_the_gaussian(control):
    """The divergence of the two modes at the lowest level, by integration of their density."""
    rows = control[control["reference"] == "gaussian"]
    assert divergence(0.0) == pytest.approx(0.4742, abs=1e-4)
    assert rows["area"].iloc[0] == pytest.approx(divergence(0.02), abs=0.008)


def test_an_exact_gaussian_leaves_nothing():
    summary = level_summary(pd.DataFrame(level_table(exact())))
    gaussian = summary[(summary["reference"] == "gaussian") & (summary["law"] != "wrong_label")]
    np.testing.assert_allclose(gaussian[["nats", "area"]], 0, atol=1e-10)
    np.testing.assert_allclose(gaussian[["explained", "overall", "score", "skill"]], 1)
    share, left, whole = explained_share(summary)
    assert share == pytest.approx(1)
    assert left == pytest.approx(0, abs=1e-10)
    assert whole > 0.1
    assert "mixture" not in set(summary["reference"])


def levels_by_hand():
    """Two images at three levels; the last law begins below the lowest level of the first."""
    rows = []
    for law, sigmas in (("forward", [1.0, np.e]), ("trajectory", [0.1, 1.0, np.e])):
        for sigma in sigmas:
            for image, distance in ((0, 2.0), (1, 4.0)):
                rows.append(
                    dict(
                        law=law,
                        image_class="a",
                        sigma=sigma,
                        image=image,
                        of_isotropic=2 * distance,
                        of_gaussian=distance,
                        of_mixture=np.nan,
                        of_empirical=np.nan,
                        about_mean=6.0,
                        between=6.0,
                        score=12.0,
                        loss=1.0,
                        gaussian_loss=2.0,
                    )
                )
    return pd.DataFrame(rows)


def test_numbers_of_a_level_by_hand():
    summary = level_summary(levels_by_hand())
    row = summary[(summary["reference"] == "gaussian") & (summary["law"] == "forward")].iloc[0]
    assert row["nats"] == 3
    assert row["nats_error"] == pytest.approx(1)  # two images, deviation sqrt(2)
    assert (row["explained"], row["overall"]) == (0.5, 0.75)
    assert (row["score"], row["skill"], row["images"]) == (0.75, 0.5, 2)
    assert (row["loss"], row["gaussian_loss"]) == (1, 2)
    # Trapezoid of 3 and 3 / e^2 over one e-fold.
    assert row["area"] == pytest.approx((3 + 3 * np.exp(-2)) / 2)


def test_levels_below_the_lowest_of_the_noisy_images_are_left_out():
    summary = level_summary(levels_by_hand())
    trajectory = summary[(summary["law"] == "trajectory") & (summary["reference"] == "gaussian")]
    assert trajectory["sigma"].tolist() == [1.0, np.e]
    area = (3 + 3 * np.exp(-2)) / 2
    assert explained_share(summary) == pytest.approx((0.5, area, 2 * area))
