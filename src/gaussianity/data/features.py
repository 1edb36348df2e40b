"""Features of images by a torch network, whose distribution is studied in place of the pixels'."""

import pickle

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.arguments import require_whole
from gaussianity.errors import InputError
from gaussianity.io.images import require_images, rows
from gaussianity.io.user_code import imported

TORCHVISION = "torchvision.models:"
HEADS = ("fc", "classifier", "heads", "head")  # torchvision's names of classification layers
# Red, green and blue of ImageNet, on which torchvision's weights were trained, [0, 1] units.
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Features:
    """A network that computes features of images.

    Args:    name - `module:callable`, importable from the folder in which the study runs. It is
             called with the path `weights`, or without arguments where that is None. It returns
             a torch module or a function: from images float32 (n, C, H, W) in [0, 1] units on
             `device` to features (n, size). Or `torchvision.models:<model>`, see
             TorchvisionFeatures, whose images are scaled to `resize` pixels a side. prefix -
             written before the names of arguments in an error.
    Raises:  InputError - the callable cannot be imported, or returns something else.
    """

    def __init__(self, name, *, size, weights=None, resize=None, device="cpu", prefix=""):
        require_whole(size=size)
        self.name, self.size, self.device = name, size, device
        self.prefix = prefix
        made = imported(name)
        if name.startswith(TORCHVISION):
            self.network = TorchvisionFeatures(made(), weights, resize or 224)
        else:
            self.network = made() if weights is None else made(weights)
        if not callable(self.network):
            raise InputError(
                f"{name}: expected that its call returns a torch module or a function of images, "
                f"found a {type(self.network).__name__}"
            )
        if isinstance(self.network, nn.Module):
            self.network.to(device).eval()

    @torch.no_grad()
    def of_images(self, images, batch_size):
        """Features of stored images (n, C, H, W), a batch at a time: float32 (n, size).

        Raises:  InputError - the images are not uint8 or float32 (n, C, H, W), or the network
                 returns another shape, or numbers that are not finite.
        """
        require_whole(batch_size=batch_size)
        require_images("images", images)
        if torch.device(self.device).type == "cuda":
            torch.backends.cudnn.allow_tf32 = False  # else convolutions keep 10 bits of 23
        kept = np.empty((len(images), self.size), np.float32)
        for start in range(0, len(images), batch_size):
            part = images[start : start + batch_size]
            unit = torch.as_tensor(rows(part, np.float32).reshape(part.shape), device=self.device)
            found = self.network(unit)
            self._check_shape(found, len(part))
            kept[start : start + len(part)] = found.float().cpu().numpy()
        wrong = np.flatnonzero(~np.isfinite(kept).all(axis=1))
        if wrong.size:
            raise InputError(
                f"{self.name}: expected finite features, found NaN or infinity in those of "
                f"{wrong.size} of {len(kept)} images, first of number {wrong[0]}"
            )
        return kept

    def _check_shape(self, found, count):
        if isinstance(found, torch.Tensor) and found.shape == (count, self.size):
            return
        is_tensor = isinstance(found, torch.Tensor)
        raise InputError(
            f"{self.name}: expected features of shape {(count, self.size)} of {count} images "
            f"({self.prefix}size {self.size}), found "
            + (f"a tensor of shape {tuple(found.shape)}" if is_tensor else type(found).__name__)
        )


class TorchvisionFeatures(nn.Module):
    """A classifier of torchvision without its classification layers.

    Images are scaled to `side` pixels and normalised like the images of the model's training. Grey
    images become three equal channels. The features of a ResNet are the averages over its last
    feature maps. Difference: the code of Ghane et al. (2025) pads images with black to 224 pixels
    and does not normalise them.

    Args:    model - of torchvision; weights - file of its state dict; side - in pixels.
    Raises:  InputError - a file that does not fit, or a model without classification layers.
    """

    def __init__(self, model, weights, side):
        super().__init__()
        load_weights(model, weights)
        head = next((name for name in HEADS if hasattr(model, name)), None)
        if head is None:
            raise InputError(
                f"{type(model).__name__} of torchvision: expected a classifier whose last layers "
                f"are called {' or '.join(HEADS)}, found none; wrap it in a module of your own"
            )
        setattr(model, head, nn.Identity())
        self.model, self.side = model, side
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(STD)[:, None, None], persistent=False)

    def forward(self, images):
        """Features (n, F) of images (n, 1 or 3, H, W)."""
        if images.shape[1] not in (1, 3):
            raise InputError(
                f"torchvision: expected images of 1 or 3 channels, found {images.shape[1]}; wrap "
                "the model in a module of your own"
            )
        images = images.expand(-1, 3, -1, -1)
        size = (self.side, self.side)
        if images.shape[2:] != size:
            images = F.interpolate(images, size, mode="bilinear", antialias=True)
        return self.model((images - self.mean) / self.std).flatten(1)


def load_weights(model, path):
    """Load a state dict that torch saved. Only tensors are read; no code in the file is run."""
    try:
        model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except (
        OSError,
        EOFError,
        RuntimeError,
        TypeError,
        ValueError,
        pickle.UnpicklingError,
    ) as error:
        sentence = " ".join(str(error).split())
        sentence = sentence if len(sentence) < 300 else sentence[:300] + " ..."
        raise InputError(
            f"{path}: expected the weights of {type(model).__name__} as torch.save writes its "
            f"state dict: {sentence}"
        ) from None
