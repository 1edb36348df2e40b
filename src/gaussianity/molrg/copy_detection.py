"""Similarity of images by a network that is trained to find copies, such as SSCD."""

import numpy as np
import torch
from torch.nn import functional as F

from gaussianity.data.features import MEAN, STD
from gaussianity.errors import InputError
from gaussianity.intervals import share_interval

SIDE = 320  # pixels; the network's images are scaled to this size
SIMILAR = 0.6  # cosine from which an image counts as a copy


class CopyDetector:
    """Unit vectors of images, which are close for copies.

    Args:    path - of a TorchScript module that maps images (n, 3, SIDE, SIDE), normalised as
             ImageNet's are, to features (n, F), such as sscd_disc_large; device - of the network.
    Raises:  InputError - the file is missing or no TorchScript file.
    Source:  Pizzi et al. (2022), "A Self-Supervised Descriptor for Image Copy Detection"; SIDE and
             SIMILAR as in the code published with Wang et al. (2024).
    """

    def __init__(self, path, device="cpu"):
        try:
            self.network = torch.jit.load(path, map_location=device).eval()
        except (OSError, RuntimeError, ValueError) as error:
            sentence = " ".join(str(error).split())[:300]
            raise InputError(f"{path}: expected a TorchScript file: {sentence}") from None
        self.path, self.device = path, device

    @torch.no_grad()
    def embeddings(self, images, batch_size=64):
        """Unit vectors (n, F), float64, of images (n, 1 or 3, H, W) in [0, 1] units.

        Raises:  InputError - the network cannot compute features (n, F) of these images.
        """
        mean, std = (torch.tensor(v, device=self.device)[:, None, None] for v in (MEAN, STD))
        found = []
        for part in torch.as_tensor(images, dtype=torch.float32).split(batch_size):
            part = part.to(self.device).expand(-1, 3, -1, -1)
            scaled = F.interpolate(part, (SIDE, SIDE), mode="bilinear", antialias=True)
            features = self._features((scaled - mean) / std)
            found.append(F.normalize(features.to(torch.float64), dim=1).cpu().numpy())
        return np.concatenate(found)

    def _features(self, images):
        expected = f"{self.path}: expected a network that makes features (n, F) of images"
        try:
            features = self.network(images)
        except RuntimeError as error:
            # TorchScript's message starts with a trace of the network's code.
            sentence = " ".join(str(error).rpartition("Error: ")[2].split())[:300]
            raise InputError(f"{expected} {tuple(images.shape)}: {sentence}") from None
        shape = tuple(features.shape) if torch.is_tensor(features) else type(features).__name__
        if not isinstance(shape, tuple) or len(shape) < 2 or shape[0] != len(images):
            raise InputError(f"{expected} {tuple(images.shape)}, found {shape}")
        return features.flatten(1)


def unlike_share(generated, training):
    """GL = 1 - P(max_i cos(x, x_i) > SIMILAR) with the ends of its 95 % interval.

    Args:    generated, training - unit vectors (n, F) and (m, F).
    """
    nearest = np.concatenate([(part @ training.T).max(axis=1) for part in _parts(generated)])
    return share_interval(nearest <= SIMILAR)


def _parts(rows):
    return [rows[start : start + 512] for start in range(0, len(rows), 512)]
