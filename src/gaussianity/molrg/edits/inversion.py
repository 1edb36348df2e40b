"""States of the deterministic sampler whose trajectories end at given images.

The probability flow ODE of Karras et al. (2022), eq. 1, is solved from the lowest noise level
upwards. This is the inversion of Song, Meng and Ermon (2021), "Denoising diffusion implicit
models", section 4.3, here with Heun's steps.
"""

import torch

from gaussianity.molrg.edits.semantic_directions import State
from gaussianity.sampling.limits import LOWEST
from gaussianity.sampling.sampler import Step, sigma_schedule


@torch.no_grad()
def inverted_state(denoiser, images, class_labels, sigma, *, steps):
    """The State at a noise level from which the sampler returns to the images, up to its error.

    An image is taken as the state of the lowest noise level. The way up has one step less than the
    way down, whose last step ends at noise level 0.

    Args:    images - (n, C, H, W) in the network form; class_labels - one-hot (n, label_dim) or
             None; sigma - noise level of the state; steps - of the sampler from this level to 0, at
             least 2.
    Returns: State; its images are those of the way down.
    """
    lowest = max(LOWEST, getattr(denoiser, "sigma_min", 0.0))
    highest = min(sigma, getattr(denoiser, "sigma_max", sigma))
    levels = sigma_schedule(steps, sigma_min=lowest, sigma_max=highest).tolist()

    def step(i, start, end, corrected):
        return Step(denoiser, class_labels, i, start, start, end, None, corrected)

    x = images.to(torch.float64)
    for i in reversed(range(steps - 1)):
        x = step(i, levels[i + 1], levels[i], corrected=True)(x)
    down = [step(i, levels[i], levels[i + 1], i < steps - 1) for i in range(steps)]
    found = x
    for along in down:
        found = along(found)
    return State(x, down, found)


def round_trip_error(state, images):
    """Root mean square difference (n,) over the pixels between given images and those of the State,
    black 0 and white 1."""
    away = (state.images - images.to(state.images)) / 2
    return away.square().flatten(1).mean(dim=1).sqrt()
