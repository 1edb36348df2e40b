"""The denoisers that a network is compared with, from the images of the classes alone."""

import torch
from torch import nn

from gaussianity.denoisers.empirical_score import EmpiricalDenoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser, Unlabelled

ISOTROPIC, GAUSSIAN, MIXTURE, EMPIRICAL = "isotropic", "gaussian", "mixture", "empirical"
REFERENCES = (ISOTROPIC, GAUSSIAN, MIXTURE, EMPIRICAL)


class References:
    """References of one class, in the order of what they know of it.

    isotropic - mean and one variance; gaussian - mean and covariance, the best affine denoiser of
    any distribution with these moments; mixture - the Gaussians of all classes, without the label;
    empirical - the images themselves, which is the denoiser that memorises them.

    Args:    rows - images of the class (n, d), network form; image_shape - (C, H, W); mixture - the
             GaussianDenoiser of all classes, or None.
    """

    def __init__(self, rows, image_shape, mixture=None):
        self.rows = torch.as_tensor(rows, dtype=torch.float32)
        gaussian = GaussianDenoiser.of_classes([rows], image_shape)
        self.mean, self.vectors = gaussian.mean[0], gaussian.vectors[0]
        self.variances = gaussian.variances[0]
        self._variance = self.variances.sum() / self.rows.shape[1]
        self.denoisers = {ISOTROPIC: self._isotropic, GAUSSIAN: _of_one_class(gaussian)}
        if mixture is not None:
            self.denoisers[MIXTURE] = Unlabelled(mixture)
        self.denoisers[EMPIRICAL] = EmpiricalDenoiser(self.rows, image_shape)

    def _isotropic(self, x, sigma):
        mean = self.mean.reshape(x.shape[1:])
        return mean + self._variance / (self._variance + sigma**2) * (x - mean)

    def in_place_of(self, network, name):
        """The reference of a name as a denoiser that the sampler can take in the network's place.

        It has the network's labels, so that the same seeds give the same random numbers.
        """
        return InPlaceOf(network, self.denoisers[name])


class InPlaceOf(nn.Module):
    """A function of x and sigma with the shape and the labels of a network.

    Args:    network - with image_shape and label_dim; denoise - function of x and sigma.
    """

    def __init__(self, network, denoise):
        super().__init__()
        self.image_shape, self.label_dim = network.image_shape, network.label_dim
        for limit in ("sigma_min", "sigma_max"):  # of the sampler's levels
            if hasattr(network, limit):
                setattr(self, limit, getattr(network, limit))
        self._denoise = denoise

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma)."""
        return self._denoise(x, sigma)


def _of_one_class(denoiser):
    """A GaussianDenoiser of one class as a function of x and sigma."""

    def denoised(x, sigma):
        return denoiser(x, sigma, torch.ones(len(x), 1))

    return denoised
