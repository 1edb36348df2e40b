"""The stochastic sampler of EDM, with one random generator per image.

Source: Karras et al. (2022), algorithm 2 and eq. 5.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import gammaincinv
from tqdm import tqdm

from gaussianity.arguments import require_whole, require_wholes
from gaussianity.denoisers.arguments import require_device
from gaussianity.errors import InputError
from gaussianity.sampling.arguments import (
    require_images,
    require_noise,
    require_schedule,
    require_start,
    require_trajectory,
)
from gaussianity.sampling.limits import HIGHEST, LOWEST

STEPS = 18  # of the sampler, where no number is given


def sigma_schedule(steps, *, sigma_min=LOWEST, sigma_max=HIGHEST, rho=7.0):
    """Noise levels t_0 > ... > t_{steps-1}, then 0: float64 (steps + 1,). Eq. 5 in Karras et al.

    Raises:  InputError - no steps, or levels or rho that are not above 0.
    """
    require_schedule(steps, sigma_min, sigma_max, rho)
    ramp = torch.arange(steps, dtype=torch.float64) / max(1, steps - 1)
    start, end = sigma_max ** (1 / rho), sigma_min ** (1 / rho)
    return torch.cat([(start + ramp * (end - start)) ** rho, torch.zeros(1, dtype=torch.float64)])


class ImageNoise:
    """Random numbers of each image from a generator of its own, so that a seed names an image.

    The order is that of NVIDIA's sampler: the latent in float32, one label for a class-conditional
    denoiser, then noise in float64 at every step. A heavy-tailed base divides the latent by
    sqrt(chi2(dof) / dof), drawn after the label: for student_t one divisor per element, as in the
    code published with Ghane et al. (2025); for multivariate_t one divisor per image, as in Pandey
    et al. (2025), ICLR.
    """

    def __init__(self, seeds, image_shape, device="cpu"):
        self.image_shape, self.device = tuple(image_shape), torch.device(device)
        self.generators = [torch.Generator().manual_seed(int(seed) % 2**32) for seed in seeds]

    def normal(self, dtype):
        """Standard normals (n, C, H, W), drawn on the CPU and copied to the device."""
        drawn = torch.empty(
            (len(self.generators), *self.image_shape),
            dtype=dtype,
            pin_memory=self.device.type == "cuda",  # the copy then does not wait for the GPU
        )
        for image, generator in zip(drawn, self.generators, strict=True):
            torch.randn(self.image_shape, generator=generator, out=image)
        return drawn.to(self.device, non_blocking=True)

    def labels(self, label_dim):
        """One label per image: int (n,)."""
        return torch.cat([torch.randint(label_dim, (1,), generator=g) for g in self.generators])

    def chi_square(self, dof, shape):
        """Chi-square variates (n, *shape), float64, each by inversion of one uniform variate."""
        uniform = torch.stack(
            [torch.rand(shape, generator=g, dtype=torch.float64) for g in self.generators]
        )
        return torch.from_numpy(2 * gammaincinv(dof / 2, uniform.numpy()))


class Trajectory:
    """Record of a batch along the sampler: norms at every step, images at chosen steps.

    Args:    snapshot_steps - steps whose x and D(x) are kept; snapshot_images - number of images of
             a batch, the first ones, that are kept.
    Raises:  InputError - they are no integers of at least 0.
    """

    def __init__(self, snapshot_steps=(), snapshot_images=0):
        require_whole(0, snapshot_images=snapshot_images)
        if not hasattr(snapshot_steps, "__len__") or len(snapshot_steps):
            require_wholes(0, snapshot_steps=snapshot_steps)
        self.snapshot_steps, self.snapshot_images = set(snapshot_steps), snapshot_images
        self.sigma, self.norms, self.kept = [], [], []

    def record(self, step, sigma, x, denoised=None, direction=None):
        """Keep ||x||, ||D||, ||d|| of one step; the last state has only x."""
        parts = [x, denoised, direction]
        nan = torch.full((len(x),), math.nan, dtype=x.dtype, device=x.device)
        self.sigma.append(float(sigma))
        self.norms.append(
            torch.stack([nan if t is None else t.flatten(1).norm(dim=1) for t in parts])
        )
        if step in self.snapshot_steps and self.snapshot_images:
            shown = x if denoised is None else denoised
            self.kept.append(
                torch.stack([x[: self.snapshot_images], shown[: self.snapshot_images]])
            )

    def columns(self, seeds):
        """Norms as columns of equal length n * (steps + 1), image by image."""
        if not self.norms:
            raise InputError("columns: nothing was recorded; sample with the Trajectory first")
        norms = torch.stack(self.norms).cpu().numpy()  # (steps + 1, 3, n)
        levels, _, n = norms.shape
        by_image = norms.transpose(1, 2, 0).reshape(3, -1)
        return dict(
            seed=np.repeat(np.asarray(seeds, dtype=np.int64), levels),
            step=np.tile(np.arange(levels, dtype=np.int32), n),
            sigma=np.tile(self.sigma, n),
            x_norm=by_image[0],
            denoised_norm=by_image[1],
            direction_norm=by_image[2],
        )

    def snapshots(self):
        """Kept x and denoised, float32 (images, kept, C, H, W) in the network form, with the step
        and sigma (kept,) of each. The last state counts as its own denoised image.

        Raises:  InputError - none was kept.
        """
        if not self.kept:
            raise InputError(
                "snapshots: none was kept; give the Trajectory snapshot_steps and snapshot_images, "
                "and sample with it"
            )
        x, denoised = torch.stack(self.kept, dim=2).to("cpu", torch.float32).numpy()
        steps = sorted(self.snapshot_steps)
        return dict(x=x, denoised=denoised, step=steps, sigma=[self.sigma[i] for i in steps])


@dataclass(frozen=True)
class Step:
    """One step of algorithm 2 with fixed injected noise: a map from images x_i to x_(i+1).

    denoiser, class_labels - D and the images' labels (n, label_dim) or None; index - i; sigma,
    sigma_hat, sigma_next - t_i, t_i after churn, t_(i+1); injected - noise that churn adds to the
    images, or None; corrected - whether Heun's correction is applied. Images are (n, C, H, W),
    float64.
    """

    denoiser: torch.nn.Module
    class_labels: torch.Tensor | None
    index: int
    sigma: float
    sigma_hat: float
    sigma_next: float
    injected: torch.Tensor | None
    corrected: bool

    def churned(self, x):
        """x_hat, line 6."""
        return x if self.injected is None else x + self.injected

    def denoised(self, x, sigma):
        """D(x; sigma) under the images' labels."""
        return self.denoiser(x, sigma, self.class_labels)

    def euler(self, x_hat):
        """x_(i+1) without correction, D(x_hat) and the direction d (lines 7 and 8)."""
        denoised = self.denoised(x_hat, self.sigma_hat)
        d = (x_hat - denoised) / self.sigma_hat
        return x_hat + (self.sigma_next - self.sigma_hat) * d, denoised, d

    def evaluate(self, x):
        """x_(i+1), D(x_hat) and d of the state x_i."""
        x_hat = self.churned(x)
        x_next, denoised, d = self.euler(x_hat)
        if self.corrected:  # lines 9 to 11
            d_next = (x_next - self.denoised(x_next, self.sigma_next)) / self.sigma_next
            x_next = x_hat + (self.sigma_next - self.sigma_hat) * (d + d_next) / 2
        return x_next, denoised, d

    def __call__(self, x):
        return self.evaluate(x)[0]


