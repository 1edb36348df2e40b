"""Made-up tables of every figure, and the figures drawn of them."""

import itertools

import numpy as np
import pandas as pd

from gaussianity.classifiers.figures import accuracy, predicted_accuracy
from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.classifiers.measured_accuracy import against_prediction, over_seeds
from gaussianity.data.figures import class_agreement, sample_grid
from gaussianity.drawing import style
from gaussianity.manifold.figures import real_transition_times, transition_times
from gaussianity.manifold.theory.two_classes import TwoClasses
from gaussianity.molrg.figures import numerical_rank, semantic_directions
from gaussianity.moments.figures import eigenfaces, gram, norms, quantisation, spectra
from gaussianity.sampling.figures import contraction, norm_contraction, norm_evolution
from gaussianity.universality.concentration import GRID, gaussian_bound, judged, tails
from gaussianity.universality.control_summary import summary
from gaussianity.universality.figures import assumptions, concentration, controls

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
        loss=list(LOSS_NAMES),
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
    return accuracy.draw(over_seeds(scores(SUBSETS[count], origins)))


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
    return pd.concat(ratios, ignore_index=True), tails(survival)


def draw_concentration(count, origins, bases=tuple(concentration.BASES)):
    ratios, survival = concentrations(CLASSES[count], origins, bases)
    drawn = judged(ratios, survival)
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
    return predicted_accuracy.draw(against_prediction(measured, predictions))


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
    return controls.draw(summary(*control_tables(repetitions)), 0.02)


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
