"""A subset's classes in turn: what is measured does not depend on what else is in memory."""

import numpy as np
import pytest

from gaussianity.assumptions import of_class
from gaussianity.mixtures import Settings, of_subset
from gaussianity.resolutions import resolutions

SETTINGS = Settings(sizes=3, smallest_size=0.25, directions=4, replicates=3, gram_images=16)


def images(seed, count=40):
    return np.random.default_rng(seed).standard_normal((count, 1, 8, 8))


def measured(classes):
    generators = [np.random.default_rng(k) for k in range(len(classes))]
    return of_subset(classes, generators, np.random.default_rng(9), SETTINGS)


def test_each_class_is_measured_as_alone():
    parts, mixture = measured(dict(a=lambda: images(0), b=lambda: images(1)))
    levels = resolutions(images(1), np.geomspace(0.25, 1, 3))
    expected, _ = of_class(levels, np.random.default_rng(1), directions=4, replicates=3)
    for name, measure in expected.items():
        np.testing.assert_array_equal(parts[1][name].values, measure.values)
    np.testing.assert_array_equal(mixture["gram"].sizes, [4, 16, 64])
    np.testing.assert_array_equal(mixture["gram_n"].sizes, [1, 4, 16])


def test_independent_pixels_give_the_edge():
    classes = {str(k): (lambda k=k: images(k, 200)) for k in range(3)}
    _, mixture = measured(classes)
    gram = mixture["gram"]
    assert gram.values[0, -1] == pytest.approx(gram.reference[-1], rel=0.25)


def test_an_error_names_the_class():
    same = np.full((40, 1, 8, 8), 0.5)
    with pytest.raises(ValueError, match=r"class b: .* images that differ, found all the same"):
        measured(dict(a=lambda: images(0), b=lambda: same))
