import numpy as np
import pandas as pd
import pytest

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.linear.class_splits import SHARES, class_splits, joined
from gaussianity.linear.split_summary import reasons, shrinkage_summary, split_summary

SHAPE = (1, 2, 3)
ROWS = np.random.default_rng(0).standard_normal((90, 6)) / np.sqrt(np.arange(1, 7))


def of(rows=ROWS, noises=8, points=100):
    denoiser = GaussianDenoiser.of_classes([ROWS], SHAPE)
    return class_splits(
        denoiser,
        0,
        rows,
        np.random.default_rng(1),
        sigmas=[0.3, 2.0],
        points=points,
        noises=noises,
        batch_size=64,
    )


@pytest.fixture(scope="module")
def tables():
    shares, shrinkage, filters = joined({"a": of(), "b": of(ROWS[:4], noises=2)})
    return pd.DataFrame(shares), pd.DataFrame(shrinkage), filters


def test_an_exact_gaussian_is_its_wiener_filter(tables):
    shares = tables[0][tables[0]["image_class"] == "a"]
    np.testing.assert_allclose(shares["wiener"], 1, atol=1e-8)
    np.testing.assert_allclose(shares[["other", "nonlinear"]], 0, atol=1e-8)
    assert (shares["points"] == 600).all()  # 100 for each of 6 pixels, of 720 noisy images


def test_factors_are_those_of_the_covariance(tables):
    summary = shrinkage_summary(tables[1])
    variances = np.linalg.eigvalsh(np.cov(ROWS.T))[::-1]
    for sigma in (0.3, 2.0):
        rows = summary[summary["sigma"] == sigma]
        np.testing.assert_allclose(rows["factor"], variances / (variances + sigma**2), atol=1e-8)
        np.testing.assert_allclose(rows["wiener"], variances / (variances + sigma**2))


def test_rows_of_the_filter_are_those_of_the_wiener_matrix(tables):
    filters = tables[2]
    covariance = np.cov(ROWS.T)
    exact = covariance @ np.linalg.inv(covariance + 0.09 * np.eye(6))
    assert filters["fitted"].shape == (1, 2, 6, 6)  # classes with a split, levels, pixels
    np.testing.assert_allclose(filters["wiener"][0, 0], exact[filters["pixels"]], atol=1e-6)
    np.testing.assert_allclose(filters["fitted"][0, 0], exact[filters["pixels"]], atol=1e-6)


def test_too_few_points_leave_a_class_out_with_the_reason(tables):
    shares = tables[0]
    assert shares.loc[shares["image_class"] == "b", list(SHARES)].isna().all(axis=None)
    assert reasons(shares) == "class b: 8 noisy images of a class, at least 18 are needed"
    assert split_summary(shares)["classes"].tolist() == [1, 1]
    assert set(tables[1]["image_class"]) == {"a"}


def test_no_class_with_a_split():
    shares, shrinkage, _ = joined({"b": of(ROWS[:4], noises=2)})
    assert len(split_summary(pd.DataFrame(shares))) == 0
    assert len(shrinkage_summary(pd.DataFrame(shrinkage))) == 0


def test_shares_of_classes_are_weighted_by_their_variance():
    rows = [
        dict(image_class="a", reason="", points=9, sigma=1.0, wiener=1.0, other=0.0, signal=3.0),
        dict(image_class="b", reason="", points=7, sigma=1.0, wiener=0.0, other=1.0, signal=1.0),
    ]
    table = pd.DataFrame(rows).assign(nonlinear=0.0, off_diagonal=[0.2, 0.4], floor=0.1)
    (row,) = split_summary(table).to_dict("records")
    assert (row["wiener"], row["other"], row["points"]) == (0.75, 0.25, 7)
    assert row["off_diagonal"] == pytest.approx(0.3)
