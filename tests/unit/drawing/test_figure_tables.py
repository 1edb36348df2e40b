"""The numbers behind the figures by hand."""

import numpy as np
import pandas as pd
import pytest
from figure_cases import (
    ALL,
    CLASSES,
    DATA,
    contraction_table,
    edit_effects,
    faces_of,
    fading,
    measured_assumptions,
    mixture_ranks,
    product,
    ranks,
    trajectory,
    transition_measurements,
    transition_theory,
)
from scipy import stats

from gaussianity.data.figures import class_agreement
from gaussianity.io.images import to_uint8
from gaussianity.manifold.figures import real_transition_times, transition_times
from gaussianity.manifold.theory.two_classes import TwoClasses
from gaussianity.molrg.figures import numerical_rank, semantic_directions
from gaussianity.moments.figures import eigenfaces, norms, quantisation
from gaussianity.sampling.figures import contraction, norm_contraction, norm_evolution
from gaussianity.universality.figures import assumptions


def test_norms_of_a_class_by_hand():
    """The Gaussian data are one above: quarter and more of the images are between."""
    shown = {("a", "data"): np.arange(4.0), ("a", "data-gaussian"): np.arange(1.0, 5.0)}
    found = norms.table(shown)
    assert found["origin"].tolist() == DATA
    assert found["images"].tolist() == [4, 4]
    np.testing.assert_allclose(found["mean"], [1.5, 2.5])
    np.testing.assert_allclose(found["std"], [np.sqrt(5 / 3)] * 2)
    np.testing.assert_allclose(found["q25"], [0.75, 1.75])
    np.testing.assert_allclose(found["ks_distance"], [0.25, np.nan])


def test_explained_shares_by_hand():
    faces = faces_of(["a"], ["data", "diffusion"], 3, (1, 2, 2))
    faces["a", "diffusion"]["trace"] = 0.0
    faces["a", "diffusion"]["eigenvalues"] = np.zeros(3)
    found = eigenfaces.table(faces)
    assert found["rank"].tolist() == [1, 2, 3] * 2
    np.testing.assert_allclose(found["share"], [0.15, 0.1, 0.05, 0, 0, 0])
    np.testing.assert_allclose(found["cumulative"], [0.15, 0.25, 0.3, 0, 0, 0])


def test_the_table_of_assumptions_has_all_subsets():
    found = assumptions.table(measured_assumptions(ALL, ["pair", "ten"]))
    assert len(found) == 2 * 4 * len(assumptions.QUANTITIES) * 5


@pytest.fixture
def two_steps():
    """Norms of three images; one grows in its second step, one stands still."""
    norms = {("a", 0): [5.0, 3.0, 4.0], ("a", 1): [5.0, 4.0, 2.0], ("b", 0): [5.0, 1.0, 1.0]}
    rows = [
        (image_class, seed, step, [80.0, 1.0, 0.0][step], norm)
        for (image_class, seed), values in norms.items()
        for step, norm in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["image_class", "seed", "step", "sigma", "x_norm"])


def test_decrease_of_each_step(two_steps):
    found = norm_contraction.decreases(two_steps)
    assert found["decrease"].tolist() == [2, -1, 1, 2, 4, 0]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["sigma"].tolist() == [80, 1] * 3
    assert found["seed"].tolist() == [0, 0, 1, 1, 0, 0]
    assert found["image_class"].tolist() == list("aaaabb")


def test_contraction_per_class_and_of_all(two_steps):
    found = contraction_table(norm_contraction.decreases(two_steps))
    assert found["image_class"].tolist() == ["a", "a", "b", "b", "all", "all"]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["images"].tolist() == [2, 2, 1, 1, 3, 3]
    np.testing.assert_allclose(found["mean"], [1.5, 0.5, 4, 0, 7 / 3, 1 / 3])
    np.testing.assert_allclose(found["share_grew"], [0, 0.5, 0, 0, 0, 1 / 3])
    spread = [np.sqrt(0.5), np.sqrt(4.5), np.nan, np.nan, np.sqrt(7 / 3), np.sqrt(7 / 3)]
    np.testing.assert_allclose(found["std"], spread)
    assert found["least"].tolist() == [1, -1, 4, 0, 1, -1]
    assert found["most"].tolist() == [2, 2, 4, 0, 4, 2]


