"""Local Lipschitz constants of the sampler's steps along trajectories.

With fixed injected noise a step is a map x_i -> x_(i+1). Its local Lipschitz constant is the
spectral norm of its Jacobian. Theorem 2 of Ghane et al. (2025), arXiv 2501.07741, assumes that the
constant is at most 1 everywhere. The largest constant along trajectories is a lower bound of the
global one. A decreasing norm, as in Empirical Observation 1 of the paper, does not imply a constant
of at most 1.
"""

import math

import numpy as np
import torch

from gaussianity.io.columns import concatenated
from gaussianity.sampling.jacobians import (
    TOGETHER,
    Derivative,
    NotDifferentiable,
    jacobian,
    leading_singular_values,
)
from gaussianity.sampling.limits import WHOLE
from gaussianity.sampling.sampler import slices, walk

PROBE = 0.1  # finite difference of `require_derivative`, relative to the noise level
DISAGREES = 0.3  # relative error from which the derivative is rejected


def step_jacobian(step, first, second=None):
    """Jacobian of a step by the chain rule.

    Args:    step - sampler.Step; first, second - Jacobians (n, d, d) of D at x_hat and at the Euler
             point of line 8; second is used only if the step is corrected.
    Returns: (n, d, d).
    """
    identity = torch.eye(first.shape[-1], dtype=first.dtype, device=first.device)
    change = step.sigma_next - step.sigma_hat
    slope = (identity - first) / step.sigma_hat
    euler = identity + change * slope
    if not step.corrected:
        return euler
    return identity + change / 2 * (slope + (identity - second) @ euler / step.sigma_next)


def gaussian_step_eigenvalues(variances, sigma, sigma_next):
    """Eigenvalues of a step's Jacobian for normally distributed data.

    Args:    variances - eigenvalues lam of the covariance; sigma - noise level t after churn;
             sigma_next - t', 0 in the last step, which is not corrected.
    Returns: 1 + (t' - t)/2 [t/(lam + t^2) + t'/(lam + t'^2) (lam + t t')/(lam + t^2)], in the last
             step lam / (lam + t^2), float64, shape of variances; all are below 1.
    """
    variances = np.asarray(variances, dtype=np.float64)
    euler = (variances + sigma * sigma_next) / (variances + sigma**2)
    if sigma_next == 0:
        return euler
    slope = sigma / (variances + sigma**2)
    slope_next = sigma_next / (variances + sigma_next**2) * euler
    return 1 + (sigma_next - sigma) / 2 * (slope + slope_next)


class WholeSpectra:
    """Exact singular values from whole Jacobians, for few pixels.

    Each evaluation of the network takes d products backward, in all (2 N - 1) d for an image with d
    pixels and N steps. A product costs about two evaluations.

    Args:    count - number of singular values of the denoiser's Jacobian.
    """

    def __init__(self, count):
        self.count = count

    def of_step(self, step, x):
        """Constants and singular values at the images x.

        Returns: Lipschitz constant of the step (n,), its relative residual (n,), singular values of
                 J_D at x_hat (n, count), relative residual of the first (n,).
        """
        x_hat = step.churned(x)
        first, second = jacobian(lambda y: step.denoised(y, step.sigma_hat), x_hat), None
        if step.corrected:
            with torch.no_grad():
                x_next, _, _ = step.euler(x_hat)
            second = jacobian(lambda y: step.denoised(y, step.sigma_next), x_next)
        lipschitz = torch.linalg.matrix_norm(step_jacobian(step, first, second), 2)
        exact = torch.zeros_like(lipschitz)
        return lipschitz, exact, torch.linalg.svdvals(first)[:, : self.count], exact


class LeadingSpectra:
    """Lower bounds of the singular values by block Lanczos, for many pixels.

    A step takes `iterations` times `count` products forward and backward with the step's Jacobian
    (two network evaluations each, one in the last step) and as many with the denoiser's. A product
    costs about two evaluations, so that an image takes 12 * count * iterations evaluations per
    step.

    Half the start vectors are the leading vectors of the previous step. The others are drawn at
    random, since the span of the previous leading vectors can be invariant and miss new ones.

    Args:    count - vectors in a block; iterations - of leading_singular_values; generators - NumPy
             generator of each image.
    """

    def __init__(self, count, iterations, generators):
        self.count, self.iterations, self.generators = count, iterations, generators
        self.last = {}

    def of_step(self, step, x):
        """As WholeSpectra.of_step."""
        whole = self._leading("step", step, x)
        denoiser = self._leading(
            "denoiser", lambda y: step.denoised(y, step.sigma_hat), step.churned(x)
        )
        return whole.values[:, 0], whole.residual[:, 0], denoiser.values, denoiser.residual[:, 0]

    def _leading(self, name, f, x):
        d = x[0].numel()
        drawn = [g.standard_normal((d, self.count)) for g in self.generators]
        start = torch.from_numpy(np.stack(drawn)).to(x.device)
        if name in self.last:
            kept = self.count // 2
            start[:, :, :kept] = self.last[name][:, :, :kept]
        found = leading_singular_values(Derivative(f, x), start, self.iterations)
        self.last[name] = found.vectors
        return found


