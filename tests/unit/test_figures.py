"""The numbers behind the figures by hand, and figures without clipped or covered text."""

import itertools
import warnings
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.legend import Legend
from matplotlib.text import Text
from scipy import stats

from gaussianity.concentration import GRID, gaussian_bound
from gaussianity.errors import InputError
from gaussianity.figures import (
    accuracy,
    assumptions,
    class_agreement,
    concentration,
    contraction,
    controls,
    eigenfaces,
    gram,
    norm_contraction,
    norm_evolution,
    norms,
    numerical_rank,
    predicted_accuracy,
    quantisation,
    real_transition_times,
    sample_grid,
    semantic_directions,
    spectra,
    style,
    transition_times,
)
from gaussianity.images import to_uint8
from gaussianity.moment_times import TwoClasses

ALL = list(style.LABELS)
DATA = ["data", "data-gaussian"]
CLASSES = {
    1: ["7"],
    10: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
    7: list("abcdefg"),
    20: [str(k) for k in range(20)],
}
SUBSETS = {1: ["ten"], 3: ["pair", "four", "ten"], 20: [f"pair{k}" for k in range(20)]}
STEPS = 16


def product(**domains):
    values = itertools.product(*domains.values())
    return pd.DataFrame(values, columns=list(domains))


def scores(subsets, origins):
    """Test accuracies of two seeds; the data have fewer images than the diffusion."""
    frame = product(
        subset=subsets,
        loss=list(accuracy.LOSS_NAMES),
        origin=origins,
        seed=[0, 1],
        train_size=[8, 16, 32, 64, 128, 256, 512, 1024],
    )
    frame = frame[frame["origin"].str.startswith("diffusion") | (frame["train_size"] < 100)]
    noise = np.random.default_rng(0).uniform(0, 0.1, len(frame))
    shown = 1 - frame["train_size"] ** -0.5 + noise - 0.1
    return frame.assign(test_accuracy=shown, exact_accuracy=shown)


def eigenvalues(count=64, **domains):
    frame = product(**domains, rank=np.arange(1, count + 1))
    return frame.assign(eigenvalue=3.0 * frame["rank"] ** -1.5, exponent=1.5)


def trajectory(classes, images=6):
    sigma = np.append(np.geomspace(80, 0.002, STEPS), 0.0)
    frame = product(image_class=classes, seed=range(images), step=range(STEPS + 1))
    frame["sigma"] = sigma[frame["step"]]
    noise = np.random.default_rng(0).normal(1, 0.02, (3, len(frame)))
    frame["x_norm"] = np.sqrt(64 * frame["sigma"] ** 2 + 20) * noise[0]
    ended = frame["sigma"] == 0
    frame["denoised_norm"] = np.where(ended, np.nan, 4 * noise[1])
    frame["direction_norm"] = np.where(ended, np.nan, 8 * noise[2])
    return frame


def contraction_table(steps):
    return norm_contraction.table([norm_contraction.partial(steps)])


def draw_norm_contraction(count):
    classes = CLASSES[count]
    steps = norm_contraction.decreases(trajectory(classes))
    return norm_contraction.draw(steps, contraction_table(steps), classes[:4], 5)


def stretches(classes, images=4, ranks=8, closed=False):
    """Contraction tables: constants that pass 1 below sigma 1."""
    sigma = np.geomspace(80, 0.002, STEPS)
    frame = product(image_class=classes, seed=range(images), step=range(STEPS))
    frame["sigma"] = sigma[frame["step"]]
    noise = np.random.default_rng(0).normal(0, 0.02, (2, len(frame)))
    frame["norm_ratio"] = 0.97 + noise[0]
    shrink = 1 / (1 + frame["sigma"] ** 2)
    frame["lipschitz"] = 0.6 + 0.45 * shrink + noise[1]
    frame["lipschitz_residual"] = 0.01
    frame["closed_form"] = frame["lipschitz"] if closed else np.nan
    for rank in range(ranks):
        frame[f"singular_{rank + 1}"] = shrink / (1 + rank)
    return frame


def draw_contraction(count, ranks=8, closed=False, images=4):
    frame = stretches(CLASSES[count], images, ranks, closed)
    return contraction.draw(contraction.table(frame))


