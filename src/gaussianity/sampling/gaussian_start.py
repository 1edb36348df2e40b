"""The sampler's first states in closed form, from the mean and covariance of a class.

Above a noise level a network hardly differs from the exact denoiser of a normal distribution, of
which the sampler's states are known. The steps above that level then need no network.

Source: Wang and Vastola (2024), arXiv 2412.09726.
"""

from dataclasses import dataclass

import torch

from gaussianity.denoisers.files import load_denoiser
from gaussianity.io.files import read_tables


@dataclass(frozen=True)
class GaussianStart:
    """States of the sampler before the step `step`, the first one that the network takes.

    step - from 0 to the sampler's last step; mean - of the class (d,); vectors - eigenvectors of
    its covariance as rows (r, d); variances - eigenvalues (r,). All in the network's unit, float64.
    """

    step: int
    mean: torch.Tensor
    vectors: torch.Tensor
    variances: torch.Tensor

    @classmethod
    def of_class(cls, gaussian, label, step):
        """The start of one class of a GaussianDenoiser."""
        moments = (gaussian.mean[label], gaussian.vectors[label], gaussian.variances[label])
        return cls(step, *moments)

    @classmethod
    def of_files(cls, paths, image_class, device):
        """The start of a class from the files of a study's `gaussian_start`; None without files.

        Args:    paths - of the GaussianDenoiser of the classes, its description and the table of
                 levels, or none; device - of the sampler.
        """
        if not paths:
            return None
        gaussian = load_denoiser(paths[0], named=True).to(device)
        levels = read_tables([paths[2]], "step", "is_start")
        (step,) = levels["step"][levels["is_start"] == 1]
        return cls.of_class(gaussian, gaussian.class_names.index(image_class), int(step))

    def state(self, latents, sigma_max, sigma, *, random):
        """x(sigma) of the latents (n, C, H, W), float64.

        Args:    latents - standard normal; random - a draw from N(mean, covariance + sigma^2 I),
                 which is the state's distribution for a stochastic sampler; else the solution of
                 the probability flow from sigma_max times the latent.
        """
        flat = latents.flatten(1)
        if random:
            moved = self._along(flat, sigma, (self.variances + sigma**2).sqrt())
        else:
            factors = ((self.variances + sigma**2) / (self.variances + sigma_max**2)).sqrt()
            moved = self._along(sigma_max * flat - self.mean, sigma / sigma_max, factors)
        return (self.mean + moved).reshape(latents.shape)

    def denoised(self, x, sigma, class_labels=None):
        """The exact denoiser of N(mean, covariance) at x (n, C, H, W)."""
        shrunk = self._along(
            x.flatten(1) - self.mean, 0, self.variances / (self.variances + sigma**2)
        )
        return (self.mean + shrunk).reshape(x.shape)

    def _along(self, centred, outside, factors):
        """Rows times a factor along each eigenvector, and times `outside` across all of them."""
        along = (centred @ self.vectors.T) * (factors - outside)
        return outside * centred + along @ self.vectors
