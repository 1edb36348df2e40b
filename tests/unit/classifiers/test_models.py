"""The two-layer classifier against torch's own layers, gradient and training loop."""

import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.classifiers.losses import CrossEntropy
from gaussianity.classifiers.models import TwoLayer
from gaussianity.classifiers.sgd import SGD, Problem, evaluate, sgd_classifiers
from gaussianity.classifiers.splits import Split, split_classes
from gaussianity.errors import InputError
from gaussianity.streams import stream

SIZES = [5, 20, 33]
HIDDEN = 7


def problem(classes=3, sizes=SIZES, library=np.asarray):
    generator = np.random.default_rng(0)
    means = generator.standard_normal((classes, 1, 6))
    rows = means + generator.standard_normal((classes, 80, 6))
    split = split_classes(
        range(classes),
        80,
        train_sizes=sizes,
        validation_size=17,
        test_size=30,
        study_seed=0,
        seed=1,
    )
    one_hot = np.repeat(np.eye(classes), 80, axis=0)
    return Problem(library(rows.reshape(-1, 6)), library(one_hot), split, "two_layer", HIDDEN)


def network(parameters):
    """The same classifier of torch's layers; parameters are W, V and b of one."""
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


def started(d, outputs):
    return TwoLayer.start(d, outputs, hidden=HIDDEN, study_seed=0, seed=1)


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
    weights = generator.uniform(size=(sizes, batch))  # of the rows in the mean
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


def plain_loop(case, sgd, size, rate):
    """torch.optim.SGD with cosine annealing on one network; the best epoch's parameters."""
    rows, labels = torch.tensor(case.rows), torch.tensor(case.one_hot).argmax(1)
    layers = network(started(rows.shape[1], case.one_hot.shape[1]))
    optimiser = torch.optim.SGD(layers.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, sgd.epochs)
    generator, chosen = stream(0, "shuffle", 1, size), case.split.validation
    best = dict(validation_loss=math.inf)
    for epoch in range(1, sgd.epochs + 1):
        order = torch.tensor(generator.permutation(case.split.train[size]))
        for part in order.split(sgd.batch_size):
            optimiser.zero_grad()
            F.cross_entropy(layers(rows[part]), labels[part]).backward()
            optimiser.step()
        schedule.step()
        with torch.no_grad():
            loss = float(F.cross_entropy(layers(rows[chosen]), labels[chosen]))
            test = layers(rows[case.split.test])
        if loss < best["validation_loss"]:
            right = labels[case.split.test]
            best = dict(
                validation_loss=loss,
                best_epoch=epoch,
                test_loss=float(F.cross_entropy(test, right)),
                test_accuracy=float((test.argmax(1) == right).double().mean()),
            )
    return best


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("library", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
def test_equals_a_plain_loop_for_each_network(classes, library):
    case, sgd = problem(classes), SGD((0.1, 0.5), epochs=6, batch_size=16)
    found = sgd_classifiers(problem(classes, library=library), sgd, study_seed=0, seed=1)
    assert [row["train_size"] for row in found] == SIZES
    for row in found:
        runs = {rate: plain_loop(case, sgd, row["train_size"], rate) for rate in sgd.learning_rates}
        chosen = min(runs, key=lambda rate: runs[rate]["validation_loss"])
        assert row["learning_rate"] == chosen
        for key, value in runs[chosen].items():
            assert row[key] == pytest.approx(value, rel=1e-9)


def test_a_size_does_not_depend_on_the_others():
    sgd = SGD((0.3,), epochs=5, batch_size=16)
    together = sgd_classifiers(problem(), sgd, study_seed=0, seed=1)
    alone = sgd_classifiers(problem(sizes=[20]), sgd, study_seed=0, seed=1)
    for key in ("train_loss", "validation_loss", "test_loss"):
        assert together[1][key] == pytest.approx(alone[0][key], rel=1e-12)


def exclusive_or(loss):
    """Four clouds at (0, 0), (1, 1) and (0, 1), (1, 0): two classes of one and the same mean."""
    generator = np.random.default_rng(2)
    corners = np.array([[0, 0], [1, 1], [0, 1], [1, 0]])
    rows = corners.repeat(60, axis=0) + 0.1 * generator.standard_normal((240, 2))
    one_hot = np.eye(2).repeat(120, axis=0)
    order = np.random.default_rng(3).permutation(240)
    split = Split(train={60: order[:120]}, validation=order[120:180], test=order[180:])
    return Problem(rows, one_hot, split, loss, hidden=32)


def test_learns_the_exclusive_or_that_no_linear_classifier_can():
    sgd = SGD((0.3, 1.0), epochs=60, batch_size=16)
    (two_layer,) = sgd_classifiers(exclusive_or("two_layer"), sgd, study_seed=0, seed=0)
    (linear,) = sgd_classifiers(exclusive_or("cross_entropy"), sgd, study_seed=0, seed=0)
    assert two_layer["test_accuracy"] > 0.97
    assert linear["test_accuracy"] < 0.8  # at most three of the four clouds


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


def test_evaluation_in_pieces_is_that_of_all_rows():
    """More rows than one piece holds; the accuracy by hand."""
    case = problem()
    many = 9000
    rows = np.random.default_rng(4).standard_normal((many, 6))
    labels = np.arange(many) % 3
    case = Problem(rows, np.eye(3)[labels], case.split, "two_layer", HIDDEN)
    first, second, bias = started(6, 3)
    scores = np.maximum(rows @ first.T, 0) @ second.T + bias[:, 0]
    _, accuracy = evaluate(case, [part[:, None, :] for part in (first, second, bias)])
    assert accuracy == pytest.approx([(scores.argmax(1) == labels).mean()])


def test_a_learning_rate_that_diverges_is_not_chosen():
    found = sgd_classifiers(problem(), SGD((1e200, 0.1), epochs=3), study_seed=0, seed=1)
    assert [row["learning_rate"] for row in found] == [0.1] * len(SIZES)


def test_all_learning_rates_diverge():
    with pytest.raises(InputError, match="two_layer converges at 5 images per class, found"):
        sgd_classifiers(problem(), SGD((1e200, 1e190), epochs=3), study_seed=0, seed=1)