def test_contraction_of_parts_is_that_of_the_whole():
    steps = norm_contraction.decreases(trajectory(CLASSES[10], images=7))
    parts = [norm_contraction.partial(part) for _, part in steps.groupby(["image_class", "seed"])]
    whole = contraction_table(steps)
    found = norm_contraction.table([*parts[::2], *parts[1::2]])
    pd.testing.assert_frame_equal(found, whole, rtol=1e-12)
    grouped = steps.groupby(["image_class", "step"], sort=False)["decrease"]
    of_classes = whole[whole["image_class"] != "all"]
    np.testing.assert_allclose(of_classes["mean"], grouped.mean())
    np.testing.assert_allclose(of_classes["std"], grouped.std())


@pytest.fixture
def two_images():
    """Two images of a and one of b over two steps; one step expands while its norm falls."""
    columns = dict(
        image_class=list("aaaabb"),
        seed=[0, 0, 1, 1, 2, 2],
        step=[0, 1] * 3,
        sigma=[80.0, 1.0] * 3,
        norm_ratio=[0.5, 0.9, 0.6, 1.1, 0.5, 1.2],
        lipschitz=[0.5, 2.0, 0.7, 0.9, 0.6, 1.000001],
        lipschitz_residual=[0.0, 0.1, 0.0, 0.2, 0.0, 0.0],
        closed_form=[np.nan] * 6,
        singular_1=[0.1, 1.0, 0.3, 3.0, 0.5, 2.0],
        singular_10=[0.0] * 6,
        singular_2=[0.1] * 6,
        singular_residual=[0.0] * 6,
    )
    return pd.DataFrame(columns)


def test_steps_that_expand_are_counted_beside_norms_that_grow(two_images):
    """A constant above 1 by rounding alone does not count."""
    found = contraction.table(two_images)
    assert found["image_class"].tolist() == ["a", "a", "b", "b", "all", "all"]
    assert found["images"].tolist() == [2, 2, 1, 1, 3, 3]
    np.testing.assert_allclose(found["share_expands"], [0, 0.5, 0, 0, 0, 1 / 3])
    np.testing.assert_allclose(found["share_grew"], [0, 0.5, 0, 1, 0, 2 / 3])
    np.testing.assert_allclose(found["share_both"], [0, 0.5, 0, 0, 0, 1 / 3])
    np.testing.assert_allclose(found["median"], [0.6, 1.45, 0.6, 1.000001, 0.6, 1.000001])
    np.testing.assert_allclose(found["most"], [0.7, 2, 0.6, 1.000001, 0.7, 2])
    np.testing.assert_allclose(found["q95"][1], 0.9 + 0.95 * 1.1)
    np.testing.assert_allclose(found["residual"], [0, 0.2, 0, 0, 0, 0.2])
    np.testing.assert_allclose(found["singular_1"], [0.2, 2, 0.5, 2, 0.3, 2])
    assert [c for c in found if "singular" in c] == ["singular_1", "singular_2", "singular_10"]


def test_the_headline_says_where_steps_expand(two_images):
    expected = r"16.7 % of 6 steps expand: at $\sigma$ = 1, up to 2 at $\sigma$ = 1"
    assert contraction.headline(contraction.table(two_images)) == expected
    calm = two_images.assign(lipschitz=two_images["lipschitz"] / 4)
    expected = (
        r"No step of the 6 measured expands; largest local Lipschitz constant 0.5 at $\sigma$ = 1"
    )
    assert contraction.headline(contraction.table(calm)) == expected
    still = two_images.assign(lipschitz=1 - 1e-7)
    assert contraction.headline(contraction.table(still)).endswith("constant close to 1")


