"""The summary of edits' effects and its headline against numbers by hand."""

import numpy as np
import pandas as pd
import pytest
from figure_cases import product
from molrg_figure_cases import edit_effects
from scipy import stats

from gaussianity.molrg.edit_summary import edit_summary, headline


def test_the_table_of_edits_is_per_strength_and_against_random():
    """Along vector 1 every image moves four times as far as along random directions."""
    summary = edit_summary(edit_effects(["study"]))
    first = summary[summary["index"] == 1].iloc[0]
    sizes = 1 + 0.1 * np.arange(3)
    assert first["images"] == 3
    np.testing.assert_allclose(first["rms_change"], 0.04 * sizes.mean())
    np.testing.assert_allclose(first["rms_change_error"], 0.04 * stats.sem(sizes))
    np.testing.assert_allclose(first["probability_moved_times_random"], 4)
    np.testing.assert_allclose(first["probability_moved_times_random_error"], 0, atol=1e-12)
    assert first["switched"] == 1  # at strength 4, whose size is 16 and more
    random = summary[summary["kind"] == "random"]
    assert random["index"].tolist() == [0]
    np.testing.assert_allclose(random["rms_change_times_random"], 1)
    said = headline(summary)
    assert said.endswith("\nstudy's denoiser: image 4.0 ± 0.0, classifier 4.0 ± 0.0 times as far")
    said = headline(summary.assign(residual=[*summary["residual"][:-1], 0.034]))
    assert said.endswith("\nLargest relative residual of a singular vector: 0.034")


def test_images_of_one_seed_are_no_repetitions():
    """Six images of two classes share three latents, which makes three measurements."""
    frame = edit_effects(["study"], images=6)
    shared = frame.assign(seed=frame["image"] // 2)
    first = edit_summary(shared).iloc[0]
    sizes = (1 + 0.1 * np.arange(6)).reshape(3, 2).mean(axis=1)
    assert (first["images"], first["seeds"]) == (6, 3)
    np.testing.assert_allclose(first["rms_change"], 0.04 * sizes.mean())
    np.testing.assert_allclose(first["rms_change_error"], 0.04 * stats.sem(sizes))


@pytest.mark.slow  # 300 tables
def test_the_error_of_a_ratio_is_that_of_repeated_measurements():
    """There are 60 images with independent effects, and 300 repetitions."""
    generator, ratios, errors = np.random.default_rng(0), [], []
    for _ in range(300):
        frame = product(denoiser=["study"], image=range(60), kind=["singular", "random"])
        size = generator.gamma(4.0, 1 / 4, len(frame)) * np.where(frame["kind"] == "random", 1, 3)
        about = dict(index=1, strength=1.0, switched=0.0, sigma=1.0, accuracy=1.0, residual=0.0)
        about["seed"] = frame["image"]
        row = edit_summary(frame.assign(rms_change=size, probability_moved=size, **about)).iloc[0]
        ratios.append(row["rms_change_times_random"])
        errors.append(row["rms_change_times_random_error"])
    np.testing.assert_allclose(np.mean(ratios), 3, rtol=0.02)
    np.testing.assert_allclose(np.mean(errors), np.std(ratios), rtol=0.1)


def test_the_error_of_a_ratio_by_hand():
    """Effects 4, 5, 9 against 2, 1, 3: the ratio is 3, and e - 3 r is -2, 2, 0, of standard error
    2 / sqrt(3), over the mean 2."""
    rows = [
        dict(kind=kind, seed=seed, image=seed, rms_change=value, probability_moved=value)
        for kind, values in (("singular", (4.0, 5.0, 9.0)), ("random", (2.0, 1.0, 3.0)))
        for seed, value in enumerate(values)
    ]
    about = dict(denoiser="study", index=1, strength=1.0, switched=0.0, sigma=1.0, accuracy=1.0)
    first = edit_summary(pd.DataFrame(rows).assign(**about, residual=0.0)).iloc[0]
    assert first["rms_change_times_random"] == pytest.approx(3)
    assert first["rms_change_times_random_error"] == pytest.approx(1 / 3**0.5)


def test_the_headline_names_the_first_vector_only():
    summary = edit_summary(edit_effects(["study", "mixture"]))
    assert len(headline(summary).splitlines()) == 3
