"""Losses and their gradients against those of torch."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gaussianity.classifiers.losses import (
    CrossEntropy,
    SigmoidMSE,
    SoftmaxMSE,
    iterative_loss,
    predictions,
)

GENERATOR = torch.Generator().manual_seed(0)
LABELS = torch.tensor([0, 2, 1, 2])
LOGITS = 3 * torch.randn(4, 3, generator=GENERATOR, dtype=torch.float64)
ONE_HOT = torch.eye(3, dtype=torch.float64)[LABELS]
BINARY = torch.tensor([0, 1, 1, 0])
LOGIT = 3 * torch.randn(4, 1, generator=GENERATOR, dtype=torch.float64)
TWO_HOT = torch.eye(2, dtype=torch.float64)[BINARY]

CASES = [
    (SoftmaxMSE, LOGITS, ONE_HOT, lambda z: ((z.softmax(-1) - ONE_HOT) ** 2).mean(-1)),
    (CrossEntropy, LOGITS, ONE_HOT, lambda z: F.cross_entropy(z, LABELS, reduction="none")),
    (SigmoidMSE, LOGIT, TWO_HOT, lambda z: (z.sigmoid()[:, 0] - BINARY) ** 2),
]


def standing(array):
    """(rows, outputs) as (outputs, 1 model, rows)."""
    return array.T[:, None, :]


@pytest.mark.parametrize(("loss", "logits", "one_hot", "reference"), CASES)
def test_value_and_gradient(loss, logits, one_hot, reference):
    tracked = logits.clone().requires_grad_()
    expected = reference(tracked)
    value = loss.value(standing(logits), standing(one_hot))
    torch.testing.assert_close(value, expected.detach()[None])
    expected.sum().backward()
    gradient = loss.gradient(standing(logits), standing(one_hot))
    torch.testing.assert_close(gradient, standing(tracked.grad))


def test_models_and_batches_stand_side_by_side():
    """Axes are (batches, outputs, models, rows); every model has the gradient of itself alone."""
    logits = torch.randn(2, 3, 5, 4, generator=GENERATOR)
    one_hot = torch.eye(3)[torch.tensor([[0, 1, 2, 2], [1, 1, 0, 2]])].mT[:, :, None, :]
    for loss in (SoftmaxMSE, CrossEntropy):
        whole = loss.gradient(logits, one_hot)
        alone = loss.gradient(logits[1, :, 3:4], one_hot[1])
        torch.testing.assert_close(whole[1, :, 3:4], alone)


@pytest.mark.parametrize(("loss", "logits", "one_hot", "reference"), CASES)
def test_numpy_gives_the_same(loss, logits, one_hot, reference):
    for part in (loss.value, loss.gradient):
        found = part(standing(logits).numpy(), standing(one_hot).numpy())
        np.testing.assert_allclose(found, part(standing(logits), standing(one_hot)), rtol=1e-12)


@pytest.mark.parametrize("loss", [SoftmaxMSE, CrossEntropy])
def test_huge_logits_stay_finite(loss):
    logits, one_hot = standing(np.array([[1e4, -1e4]])), standing(np.eye(2)[1:])
    assert np.isfinite(loss.value(logits, one_hot)).all()
    assert np.isfinite(loss.gradient(logits, one_hot)).all()
    assert np.isfinite(SigmoidMSE.gradient(logits[:1], one_hot)).all()


def test_predictions():
    assert predictions(standing(np.array([[0.1, 0.9], [2.0, 1.0]]))).tolist() == [[1, 0]]
    assert predictions(standing(np.array([[0.3], [-0.3]]))).tolist() == [[1, 0]]


def test_names():
    assert iterative_loss("mse", 2) is SigmoidMSE
    assert iterative_loss("mse", 3) is SoftmaxMSE
    assert iterative_loss("cross_entropy", 2) is CrossEntropy
    assert iterative_loss("two_layer", 2) is CrossEntropy
    with pytest.raises(ValueError, match="found 'hinge'"):
        iterative_loss("hinge", 2)
    with pytest.raises(ValueError, match="2 classes, found 3"):
        SigmoidMSE.outputs(3)