def test_quantiles_of_norms():
    """Five images: the quantile q of 0, 1, 2, 3, 4 is 4q."""
    frame = product(seed=range(5), step=[0, 1, 2])
    frame["sigma"] = 2.0 - frame["step"]
    for offset, name in enumerate(norm_evolution.NORMS):
        frame[name] = frame["seed"] + 10 * frame["step"] + 100.0 * offset
    ended = frame["step"] == 2
    frame.loc[ended, ["denoised_norm", "direction_norm"]] = np.nan
    found = norm_evolution.table(frame, [0, 2])
    assert found["norm"].tolist() == ["denoised_norm", "direction_norm", "x_norm", "x_norm"]
    assert found["step"].tolist() == [0, 0, 0, 2]
    assert found["sigma"].tolist() == [2, 2, 2, 0]
    quantiles = found[["q05", "q25", "q50", "q75", "q95"]]
    starts = np.array([100, 200, 0, 20])
    np.testing.assert_allclose(quantiles, starts[:, None] + [0.2, 1, 2, 3, 3.8])


def test_class_agreement_by_hand():
    """8 of 10 images of b are in b; no image was meant for a."""
    votes = np.array([[1, 8, 1], [0, 2, 8]])
    summary = class_agreement.table(votes, ["b", "c"], ["a", "b", "c"])
    assert summary["voted"].tolist() == list("abcabc")
    assert summary["share"].tolist() == [0.1, 0.8, 0.1, 0.0, 0.2, 0.8]
    assert class_agreement.agreement(summary) == (0.8, 20)


def quantised(rows):
    """The table of images of one pixel's height."""
    return quantisation.table(rows[:, None, None, :].astype(np.float32))


def test_rounding_adds_the_variance_of_an_error_uniform_on_one_level():
    """Pixels with variances from far above to far below it, each spread over several levels by a
    part that all share, so that the errors are uniform; 1/12 of a level squared is added to all."""
    generator = np.random.default_rng(0)
    common = generator.uniform(0.2, 0.8, (20000, 1)) * np.linspace(0.7, 1, 20)
    own = generator.normal(0, 1, (20000, 20)) * np.geomspace(0.02, 1e-5, 20)
    found = quantised(common + own)
    added = found["uint8"] - found["float32"]
    assert (found["float32"] < 0.01 * quantisation.UNIFORM).sum() > 3
    np.testing.assert_allclose(added[5:], 1 / 255**2 / 12, rtol=0.15)
    assert added[5:].mean() == pytest.approx(1 / 255**2 / 12, rel=0.03)
    np.testing.assert_allclose(found["law"], found["uint8"], rtol=0.15)
    assert found["error"][0] == pytest.approx(1, rel=0.02)
    assert found["outside"][0] == found["constant"][0] == 0
    small = found["uint8"].iloc[-4:]
    assert small.between(0.8 * found["floor_low"][0], 1.2 * found["floor_high"][0]).all()


def test_the_floor_of_few_images_is_that_of_marchenko_and_pastur():
    """Errors of 40 images of 400 pixels: eigenvalues around d / (n - 1) times the variance."""
    generator = np.random.default_rng(0)
    rows = np.linspace(0.2, 0.8, 400) + generator.uniform(-0.02, 0.02, (40, 400))
    errors = to_uint8(2 * rows - 1) / 255 - rows
    found = quantised(rows)
    values = quantised(errors)["float32"]
    assert values.min() > 0.9 * found["floor_low"][0]
    assert values.max() < 1.1 * found["floor_high"][0]
    mean = (found["law"] - found["clipped"])[0]
    assert values.mean() == pytest.approx(mean, rel=0.05)


def test_clipping_and_pixels_that_are_rounded_to_one_level():
    """Half of the pixels outside; one that varies by less than a level."""
    generator = np.random.default_rng(0)
    rows = generator.normal(0, 0.3, (500, 8))
    rows[:, 7] = 128 / 255 + generator.uniform(-1, 1, 500) / 2000
    found = quantised(rows)
    assert found["outside"][0] == pytest.approx(0.5 * 7 / 8, abs=0.02)
    assert found["constant"][0] == 1 / 8
    kept = rows.clip(0, 1)
    values = np.linalg.eigvalsh(np.cov(kept.astype(np.float32).T))[::-1]
    np.testing.assert_allclose(found["clipped"], values, rtol=1e-4)
    assert found["uint8"].iloc[-1] == pytest.approx(0, abs=1e-12)
    assert (found["clipped"] < found["float32"])[:7].all()


