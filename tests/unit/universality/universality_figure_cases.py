"""Made-up tables of the figures of universality, and the figures drawn from them."""

import itertools

import numpy as np
import pandas as pd
from figure_cases import ALL, CLASSES, DATA, SUBSETS, product

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.drawing import style
from gaussianity.universality.concentration import GRID, gaussian_bound, judged, tails
from gaussianity.universality.controls.control_summary import summary
from gaussianity.universality.figures import (
    assumptions,
    comparison,
    concentration,
    controls,
    verdict,
)
from gaussianity.universality.verdict.equivalence import OUTCOMES


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


def control_tables(repetitions):
    """Intervals around their true excess, and estimates that fall towards the true accuracy."""
    truth = dict(gaussian=0.0, one_pool=0.0, uniform=np.nan, two_modes=-0.08)
    truth |= dict(modes_at_margin=-0.02, tails_at_margin=0.02)
    found = product(control=list(truth), repetition=range(repetitions)).assign(margin=0.02)
    generator = np.random.default_rng(0)
    found["truth"] = found["control"].map(truth)
    excess = found["truth"].fillna(-0.005) + generator.normal(0, 0.005, len(found))
    reach = 0.0082 + 0.0001 * generator.normal(size=len(found))
    found = found.assign(excess=excess, low=excess - reach, high=excess + reach)
    found["outcome"] = generator.choice(list(OUTCOMES.values()), len(found))
    gaps = product(
        law=["normal", "t_5"],
        images_per_pixel=[0.75, 2, 8],
        repetition=range(min(repetitions, 10)),
    )
    gaps["data"] = 0.7 + np.random.default_rng(1).normal(0, 0.01, len(gaps))
    for name, height in dict(sample=0.1, ledoit_wolf=0.05, mixing=0.01).items():
        gaps[name] = gaps["data"] + height / gaps["images_per_pixel"]
    return found, gaps


def draw_controls(repetitions):
    return controls.draw(summary(*control_tables(repetitions)))


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


def verdicts(subsets, sources, reach=0.05):
    """Excesses that change sign with the size, with intervals that narrow as it grows."""
    frame = product(
        subset=subsets, loss=list(LOSS_NAMES), source=sources, train_size=[8, 32, 128, 512]
    )
    frame["excess"] = 0.3 / frame["train_size"] - 0.01
    width = 10 * reach / frame["train_size"] ** 0.4
    first = (frame["source"] == sources[0]) & (frame["loss"] == "least_squares")
    frame["primary"] = first & (frame["train_size"] == 512)
    return frame.assign(low=frame["excess"] - width, high=frame["excess"] + width)


def draw_verdict(count, sources, reach=0.05):
    return verdict.draw(verdicts(SUBSETS[count], sources, reach), 0.02)


def draw_comparison(count, sources):
    """Gaps of both signs, and one that is not known."""
    style.name_sources(sources)
    pairs = list(itertools.combinations(sources, 2))
    frame = product(subset=SUBSETS[count], pair=range(len(pairs)))
    frame["first"], frame["second"] = zip(*(pairs[k] for k in frame.pop("pair")), strict=True)
    frame["gap"] = np.linspace(-0.1, 0.1, len(frame) + 1)[:-1]
    frame = frame.assign(low=frame["gap"] - 0.02, high=frame["gap"] + 0.02)
    closer = np.where(frame["low"] > 0, frame["second"], frame["first"])
    known = (frame["low"] > 0) | (frame["high"] < 0)
    return comparison.draw(frame.assign(closer=np.where(known, closer, "cannot tell")))


CASES = [
    (draw_comparison, 3, ["diffusion", "data", "gan"]),
    (draw_assumptions, ALL),
    (draw_verdict, 3, ["diffusion", "data"]),
    (draw_controls, 200),
    (draw_concentration, 7, DATA, ()),
]
LONGER = [
    (draw_verdict, 20, ["diffusion", "data"]),
    (draw_verdict, 1, ["data"], np.inf),
    (draw_assumptions, DATA),
    (draw_controls, 1),
    (draw_concentration, 1, ALL),
    (draw_concentration, 20, ALL),
]
