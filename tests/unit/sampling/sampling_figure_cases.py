"""Made-up tables of the figures of sampling, and the figures drawn from them."""

import itertools

import numpy as np
from figure_cases import CLASSES, product

from gaussianity.sampling.contraction_summary import contraction_summary
from gaussianity.sampling.figures import (
    contraction,
    norm_contraction,
    norm_evolution,
    sampler_variance,
)
from gaussianity.sampling.norms import decrease_moments, decrease_summary, norm_decreases
from gaussianity.sampling.variance_table import class_moments, table

STEPS = 16


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


def decrease_table(steps):
    return decrease_summary([decrease_moments(steps)])


def draw_norm_contraction(count):
    classes = CLASSES[count]
    steps = norm_decreases(trajectory(classes))
    return norm_contraction.draw(steps, decrease_table(steps), classes[:4], 5)


def stretches(classes, images=4, ranks=8, closed=False):
    """Contraction tables whose constants exceed 1 below sigma 1."""
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
    return contraction.draw(contraction_summary(frame))


def draw_norm_evolution(kept, shape=(1, 8, 8)):
    norms = trajectory(CLASSES[10], images=20)
    steps = np.unique(np.linspace(0, STEPS, kept).astype(int))
    images = np.random.default_rng(0).uniform(-1, 1, (2, kept, *shape))
    sigma = norms.drop_duplicates("step").set_index("step")["sigma"][steps].to_numpy()
    snapshots = dict(x=images * 3, denoised=images, step=steps, sigma=sigma)
    schedule = norms[["step", "sigma"]].drop_duplicates()
    shown = norms[norms["step"].isin(steps)]
    return norm_evolution.draw(shown, schedule, snapshots, "automobile")


def draw_sampler_variance(steps, compared=True, start=None):
    rows = np.random.default_rng(0).standard_normal((200, 40)) / np.arange(1, 41) + 0.3
    generated = 1.1 * rows + 0.01
    found = class_moments(rows if compared else None, generated)
    noise = dict(sigma_min=0.002, sigma_max=80.0, rho=7.0)
    noise |= dict(S_churn=5.0, S_min=0.05, S_max=50.0, S_noise=1.003)
    return sampler_variance.draw(table([found], dict(steps=steps, **noise), start))


CASES = [
    (draw_sampler_variance, 6),
    (draw_norm_contraction, 10),
    (draw_norm_evolution, 17),
    (draw_contraction, 1, 1, True, 1),
]
LONGER = [
    (draw_sampler_variance, 200, False),
    (draw_sampler_variance, 40, True, dict(step=9, sigma=7.7, bound=0.043)),
    *itertools.product([draw_norm_contraction], [1, 20]),
    *itertools.product([draw_norm_evolution], [1, 2, 10]),
    (draw_norm_evolution, 10, (3, 32, 32)),
    (draw_contraction, 10),
]
