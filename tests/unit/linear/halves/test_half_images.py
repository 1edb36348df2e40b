import numpy as np
import pandas as pd
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.linear.halves.half_agreement import Products, agreement, shares
from gaussianity.linear.halves.half_images import of_class
from gaussianity.sampling.sampler import ImageNoise

SHAPE, SEEDS = (1, 3, 4), np.arange(60)
SETTINGS = dict(steps=10, batch_size=32)


def rows(seed, count=40):
    scale = np.sqrt(np.arange(1, 13) ** -1.0)
    return 0.2 + np.random.default_rng(seed).standard_normal((count, 12)) * scale


@pytest.fixture(scope="module")
def gaussian():
    """The networks are the exact Gaussian denoisers of their halves, of which label 1 is asked."""
    halves = rows(0), rows(1)
    first, second = (GaussianDenoiser.of_classes([half + 5, half], SHAPE) for half in halves)
    networks = dict(first=first, second=second, again=first)
    return of_class(halves, networks, 1, SEEDS, SHAPE, **SETTINGS)


def products(found):
    return Products(pd.DataFrame(found.tables("a")["products"]))


def test_a_gaussian_network_is_the_twin_of_its_half(gaussian):
    for half in ("first", "second"):
        np.testing.assert_allclose(
            gaussian.images[f"network_{half}"], gaussian.images[f"twin_{half}"], atol=1e-8
        )
    found = products(gaussian)
    networks = agreement(found, "network_first", "network_second")
    assert networks.correlation == pytest.approx(
        agreement(found, "twin_first", "twin_second").correlation
    )
    assert agreement(found, "network_first", "network_again").correlation == pytest.approx(1)
    of = shares(found, "network_first", "network_second", "twin_first", "twin_second")
    assert (of.twins, of.crossed, of.rests) == pytest.approx((1, 0, 0), abs=1e-6)


def test_mixed_seeds_do_not_agree(gaussian):
    found = agreement(products(gaussian), "network_first", "mixed")
    assert found.correlation == pytest.approx(0, abs=0.15)
    assert found.identified < 0.1
    np.testing.assert_array_equal(
        gaussian.images["mixed"][1:], gaussian.images["network_second"][:-1]
    )


def test_copiers_make_training_images_and_agree_less(gaussian):
    copies = gaussian.images["copier_first"]
    distances = np.linalg.norm(copies[:, None] - gaussian.halves[0][None], axis=2).min(axis=1)
    np.testing.assert_allclose(distances, 0, atol=1e-6)
    found = products(gaussian)
    floor = agreement(found, "copier_first", "copier_second").correlation
    assert 0.2 < floor < agreement(found, "twin_first", "twin_second").correlation


def test_without_networks_twins_are_compared():
    found = of_class((rows(0), rows(1)), {}, None, SEEDS, SHAPE, **SETTINGS)
    assert found.compared == ("twin_first", "twin_second")
    assert set(found.images) == {
        *("twin_first", "twin_second", "copier_first", "copier_second"),
        "mixed",
    }
    np.testing.assert_array_equal(found.images["mixed"][0], found.images["twin_second"][-1])
    distances = found.tables("a")["distances"]
    assert distances["of"].tolist().count("held_out") == 40


def test_variances_are_those_of_the_rows(gaussian):
    for name, part in zip(("all", "first"), (np.vstack(gaussian.halves), rows(0)), strict=True):
        expected = np.linalg.eigvalsh(np.cov(part.T))[::-1]
        np.testing.assert_allclose(gaussian.variances[name], expected)


def test_similarity_is_that_of_the_embeddings(gaussian):
    """Embeddings of one number have the similarity +-1; held-out images have none."""
    found = gaussian.tables("a", lambda rows: np.sign(rows[:, :1]))["distances"]
    first, second = (gaussian.images[name][:, 0] for name in gaussian.compared)
    np.testing.assert_array_equal(found["similarity"][:60], np.sign(first * second))
    assert np.isnan(found["similarity"][60:]).all()


def test_spectra_name_their_rows(gaussian):
    found = pd.DataFrame(gaussian.tables("a")["spectra"])
    assert found.groupby("rows").size().to_dict() == dict(all=12, first=12, second=12)
    assert set(found["images"]) == {40}
    assert set(found["image_class"]) == {"a"}


def test_images_are_those_of_the_deterministic_sampler(gaussian):
    """x(0) = mu + sum_i sqrt(l_i / (l_i + sigma_max^2)) u_i u_i^T (x_max - mu), for many steps."""
    half = rows(0)
    found = of_class((half, rows(1)), {}, None, SEEDS[:3], SHAPE, steps=80, batch_size=32)
    twin = GaussianDenoiser.of_classes([half], SHAPE)
    mean, vectors, variances = (t[0].numpy() for t in (twin.mean, twin.vectors, twin.variances))
    latents = ImageNoise(SEEDS[:3], SHAPE, "cpu").normal(torch.float32).flatten(1).numpy()
    along = (80 * latents - mean) @ vectors.T * np.sqrt(variances / (variances + 80**2))
    np.testing.assert_allclose(found.images["twin_first"], mean + along @ vectors, atol=1e-2)