def draw_norm_evolution(kept, shape=(1, 8, 8)):
    norms = trajectory(CLASSES[10], images=20)
    steps = np.unique(np.linspace(0, STEPS, kept).astype(int))
    images = np.random.default_rng(0).uniform(-1, 1, (2, kept, *shape))
    sigma = norms.drop_duplicates("step").set_index("step")["sigma"][steps].to_numpy()
    snapshots = dict(x=images * 3, denoised=images, step=steps, sigma=sigma)
    schedule = norms[["step", "sigma"]].drop_duplicates()
    shown = norms[norms["step"].isin(steps)]
    return norm_evolution.draw(shown, schedule, snapshots, "automobile")


def draw_sample_grid(count, origins, shape=(1, 8, 8), images=10):
    shown = np.random.default_rng(0).uniform(-0.1, 1.1, (images, *shape))
    return sample_grid.draw({o: dict.fromkeys(CLASSES[count], shown) for o in origins})


def draw_spectra(count, origins):
    frame = eigenvalues(image_class=CLASSES[count], origin=origins)
    return spectra.draw(spectra.table(frame))


def draw_gram(count, origins):
    return gram.draw(gram.table(eigenvalues(subset=SUBSETS[count], origin=origins)))


def draw_accuracy(count, origins):
    return accuracy.draw(accuracy.table(scores(SUBSETS[count], origins)))


def concentrations(classes, origins, bases, members=3):
    """R_f and survival functions of every origin and class, and of bases of the first class."""
    functionals = [
        f"{name}_{i + 1}" if name in concentration.NUMBERED else name
        for name in concentration.TITLES
        for i in range(members if name in concentration.NUMBERED else 1)
    ]
    places = [*itertools.product(origins, classes), *((base, classes[0]) for base in bases)]
    generator, ratios, survival = np.random.default_rng(0), [], []
    for population, image_class in places:
        about = dict(population=population, image_class=image_class)
        ratio = generator.uniform(0.01, 2, len(functionals))
        ratio[-1] = 0.0  # a pixel that is white in every image
        frame = pd.DataFrame(dict(about, functional=functionals, ratio=ratio))
        ratios.append(frame.assign(low=0.9 * ratio, high=1.2 * ratio))
        falls = {f: gaussian_bound(GRID * generator.uniform(0.8, 3)) / 2 for f in functionals}
        survival.append(pd.DataFrame(dict(about, t=GRID, **falls)).where(lambda f: f != 0))
    return pd.concat(ratios, ignore_index=True), concentration.tails(survival)


def draw_concentration(count, origins, bases=tuple(concentration.BASES)):
    ratios, survival = concentrations(CLASSES[count], origins, bases)
    drawn = concentration.table(ratios, survival)
    return concentration.draw(drawn, survival, CLASSES[count][0])


def draw_quantisation(images, side, spread=0.2):
    generator = np.random.default_rng(0)
    pixels = generator.normal(0.3, spread, (images, side**2)) * np.linspace(1, 1e-4, side**2)
    summary = quantisation.table(pixels.reshape(images, 1, side, side).astype(np.float32))
    return quantisation.draw(summary, "english_springer")


def draw_predicted_accuracy(count, origins):
    measured = scores(SUBSETS[count], origins).assign(test_images=100, pool=0)
    sizes = measured.assign(source=measured["origin"].str.removesuffix("-gaussian"))
    predictions = sizes[["subset", "source", "train_size"]].drop_duplicates()
    predictions = predictions.assign(
        predicted_accuracy=1 - predictions["train_size"] ** -0.5,
        rows_per_direction=predictions["train_size"] / 100,
    )
    return predicted_accuracy.draw(predicted_accuracy.table(measured, predictions))


def draw_class_agreement(count):
    classes = CLASSES[count]
    votes = np.full((len(classes), len(classes)), 3) + 94 * np.eye(len(classes), dtype=int)
    return class_agreement.draw(class_agreement.table(votes, classes, classes))


def control_tables(repetitions):
    """Verdicts around their true excess, and accuracies that fall towards those of the data."""
    centre = {"gaussian": 0.0, "uniform": -0.006, "two_modes": -0.08}
    verdicts = product(control=list(centre), repetition=range(repetitions)).assign(margin=0.02)
    noise = np.random.default_rng(0).normal(0, 0.005, len(verdicts))
    verdicts["excess"] = verdicts["control"].map(centre) + noise
    reach = 0.01 + 0.1 * abs(noise)
    verdicts = verdicts.assign(low=verdicts["excess"] - reach, high=verdicts["excess"] + reach)
    gaps = product(fit_size=[48, 128, 512], repetition=range(min(repetitions, 10)))
    gaps["data"] = 0.7 + np.random.default_rng(1).normal(0, 0.01, len(gaps))
    for name, height in dict(sample=5, ledoit_wolf=2).items():
        gaps[name] = gaps["data"] + height / gaps["fit_size"]
        gaps[f"{name}_refit"] = gaps[name] + 0.6 * height / gaps["fit_size"]
    return verdicts, gaps