def test_images_that_do_not_differ_have_no_eigenvalues():
    with pytest.raises(ValueError, match="at least 2 images that differ, found 5 equal ones"):
        quantised(np.full((5, 3), 0.3))


def test_measured_times_stand_with_the_curves_of_the_same_data():
    """Whatever n where classes are chosen; of their d alone, which t_C(n/2) depends on too."""
    theory, measured = transition_theory(["relu", "isometric"]), transition_measurements()
    found = transition_times.table(theory.assign(alpha=measured["alpha"].iloc[0]), measured)
    points = found[found["kind"] == "measured"]
    assert len(found) == len(theory) + len(points)
    drawn = points.groupby(["activation", "transition", "kappa"])["varied"].apply(sorted).to_dict()
    everywhere = ["alpha", "beta", "separation"]
    assert drawn == {
        ("relu", "collapse", 1.0): everywhere,
        ("relu", "speciation", 0.5): everywhere,
        ("isometric", "collapse", 0.5): everywhere,
    }
    np.testing.assert_allclose(points["high"] - points["low"], 0.2)
    others = transition_times.table(theory, measured.assign(n=2 * measured["n"]))
    others = others[others["kind"] == "measured"].groupby("transition")["varied"].agg(set)
    assert others.to_dict() == {"collapse": {"alpha"}, "speciation": set(everywhere)}
    larger = transition_times.table(theory, measured.assign(d=128, p=64))
    assert not (larger["kind"] == "measured").any()


def test_the_table_of_ranks_has_medians_and_quartiles_of_each_curve():
    """Ranks 20, 21 and 22 at SNR 1, of 48; the sum of the dimensions is known of the mixture."""
    summary = numerical_rank.table(mixture_ranks([100]), ranks(image_class=["3"]))
    at = summary[(summary["snr"] == 1) & (summary["definition"] == "energy 0.99")]
    assert at["curve"].tolist() == [numerical_rank.EXACT, "U-Net, 100 training steps", "class 3"]
    assert at["images"].tolist() == [3, 3, 3]
    expected = dict(median=21, q25=20.5, q75=21.5, least=20, most=22, low=20, high=22)
    for name, value in expected.items():
        assert at[name].tolist() == [value] * 3
    np.testing.assert_allclose(at["share"], 21 / 48)
    np.testing.assert_array_equal(at["reference"], [12, 12, np.nan])
    assert len(summary) == 3 * 18 * 2
    assert numerical_rank.headline(summary).split("\n") == [
        "Exact denoiser of the mixture: rank at most 30, the subspaces' dimensions sum up to 12",
        "Least median rank of the other denoisers: 12 of 48 (mixture), 12 of 48 (study)",
    ]


def test_the_table_of_edits_is_per_strength_and_against_random():
    """Four times as far along vector 1 as along random directions, of every image alike."""
    summary = semantic_directions.table(edit_effects(["study"]))
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
    said = semantic_directions.headline(summary)
    assert said.endswith("\nstudy's denoiser: image 4.0 ± 0.0, classifier 4.0 ± 0.0 times as far")
    said = semantic_directions.headline(summary.assign(residual=[*summary["residual"][:-1], 0.034]))
    assert said.endswith("\nLargest relative residual of a singular vector: 0.034")


