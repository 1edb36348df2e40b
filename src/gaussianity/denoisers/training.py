"""Training of EDM denoisers: noise distribution, loss weight, exponential moving average."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

from gaussianity.arguments import (
    require_array,
    require_between,
    require_generator,
    require_labels,
    require_whole,
)
from gaussianity.denoisers.files import save_denoiser
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError

LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Training:
    """Settings of a training.

    steps - optimiser steps; batch_size - images per step; learning_rate - Adam's, reached after
    `warmup_steps`; falls - whether the rate then decays to zero along a cosine; sigma_mean,
    sigma_std - of ln sigma; average_decay - of the exponential moving average, per step.
    """

    steps: int
    batch_size: int
    learning_rate: float
    warmup_steps: int = 50
    sigma_mean: float = -1.2
    sigma_std: float = 1.2
    average_decay: float = 0.995
    falls: bool = True

    def __post_init__(self):
        require_whole(steps=self.steps, batch_size=self.batch_size)
        require_whole(0, warmup_steps=self.warmup_steps)
        require_between(0, LARGEST, ends=False, learning_rate=self.learning_rate)
        require_between(-LARGEST, LARGEST, sigma_mean=self.sigma_mean)
        require_between(0, LARGEST, sigma_std=self.sigma_std)
        require_between(0, 1, average_decay=self.average_decay)


def loss_weight(sigma, sigma_data):
    """lambda(sigma) = (sigma^2 + sigma_data^2) / (sigma sigma_data)^2 (Karras et al., table 1)."""
    return (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2


def denoising_loss(denoiser, images, class_labels, sigma, noise):
    """Mean of lambda(sigma) |D(y + sigma n; sigma) - y|^2 over images and pixels (eq. 2 in [1]).

    Args:    images, noise - (n, C, H, W); class_labels - one-hot or None; sigma - (n,).
    Source:  [1] Karras et al. (2022).
    """
    level = sigma.reshape(-1, 1, 1, 1)
    denoised = denoiser(images + level * noise, sigma, class_labels)
    weight = loss_weight(level, denoiser.preconditioning.sigma_data)
    return (weight * (denoised - images) ** 2).mean()


def train(
    images,
    labels,
    *,
    label_dim,
    sigma_data,
    network,
    training,
    generator,
    device="cpu",
    after_step=lambda steps, averaged: None,
):
    """Train an EDM denoiser.

    Args:    images - (n, C, H, W) in the network form; labels - int (n,); label_dim - number of
             classes, 0 for an unconditional denoiser; sigma_data - see preconditioning.EDM; network
             - see UNetDenoiser, the default architecture is adm; training - Training; generator -
             NumPy generator of weights, batches, noise levels and noise; after_step - called after
             every step with the number of steps done and the averaged denoiser.
    Returns: the averaged denoiser, and the loss of each step as a float64 array (steps,).
    Raises:  InputError - arguments that do not fit; ValueError - a network that does not.
    """
    _check(images, labels, label_dim, sigma_data, training)
    require_generator(generator)
    torch_generator = torch.Generator().manual_seed(int(generator.integers(2**31)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(generator.integers(2**31)))
        denoiser = UNetDenoiser(
            image_shape=images.shape[1:],
            label_dim=label_dim,
            network={"architecture": "adm"} | network,
            preconditioning=dict(kind="edm", sigma_data=sigma_data),
        ).to(device)
        averaged = copy.deepcopy(denoiser).eval().requires_grad_(False)
        steps = _optimisation(denoiser, images, labels, training, torch_generator, device)
        losses = []
        for step, loss in enumerate(tqdm(steps, "training", training.steps, mininterval=5)):
            update_average(averaged, denoiser, training.average_decay, step)
            losses.append(loss)
            after_step(step + 1, averaged)
    return averaged, torch.stack(losses).to("cpu", torch.float64).numpy()


def _check(images, labels, label_dim, sigma_data, training):
    """InputError where a training cannot start."""
    images = require_array("images", images, ("n", "C", "H", "W"))
    if images.dtype.kind != "f":
        raise InputError(
            f"images: expected floats with black at -1 and white at 1, found {images.dtype}"
        )
    require_whole(0, label_dim=label_dim)
    require_between(0, LARGEST, ends=False, sigma_data=sigma_data)
    if label_dim:
        require_labels("labels", labels, len(images), label_dim)
    if not isinstance(training, Training):
        raise InputError(f"training: expected a Training, found a {type(training).__name__}")


def train_checked(images, labels, *, training, prefix="", **others):
    """`train`, whose errors are an InputError.

    Args:    prefix - written before the names of arguments in an error; others - of `train`.
    Raises:  InputError - sizes that do not fit together, or a training that diverges.
    """
    try:
        denoiser, losses = train(images, labels, training=training, **others)
    except ValueError as error:
        raise InputError(f"{prefix}network: {error}") from None
    if not np.isfinite(losses).all():
        raise InputError(
            f"{prefix}training.learning_rate must let the training converge, found "
            f"{training.learning_rate}: the loss is not finite from step "
            f"{np.argmin(np.isfinite(losses))} on; lower it"
        )
    return denoiser, losses


def train_as_set(images, labels, *, sigma_data, network, training, **others):
    """`train_checked` with the settings of a study's denoiser.

    Args:    training - dict of the arguments of Training, and threads, the number that torch uses
             from then on; the others - see `train_checked`.
    """
    settings = dict(training)
    torch.set_num_threads(settings.pop("threads"))
    return train_checked(
        images,
        labels,
        sigma_data=sigma_data,
        network=network,
        training=Training(**settings),
        **others,
    )


def _optimisation(denoiser, images, labels, training, generator, device):
    """Train the denoiser; yield the loss of each step."""
    images = torch.as_tensor(images, dtype=torch.float32)
    one_hot = torch.eye(denoiser.label_dim)[torch.as_tensor(labels)] if denoiser.label_dim else None
    optimiser = torch.optim.Adam(denoiser.parameters(), lr=1.0, betas=(0.9, 0.99), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: learning_rate(step, training)
    )
    for _ in range(training.steps):
        chosen = torch.randint(len(images), (training.batch_size,), generator=generator)
        ln_sigma = torch.randn(training.batch_size, generator=generator)
        sigma = (ln_sigma * training.sigma_std + training.sigma_mean).exp()
        noise = torch.randn((training.batch_size, *images.shape[1:]), generator=generator)
        batch = [images[chosen], None if one_hot is None else one_hot[chosen], sigma, noise]
        loss = denoising_loss(denoiser, *(t if t is None else t.to(device) for t in batch))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        yield loss.detach()


def learning_rate(step, training):
    """Linear warm-up to the peak, then constant, or half a cosine to zero where it falls."""
    warm = min(1.0, (step + 1) / max(1, training.warmup_steps))
    rate = training.learning_rate * warm
    if not training.falls:
        return rate
    return rate * 0.5 * (1 + np.cos(np.pi * step / training.steps))


@torch.no_grad()
def update_average(averaged, denoiser, decay, step):
    """Move the average towards the weights. The decay is at most (step + 1) / (step + 10)."""
    weight = 1 - min(decay, (step + 1) / (step + 10))
    torch._foreach_lerp_(list(averaged.parameters()), list(denoiser.parameters()), weight)


def train_checkpoints(
    images, paths, *, sigma_data, network, training, generator, device="cpu", prefix=""
):
    """Train without labels, and save the averaged denoiser after several numbers of steps.

    The learning rate stays constant after its warm-up. Each file is therefore the result of a
    training of that length.

    Args:    images - (n, C, H, W) in the network form; paths - dict of a number of steps to the
             path of a .safetensors, the largest is the training's length; training - arguments of
             Training, without steps; prefix - see `train_checked`; the others - see `train`.
    Returns: the loss of each step, float64.
    Raises:  InputError - network and images do not fit together, or the loss is not finite.
    """

    def save(steps, averaged):
        if steps in paths:
            save_denoiser(averaged, paths[steps])

    _, losses = train_checked(
        images,
        np.zeros(len(images), int),
        label_dim=0,
        sigma_data=sigma_data,
        network=network,
        training=Training(steps=max(paths), falls=False, **training),
        generator=generator,
        device=device,
        after_step=save,
        prefix=prefix,
    )
    return losses