def draw_controls(repetitions):
    return controls.draw(controls.table(*control_tables(repetitions)), 0.02)


def transition_theory(names, values=(0.1, 0.5, 1.0)):
    """Curves that rise, at the points of the values, kappa beta for the speciation."""
    criteria = {"speciation": ["potential", "spectral"], "collapse": ["n", "half"]}
    parts = []
    for transition, named in criteria.items():
        frame = product(
            activation=names,
            varied=["beta", "alpha", "separation"],
            transition=[transition],
            criterion=named,
            at=list(values),
        )
        frame = frame.assign(d=64, alpha=0.1, beta=0.5, separation=1.0)
        for varied in ("beta", "alpha", "separation"):
            frame[varied] = frame[varied].mask(frame["varied"] == varied, frame["at"])
        own = (frame["activation"] == "isometric") | (transition == "speciation")
        frame["kappa"] = frame["beta"].where(own, 1.0)
        frame["time"] = 1 + frame["at"] + 0.1 * (frame["criterion"] != named[0])
        parts.append(frame.drop(columns="at"))
    return pd.concat(parts, ignore_index=True)


def transition_measurements():
    """One case for the curves of each transition, one on none of them, and a second criterion."""
    base = dict(d=64, p=32, n=round(np.exp(6.4)), separation=1.0, isometric=0, error=0.1, time=1.5)
    rows = [
        dict(activation="relu", transition="collapse", criterion="true", kappa=1.0),
        dict(activation="relu", transition="collapse", criterion="participation", kappa=1.0),
        dict(activation="relu", transition="collapse", criterion="true", kappa=0.7),
        dict(activation="relu", transition="speciation", criterion="potential", kappa=0.5),
        dict(activation="linear", transition="collapse", criterion="true", kappa=0.5, isometric=1),
    ]
    frame = pd.DataFrame([base | row for row in rows])
    return frame.assign(alpha=np.log(frame["n"]) / 64)


def draw_transition_times(*names):
    measured = transition_measurements()
    theory = transition_theory(names)
    fixed = theory["varied"] != "alpha"
    theory["alpha"] = theory["alpha"].mask(fixed, measured["alpha"].iloc[0])
    return transition_times.draw(transition_times.table(theory, measured))


def measured_assumptions(origins, subsets=("ten",)):
    """Every quantity at five sizes; two of the three verdicts, and a value of 0."""
    frame = product(
        subset=subsets,
        origin=origins,
        quantity=list(assumptions.QUANTITIES),
        size=[768, 1587, 3072, 6075, 12288],
    )
    falling = frame["quantity"].isin(["gram", "spectrum"])
    frame["trend_in"] = frame["quantity"].map(dict(gram_n="n", spectrum="rank")).fillna("d")
    frame["size_value"] = frame["size"] ** np.where(falling, -1.57, -1.02)
    frame.loc[frame["quantity"] == "gram_nonzero", "size_value"] = 1e-9
    verdict = np.where(falling, "fails", "not decided")
    rest = dict(assumption="in words", reference=1 / frame["size"], value=0.1, theory=-1.0)
    rest |= dict(low=-1.6, high=-1.2, holds_to=-0.75, fails_from=-0.25, verdict=verdict)
    return frame.assign(trend=np.where(falling, np.nan, -1.4), **rest)


def draw_assumptions(origins):
    return assumptions.draw(assumptions.table(measured_assumptions(origins)))


def norms_of(classes, origins):
    generator = np.random.default_rng(0)
    return {key: generator.normal(50, 5, 300) for key in itertools.product(classes, origins)}


def draw_norms(count, origins):
    return norms.draw(norms_of(CLASSES[count], origins))


def faces_of(classes, sources, vectors, shape):
    generator = np.random.default_rng(0)
    return {
        key: dict(
            mean=generator.uniform(0, 1, shape),
            vectors=generator.normal(0, 0.1, (vectors, *shape)),
            eigenvalues=np.arange(vectors, 0, -1.0),
            trace=20.0,
        )
        for key in itertools.product(classes, sources)
    }


def draw_eigenfaces(count, sources, vectors=5, shape=(1, 8, 8)):
    faces = faces_of(CLASSES[count], sources, vectors, shape)
    return eigenfaces.draw(faces, eigenfaces.table(faces))


