"""The split of a denoiser at several noise levels, one class after the other."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.io.columns import concatenated, from_rows
from gaussianity.linear.levels import evaluated
from gaussianity.linear.locality import central_pixels, filter_rows
from gaussianity.linear.references import References
from gaussianity.linear.split import reason_against, split, wiener

SHARES = ("wiener", "other", "nonlinear", "signal", "off_diagonal", "floor")


@dataclass(frozen=True)
class ClassSplits:
    """Splits of one class at every level.

    sigmas - levels; points - noisy images at each; reason - why there is no split, or None; splits
    - list of Split; variances - eigenvalues of the covariance (r,); vectors - its eigenvectors as
    rows (r, d); image_shape - (C, H, W).
    """

    sigmas: list
    points: int
    reason: str | None
    splits: list
    variances: np.ndarray
    vectors: np.ndarray
    image_shape: tuple


def class_splits(
    denoiser, label, rows, generator, *, sigmas, points, noises, batch_size, device="cpu"
):
    """Splits of one class.

    Args:    denoiser - D(x, sigma, class_labels); label - of the class; rows - clean images that
             define mean and covariance (n, d), network form; generator - NumPy's; sigmas - levels;
             points - noisy images for each dimension; noises - of an image, at most; batch_size -
             images at once.
    Returns: ClassSplits.
    """
    n, d = rows.shape
    count = min(noises * n, points * d)
    reason = reason_against(count, d)
    references = References(rows, denoiser.image_shape)
    vectors, variances = references.vectors.numpy(), references.variances.numpy()
    found = []
    if reason is None:
        copies = math.ceil(count / n)
        clean = np.tile(rows, (copies, 1))[:count]
        noise = generator.standard_normal(clean.shape)
        for sigma in map(float, sigmas):
            x = clean + sigma * noise
            images = torch.from_numpy(x).reshape(-1, *denoiser.image_shape)
            denoised = evaluated(denoiser, images, sigma, label, batch_size, device)
            denoised = denoised.reshape(count, d).numpy()
            mean = references.mean.numpy()
            found.append(split(x, denoised, mean, vectors, variances, sigma))
    shape = tuple(denoiser.image_shape)
    return ClassSplits(list(sigmas), count, reason, found, variances, vectors, shape)


def joined(found):
    """Tables of all classes.

    Args:    found - dict of class to ClassSplits.
    Returns: columns of shares, a row per class and level: image_class, points, reason (empty where
             there is a split), sigma and SHARES (NaN without a split); columns of shrinkage, a row
             per class, level and rank: factor of the fit, and of the Wiener filter; arrays of
             filters: pixels (p,), sigmas (s,), classes (K,), fitted and wiener (K, s, p, d), rows
             of both filters at the central pixels, float32.
    """
    shares, shrinkage, fitted, exact = [], [], [], []
    for name, of in found.items():
        about = dict(image_class=name, points=of.points, reason=of.reason or "")
        for sigma, each in zip(of.sigmas, of.splits or [None] * len(of.sigmas), strict=True):
            values = {key: getattr(each, key, np.nan) for key in SHARES}
            shares.append(about | dict(sigma=float(sigma)) | values)
            if each is not None:
                shrinkage.append(_shrinkage(name, sigma, each, of.variances))
    split_classes = {name: of for name, of in found.items() if of.splits}
    pixels = central_pixels(next(iter(found.values())).image_shape)
    for of in split_classes.values():
        fitted.append([filter_rows(each.matrix, pixels) for each in of.splits])
        exact.append([_wiener_rows(of, sigma, pixels) for sigma in of.sigmas])
    filters = dict(
        pixels=np.array(pixels),
        sigmas=np.array(next(iter(found.values())).sigmas, dtype=np.float64),
        classes=np.array(list(split_classes), dtype=str),
        fitted=np.array(fitted, dtype=np.float32),
        wiener=np.array(exact, dtype=np.float32),
    )
    empty = dict(image_class="", sigma=np.nan, rank=0, factor=np.nan, wiener=np.nan)
    nothing = {key: np.array([value])[:0] for key, value in empty.items()}
    return from_rows(shares), concatenated(shrinkage) if shrinkage else nothing, filters


def _shrinkage(name, sigma, each, variances):
    r = len(variances)
    return dict(
        image_class=np.array([name] * r),
        sigma=np.full(r, float(sigma)),
        rank=np.arange(1, r + 1),
        factor=each.factors,
        wiener=wiener(variances, sigma),
    )


def _wiener_rows(of, sigma, pixels):
    """Rows of C (C + sigma^2)^-1 at pixels: (p, d)."""
    return (of.vectors[:, pixels].T * wiener(of.variances, sigma)) @ of.vectors