def batch_contraction(denoiser, seeds, class_labels, spectra, *, steps, **settings):
    """Local Lipschitz constant of every step of the sampler, for the images of one batch.

    Args:    denoiser, seeds, class_labels, steps, settings - as sampler.sample takes them; spectra
             - WholeSpectra or LeadingSpectra.
    Returns: dict of columns of length n * steps, image by image: seed, step, sigma (t_i), sigma_hat
             (after churn), sigma_next, norm_ratio |x_(i+1)| / |x_i|, lipschitz of the step, its
             relative residual lipschitz_residual (see jacobians.Leading; 0 if exact), singular_1,
             ... of the denoiser's Jacobian at x_hat, falling, and singular_residual of the first.
    Raises:  NotDifferentiable - the denoiser's derivative is not that of its values.
    """
    rows = []
    for step, x, x_next, *_ in walk(denoiser, seeds, class_labels, steps=steps, **settings):
        if step.index == steps // 2:
            require_derivative(step, x)
        lipschitz, residual, singular, singular_residual = spectra.of_step(step, x)
        levels = [step.index, step.sigma, step.sigma_hat, step.sigma_next]
        ratio = x_next.flatten(1).norm(dim=1) / x.flatten(1).norm(dim=1)
        measured = torch.stack([ratio, lipschitz, residual, singular_residual], dim=1)
        row = [torch.tensor(levels, dtype=x.dtype).expand(len(x), -1), measured, singular]
        rows.append(torch.cat([part.to(x) for part in row], dim=1))
    return _columns(torch.stack(rows, dim=1).cpu().numpy(), seeds)


def measure_contraction(
    denoiser, seeds, class_labels, *, count, iterations, generators, **settings
):
    """`batch_contraction` in batches, with progress.

    Args:    seeds - n integers; class_labels - one-hot (n, label_dim) or None; count, iterations,
             generators - see LeadingSpectra, which is used above WHOLE pixels; settings - as
             sampler.sample takes them.
    Returns: dict of columns, see `batch_contraction`.
    Raises:  NotDifferentiable - the denoiser's derivative is not that of its values.
    """
    d = math.prod(denoiser.image_shape)
    size = TOGETHER if d <= WHOLE else 1
    tables = []
    for part in slices(len(seeds), size):
        spectra = WholeSpectra(count)
        if d > WHOLE:
            spectra = LeadingSpectra(count, iterations, generators[part])
        labels = None if class_labels is None else class_labels[part]
        tables.append(batch_contraction(denoiser, seeds[part], labels, spectra, **settings))
    return concatenated(tables)


def closed_form_constants(denoiser, label, columns):
    """Lipschitz constant of each step in closed form, for a GaussianDenoiser.

    The eigenvalues of a step rise with the variance. Directions without variance, which the
    denoiser does not keep, never have the largest.

    Args:    denoiser - any; label - of the class; columns - as `batch_contraction` returns them.
    Returns: float64, one per row; NaN for denoisers of other kinds.
    """
    pairs = zip(columns["sigma_hat"], columns["sigma_next"], strict=True)
    if getattr(denoiser, "kind", None) != "gaussian":
        return np.full(len(columns["step"]), np.nan)
    variances = denoiser.variances[label].cpu().numpy()
    return np.array([gaussian_step_eigenvalues(variances, *pair).max() for pair in pairs])


def _columns(values, seeds):
    """Columns from values (n, steps, 8 + count) in the order of `batch_contraction`."""
    names = ["step", "sigma", "sigma_hat", "sigma_next", "norm_ratio", "lipschitz"]
    names += ["lipschitz_residual", "singular_residual"]
    names += [f"singular_{k + 1}" for k in range(values.shape[2] - len(names))]
    columns = dict(zip(names, values.reshape(-1, len(names)).T, strict=True))
    seeds = np.repeat(np.asarray(seeds, dtype=np.int64), values.shape[1])
    return dict(seed=seeds) | columns | dict(step=columns["step"].astype(np.int32))


def require_derivative(step, x):
    """Raise NotDifferentiable unless the denoiser's derivative fits its values around x_hat.

    If torch does not record a part of the denoiser's computation, the derivative is wrong.
    """
    x_hat = step.churned(x)
    derivative = Derivative(
        lambda y: step.denoised(y, step.sigma_hat), x_hat, forward_mode=x[0].numel() > WHOLE
    )
    # The direction depends neither on the images nor on the device.
    direction = torch.randn(x.shape[1:], generator=torch.Generator().manual_seed(0), dtype=x.dtype)
    error = derivative.error(PROBE * step.sigma_hat * direction.to(x.device).expand_as(x))
    if not error < DISAGREES:
        raise NotDifferentiable(
            f"its derivative differs by {100 * error:.0f} % from the change of its values, as "
            "where a part of it is computed under torch.no_grad"
        )