def fading(law, times, level, count=60):
    """Tables of `real_times` and `denoiser_clones` whose probabilities pass 1/2 at a level."""
    frame = product(time=times, image=range(count))
    share = 1 / (1 + (frame["time"] / level) ** 3)
    drawn = np.random.default_rng(0).uniform(size=(2, len(frame))) < share.to_numpy()
    return frame.assign(
        law=law,
        same_class=(1 + share) / 2,
        same_image=share,
        same_copy=drawn[0].astype(float),
        copies=0.5 * drawn.sum(axis=0),
        participation=share,
        class_accuracy=0.98,
    )


def draw_real_transition_times(trained_level):
    times, clone_times = np.geomspace(0.01, 3, 20), np.geomspace(0.01, 3, 9)
    weights = {law: fading(law, times, 0.3) for law in DATA}
    clones = {"mixture": fading("mixture", clone_times, 0.2).assign(same_copy=0.0, copies=0.0)}
    if trained_level is not None:
        clones["trained"] = fading("trained", clone_times, trained_level)
    measured = real_transition_times.curves(weights, clones, fading("mixture", times, 0.4))
    pair = TwoClasses.of_moments(2 * np.eye(16)[:2], np.stack([np.eye(16) / 2] * 2), [50, 50])
    summary = real_transition_times.table(
        measured, pair, clones, replicates=20, generator=np.random.default_rng(0)
    )
    return real_transition_times.draw(measured, summary)


def ranks(**labels):
    """Of three noises at 18 levels by both definitions, rising as the noise falls."""
    frame = product(
        **labels, seed=[0, 1, 2], snr=2.0 ** np.arange(-9, 9), definition=list(numerical_rank.NAMES)
    )
    steps = np.log2(frame["snr"]).astype(int)
    rank = (20 + steps + frame["seed"]).clip(1, 48)
    bounds = dict(rank=rank, low=rank, high=rank, dimension=48)
    return frame.assign(step=steps + 9, sigma=1 / frame["snr"], **bounds)


def mixture_ranks(lengths):
    return ranks(training_steps=[0, *lengths], subspaces=[2], subspace_dimension=[6])


def draw_numerical_rank(lengths, classes):
    of_classes = ranks(image_class=classes) if classes else None
    return numerical_rank.draw(numerical_rank.table(mixture_ranks(lengths), of_classes))


def edit_effects(denoisers, images=3, directions=5):
    """Effects that fall with the index of the singular value, twice as large twice as far."""
    frame = product(
        denoiser=denoisers,
        image=range(images),
        kind=["singular", *semantic_directions.RANDOM],
        index=range(1, directions + 1),
        strength=[-4.0, -2.0, 2.0, 4.0],
    )
    size = frame["strength"].abs() * (1 + 0.1 * frame["image"])
    size = size.where(frame["kind"] != "singular", size * 4 / frame["index"])
    moved = dict(rms_change=0.01 * size, probability_moved=0.02 * size)
    about = dict(switched=(size > 10).astype(float), sigma=1.9, accuracy=0.966, residual=0.0)
    return frame.assign(seed=100 + frame["image"], **moved, **about)


def draw_semantic_directions(denoisers, shape=(1, 8, 8), shown=2):
    summary = semantic_directions.table(edit_effects(denoisers))
    images = np.random.default_rng(0).uniform(-1, 1, (shown, 4, 5, *shape))
    pictures = dict.fromkeys(denoisers, images)
    return semantic_directions.draw(summary, pictures, [-4, -2, 0, 2, 4])


