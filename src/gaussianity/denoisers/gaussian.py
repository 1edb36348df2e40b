"""The exact denoiser of Gaussian classes, and a conditional denoiser called without labels."""

import math

import numpy as np
import torch
from torch import nn

from gaussianity.arguments import require_array, require_whole
from gaussianity.denoisers.arguments import (
    per_sample,
    require_arguments,
    require_rows,
    require_shape,
)
from gaussianity.errors import InputError


class GaussianDenoiser(nn.Module):
    """Exact posterior mean where class k is N(mean_k, covariance_k).

    D(x; sigma, k) = mean_k + C_k (C_k + sigma^2 I)^-1 (x - mean_k). Without labels, D is the
    posterior mean under the mixture of all classes with equal weights. It computes in float64.

    Args:    image_shape - (C, H, W); label_dim - number of classes K; rank - eigenpairs kept, at
             most d = C*H*W. The buffers `mean` (K, d), `vectors` (K, rank, d) with orthonormal
             rows and `variances` (K, rank) describe the classes, see `of_classes`.
    """

    kind = "gaussian"

    def __init__(self, *, image_shape, label_dim, rank):
        super().__init__()
        require_shape(image_shape, label_dim)
        require_whole(label_dim=label_dim, rank=rank)
        if rank > math.prod(image_shape):
            raise InputError(
                f"rank: expected at most {math.prod(image_shape)} pixels, found {rank}"
            )
        self.image_shape, self.label_dim = tuple(image_shape), label_dim
        self.arguments = dict(image_shape=list(image_shape), label_dim=label_dim, rank=rank)
        d = math.prod(image_shape)
        self.register_buffer("mean", torch.zeros(label_dim, d, dtype=torch.float64))
        self.register_buffer("vectors", torch.zeros(label_dim, rank, d, dtype=torch.float64))
        self.register_buffer("variances", torch.zeros(label_dim, rank, dtype=torch.float64))

    @classmethod
    def of_classes(cls, classes, image_shape):
        """The denoiser of the empirical mean and covariance of each class's images.

        Args:    classes - per class, rows (n_k, d) in the network form; image_shape - (C, H, W).
        """
        require_shape(image_shape, len(classes))
        classes = [require_rows("classes", rows, image_shape, least=2) for rows in classes]
        if not classes:
            raise InputError("classes: expected the rows of at least one class, found none")
        d = math.prod(image_shape)
        rank = max(min(len(rows) - 1, d) for rows in classes)
        denoiser = cls(image_shape=image_shape, label_dim=len(classes), rank=rank)
        for k, rows in enumerate(classes):
            rows = torch.as_tensor(rows, dtype=torch.float64)
            denoiser.mean[k] = rows.mean(dim=0)
            # The thin SVD of the centred rows gives the eigenpairs of the covariance.
            centred = (rows - denoiser.mean[k]) / math.sqrt(len(rows) - 1)
            _, singular, vectors = torch.linalg.svd(centred, full_matrices=False)
            kept = min(rank, len(singular))
            denoiser.vectors[k, :kept] = vectors[:kept]
            denoiser.variances[k, :kept] = singular[:kept] ** 2
        return denoiser

    @classmethod
    def of_moments(cls, means, covariances, image_shape):
        """The denoiser of classes with given means and covariances.

        Args:    means - of the classes (K, d); covariances - (K, d, d); image_shape - (C, H, W).
        """
        require_shape(image_shape, len(means))
        means = require_rows("means", means, image_shape)
        covariances = require_array("covariances", covariances, (len(means), *[means.shape[1]] * 2))
        denoiser = cls(image_shape=image_shape, label_dim=len(means), rank=means.shape[1])
        for k, covariance in enumerate(covariances):
            variances, vectors = np.linalg.eigh(covariance)
            if variances[0] < -1e-6 * abs(variances[-1]):
                raise InputError(
                    f"covariances: expected positive semidefinite matrices, found the eigenvalue "
                    f"{variances[0]:g} in number {k}"
                )
            denoiser.mean[k] = torch.from_numpy(means[k])
            denoiser.vectors[k] = torch.from_numpy(vectors.T.copy())
            denoiser.variances[k] = torch.from_numpy(np.maximum(variances, 0))  # rounding
        return denoiser

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma, class_labels): x (n, C, H, W), any float dtype; the same shape and dtype."""
        require_arguments(self, x, sigma, class_labels)
        flat = x.to(torch.float64).flatten(1)
        variance = per_sample(sigma, x.to(torch.float64)).reshape(-1, 1) ** 2
        if class_labels is None:
            denoised = self._mixture_mean(flat, variance)
        else:
            denoised = torch.empty_like(flat)
            classes = class_labels.argmax(dim=1)
            for k in classes.unique():
                members = classes == k
                denoised[members] = self._class_mean(flat[members], variance[members], k)
        return denoised.reshape(x.shape).to(x.dtype)

    def _class_mean(self, flat, variance, k):
        coordinates = (flat - self.mean[k]) @ self.vectors[k].T  # (n, rank)
        shrunk = coordinates * (self.variances[k] / (self.variances[k] + variance))
        return self.mean[k] + shrunk @ self.vectors[k]

    def _log_density(self, flat, variance, k):
        """log N(x; mean_k, C_k + variance I) (n,), up to a constant that all classes share."""
        centred = flat - self.mean[k]
        coordinates = centred @ self.vectors[k].T
        total = self.variances[k] + variance  # (n, rank)
        outside = centred.square().sum(1) - coordinates.square().sum(1)
        complement = centred.shape[1] - self.vectors.shape[1]
        return -0.5 * (
            (coordinates.square() / total + total.log()).sum(1)
            + outside / variance[:, 0]
            + complement * variance[:, 0].log()
        )

    def draws(self, labels, generator):
        """One row of each label's class: float64 (n, d).

        Args:    labels - int (n,), a tensor; generator - NumPy's.
        """
        z = torch.from_numpy(generator.standard_normal((len(labels), self.vectors.shape[1])))
        rows = torch.empty((len(labels), self.mean.shape[1]), dtype=torch.float64)
        for k in labels.unique():
            chosen = labels == k
            rows[chosen] = self.mean[k] + z[chosen] * self.variances[k].sqrt() @ self.vectors[k]
        return rows

    def class_probabilities(self, x, sigma):
        """Posterior probabilities of equally likely classes given noisy images: float64 (n, K)."""
        flat = x.to(torch.float64).flatten(1)
        variance = per_sample(sigma, x.to(torch.float64)).reshape(-1, 1) ** 2
        return self._class_weights(flat, variance)

    def _class_weights(self, flat, variance):
        classes = range(self.label_dim)
        log_density = [self._log_density(flat, variance, k) for k in classes]
        return torch.stack(log_density, dim=1).softmax(dim=1)

    def _mixture_mean(self, flat, variance):
        classes = range(self.label_dim)
        weights = self._class_weights(flat, variance)  # (n, K)
        means = torch.stack([self._class_mean(flat, variance, k) for k in classes], dim=1)
        return (weights[:, :, None] * means).sum(dim=1)


class Unlabelled(nn.Module):
    """A conditional denoiser that is called without labels.

    For a GaussianDenoiser this is the exact denoiser of the mixture of its classes.
    """

    label_dim = 0

    def __init__(self, denoiser):
        super().__init__()
        self.denoiser, self.image_shape = denoiser, denoiser.image_shape

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma)."""
        return self.denoiser(x, sigma)
