"""The table of the figure of votes."""

import numpy as np

from gaussianity.data.figures import class_agreement


def test_class_agreement_by_hand():
    """8 of 10 images of b are in b; no image was meant for a."""
    votes = np.array([[1, 8, 1], [0, 2, 8]])
    summary = class_agreement.table(votes, ["b", "c"], ["a", "b", "c"])
    assert summary["voted"].tolist() == list("abcabc")
    assert summary["share"].tolist() == [0.1, 0.8, 0.1, 0.0, 0.2, 0.8]
    assert class_agreement.agreement(summary) == (0.8, 20)