BY_SUBSET = [draw_accuracy, draw_gram, draw_predicted_accuracy]
BY_CLASS = [draw_spectra, draw_sample_grid, draw_norms]
LONGER = [
    (draw_numerical_rank, [100, 300, 1000, 3000], CLASSES[10]),
    (draw_numerical_rank, [100], None),
    (draw_semantic_directions, ["mixture"], (3, 32, 32), 1),
    *itertools.product([draw_accuracy, draw_gram, draw_spectra, draw_sample_grid], [20], [ALL]),
    (draw_predicted_accuracy, 20, ALL),
    *itertools.product([draw_norm_contraction, draw_class_agreement], [20]),
    (draw_concentration, 20, ALL),
    (draw_norms, 20, ALL),
    *itertools.product([*BY_SUBSET, *BY_CLASS], [1], [ALL, DATA]),
    *itertools.product(BY_SUBSET, [3], [DATA]),
    *itertools.product(BY_CLASS, [10], [DATA]),
    *itertools.product([draw_norm_contraction, draw_class_agreement, draw_norm_evolution], [1]),
    *itertools.product([draw_norm_evolution], [2, 10]),
    (draw_norm_evolution, 10, (3, 32, 32)),
    (draw_spectra, 7, ALL),
    (draw_sample_grid, 10, ALL, (3, 32, 32)),
    (draw_assumptions, DATA),
    (draw_eigenfaces, 1, ["diffusion", "data"]),
    (draw_eigenfaces, 10, ["data"], 5, (3, 8, 8)),
    (draw_controls, 1),
    (draw_concentration, 1, ALL),
    (draw_quantisation, 50, 4, 1e-5),
    (draw_quantisation, 200, 8),
    (draw_contraction, 10),
    (draw_real_transition_times, None),
]
CASES = [
    *itertools.product(BY_SUBSET, [3], [ALL]),
    *itertools.product(BY_CLASS, [10], [ALL]),
    (draw_sample_grid, 10, DATA, (1, 8, 8), 1),
    *itertools.product([draw_norm_contraction, draw_class_agreement], [10]),
    (draw_norm_evolution, 17),
    (draw_assumptions, ALL),
    (draw_eigenfaces, 7, ["diffusion", "data"], 9),
    (draw_controls, 200),
    (draw_concentration, 7, DATA, ()),
    (draw_quantisation, 16, 8),
    (draw_contraction, 1, 1, True, 1),
    (draw_real_transition_times, 0.1),
    (draw_transition_times, *transition_times.NAMES, "a_module:function"),
    (draw_numerical_rank, [100, 300, 1000], CLASSES[10][:4]),
    (draw_semantic_directions, ["study", "mixture"]),
    *(pytest.param(case, marks=pytest.mark.slow) for case in LONGER),
]


def name_of(case):
    draw, *arguments = case
    names = ["all" if a is ALL else "data" if a is DATA else str(a) for a in arguments]
    return "-".join([draw.__name__.removeprefix("draw_"), *names])


@dataclass
class Rendered:
    """A figure, the box in pixels of each text drawn in it, and the warnings while drawing."""

    figure: plt.Figure
    boxes: dict
    warnings: list

    def overlaps(self):
        """Pairs of texts whose boxes share more than a pixel either way."""
        extents = np.array([box.extents for box in self.boxes.values()])
        low = np.maximum(extents[:, None, :2], extents[None, :, :2])
        high = np.minimum(extents[:, None, 2:], extents[None, :, 2:])
        first, second = np.nonzero(np.triu(((high - low) > 1).all(axis=-1), k=1))
        texts = [text.get_text() for text in self.boxes]
        return [(texts[i], texts[j]) for i, j in zip(first, second, strict=True)]


@pytest.fixture(scope="module", params=CASES, ids=name_of)
def rendered(request):
    draw, *arguments = request.param
    boxes, draw_text = {}, Text.draw

    def remember(text, renderer):
        if text.get_visible() and text.get_text().strip():
            boxes[text] = text.get_window_extent(renderer)
        draw_text(text, renderer)

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        patch.setattr(Text, "draw", remember)
        figure = draw(*arguments)
        figure.canvas.draw()
    yield Rendered(figure, boxes, [str(warning.message) for warning in caught])
    plt.close(figure)


def test_drawing_warns_of_nothing(rendered):
    assert rendered.warnings == []


def test_text_lies_within_the_figure(rendered):
    whole = rendered.figure.bbox.padded(1)
    outside = [
        text.get_text()
        for text, box in rendered.boxes.items()
        if not (whole.contains(*box.min) and whole.contains(*box.max))
    ]
    assert rendered.boxes
    assert outside == []


def test_every_panel_shows_data(rendered):
    """Panels without data, or with axhline alone, have infinite data limits."""
    panels = [panel for panel in rendered.figure.findobj(plt.Axes) if panel.get_visible()]
    assert panels
    for panel in panels:
        assert np.isfinite(panel.dataLim.get_points()).all()
        assert panel.viewLim.overlaps(panel.dataLim)


def test_no_legend_covers_text(rendered):
    for legend in rendered.figure.findobj(Legend):
        own, frame = legend.findobj(Text), legend.get_window_extent().padded(-1)
        covered = [
            text.get_text()
            for text, box in rendered.boxes.items()
            if text not in own and frame.overlaps(box)
        ]
        assert covered == []


def test_no_text_covers_text(rendered):
    assert rendered.overlaps() == []


