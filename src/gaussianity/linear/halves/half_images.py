"""Images of the same seeds by the denoisers of two halves of a dataset: networks, twins, copiers.

The twin of a half is the exact denoiser of the half's mean and covariance. The copier is the exact
denoiser of the half's images, which memorises them. Two copiers agree too, since all denoisers
agree at large noise: they are the floor of the agreement.
"""

from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.denoisers.empirical_score import EmpiricalDenoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.linear.halves.dataset_halves import FIRST, SECOND
from gaussianity.linear.halves.half_agreement import (
    COPIER,
    MIXED,
    NETWORK,
    TWIN,
    inner_products,
    named,
    nearest,
)
from gaussianity.sampling.class_samples import class_labels
from gaussianity.sampling.sampler import sample_batches


@dataclass(frozen=True)
class ClassHalves:
    """What two halves of a class make of the same seeds.

    images - dict of a denoiser's name to rows (n, d), network form: `network_...` where networks
    are given, `twin_...`, `copier_...`, and `mixed`, the control, the second's images moved by one
    seed; variances - dict of all, first, second to eigenvalues of the covariance of these rows;
    halves - rows of both halves.
    """

    images: dict
    variances: dict
    halves: tuple

    @property
    def compared(self):
        """Names of the two denoisers in question: the networks, or without these the twins."""
        kind = NETWORK if named(NETWORK, FIRST) in self.images else TWIN
        return named(kind, FIRST), named(kind, SECOND)

    def tables(self, name, embeddings=None):
        """Columns of the tables of a class, all with image_class.

        Args:    name - of the class; embeddings - function of rows (n, d) that returns unit vectors
                 (n, F) of a copy detector, or None.
        Returns: dict of products, see `half_agreement.inner_products`; distances, see
                 `half_agreement.nearest`, with similarity, the cosine of the embeddings of a seed's
                 two images (NaN without them); spectra: rows (all, first, second), images (of a
                 half), variance.
        """
        found = dict(
            products=inner_products(self.images),
            distances=self._distances(embeddings),
            spectra=self._spectra(),
        )
        for columns in found.values():
            count = len(next(iter(columns.values())))
            columns["image_class"] = np.array([name] * count)
        return found

    def _distances(self, embeddings):
        pair = [self.images[name] for name in self.compared]
        columns = nearest(*pair, *self.halves)
        similarity = np.full(len(columns["image"]), np.nan)
        if embeddings is not None:
            first, second = map(embeddings, pair)
            similarity[: len(first)] = np.sum(first * second, axis=1)
        return columns | dict(similarity=similarity)

    def _spectra(self):
        lengths = [len(variances) for variances in self.variances.values()]
        return dict(
            rows=np.repeat(list(self.variances), lengths),
            images=np.repeat(len(self.halves[0]), sum(lengths)),
            variance=np.concatenate(list(self.variances.values())),
        )


def of_class(halves, networks, label, seeds, image_shape, *, batch_size, device="cpu", **settings):
    """Images of one class.

    Args:    halves - rows of the class in each half (n, d), network form, at least 2; networks -
             dict of first, second, again to denoisers, may be empty; label - of the class in the
             networks; seeds - one per image; image_shape - (C, H, W); batch_size - images at once;
             device - of the networks; settings - of `sampler.walk`, without churn.
    Returns: ClassHalves.
    """
    rows = [torch.as_tensor(half, dtype=torch.float64) for half in halves]
    twins = [GaussianDenoiser.of_classes([half], image_shape) for half in rows]
    whole = GaussianDenoiser.of_classes([torch.cat(rows)], image_shape)
    made = {named(NETWORK, name): (network, label, device) for name, network in networks.items()}
    for name, half, twin in zip((FIRST, SECOND), rows, twins, strict=True):
        made[named(TWIN, name)] = (twin, 0, "cpu")
        made[named(COPIER, name)] = (EmpiricalDenoiser(half, image_shape), None, "cpu")
    images = {
        name: _rows(*of, seeds, batch_size=batch_size, S_churn=0.0, **settings)
        for name, of in made.items()
    }
    variances = [of.variances[0].numpy() for of in (whole, *twins)]
    found = ClassHalves(
        images,
        dict(zip(("all", FIRST, SECOND), variances, strict=True)),
        tuple(half.numpy() for half in rows),
    )
    images[MIXED] = np.roll(images[found.compared[1]], 1, axis=0)
    return found


def _rows(denoiser, label, device, seeds, **settings):
    labels = class_labels(denoiser, label, len(seeds))
    batches = sample_batches(denoiser, seeds, labels, device=device, **settings)
    return np.concatenate([images.flatten(1).numpy() for _, images, _ in batches])
