import numpy as np
import pytest

from gaussianity.linear.halves import agreement, shares

CLASSES = np.repeat([0, 1, 2], 200)


def rows(seed, scale=1.0):
    return scale * np.random.default_rng(seed).standard_normal((600, 40))


def test_a_shared_part_is_the_correlation():
    """Two images share .8 of their variance."""
    shared = rows(0, np.sqrt(0.8))
    found = agreement(shared + rows(1, np.sqrt(0.2)), shared + rows(2, np.sqrt(0.2)), CLASSES)
    assert found.correlation == pytest.approx(0.8, abs=0.01)
    assert found.cosine == pytest.approx(0.8, abs=0.01)
    assert found.reproducible > 0.99
    assert found.identified == 1
    assert found.chance == 1 / 200


def test_independent_images_agree_by_chance():
    found = agreement(rows(1), rows(2), CLASSES)
    assert found.correlation == pytest.approx(0, abs=0.03)
    assert found.reproducible == 0
    assert found.identified < 0.03


def test_class_means_are_no_agreement():
    means = 10.0 * CLASSES[:, None]
    found, alone = (agreement(rows(1) + m, rows(2) + m, CLASSES) for m in (means, 0))
    assert found.correlation == pytest.approx(alone.correlation)


def test_shares_of_twins_and_rests():
    """Twins share .6, rests .2 of a variance of 1 + .4: 3/4 and 1/4 of the agreement."""
    twin, rest = rows(0, np.sqrt(0.6)), rows(1, np.sqrt(0.2))
    first, second = twin + rows(2, np.sqrt(0.4)), twin + rows(3, np.sqrt(0.4))
    found = shares(
        first + rest + rows(4, np.sqrt(0.2)),
        second + rest + rows(5, np.sqrt(0.2)),
        first,
        second,
        CLASSES,
    )
    assert (found.twins, found.crossed, found.rests) == pytest.approx((0.75, 0, 0.25), abs=0.02)
    assert found.twins + found.crossed + found.rests == pytest.approx(1)
