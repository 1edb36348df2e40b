"""What is edited: images of classes, sampled or given, and principal directions of the classes."""

from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.data.one_image import read_one_image
from gaussianity.io.images import to_network
from gaussianity.molrg.edits.edit_effects import Classifier
from gaussianity.molrg.edits.edits import Editing, EditSettings, Given, Sampled
from gaussianity.molrg.edits.semantic_directions import principal_directions
from gaussianity.streams import IMAGES_PER_CLASS


@dataclass(frozen=True)
class EditedClasses:
    """K classes whose images are edited.

    principal - directions (K, m, d), see `class_directions`; streams - for each class a function of
    an image's number to its NumPy generator; class_labels - one-hot (K, label_dim), or None for a
    denoiser without labels; classifier - Classifier; settings - EditSettings.
    """

    principal: torch.Tensor
    streams: list
    class_labels: torch.Tensor | None
    classifier: Classifier
    settings: EditSettings

    def sampled(self, seeds):
        """Sampled images of all classes, image by image: Sampled. seeds - (n, K)."""
        count, classes = seeds.shape
        of_class = np.tile(np.arange(classes), count)
        numbers = np.repeat(np.arange(count), classes)
        return Sampled(seeds.ravel(), self._labels(of_class), self._editing(of_class, numbers))

    def given(self, images, of_class, steps):
        """Given images, see `given_images`: Given, or None if there are none."""
        if not len(images):
            return None
        numbers = IMAGES_PER_CLASS + np.arange(len(images))  # not those of sampled images
        editing = self._editing(of_class, numbers)
        return Given(images, self._labels(of_class), editing, steps)

    def _labels(self, of_class):
        return None if self.class_labels is None else self.class_labels[of_class]

    def _editing(self, of_class, numbers):
        drawn = [self.streams[k](int(i)) for k, i in zip(of_class, numbers, strict=True)]
        return Editing(self.principal[of_class], drawn, self.classifier, self.settings)


def class_directions(classes, count):
    """Principal directions of each class, as many of each: (K, m, d), float64.

    Args:    classes - rows (n_k, d) of each class; count - m, less where a class has fewer.
    """
    found = [principal_directions(rows, count) for rows in classes]
    least = min(len(directions) for directions in found)
    return torch.stack([directions[:least] for directions in found])


def given_images(classes, count, image_shape, *, path=None, of_class=0):
    """Images to invert: the user's own, then the first ones of every class.

    Args:    classes - rows (n_k, d) of each class, black 0 and white 1; count - images per class,
             or as many as each class has; image_shape - (C, H, W); path - of an image file, or
             None; of_class - number of its class.
    Returns: images (n, C, H, W), float64, in the network form; number of the class of each, int
             (n,).
    Raises:  InputError - the file does not fit.
    """
    count = min(count, *map(len, classes))
    rows = np.stack([of[:count] for of in classes], axis=1).reshape(-1, *image_shape)  # by turns
    numbers = np.tile(np.arange(len(classes)), count)
    images = 2 * rows.astype(np.float64) - 1
    if path is not None:
        own = to_network(read_one_image(path, image_shape), np.float64)
        images, numbers = np.concatenate([own, images]), np.concatenate([[of_class], numbers])
    return torch.from_numpy(images), numbers