def _latents(denoiser, noise, class_labels, base, dof):
    """Latents (n, C, H, W) and class labels (n, label_dim), drawn in the order of ImageNoise."""
    latents = noise.normal(torch.float32).to(torch.float64)
    if denoiser.label_dim:
        drawn = torch.eye(denoiser.label_dim)[noise.labels(denoiser.label_dim)]
        class_labels = drawn if class_labels is None else torch.as_tensor(class_labels)
        class_labels = class_labels.to(noise.device)
    if base != "gaussian":
        shape = denoiser.image_shape if base == "student_t" else (1, 1, 1)
        latents = latents / (noise.chi_square(dof, shape).to(noise.device) / dof).sqrt()
    return latents, class_labels


def noise_levels(denoiser, steps, sigma_min, sigma_max, rho):
    """Noise levels t_0, ..., t_steps within the range of the network's training.

    NVIDIA's sampler limits the noise levels in the same way.
    """
    lowest = max(sigma_min, getattr(denoiser, "sigma_min", 0.0))
    highest = min(sigma_max, getattr(denoiser, "sigma_max", math.inf))
    return sigma_schedule(steps, sigma_min=lowest, sigma_max=highest, rho=rho).tolist()


@torch.no_grad()
def walk(
    denoiser,
    seeds,
    class_labels=None,
    *,
    steps=STEPS,
    sigma_min=0.002,
    sigma_max=80.0,
    rho=7.0,
    S_churn=0.0,
    S_min=0.0,
    S_max=math.inf,
    S_noise=1.0,
    base="gaussian",
    dof=3.0,
    start=None,
    device="cpu",
):
    """The steps of one batch from latents to images.

    Args:    see `sample`.
    Yields:  for each step the Step, x_i, x_(i+1), D(x_hat) and d. Gradients are disabled only
             inside this function, so that the caller can differentiate the Step.
    Raises:  InputError - an argument that does not fit.
    """
    require_images(denoiser, seeds, class_labels)
    require_device(device)
    require_schedule(steps, sigma_min, sigma_max, rho)
    require_noise(S_churn, S_min, S_max, S_noise, base, dof)
    require_start(start, steps)
    noise = ImageNoise(seeds, denoiser.image_shape, device)
    latents, class_labels = _latents(denoiser, noise, class_labels, base, dof)
    t = noise_levels(denoiser, steps, sigma_min, sigma_max, rho)
    x = latents * t[0]  # line 2
    for i in range(steps):
        churned = S_churn > 0 and S_min <= t[i] <= S_max
        gamma = min(S_churn / steps, math.sqrt(2) - 1) if churned else 0.0
        t_hat = t[i] + gamma * t[i]  # line 5
        # Every step draws, so that its noise does not depend on S_min and S_max.
        injected = _injected(noise, S_noise, t[i], t_hat) if S_churn > 0 else None
        if start is not None and i < start.step:
            step, x, x_next, denoised, d = _closed_step(start, latents, t, i, random=S_churn > 0)
        else:
            corrected = i < steps - 1  # the last step ends at noise level 0
            step = Step(denoiser, class_labels, i, t[i], t_hat, t[i + 1], injected, corrected)
            x_next, denoised, d = step.evaluate(x)
        yield step, x, x_next, denoised, d
        x = x_next


