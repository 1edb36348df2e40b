"""Where the sampler may start from a state in closed form, see sampling.gaussian_start."""

import numpy as np
import torch

from gaussianity.errors import InputError
from gaussianity.linear.levels import evaluated
from gaussianity.linear.measures import residuals

LARGEST_KL = 0.005  # nats: the images' distribution moves by at most .05 in total variation


def saved(step, steps):
    """Share of network evaluations that a start at this step saves.

    >>> saved(3, 12)  # 6 of 23
    0.2608695652173913
    """
    return 2 * step / (2 * steps - 1)


def steps_below(sigmas, nats, largest=LARGEST_KL):
    """Last step from whose level upwards the divergence is at most `largest`.

    The images' distribution moves by at most sqrt(largest / 2) in total variation. This holds for
    noise at the rate of the reverse diffusion; for a deterministic sampler it is a scale.

    Args:    sigmas - levels of the sampler (steps,), falling; nats - per e-fold at each of them.
    Returns: number of the step, 0 for the latent.
    """
    return int(np.flatnonzero(divergence_above(sigmas, nats) <= largest)[-1])


def divergence_above(sigmas, nats):
    """Integral of the nats over ln sigma, from each level to the highest: float64 (steps,).

    Args:    see `steps_below`.
    """
    logs, nats = np.log(np.asarray(sigmas)), np.asarray(nats)
    return np.concatenate([[0.0], np.cumsum((nats[1:] + nats[:-1]) / 2 * -np.diff(logs))])


def nats_of_states(denoiser, label, start, sigmas, normal, *, batch_size, device="cpu"):
    """E|D - D_W|^2 / sigma^2 on states of the normal distribution, x ~ N(mean, C + sigma^2).

    Args:    denoiser, label - the network and its label of the class; start - GaussianStart of the
             class; sigmas - levels; normal - standard normal (n, C, H, W), the same at every level.
    Returns: float64 (levels,), nats per e-fold of sigma.
    """
    normal, found = torch.as_tensor(normal, dtype=torch.float64), []
    for sigma in sigmas:
        x = start.state(normal, sigma, sigma, random=True)
        denoised = evaluated(denoiser, x, sigma, label, batch_size, device)
        found.append(residuals(denoised, start.denoised(x, sigma)).mean() / sigma**2)
    return np.array(found)


def start_levels(sigmas, nats, level, largest):
    """The level at which a sampler may start, and the bound of every level.

    Args:    sigmas, nats - see `steps_below`; level - lowest noise level of the start, or None for
             the lowest one whose bound is at most `largest`; largest - of the bound, total
             variation.
    Returns: dict of columns, a row per level: step, sigma, nats, kl - divergence of the states,
             bound - of the total variation, sqrt(kl / 2), at most 1; is_start.
    Raises:  InputError - the bound of the given level is above `largest`.
    """
    sigmas, kl = np.asarray(sigmas), divergence_above(sigmas, nats)
    bound = np.minimum(np.sqrt(kl / 2), 1)
    allowed = bound <= largest if level is None else sigmas >= level * (1 - 1e-9)
    step = int(np.flatnonzero(allowed)[-1])
    if bound[step] > largest:
        raise InputError(
            f"config: sampling.start_level: expected a level at which the images' distribution "
            f"moves by at most {largest:g} in total variation (sampling.start_bound), found "
            f"{bound[step]:.3g} at sigma {sigmas[step]:.3g}; raise the level, or set it to null"
        )
    steps = np.arange(len(sigmas), dtype=np.int32)
    return dict(
        step=steps,
        sigma=sigmas,
        nats=nats,
        kl=kl,
        bound=bound,
        is_start=(steps == step).astype(np.int32),
    )


def steps_of_loss(sigmas, gaussian_loss, network_loss):
    """Last step from whose level upwards the Gaussian denoises held-out images as well.

    Args:    sigmas - levels (steps,), falling; gaussian_loss, network_loss - mean squared errors of
             both denoisers on images that neither was made from (steps,).
    """
    worse = np.flatnonzero(np.asarray(gaussian_loss) > np.asarray(network_loss))
    return int(worse[0]) - 1 if len(worse) else len(sigmas) - 1
