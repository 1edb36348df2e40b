"""Cloning: two reverse processes that part at a time t, do they end alike?

Both start from one state at t and meet independent noise. They end in one class almost surely if
that was chosen before t, and at one training point if the process had collapsed.

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
    """States at the forks and the ends of two clones of each.

    Args:    score - (x, t) -> grad log P_t(x); latents - (n, ...) at times[0]; times - falling;
             forks - times between the first and the last of them; noises - called once for the way
             to each fork and for each clone, for what `reverse` takes as noise.
    Yields:  of each fork, late ones first: its time, the state (n, ...) and two ends (n, ...).
    """
    state, now = latents, times[0]
    for fork in sorted(forks, reverse=True):
        state = reverse(score, state, _between(times, now, fork), noises())
        rest = _between(times, fork, times[-1])
        yield fork, state, [reverse(score, state, rest, noises()) for _ in range(2)]
        now = fork


def _between(times, first, last):
    """Those of the falling times that lie strictly between two, and these."""
    inside = times[(times < first) & (times > last)]
    return np.concatenate([[first], inside, [last]])


def training_set_clones(rows, labels, forks, *, pairs, steps, span, generator):
    """Clones under the exact score of a training set, beside what the posterior says of them.

    Args:    rows - (N, d); labels - classes (N,); forks - times; pairs - of clones; steps - of the
             reverse process; span - its first and last time: where nothing is known of x_0, and
             where all is; generator - NumPy generator.
    Returns: dict of columns, a row per fork: time; same_class and same_point, the shares of pairs
             that end so, each with its binomial _error; posterior_class and posterior_point, the
             probabilities of it given the states at the fork, means over these.
    """
    shape = (rows.shape[1], 1, 1)
    score = score_of(EmpiricalDenoiser(rows, shape))

    def noises():
        return ImageNoise(generator.integers(2**32, size=pairs), shape)

    latents, found = noises().normal(rows.dtype), []  # P_t at a late time is N(0, I)
    times = reverse_times(*span, steps)
    for time, state, ends in forked(score, latents, times, forks, noises):
        # The posterior is of the image with noise of variance e^2t - 1 instead of x_t.
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