def test_shares_of_verdicts_of_the_controls():
    """Four repetitions: inside, across, beyond the margin, and inside without zero."""
    low, high = np.array([-0.01, 0.01, -0.05, 0.001]), np.array([0.01, 0.03, -0.021, 0.019])
    verdicts = pd.DataFrame(dict(repetition=range(4), excess=(low + high) / 2, low=low, high=high))
    verdicts = verdicts.assign(control="gaussian", margin=0.02)
    found = controls.table(verdicts, control_tables(1)[1])
    shares = found[found["panel"] == "verdicts"].set_index("quantity")
    assert shares["value"].to_dict() == {
        "not universal": 0.25,
        "inconclusive": 0.25,
        "universal within the margin": 0.5,
        "interval without zero": 0.75,
    }
    assert shares.loc["not universal", "low"] == pytest.approx(stats.beta.ppf(0.025, 1, 4))
    assert shares.loc["not universal", "high"] == pytest.approx(stats.beta.ppf(0.975, 2, 3))


def test_gaps_of_the_controls_are_over_what_was_fitted():
    verdicts, gaps = control_tables(4)
    found = controls.table(verdicts, gaps)
    means = found[found["panel"] == "estimation"].set_index(["case", "quantity", "at"])["value"]
    assert means["sample", "gap", 48] == pytest.approx(5 / 48)
    assert means["sample", "control", 48] == pytest.approx(3 / 48)
    assert means["ledoit_wolf", "gap", 512] == pytest.approx(2 / 512)


@pytest.mark.parametrize("origins", [ALL, DATA], ids=["all", "data"])
@pytest.mark.parametrize("draw", [draw_accuracy, draw_gram, draw_spectra])
def test_shared_legend_names_each_origin_once(draw, origins):
    figure = draw(1, origins)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [style.LABELS[o] for o in origins]
    plt.close(figure)


def test_every_chosen_class_has_trajectories():
    classes = CLASSES[20][:12]
    steps = norm_contraction.decreases(trajectory(classes))
    figure = norm_contraction.draw(steps, contraction_table(steps), classes, 5)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [f"class {c}" for c in classes]
    plt.close(figure)


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


def test_at_most_twenty_classes_have_histograms():
    figure = norms.draw(norms_of([str(k) for k in range(23)], DATA[:1]))
    assert sum(panel.get_visible() for panel in figure.axes) == 20
    plt.close(figure)


def test_explained_shares_by_hand():
    faces = faces_of(["a"], ["data", "diffusion"], 3, (1, 2, 2))
    faces["a", "diffusion"]["trace"] = 0.0
    faces["a", "diffusion"]["eigenvalues"] = np.zeros(3)
    found = eigenfaces.table(faces)
    assert found["rank"].tolist() == [1, 2, 3] * 2
    np.testing.assert_allclose(found["share"], [0.15, 0.1, 0.05, 0, 0, 0])
    np.testing.assert_allclose(found["cumulative"], [0.15, 0.25, 0.3, 0, 0, 0])


def test_colours_of_eigenvectors():
    """One channel: white at 0, mirrored signs; three: grey at 0, a channel bright or dark."""
    one = eigenfaces.coloured(np.array([[[0.0, 0.2, -0.2]]]))
    np.testing.assert_allclose(one[0, 0], 0.97, atol=0.01)
    assert one[0, 1, 2] > one[0, 1, 0]
    assert one[0, 2, 0] > one[0, 2, 2]
    three = eigenfaces.coloured(np.array([0.0, 0.5, -0.25]).reshape(3, 1, 1))
    np.testing.assert_allclose(three, [[[0.5, 1.0, 0.25]]])


def test_cells_of_the_assumptions_say_verdict_trend_and_what_is_wanted():
    figure = draw_assumptions(DATA)
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert texts.count("not decided\n−1.40 ± 0.20 (≤ −0.75)") == 2 * 9
    assert texts.count("fails\n0 at some size") == 2 * 2
    plt.close(figure)


def test_the_table_of_assumptions_has_all_subsets():
    found = assumptions.table(measured_assumptions(ALL, ["pair", "ten"]))
    assert len(found) == 2 * 4 * len(assumptions.QUANTITIES) * 5