def test_images_of_one_seed_are_no_repetitions():
    """Six images of three latents, twice each of two classes: three measurements."""
    frame = edit_effects(["study"], images=6)
    shared = frame.assign(seed=frame["image"] // 2)
    first = semantic_directions.table(shared).iloc[0]
    sizes = (1 + 0.1 * np.arange(6)).reshape(3, 2).mean(axis=1)
    assert (first["images"], first["seeds"]) == (6, 3)
    np.testing.assert_allclose(first["rms_change"], 0.04 * sizes.mean())
    np.testing.assert_allclose(first["rms_change_error"], 0.04 * stats.sem(sizes))


@pytest.mark.slow  # 300 tables
def test_the_error_of_a_ratio_is_that_of_repeated_measurements():
    """Of 60 images with independent effects, over 300 repetitions."""
    generator, ratios, errors = np.random.default_rng(0), [], []
    for _ in range(300):
        frame = product(denoiser=["study"], image=range(60), kind=["singular", "random"])
        size = generator.gamma(4.0, 1 / 4, len(frame)) * np.where(frame["kind"] == "random", 1, 3)
        about = dict(index=1, strength=1.0, switched=0.0, sigma=1.0, accuracy=1.0, residual=0.0)
        about["seed"] = frame["image"]
        row = semantic_directions.table(
            frame.assign(rms_change=size, probability_moved=size, **about)
        ).iloc[0]
        ratios.append(row["rms_change_times_random"])
        errors.append(row["rms_change_times_random_error"])
    np.testing.assert_allclose(np.mean(ratios), 3, rtol=0.02)
    np.testing.assert_allclose(np.mean(errors), np.std(ratios), rtol=0.1)


@pytest.mark.parametrize(
    ("time", "error", "says"),
    [
        (0.1, 0.01, "the trained denoiser later, t = 0.1"),
        (0.5, 0.01, "the trained denoiser earlier, t = 0.5"),
        (0.28, 0.02, "at the same time within 2 standard errors, t = 0.28"),
        (0.28, np.nan, "the trained denoiser at t = 0.28: 4 % of"),  # not "at the same time"
        (np.nan, np.nan, "(95 % interval 2 to 7 %);\nweights of"),
        (np.nan, np.nan, r"way at t = 0.17 $\pm$ 0.01, on that of the twin's law at t = 0.18"),
    ],
)
def test_the_headline_says_whether_a_trained_denoiser_collapses_later(time, error, says):
    clones, weights = real_transition_times.COLLAPSE, real_transition_times.WEIGHTS
    rows = [("data", clones, 0.3, 0.01), ("trained", clones, time, error)]
    rows += [("trained", weights, 0.17, 0.01), ("mixture", weights, 0.18, 0.02)]
    summary = pd.DataFrame(rows, columns=["law", "criterion", "time", "error"])
    summary = summary.assign(copies=0.04, copies_low=0.02, copies_high=0.07)
    assert says in real_transition_times.headline(summary)
    alone = summary[summary["law"] == "data"]
    assert real_transition_times.headline(alone).endswith(r"collapses at t = 0.3 $\pm$ 0.01")
    never = real_transition_times.headline(alone.assign(time=np.nan))
    assert never.endswith("collapses at no time measured")
    summary.loc[summary["law"] == "data", "time"] = np.nan
    assert "same" not in real_transition_times.headline(summary)


def test_transition_times_of_real_images_by_hand():
    """Curves 1 / (1 + (t / a)^3) pass 1/2 at a; same_class (1 + that) / 2 passes 0.7752 at
    a (1 / 0.5504 - 1)^(1/3)."""
    times = np.geomspace(0.01, 3, 60)
    weights, clones = {"data": fading("data", times, 0.3)}, {}
    measured = real_transition_times.curves(weights, clones, fading("mixture", times, 0.4))
    pair = TwoClasses.of_moments(2 * np.eye(16)[:2], np.stack([np.eye(16) / 2] * 2), [50, 50])
    found = real_transition_times.table(
        measured, pair, clones, replicates=20, generator=np.random.default_rng(0)
    ).set_index(["law", "criterion"])["time"]
    assert found["data", real_transition_times.COLLAPSE] == pytest.approx(0.3, rel=1e-3)
    later = (1 / 0.5504 - 1) ** (1 / 3)
    assert found["data", "D = 1"] == pytest.approx(0.3 * later, rel=1e-3)
    assert found["mixture", "D = 1"] == pytest.approx(0.4 * later, rel=1e-3)
    assert found[real_transition_times.PREDICTED, "n images"] == pair.collapse_time(100)
