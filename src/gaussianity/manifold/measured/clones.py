"""Clones: two reverse processes that separate at a time t. Do they end at the same place?

Both start from one state at time t and then have independent noise. They end in one class with
probability near 1 if the class was chosen before. They end at one training point if the process had
collapsed.

Source: Biroli et al. (2024), arXiv 2402.18491, "U-turn" and cloning experiments.
"""

import numpy as np
import torch

from gaussianity.denoisers.empirical_score import EmpiricalDenoiser, nearest_rows, weights
from gaussianity.intervals import binomial_error
from gaussianity.io.columns import from_rows
from gaussianity.manifold.process import noise_level, reverse, reverse_times, score_of
from gaussianity.sampling.sampler import ImageNoise


def forked(score, latents, times, forks, noises):
    """States at the forks, and the ends of two clones of each.

    Args:    score - (x, t) -> grad log P_t(x); latents - (n, ...) at times[0]; times - falling;
             forks - times between the first and the last of them; noises - function that returns a
             noise for `reverse`, called once for the path to each fork and once for each clone.
    Yields:  for each fork, latest first: its time, the state (n, ...) and two ends (n, ...).
    """
    state, now = latents, times[0]
    for fork in sorted(forks, reverse=True):
        state = reverse(score, state, _between(times, now, fork), noises())
        rest = _between(times, fork, times[-1])
        yield fork, state, [reverse(score, state, rest, noises()) for _ in range(2)]
        now = fork


def _between(times, first, last):
    """The falling times strictly between two times, with these two as first and last."""
    inside = times[(times < first) & (times > last)]
    return np.concatenate([[first], inside, [last]])


def training_set_clones(rows, labels, forks, *, pairs, steps, span, generator):
    """Clones under the exact score of a training set, and the posterior's predictions for them.

    Args:    rows - (N, d); labels - classes (N,); forks - times; pairs - number of pairs of clones;
             steps - of the reverse process; span - its first time, at which x_t has no information
             about x_0, and its last time, at which x_t determines x_0; generator - NumPy generator.
    Returns: dict of columns, a row per fork: time; same_class and same_point, the shares of pairs
             with the same end, each with its binomial _error; posterior_class and posterior_point,
             the means of their probabilities given the states at the fork.
    """
    shape = (rows.shape[1], 1, 1)
    score = score_of(EmpiricalDenoiser(rows, shape))

    def noises():
        return ImageNoise(generator.integers(2**32, size=pairs), shape)

    latents, found = noises().normal(rows.dtype), []  # P_t at a late time is N(0, I)
    times = reverse_times(*span, steps)
    for time, state, ends in forked(score, latents, times, forks, noises):
        # `weights` takes the image with noise of variance e^2t - 1, which is e^t x_t.
        known = weights(np.exp(time) * state.flatten(1), rows, noise_level(time), labels=labels)
        points = [nearest_rows(np.exp(times[-1]) * end.flatten(1), rows) for end in ends]
        same_point = (points[0] == points[1]).double().mean().item()
        classes = torch.as_tensor(labels)
        same_class = (classes[points[0]] == classes[points[1]]).double().mean().item()
        found.append(
            dict(
                time=time,
                same_class=same_class,
                same_class_error=binomial_error(same_class, pairs),
                same_point=same_point,
                same_point_error=binomial_error(same_point, pairs),
                posterior_class=known.same_class.mean().item(),
                posterior_point=known.participation.mean().item(),
            )
        )
    return from_rows(found)
