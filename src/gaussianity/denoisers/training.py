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
    sigma_std - of ln sigma; average_decay - of the exponential moving average, per step;
    average_ramp - see `average_decay`; betas - Adam's, of the means of the gradient and its square.
    """

    steps: int
    batch_size: int
    learning_rate: float
    warmup_steps: int = 50
    sigma_mean: float = -1.2
    sigma_std: float = 1.2
    average_decay: float = 0.995
    falls: bool = True
    betas: tuple = (0.9, 0.99)
    average_ramp: float | None = None

    def __post_init__(self):
        require_whole(steps=self.steps, batch_size=self.batch_size)
        require_whole(0, warmup_steps=self.warmup_steps)
        require_between(0, LARGEST, ends=False, learning_rate=self.learning_rate)
        require_between(-LARGEST, LARGEST, sigma_mean=self.sigma_mean)
        require_between(0, LARGEST, sigma_std=self.sigma_std)
        require_between(0, 1, average_decay=self.average_decay)
        require_betas(self.betas)
        if self.average_ramp is not None:
            require_between(0, LARGEST, ends=False, average_ramp=self.average_ramp)


def require_betas(betas):
    """InputError unless there are two numbers from 0 to below 1."""
    if not (
        isinstance(betas, list | tuple)
        and len(betas) == 2
        and all(isinstance(beta, int | float) and 0 <= beta < 1 for beta in betas)
    ):
        raise InputError(f"betas: expected two numbers from 0 to below 1, found {betas!r}")


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
    Returns: the averaged denoiser, and the history, a dict of float64 arrays (steps,): loss, and
             grad_norm, the Euclidean norm of the loss's gradient by all weights.
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
        found = []
        for step, values in enumerate(tqdm(steps, "training", training.steps, mininterval=5)):
            update_average(averaged, denoiser, average_decay(step, training))
            found.append(torch.stack(values))
            after_step(step + 1, averaged)
    loss, grad_norm = torch.stack(found, dim=1).to("cpu", torch.float64).numpy()
    return averaged, dict(loss=loss, grad_norm=grad_norm)


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
        denoiser, history = train(images, labels, training=training, **others)
    except ValueError as error:
        raise InputError(f"{prefix}network: {error}") from None
    if not np.isfinite(history["loss"]).all():
        raise InputError(
            f"{prefix}training.learning_rate must let the training converge, found "
            f"{training.learning_rate}: the loss is not finite from step "
            f"{np.argmin(np.isfinite(history['loss']))} on; lower it"
        )
    return denoiser, history


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
    """Train the denoiser; yield the loss and the norm of its gradient at each step."""
    images = torch.as_tensor(images, dtype=torch.float32)
    one_hot = torch.eye(denoiser.label_dim)[torch.as_tensor(labels)] if denoiser.label_dim else None
    weights = list(denoiser.parameters())
    betas = tuple(map(float, training.betas))
    optimiser = torch.optim.Adam(weights, lr=1.0, betas=betas, fused=True)
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
        norm = torch.nn.utils.get_total_norm([w.grad for w in weights if w.grad is not None])
        optimiser.step()
        schedule.step()
        yield loss.detach(), norm


def learning_rate(step, training):
    """Linear warm-up to the peak, then constant, or half a cosine to zero where it falls."""
    warm = min(1.0, (step + 1) / max(1, training.warmup_steps))
    rate = training.learning_rate * warm
    if not training.falls:
        return rate
    return rate * 0.5 * (1 + np.cos(np.pi * step / training.steps))


def average_decay(step, training):
    """Decay of the moving average after `step` steps, `training.average_decay` at most.

    It is at most (step + 1) / (step + 10). With training.average_ramp it is instead such that the
    half life is at most this share of the steps done, as in NVIDIA's training of EDM.
    """
    if training.average_ramp is None:
        return min(training.average_decay, (step + 1) / (step + 10))
    half_life = training.average_ramp * step  # in steps
    return min(training.average_decay, 0.5 ** (1 / half_life)) if step else 0.0


@torch.no_grad()
def update_average(averaged, denoiser, decay):
    """Move the average towards the weights by 1 - decay."""
    torch._foreach_lerp_(list(averaged.parameters()), list(denoiser.parameters()), 1 - decay)


def train_checkpoints(
    images, paths, *, sigma_data, network, training, generator, device="cpu", prefix=""
):
    """Train without labels, and save the averaged denoiser after several numbers of steps.

    The learning rate stays constant after its warm-up. Each file is therefore the result of a
    training of that length.

    Args:    images - (n, C, H, W) in the network form; paths - dict of a number of steps to the
             path of a .safetensors, the largest is the training's length; training - arguments of
             Training, without steps; prefix - see `train_checked`; the others - see `train`.
    Returns: the history, see `train`.
    Raises:  InputError - network and images do not fit together, or the loss is not finite.
    """

    def save(steps, averaged):
        if steps in paths:
            save_denoiser(averaged, paths[steps])

    _, history = train_checked(
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
    return history


def training_table(history):
    """Columns of a training's table: step, and the history of `train`."""
    return dict(step=range(len(history["loss"]))) | history
