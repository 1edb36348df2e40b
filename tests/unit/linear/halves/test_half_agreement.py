import numpy as np
import pandas as pd
import pytest

from gaussianity.linear.halves.half_agreement import (
    Products,
    agreement,
    inner_products,
    nearest,
    shares,
)

CLASSES, SEEDS = 3, 200


def rows(seed, variance=1.0):
    """Independent images (classes, seeds, d) of one variance."""
    shape = (CLASSES, SEEDS, 40)
    return np.sqrt(variance) * np.random.default_rng(seed).standard_normal(shape)


def products(**images):
    """Products of denoisers, by the images of all classes."""
    tables = [
        pd.DataFrame(inner_products({name: of[k] for name, of in images.items()})).assign(
            image_class=str(k)
        )
        for k in range(CLASSES)
    ]
    return Products(pd.concat(tables))


def test_a_shared_part_is_the_correlation():
    """Two images share .8 of their variance."""
    shared = rows(0, 0.8)
    found = agreement(products(a=shared + rows(1, 0.2), b=shared + rows(2, 0.2)), "a", "b")
    assert found.correlation == pytest.approx(0.8, abs=0.01)
    assert found.correlation == pytest.approx(0.8, abs=4 * found.error)
    assert found.cosine == pytest.approx(0.8, abs=0.01)
    assert found.rp_low < found.rp_score > 0.99
    assert found.identified == 1
    assert found.chance == 1 / SEEDS


def test_the_error_is_the_spread_over_other_seeds():
    found = []
    for k in range(20):
        shared = rows(3 * k, 0.5)
        images = dict(a=shared + rows(3 * k + 1, 0.5), b=shared + rows(3 * k + 2, 0.5))
        found.append(agreement(products(**images), "a", "b"))
    spread = np.std([each.correlation for each in found])
    assert np.mean([each.error for each in found]) == pytest.approx(spread, rel=0.4)


def test_independent_images_agree_by_chance():
    found = agreement(products(a=rows(1), b=rows(2)), "b", "a")
    assert found.correlation == pytest.approx(0, abs=0.03)
    assert found.rp_score == 0
    assert found.identified < 0.03


def test_class_means_are_no_agreement():
    means = 10.0 * np.arange(CLASSES)[:, None, None]
    found, alone = (
        agreement(products(a=rows(1) + m, b=rows(2) + m), "a", "b") for m in (means, 0 * means)
    )
    assert found.correlation == pytest.approx(alone.correlation)


def test_shares_of_twins_and_rests():
    """Twins share .6, rests .2 of a variance of 1 + .4: 3/4 and 1/4 of the agreement. The rests
    correlate by 1/2."""
    twin, rest = rows(0, 0.6), rows(1, 0.2)
    v, w = twin + rows(2, 0.4), twin + rows(3, 0.4)
    images = dict(a=v + rest + rows(4, 0.2), b=w + rest + rows(5, 0.2), v=v, w=w)
    found = shares(products(**images), "a", "b", "v", "w")
    assert (found.twins, found.crossed, found.rests) == pytest.approx((0.75, 0, 0.25), abs=0.02)
    assert found.twins + found.crossed + found.rests == pytest.approx(1)
    assert found.rest_correlation == pytest.approx(0.5, abs=0.02)


def test_shares_that_are_crossed():
    """The second denoiser's rest is the first's twin."""
    v, w = rows(0), rows(1)
    found = shares(products(a=v, b=w + v, v=v, w=w), "a", "b", "v", "w")
    assert (found.twins, found.crossed, found.rests) == pytest.approx((0, 1, 0), abs=0.02)


def test_twins_agree_through_themselves():
    v, w = rows(0), rows(0) + rows(1)
    found = shares(products(v=v, w=w), "v", "w", "v", "w")
    assert (found.twins, found.crossed, found.rests) == pytest.approx((1, 0, 0))
    assert np.isnan(found.rest_correlation)


def test_distances_of_a_copier_and_of_another_denoiser():
    """The first denoiser copies its training images; the second's images are 2 away from these."""
    own = np.array([[0.0, 0], [10, 0]])
    found = nearest(own, own + np.array([0, 2.0]), own, np.array([[10.0, 1.0]]))
    assert found["of"].tolist() == ["generated", "generated", "held_out"]
    assert found["to_training"].tolist() == [0, 0, 1]
    assert found["to_other"][:2].tolist() == [2, 2]
    assert np.isnan(found["to_other"][2])
