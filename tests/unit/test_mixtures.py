"""A subset's classes in turn: what is measured does not depend on what else is in memory."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.fft import idctn

from gaussianity.assumptions import of_class, table
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


@pytest.mark.parametrize(("fall", "expected"), [(0.0, "holds"), (2.0, "fails")])
def test_smallest_singular_values_of_known_images(fall, expected):
    """Independent pixels, and frequencies k that fall as k^-2 each way; a large common mean."""
    amplitudes = np.outer(*[np.arange(1.0, 9) ** -fall] * 2)

    def read(seed):
        return 3 + idctn(images(seed, 200) * amplitudes, axes=(2, 3), norm="ortho")

    classes = {str(k): (lambda k=k: read(k)) for k in range(3)}
    settings = replace(SETTINGS, replicates=20, gram_images=64)
    generators = [np.random.default_rng(k) for k in range(3)]
    _, mixture = of_subset(classes, generators, np.random.default_rng(9), settings)
    found = pd.DataFrame(table(mixture, confidence=0.95, tolerance=0.25))
    assert set(found["verdict"]) == {expected}, found.to_string()


def test_an_error_names_the_class():
    same = np.full((40, 1, 8, 8), 0.5)
    with pytest.raises(ValueError, match=r"class b: .* images that differ, found all the same"):
        measured(dict(a=lambda: images(0), b=lambda: same))
