"""The two-layer classifier against the layers and gradients of torch."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.classifiers.losses import CrossEntropy
from gaussianity.classifiers.models import TwoLayer

HIDDEN = 7


def network(parameters):
    """The same classifier in torch's layers; parameters are W, V and b."""
    first, second, bias = (torch.as_tensor(part) for part in parameters)
    layers = nn.Sequential(
        nn.Linear(first.shape[1], len(first), bias=False),
        nn.ReLU(),
        nn.Linear(len(first), len(second)),
    ).double()
    with torch.no_grad():
        layers[0].weight.copy_(first)
        layers[2].weight.copy_(second)
        layers[2].bias.copy_(bias[:, 0])
    return layers


def several(sizes, rates, d, outputs):
    """Random parameters of sizes times rates classifiers."""
    generator = np.random.default_rng(5)
    shapes = [(HIDDEN, rates, d), (outputs, rates, HIDDEN), (outputs, rates, 1)]
    return [generator.standard_normal((sizes, *shape)) for shape in shapes]


@pytest.mark.parametrize("library", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
def test_scores_and_gradient_are_torchs_for_every_size_and_rate(library):
    sizes, rates, d, outputs, batch = 3, 2, 6, 4, 11
    generator = np.random.default_rng(6)
    parameters = several(sizes, rates, d, outputs)
    rows = generator.standard_normal((sizes, batch, d))
    labels = generator.integers(outputs, size=(sizes, batch))
    weights = generator.uniform(size=(sizes, batch))  # weights of the rows in the mean
    one_hot = np.eye(outputs)[labels].transpose(0, 2, 1)[:, :, None, :]
    ours = [library(part) for part in parameters]
    scores, hidden = TwoLayer.scores(ours, library(rows))
    by_scores = CrossEntropy.gradient(scores, library(one_hot)) * library(weights)[:, None, None, :]
    gradient = TwoLayer.gradient(ours, library(rows), by_scores, hidden)
    for i in range(sizes):
        for j in range(rates):
            theirs = network([part[i, :, j] for part in parameters])
            found = theirs(torch.as_tensor(rows[i]))
            np.testing.assert_allclose(scores[i, :, j].T, found.detach(), rtol=1e-12)
            losses = F.cross_entropy(found, torch.as_tensor(labels[i]), reduction="none")
            (losses * torch.as_tensor(weights[i])).sum().backward()
            expected = theirs[0].weight, theirs[2].weight, theirs[2].bias
            for part, by_torch in zip(gradient, expected, strict=True):
                by_torch = by_torch.grad.reshape(part[i, :, j].shape)
                np.testing.assert_allclose(part[i, :, j], by_torch, rtol=1e-6, atol=1e-12)


def test_both_layers_start_by_torchs_rule():
    """Uniform in +-1/sqrt(inputs): 2,500 and 1,000 values reach within 1 % of either end."""
    parts = TwoLayer.start(100, 40, hidden=25, study_seed=3, seed=0)
    assert [part.shape for part in parts] == [(25, 100), (40, 25), (40, 1)]
    for part, bound in zip(parts[:2], (0.1, 0.2), strict=True):
        assert -bound <= part.min() < -0.99 * bound
        assert 0.99 * bound < part.max() <= bound
        assert part.std() == pytest.approx(bound / math.sqrt(3), rel=0.05)
    assert abs(parts[2]).max() <= 0.2


def test_seeds_start_apart():
    first, second = (TwoLayer.start(6, 3, hidden=4, study_seed=0, seed=s) for s in (0, 1))
    assert all((a != b).all() for a, b in zip(first, second, strict=True))
