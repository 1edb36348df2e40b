"""Reader of scikit-learn's handwritten digits: 1,797 images of 8 x 8 pixels."""

import numpy as np

from gaussianity.data.readers.arrays.reader import ArrayReader
from gaussianity.data.readers.reader import sorted_classes

# Images of each digit. Every start of Snakemake needs these numbers. Importing scikit-learn would
# take a third of that start.
COUNTS = (178, 182, 177, 183, 181, 182, 181, 179, 174, 180)


class Digits(ArrayReader):
    """scikit-learn's digits. Values 0 to 16 become float32 from 0 to 1."""

    def array(self):
        """See `ArrayReader.array`."""
        return (_digits().images[:, None] / 16).astype(np.float32)

    def labels(self):
        return sorted_classes(_digits().target)

    def header(self):
        """See `ArrayReader.header`."""
        return (sum(COUNTS), 1, 8, 8), np.dtype(np.float32)

    def class_counts(self):
        return dict(zip("0123456789", COUNTS, strict=True))


def _digits():
    from sklearn.datasets import load_digits

    return load_digits()
