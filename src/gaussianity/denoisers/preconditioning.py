"""Preconditionings: the coefficients of D = c_skip x + c_out F(c_in x; c_noise).

Each is called with noise levels sigma, a tensor, and returns c_skip, c_out, c_in and c_noise. The
network F was trained for the levels from sigma_min to sigma_max.

Source: Karras et al. (2022), table 1, columns VP, VE and "Ours" (EDM).
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class EDM:
    """Inputs and targets have unit variance; sigma_data - standard deviation of the images."""

    sigma_data: float = 0.5
    sigma_min: float = 0.0
    sigma_max: float = math.inf

    def __call__(self, sigma):
        total = (sigma**2 + self.sigma_data**2).sqrt()
        c_skip = (self.sigma_data / total) ** 2
        return c_skip, sigma * self.sigma_data / total, 1 / total, sigma.log() / 4


@dataclass(frozen=True)
class VP:
    """Variance preserving; beta_d, beta_min - of the noise schedule; M - time steps of DDPM."""

    beta_d: float = 19.9
    beta_min: float = 0.1
    M: float = 1000
    sigma_min: float = 0.001
    sigma_max: float = 152.167

    def __call__(self, sigma):
        log = (1 + sigma**2).log()
        time = ((self.beta_min**2 + 2 * self.beta_d * log).sqrt() - self.beta_min) / self.beta_d
        return 1, -sigma, 1 / (sigma**2 + 1).sqrt(), (self.M - 1) * time


@dataclass(frozen=True)
class VE:
    """Variance exploding."""

    sigma_min: float = 0.02
    sigma_max: float = 100.0

    def __call__(self, sigma):
        return 1, sigma, 1, (0.5 * sigma).log()


PRECONDITIONINGS = {"edm": EDM, "vp": VP, "ve": VE}