@pytest.fixture
def three_seeds():
    """Accuracies of data and of its Gaussian data, whose seeds stand in another order."""
    gaussian = {2: 0.9, 0: 0.7, 1: 0.7}
    rows = [("data", seed, value) for seed, value in enumerate([0.8, 0.9, 1.0])]
    rows += [("data-gaussian", seed, value) for seed, value in gaussian.items()]
    frame = pd.DataFrame(rows, columns=["origin", "seed", "test_accuracy"])
    exact = frame["test_accuracy"].where(frame["origin"] == "data-gaussian") + 0.01
    return frame.assign(subset="pair", loss="mse", train_size=8, exact_accuracy=exact)


def test_accuracy_over_seeds(three_seeds):
    found = accuracy.table(three_seeds)
    assert found["origin"].tolist() == ["data", "data-gaussian"]
    assert found["seeds"].tolist() == [3, 3]
    np.testing.assert_allclose(found["mean"], [0.9, 2.3 / 3])
    np.testing.assert_allclose(found["std"], [0.1, np.sqrt(1 / 75)])
    np.testing.assert_allclose(found["exact"], [np.nan, 2.3 / 3 + 0.01])


def test_accuracy_of_one_seed_has_no_spread(three_seeds):
    found = accuracy.table(three_seeds[three_seeds["seed"] == 1])
    assert found["std"].isna().all()


def test_accuracy_keeps_settings_apart(three_seeds):
    settings = list(itertools.product(["pair", "ten"], ["mse", "cross_entropy"], [8, 16]))
    frames = [
        three_seeds.assign(
            subset=subset,
            loss=loss,
            train_size=size,
            test_accuracy=lambda f, i=i: f.test_accuracy + i,
        )
        for i, (subset, loss, size) in enumerate(settings)
    ]
    found = accuracy.table(pd.concat(frames))
    of_data = found[found["origin"] == "data"]
    assert (
        list(zip(of_data["subset"], of_data["loss"], of_data["train_size"], strict=True))
        == settings
    )
    np.testing.assert_allclose(of_data["mean"], 0.9 + np.arange(8))


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


@pytest.mark.parametrize(("module", "key"), [(spectra, "image_class"), (gram, "subset")])
def test_null_eigenvalues_are_not_drawn(module, key):
    """The threshold is the largest eigenvalue times 4 machine epsilons: 3.6e-15 and 8.9e-10."""
    values = {"x": [4.0, 1.0, 3.7e-15, 3.5e-15], "y": [1e6, 1e-9, 8e-10, 0.0], "z": [3.0, 0, 0, 0]}
    frame = product(**{key: values}, origin=["data"], rank=[1, 2, 3, 4])
    frame["eigenvalue"] = np.concatenate(list(values.values()))
    found = module.table(frame)
    assert found[key].tolist() == list("xxxyyz")
    assert found["rank"].tolist() == [1, 2, 3, 1, 2, 1]
    assert found["eigenvalue"].tolist() == [4.0, 1.0, 3.7e-15, 1e6, 1e-9, 3.0]


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


def test_mosaic_has_lines_between_images():
    images = np.arange(12.0).reshape(3, 1, 2, 2)
    expected = [[0, 1, 0.3, 4, 5, 0.3, 8, 9], [2, 3, 0.3, 6, 7, 0.3, 10, 11]]
    np.testing.assert_array_equal(sample_grid.mosaic(images), [expected])


def test_mosaic_keeps_channels():
    images = np.stack([np.zeros((3, 4, 5)), np.ones((3, 4, 5))])
    images[1, 2] = 0.5
    found = sample_grid.mosaic(images)
    assert found.shape == (3, 4, 11)
    np.testing.assert_array_equal(found[:, 0, 6], [1, 1, 0.5])


def test_pixels_shown():
    images = np.array([0.0, 1.0, -0.5, 1.5]).reshape(2, 1, 1, 2)
    found = sample_grid.table({"data": {"7": images, "8": images[:1]}})
    expected = dict(
        origin=["data", "data"],
        image_class=["7", "8"],
        images=[2, 1],
        pixel_mean=[0.5, 0.5],
        pixel_std=[np.sqrt(0.625), 0.5],
        outside=[0.5, 0.0],
    )
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected))


def save_gram(folder, table):
    """A figure's files, by their kind."""
    files = {kind: folder / f"gram.{kind}" for kind in ("pdf", "png", "csv")}
    style.save(draw_gram(1, DATA), table, **files)
    return files


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The bytes of a saved figure's files, by their kind."""
    before = plt.get_fignums()
    files = save_gram(tmp_path_factory.mktemp("bytes"), pd.DataFrame(dict(rank=[1])))
    assert plt.get_fignums() == before  # it is closed
    return {kind: file.read_bytes() for kind, file in files.items()}


