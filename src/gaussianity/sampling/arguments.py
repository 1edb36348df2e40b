"""Checks of the arguments of the sampler, by their names."""

import math

import torch

from gaussianity.arguments import require_between, require_whole, require_wholes
from gaussianity.errors import InputError

BASES = ("gaussian", "student_t", "multivariate_t")
MOST = float(torch.finfo(torch.float32).max)  # of a noise level: networks compute in float32


def require_images(denoiser, seeds, class_labels):
    """Raise an InputError unless seeds are n integers and class_labels fit to them.

    Args:    denoiser - with image_shape and label_dim; seeds - integers of at least 0;
             class_labels - one-hot (n, label_dim), or None.
    """
    for name in ("image_shape", "label_dim"):
        if not hasattr(denoiser, name):
            raise InputError(
                f"denoiser: expected one with image_shape and label_dim, found a "
                f"{type(denoiser).__name__} without {name}"
            )
    require_wholes(0, seeds=seeds)
    if class_labels is None:
        return
    try:
        labels = torch.as_tensor(class_labels)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"class_labels: expected an array: {error}") from None
    expected = len(seeds), denoiser.label_dim
    if not denoiser.label_dim:
        raise InputError("class_labels must be None: the denoiser has no classes")
    if tuple(labels.shape) != expected:
        raise InputError(
            f"class_labels must be one-hot of shape {expected}, a row for each seed, found "
            f"{tuple(labels.shape)}"
        )
    if not (((labels == 0) | (labels == 1)).all() and (labels.sum(dim=1) == 1).all()):
        raise InputError("class_labels must be one-hot: one 1 in each row, the others 0")


def require_schedule(steps, sigma_min, sigma_max, rho):
    """Raise an InputError unless they describe noise levels as eq. 5 has them."""
    require_whole(steps=steps)
    require_between(0, MOST, ends=False, sigma_min=sigma_min, sigma_max=sigma_max, rho=rho)
    if sigma_min > sigma_max:
        raise InputError(
            f"sigma_min: expected at most sigma_max, found {sigma_min:g} and {sigma_max:g}"
        )


def require_noise(S_churn, S_min, S_max, S_noise, base, dof):
    """Raise an InputError unless they are settings of the sampler's random numbers."""
    require_between(0, math.inf, S_churn=S_churn, S_min=S_min, S_max=S_max, S_noise=S_noise)
    if base not in BASES:
        raise InputError(f"base must be one of {', '.join(BASES)}, found {base!r}")
    require_between(0, math.inf, ends=False, dof=dof)


def require_start(start, steps):
    """Raise an InputError unless a start in closed form ends before the sampler's last step."""
    if start is None:
        return
    if not hasattr(start, "state"):
        raise InputError(f"start: expected a GaussianStart, found a {type(start).__name__}")
    if not 0 <= start.step < steps:
        raise InputError(f"start: expected a step from 0 to {steps - 1}, found {start.step}")


def require_trajectory(trajectory, steps):
    """Raise an InputError where a snapshot is after the last of the sampler's steps."""
    if trajectory is None:
        return
    if not hasattr(trajectory, "snapshot_steps"):
        raise InputError(f"trajectory: expected a Trajectory, found a {type(trajectory).__name__}")
    if max(trajectory.snapshot_steps, default=0) > steps:
        raise InputError(
            f"snapshot_steps: expected steps from 0 to {steps}, found "
            f"{max(trajectory.snapshot_steps)}"
        )