def _injected(noise, S_noise, sigma, sigma_hat):
    """Noise of churn."""
    epsilon = noise.normal(torch.float64) * S_noise  # line 4
    return math.sqrt(sigma_hat**2 - sigma**2) * epsilon  # line 6


def _closed_step(start, latents, t, i, *, random):
    """What `walk` yields for a step before the network's first one."""
    step = Step(start.denoised, None, i, t[i], t[i], t[i + 1], None, corrected=False)
    x = start.state(latents, t[0], t[i], random=random)
    _, denoised, d = step.euler(x)
    return step, x, start.state(latents, t[0], t[i + 1], random=random), denoised, d


def sample(denoiser, seeds, class_labels=None, *, trajectory=None, **settings):
    """Generate one image per seed in one batch.

    Args:    denoiser - D(x, sigma, class_labels) with image_shape and label_dim; seeds - n
             integers; class_labels - one-hot (n, label_dim), or None, which draws each image's
             label from its generator; trajectory - Trajectory to record, or None; settings - of
             `walk`: steps, sigma_min, sigma_max, rho - noise levels; S_churn, S_min, S_max, S_noise
             - stochasticity of algorithm 2, S_churn = 0 for the deterministic sampler; base -
             latent distribution, gaussian, student_t or multivariate_t, see ImageNoise; dof - its
             degrees of freedom if it is heavy-tailed; start - GaussianStart, the states before its
             step in closed form, or None; device - of the denoiser.
    Returns: float64 (n, C, H, W) in the network form, on the CPU.
    Raises:  InputError - an argument that does not fit.
    Source:  Karras et al. (2022), algorithm 2.
    """
    require_trajectory(trajectory, settings.get("steps", STEPS))
    steps = walk(denoiser, seeds, class_labels, **settings)
    for step, x, x_next, denoised, d in steps:
        if trajectory is not None:
            trajectory.record(step.index, step.sigma, x, denoised, d)
        images = x_next
    if trajectory is not None:
        trajectory.record(step.index + 1, 0.0, images)
    return images.cpu()


def sample_batches(denoiser, seeds, class_labels, *, batch_size, trajectories=None, **settings):
    """Images by `sample` in batches, with progress.

    Args:    seeds - n integers; class_labels - one-hot (n, label_dim) or None; trajectories -
             function that returns the Trajectory of a batch, or None; settings - see `sample`.
    Yields:  seeds, images and Trajectory (or None) of each batch.
    Raises:  InputError - an argument that does not fit.
    """
    require_whole(batch_size=batch_size)
    require_images(denoiser, seeds, class_labels)
    for part in slices(len(seeds), batch_size):
        trajectory = trajectories() if trajectories else None
        labels = None if class_labels is None else class_labels[part]
        images = sample(denoiser, seeds[part], labels, trajectory=trajectory, **settings)
        yield seeds[part], images, trajectory


def slices(count, size):
    """Slices of `size` numbers each of range(count), with progress; the last may be shorter."""
    for start in tqdm(range(0, count, size), desc="batches", mininterval=5):
        yield slice(start, start + size)
