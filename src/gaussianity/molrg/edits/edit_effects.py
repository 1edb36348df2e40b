"""Effects of an edit of an image on its pixels and on a classifier's probabilities.

Figures 6 and 9 of Wang et al. (2024), arXiv 2409.02426, show edited images. The effects measured
here are ours.
"""

import math
from dataclasses import dataclass

import numpy as np

from gaussianity.io.images import to_unit

HELD_OUT = 0.2  # share of the images that measure the classifier


@dataclass(frozen=True)
class Classifier:
    """Logistic regression of the class on rows (n, d), black 0 and white 1.

    accuracy - share of right classes among images that the model was not fitted to.
    """

    model: object
    accuracy: float

    @classmethod
    def of_classes(cls, classes, generator):
        """Classifier of rows (n_k, d) of each class; HELD_OUT of all rows, drawn at random, measure
        its accuracy."""
        from sklearn.linear_model import LogisticRegression

        labels = np.repeat(np.arange(len(classes)), [len(rows) for rows in classes])
        rows, order = np.concatenate(classes), generator.permutation(len(labels))
        held, others = np.split(order, [round(HELD_OUT * len(rows))])
        model = LogisticRegression(max_iter=1000).fit(rows[others], labels[others])
        return cls(model, float(model.score(rows[held], labels[held])))

    def probabilities(self, images):
        """Probabilities (..., K) of the classes for images (..., C, H, W) in the network form."""
        found = self.model.predict_proba(to_unit(images).reshape(-1, math.prod(images.shape[-3:])))
        return found.reshape(*images.shape[:-3], -1)


def measure_effects(images, base, classifier):
    """Effects of edits on the pixels and on the classifier.

    Args:    images - (n, m, strengths, C, H, W), edited; base - (n, C, H, W), not edited, both in
             the network form; classifier - Classifier.
    Returns: dict of (n, m, strengths): rms_change - root mean square over the pixels, black 0 and
             white 1; probability_moved - half the sum of the absolute changes of the classifier's
             probabilities, 0 to 1; switched - 1 if the class with the largest probability changes.
    """
    images, base = images.cpu().numpy(), base.cpu().numpy()[:, None, None]
    before, after = classifier.probabilities(base), classifier.probabilities(images)
    return dict(
        rms_change=np.sqrt(np.square((images - base) / 2).mean(axis=(3, 4, 5))),
        probability_moved=np.abs(after - before).sum(axis=-1) / 2,
        switched=(after.argmax(axis=-1) != before.argmax(axis=-1)).astype(np.float64),
    )