def test_saving_makes_a_pdf_a_png_and_a_table(saved):
    """The PDF with TrueType, which editors and publishers take, and not drawn glyphs (Type 3)."""
    assert saved["pdf"].startswith(b"%PDF")
    assert b"/FontFile2" in saved["pdf"]
    assert b"/Type3" not in saved["pdf"]
    assert saved["png"].startswith(b"\x89PNG")
    assert saved["csv"] == b"rank\n1\n"


def test_the_same_figure_gives_the_same_bytes(saved, tmp_path):
    files = save_gram(tmp_path, pd.DataFrame(dict(rank=[1])))
    assert saved == {kind: file.read_bytes() for kind, file in files.items()}


def test_class_agreement_by_hand():
    """8 of 10 images of b are in b; no image was meant for a."""
    votes = np.array([[1, 8, 1], [0, 2, 8]])
    summary = class_agreement.table(votes, ["b", "c"], ["a", "b", "c"])
    assert summary["voted"].tolist() == list("abcabc")
    assert summary["share"].tolist() == [0.1, 0.8, 0.1, 0.0, 0.2, 0.8]
    assert class_agreement.agreement(summary) == (0.8, 20)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A saved figure's PNG and table."""
    summary = gram.table(eigenvalues(subset=["pair"], origin=DATA))
    files = save_gram(tmp_path_factory.mktemp("kept"), summary)
    return files["png"], files["csv"]


def test_a_saved_figure_is_recognised(kept):
    style.require_saved(*kept)


@pytest.mark.parametrize("which", [0, 1])
def test_a_flipped_bit_of_a_saved_figure_or_its_table_is_found(kept, which):
    """100 random bits, and a cut, of the PNG and of the table."""
    generator, path = np.random.default_rng(which), kept[which]
    whole = path.read_bytes()
    try:
        for position in generator.integers(len(whole), size=100):
            changed = bytearray(whole)
            changed[position] ^= 1 << generator.integers(8)
            path.write_bytes(changed)
            with pytest.raises(InputError, match=rf"{path.name}: expected"):
                style.require_saved(*kept)
        for changed in (whole[:-1], whole[: len(whole) // 2], b"", whole + b"\0"):
            path.write_bytes(changed)
            with pytest.raises(InputError, match=rf"{path.name}: expected"):
                style.require_saved(*kept)
    finally:
        path.write_bytes(whole)


def test_another_figure_under_the_name_is_found(kept, tmp_path):
    for path, name in zip(kept, ("a.png", "a.csv"), strict=True):
        (tmp_path / name).write_bytes(path.read_bytes())
    with pytest.raises(InputError, match=r"a\.png: expected the figure that was written here"):
        style.require_saved(tmp_path / "a.png", tmp_path / "a.csv")


def test_a_figure_without_its_table(kept, tmp_path):
    with pytest.raises(InputError, match=r"a\.csv: expected a figure's file, found none"):
        style.require_saved(kept[0], tmp_path / "a.csv")


def test_concentration_table_judges_each_functional():
    """Whole intervals at most 1, above 1, and neither; shares at t = 1 to 5."""
    ratios = pd.DataFrame(
        dict(
            population="data",
            image_class="7",
            functional=["norm", "maximum", "relu_norm"],
            ratio=[0.5, 1.0, 2.0],
            low=[0.4, 0.9, 1.5],
            high=[1.0, 1.1, 3.0],
        )
    )
    tails = pd.DataFrame(dict(population="data", image_class="7", t=GRID))
    tails = tails.assign(norm=1 - GRID / 10, maximum=0.0, relu_norm=GRID / 100)
    found = concentration.table(ratios, concentration.tails([tails]))
    assert found["holds"].tolist() == [True, False, False]
    assert found["exceeds"].tolist() == [False, False, True]
    np.testing.assert_allclose(found["beyond_3"], [0.7, 0, 0.03])
    np.testing.assert_allclose(found["beyond_5"], [0.5, 0, 0.05])
    assert found["functional"].tolist() == ratios["functional"].tolist()


def test_every_base_of_the_sampler_has_a_line():
    from gaussianity.sampling import BASES

    assert set(concentration.BASES) == {f"base-{base}" for base in BASES}
    colours = [concentration.look(name)["color"] for name in (*ALL, *concentration.BASES)]
    assert len(set(colours)) == len(colours)


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


def test_theory_alone():
    theory = transition_theory(["sign"])
    pd.testing.assert_frame_equal(
        transition_times.table(theory).drop(columns="kind"), theory, check_like=True
    )


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
