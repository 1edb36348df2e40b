"""Made-up tables of the figures of low-rank Gaussians, and the figures drawn from them."""

import numpy as np
import pandas as pd
from figure_cases import CLASSES, product

from gaussianity.molrg.edits.edit_summary import edit_summary
from gaussianity.molrg.figures import numerical_rank, semantic_directions
from gaussianity.molrg.rank_summary import rank_summary


def ranks(**labels):
    """Ranks of three initial noises at 18 noise levels by both definitions; the rank rises as the
    noise falls."""
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
    return numerical_rank.draw(rank_summary(mixture_ranks(lengths), of_classes))


def trials_of(maps, successes):
    """Trials of maps of 2 x 3 cells; where N >= d the first `successes` of 4 succeed."""
    rows = [
        dict(method=m, components=k, noise=noise, dimension=d, samples=n, trial=trial)
        | dict(spectral=0.1 if n >= d and trial < successes else 0.9, frobenius=0.3)
        for m, k, noise in maps
        for d in (2, 3)
        for n in (2, 3, 4)
        for trial in range(4)
    ]
    return pd.DataFrame(rows)


def edit_effects(denoisers, images=3, directions=5, **labels):
    """Effects that fall with the index of the singular value and are proportional to the
    strength. Principal directions move the image as singular vectors do, and the classifier half as
    far."""
    frame = product(
        **dict(part=["edits"], sigma=[1.9]) | labels,
        denoiser=denoisers,
        image=range(images),
        kind=["singular", "principal", *semantic_directions.RANDOM],
        index=range(1, directions + 1),
        strength=[-4.0, -2.0, 2.0, 4.0],
    )
    size = frame["strength"].abs() * (1 + 0.1 * frame["image"])
    size = size.where(frame["kind"].isin(semantic_directions.RANDOM), size * 4 / frame["index"])
    half = frame["kind"].eq("principal").map({True: 0.5, False: 1.0})
    moved = dict(rms_change=0.01 * size, probability_moved=0.02 * half * size)
    about = dict(switched=(size > 10).astype(float), accuracy=0.966, residual=0.0)
    return frame.assign(seed=100 + frame["image"], round_trip=np.nan, **moved, **about)


def draw_semantic_directions(denoisers, shape=(1, 8, 8), shown=2, *, more=True):
    """more - whether there are a sweep and given images."""
    tables, generator = [edit_effects(denoisers)], np.random.default_rng(0)
    images = generator.uniform(-1, 1, (shown, 4, 5, *shape))
    given = dict.fromkeys(denoisers, generator.uniform(-1, 1, (shown, 4, 6, *shape)))
    if more:
        swept = dict(part=["sweep"], sigma=[0.5, 2.0, 8.0])
        tables.append(edit_effects(denoisers, directions=2, **swept))
        tables.append(edit_effects(denoisers, part=["inversion"]).assign(round_trip=0.025))
    summary = edit_summary(pd.concat(tables, ignore_index=True))
    pictures = dict.fromkeys(denoisers, images)
    strengths = [-4, -2, 0, 2, 4]
    return semantic_directions.draw(summary, pictures, given if more else {}, strengths)


def draw_edits_alone(denoisers):
    return draw_semantic_directions(denoisers, more=False)


CASES = [
    (draw_numerical_rank, [100, 300, 1000], CLASSES[10][:4]),
    (draw_semantic_directions, ["study", "mixture"]),
]
LONGER = [
    (draw_numerical_rank, [100, 300, 1000, 3000], CLASSES[10]),
    (draw_numerical_rank, [100], None),
    (draw_semantic_directions, ["mixture"], (3, 32, 32), 1),
    (draw_edits_alone, ["study", "mixture"]),
]
