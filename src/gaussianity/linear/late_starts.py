"""Images of the same seeds with and without a start in closed form, one class at a time."""

from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.data.neighbours import voted_classes
from gaussianity.io.columns import concatenated
from gaussianity.linear.finite_moments import wiener_losses
from gaussianity.linear.levels import evaluated
from gaussianity.linear.measures import residuals, squared
from gaussianity.linear.start import nats_of_states, saved
from gaussianity.sampling.class_samples import class_labels
from gaussianity.sampling.gaussian_start import GaussianStart
from gaussianity.sampling.sampler import noise_levels, sample_batches

LATE, FINER = "late start", "twice the steps"
LATEST = 0.75  # of the steps, for the last start that is tried


@dataclass(frozen=True)
class Settings:
    """walk - settings of `sampler.walk`; starts - number of starts that are tried; batch_size -
    images at once; device - of the denoiser."""

    walk: dict
    starts: int
    batch_size: int
    device: str = "cpu"


def start_steps(steps, count):
    """Steps at which the network starts, `count` of them or fewer.

    >>> start_steps(12, 4)
    [1, 4, 6, 9]
    """
    last = max(1, int(LATEST * steps))
    return sorted({round(step) for step in np.linspace(1, last, count)})


def image_table(denoiser, label, references, seeds, voters, settings):
    """Columns of the images of one class, a row per comparison and image.

    Args:    denoiser, label - D(x, sigma, class_labels) and its label of the class; references -
             References of the class; seeds - one per image; voters - real images of all classes
             and their classes.
    Returns: columns compared (LATE or FINER), step and saved (of LATE), image, moved - squared
             distance from the image of the whole sampler; spread, own_spread - squared distances of
             the whole sampler's image and of this one from their class means; same_vote - 1 where
             the nearest real images vote for the same class.
    """
    whole = _sampled(denoiser, label, seeds, settings)
    steps, tables = settings.walk["steps"], []
    votes = voted_classes(*voters, whole)

    def compared(kind, step, images):
        count = len(images)
        tables.append(
            dict(
                compared=np.array([kind] * count),
                step=np.full(count, step, dtype=np.int32),
                saved=np.full(count, saved(step, steps)),
                image=np.arange(count, dtype=np.int32),
                moved=residuals(images, whole),
                spread=squared(whole - whole.mean(axis=0)),
                own_spread=squared(images - images.mean(axis=0)),
                same_vote=(voted_classes(*voters, images) == votes).astype(np.int32),
            )
        )

    compared(FINER, 0, _sampled(denoiser, label, seeds, settings, steps=2 * steps))
    for step in start_steps(steps, settings.starts):
        start = _start(references, step, settings.device)
        compared(LATE, step, _sampled(denoiser, label, seeds, settings, start=start))
    return concatenated(tables)


def level_table(denoiser, label, references, normal, settings):
    """Columns of the noise levels of the sampler for one class, by which a start is chosen.

    Args:    normal - standard normal (n, C, H, W), no more than the class has images.
    Returns: columns step, sigma, nats (`start.nats_of_states`), network_loss and gaussian_loss -
             mean squared errors on the class's images with noise, the second as on images that the
             moments were not made from (`finite_moments.wiener_losses`).
    """
    noise = {key: settings.walk[key] for key in ("steps", "sigma_min", "sigma_max", "rho")}
    sigmas = noise_levels(denoiser, **noise)[:-1]
    batch = dict(batch_size=settings.batch_size, device=settings.device)
    start = _start(references, 0, "cpu")
    clean = references.rows[: len(normal)].to(torch.float64).reshape(normal.shape)
    losses = [
        _losses(denoiser, label, start, clean, clean + sigma * normal, sigma, batch)
        for sigma in sigmas
    ]
    variances, count = references.variances.numpy(), len(references.rows)
    optimism = [np.divide(*wiener_losses(variances, count, sigma)[::-1]) for sigma in sigmas]
    network, gaussian = np.transpose(losses)
    return dict(
        step=np.arange(len(sigmas), dtype=np.int32),
        sigma=np.array(sigmas),
        nats=nats_of_states(denoiser, label, start, sigmas, normal, **batch),
        network_loss=network,
        gaussian_loss=gaussian * optimism,
    )


def _losses(denoiser, label, start, clean, x, sigma, batch):
    denoised = evaluated(denoiser, x, sigma, label, **batch)
    both = denoised, start.denoised(x, sigma)
    return [residuals(each, clean).mean() for each in both]


def _start(references, step, device):
    moments = (references.mean, references.vectors, references.variances)
    return GaussianStart(step, *(each.to(device) for each in moments))


def _sampled(denoiser, label, seeds, settings, **change):
    """Images in the network form, unclipped: float64 (n, d)."""
    batches = sample_batches(
        denoiser,
        seeds,
        class_labels(denoiser, label, len(seeds)),
        batch_size=settings.batch_size,
        device=settings.device,
        **settings.walk | change,
    )
    return np.concatenate([images.flatten(1).numpy() for _, images, _ in batches])
