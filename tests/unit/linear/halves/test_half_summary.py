import numpy as np
import pandas as pd
import pytest

from gaussianity.linear.finite_moments import effective_noise, expected_agreement
from gaussianity.linear.halves.half_agreement import inner_products
from gaussianity.linear.halves.half_summary import (
    HalfTables,
    agreement_table,
    headline,
    noise_table,
)

SEEDS, D, HALF = 400, 12, 30
VARIANCES = np.arange(1, D + 1) ** -1.0


def rows(seed, variance=1.0):
    return np.sqrt(variance) * np.random.default_rng(seed).standard_normal((SEEDS, D))


def tables(networks=True, similarity=np.nan, scale=1.0):
    """One class: twins share .6 of 1, networks add rests that share .2 of .4."""
    twin, rest = rows(0, 0.6), rows(1, 0.2)
    first, second = twin + rows(2, 0.4), twin + rows(3, 0.4)
    images = dict(twin_first=first, twin_second=second, mixed=np.roll(second, 1, axis=0))
    images |= dict(copier_first=rest + rows(7, 0.2), copier_second=rest + rows(8, 0.2))
    if networks:
        one, other = first + rest + rows(4, 0.2), second + rest + rows(5, 0.2)
        again = one + rows(6, 0.1)
        images = dict(network_first=one, network_second=other, network_again=again) | images
    distances = dict(
        of=["generated"] * 4 + ["held_out"] * 2,
        image=[0, 1, 2, 3, 0, 1],
        to_training=np.array([2.0, 2, 2, 2, 1, 3]) * scale,
        to_other=[1.0, 1, 1, 5, np.nan, np.nan],
        similarity=[similarity] * 3 + [similarity and similarity / 2] + [np.nan] * 2,
    )
    spectra = dict(
        rows=np.repeat(["all", "first", "second"], D),
        images=HALF,
        variance=np.concatenate([VARIANCES] * 3),
    )
    named = (
        pd.DataFrame(each).assign(image_class="a")
        for each in (inner_products(images), distances, spectra)
    )
    return HalfTables(*named)


def test_rows_of_the_comparisons():
    found = agreement_table(tables()).set_index("comparison")
    assert list(found.index) == [
        *("networks", "same_half", "twins", "copiers", "mixed", "predicted")
    ]
    assert found.correlation["networks"] == pytest.approx(0.8 / 1.4, abs=0.03)
    assert found.correlation["same_half"] == pytest.approx(1.4 / 1.45, abs=0.03)
    assert found.correlation["twins"] == pytest.approx(0.6, abs=0.03)
    assert found.correlation["copiers"] == pytest.approx(0.5, abs=0.05)
    assert found.correlation["mixed"] == pytest.approx(0, abs=0.08)
    assert found.correlation["predicted"] == expected_agreement(VARIANCES, HALF)
    assert found.twins["networks"] == pytest.approx(0.75, abs=0.04)
    assert found.rest_correlation["networks"] == pytest.approx(0.5, abs=0.05)
    assert np.isnan(found.twins["mixed"])


def test_shares_of_the_same_half_are_about_one_twin():
    """Both networks have the twin of the first half: 1 of 1.4 in all, .4 is left over."""
    found = agreement_table(tables()).set_index("comparison").loc["same_half"]
    assert found.twins == pytest.approx(1 / 1.4, abs=0.04)
    assert found.rests == pytest.approx(0.4 / 1.4, abs=0.04)


def test_copying_is_judged_by_the_distances():
    found = agreement_table(tables()).set_index("comparison").loc["networks"]
    assert (found.nearer, found.to_other, found.to_training) == (0.75, 2, 2)
    assert found.held_out_to_training == 2
    assert found.nearer_low < 0.75 < found.nearer_high
    assert "detector_score" not in found


def test_the_score_of_a_copy_detector():
    found = agreement_table(tables(similarity=0.9)).set_index("comparison")
    assert found.detector_score["networks"] == 0.75
    assert np.isnan(found.detector_score["twins"])


def test_without_networks_twins_are_in_question():
    given = tables(networks=False)
    found = agreement_table(given).set_index("comparison")
    assert given.compared == "twins"
    assert found.nearer["twins"] == 0.75
    assert "networks" not in found.index
    np.testing.assert_allclose(
        given.cosines()["mixed"], given.products.cosines("twin_first", "mixed")
    )


def test_noise_of_few_images():
    """The spectra of the halves are that of all rows: the measured noise is the noise itself."""
    found = noise_table(tables(), [0.1, 1.0])
    np.testing.assert_allclose(found["measured_sigma"], [0.1, 1.0])
    expected = effective_noise(np.array([0.01, 1.0]), VARIANCES, HALF - 1)
    np.testing.assert_allclose(found["predicted_sigma"], np.sqrt(expected))


def test_the_headline_says_what_was_found():
    said = headline(agreement_table(tables()))
    assert said.startswith("Networks of the two halves: correlation 0.5")
    agreed = agreement_table(tables()).set_index("comparison").loc["networks"]
    assert f"agreement {100 * agreed.twins:.0f} % is that of the twins" in said
    alone = headline(agreement_table(tables(networks=False)))
    assert alone.startswith("Gaussian twins of the two halves: correlation 0.588")
    rho = expected_agreement(VARIANCES, HALF)
    assert alone.endswith(f"the spectrum alone predicts {rho:.3f}")
