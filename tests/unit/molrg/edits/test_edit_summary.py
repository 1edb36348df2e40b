"""The summary of edits' effects and its headline against numbers by hand."""

import numpy as np
import pandas as pd
import pytest
from figure_cases import product
from molrg_figure_cases import edit_effects
from scipy import stats

from gaussianity.molrg.edits.edit_summary import compared, edit_summary, headline


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
    said = headline(summary.assign(moved_per_change_times_random_error=0.1))
    assert said.split("\n")[1:] == [
        "study's denoiser: singular vector 1 1.00 ± 0.10 (no difference seen), principal direction "
        "1 0.50 ± 0.10 (less far)",
        "Edits of equal norm along singular vector 1: image 4.0 ± 0.0, classifier 4.0 ± 0.0 "
        "(study)",
    ]
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
        about |= dict(seed=frame["image"], part="edits", round_trip=np.nan)
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
    about |= dict(part="edits", residual=0.0, round_trip=np.nan)
    first = edit_summary(pd.DataFrame(rows).assign(**about)).iloc[0]
    assert first["rms_change_times_random"] == pytest.approx(3)
    assert first["rms_change_times_random_error"] == pytest.approx(1 / 3**0.5)


def test_the_headline_names_the_first_vector_only():
    summary = edit_summary(edit_effects(["study", "mixture"]))
    assert len(headline(summary).splitlines()) == 5


def effects_of(moved, changed):
    """Effects of singular vector 1 and of a random direction on two seeds.

    Args:    moved, changed - dict of kind to the two values.
    """
    rows = [
        dict(kind=kind, seed=seed, image=seed, probability_moved=m, rms_change=c)
        for kind in moved
        for seed, (m, c) in enumerate(zip(moved[kind], changed[kind], strict=True))
    ]
    about = dict(denoiser="study", part="edits", index=1, strength=1.0, switched=0.0, sigma=1.0)
    return pd.DataFrame(rows).assign(**about, accuracy=1.0, residual=0.0, round_trip=np.nan)


def test_the_change_per_change_of_the_image_by_hand():
    """Means 4 over 2 and 1 over 1, so that the quotients are 2 and 1. The relative deviations of
    the singular vector's quotient are -1/2 - 1/2 and 1/2 + 1/2, those of the random one's -1/2 and
    1/2. Their differences are -1/2 and 1/2, of standard error 1/2."""
    moved = dict(singular=(2.0, 6.0), random=(0.5, 1.5))
    changed = dict(singular=(3.0, 1.0), random=(1.0, 1.0))
    first = edit_summary(effects_of(moved, changed)).iloc[0]
    assert first["moved_per_change"] == pytest.approx(2)
    assert first["moved_per_change_error"] == pytest.approx(2)
    assert first["moved_per_change_times_random"] == pytest.approx(2)
    assert first["moved_per_change_times_random_error"] == pytest.approx(2 * 0.5)


def test_the_error_of_the_change_per_change_is_that_of_repeated_measurements():
    """There are 60 images, and 60 repetitions, which have a sigma each; the changes of an image are
    correlated."""
    generator, tables = np.random.default_rng(0), []
    for repetition in range(60):
        shared = generator.gamma(4.0, 1 / 4, 60)
        drawn = {kind: shared * generator.gamma(9.0, 1 / 9, 60) for kind in ("singular", "random")}
        moved = {kind: size * generator.gamma(4.0, 1 / 4, 60) for kind, size in drawn.items()}
        tables.append(effects_of(moved, drawn).assign(sigma=float(repetition)))
    found = edit_summary(pd.concat(tables, ignore_index=True))
    found = found[found["kind"].eq("singular")]
    ratios = found["moved_per_change_times_random"]
    np.testing.assert_allclose(ratios.mean(), 1, rtol=0.05)
    errors = found["moved_per_change_times_random_error"]
    np.testing.assert_allclose(errors.mean(), ratios.std(), rtol=0.25)


def test_a_ratio_is_compared_with_two_standard_errors():
    names = ("moved_per_change_times_random", "moved_per_change_times_random_error")
    none = "no difference seen"
    said = {1.19: none, 1.21: "farther", 0.81: none, 0.79: "less far"}
    for ratio, words in said.items():
        assert compared(dict(zip(names, (ratio, 0.1), strict=True))) == words


def test_every_part_and_level_has_its_own_random_directions():
    """In the sweep all images move twice as far at sigma 8, random directions included."""
    swept = edit_effects(["study"], part=["sweep"], sigma=[2.0, 8.0])
    swept["rms_change"] *= swept["sigma"].map({2.0: 1.0, 8.0: 2.0})
    found = edit_summary(pd.concat([edit_effects(["study"]), swept], ignore_index=True))
    first = found[found["index"].eq(1) & found["kind"].eq("singular")].set_index("sigma")
    assert first["part"].tolist() == ["edits", "sweep", "sweep"]
    np.testing.assert_allclose(first["rms_change_times_random"], 4)
    assert first["rms_change"][8.0] == pytest.approx(2 * first["rms_change"][2.0])


def test_the_headline_ends_with_the_error_of_the_inversion():
    given = edit_effects(["study"], part=["inversion"])
    given["round_trip"] = given["image"].map({0: 0.01, 1: 0.02, 2: 0.06})
    found = edit_summary(pd.concat([edit_effects(["study"]), given], ignore_index=True))
    assert headline(found).endswith(
        "\nError of given images after inversion, mean and largest: 0.03 and 0.06 (study)"
    )
