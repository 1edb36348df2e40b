"""Training, validation and test parts of each class, the same for every origin of a seed."""

from dataclasses import dataclass

import numpy as np

from gaussianity.streams import stream


@dataclass(frozen=True)
class Split:
    """Row indices of the concatenated classes.

    train - dict of training size per class to int array (size * classes,); a smaller size is part
    of a larger one; validation, test - int arrays, disjoint from each other and from every train.
    """

    train: dict
    validation: np.ndarray
    test: np.ndarray

    def compact(self):
        """The rows that the split uses, in rising order, and the split as indices of these rows."""
        largest = self.train[max(self.train)]
        used = np.sort(np.concatenate([largest, self.validation, self.test]))

        def position(rows):
            return np.searchsorted(used, rows)

        train = {n: position(rows) for n, rows in self.train.items()}
        return used, Split(train, position(self.validation), position(self.test))


def split_classes(
    classes, per_class, *, train_sizes, validation_size, test_size, study_seed, seed, pools=1
):
    """Split each class's images at random; sizes are per class.

    Args:    classes - class indices, in the order of their rows; per_class - images of each class;
             study_seed - of the study; seed - of the repetition; pools - number of disjoint parts
             of the images, of which the repetition uses part seed modulo pools.
    Returns: Split.
    Raises:  ValueError - the parts need more images than there are.
    """
    held, size = test_size + validation_size, per_class // pools
    if max(train_sizes) + held > size:
        raise ValueError(
            f"the split needs {max(train_sizes) + held} images per class, found {size}"
        )
    orders = [
        start * per_class
        + seed % pools * size
        + stream(study_seed, "split", seed, k).permutation(size)
        for start, k in enumerate(classes)
    ]
    return Split(
        train={n: np.concatenate([o[held : held + n] for o in orders]) for n in train_sizes},
        validation=np.concatenate([o[test_size:held] for o in orders]),
        test=np.concatenate([o[:test_size] for o in orders]),
    )
