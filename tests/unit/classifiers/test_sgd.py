"""The batched training against one plain torch loop per model."""

import math

import classifier
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gaussianity.classifiers.models import initial_weights
from gaussianity.classifiers.sgd import SGD, Problem, sgd_classifiers
from gaussianity.classifiers.splits import split_classes
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from gaussianity.streams import stream

SIZES = [5, 20, 33]


def problem(loss="mse", classes=3, sizes=SIZES, spread=1.0, library=np.asarray):
    generator = np.random.default_rng(0)
    means = generator.standard_normal((classes, 1, 6))
    rows = means + spread * generator.standard_normal((classes, 80, 6))
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
    return Problem(library(rows.reshape(-1, 6)), library(one_hot), split, loss)


def torch_loss(name, classes):
    if name == "cross_entropy":
        return lambda logits, labels: F.cross_entropy(logits, labels)
    if classes == 2:
        return lambda logits, labels: F.mse_loss(logits[:, 0].sigmoid(), labels.double())
    return lambda logits, labels: F.mse_loss(
        logits.softmax(-1), F.one_hot(labels, classes).double()
    )


def plain_loop(case, sgd, size, rate, *, select):
    """torch.optim.SGD with cosine annealing on one model: the same shuffles, best epoch kept."""
    rows, labels = torch.tensor(case.rows), torch.tensor(case.one_hot).argmax(1)
    classes = case.one_hot.shape[1]
    outputs = 1 if (case.loss, classes) == ("mse", 2) else classes
    start = initial_weights(rows.shape[1], outputs, study_seed=0, seed=1)
    weights = torch.tensor(start, requires_grad=True)
    optimiser = torch.optim.SGD([weights], lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, sgd.epochs)
    criterion, generator = torch_loss(case.loss, classes), stream(0, "shuffle", 1, size)
    best = (math.inf, None, None)
    for epoch in range(1, sgd.epochs + 1):
        for part in torch.tensor(generator.permutation(case.split.train[size])).split(
            sgd.batch_size
        ):
            optimiser.zero_grad()
            criterion(rows[part] @ weights, labels[part]).backward()
            optimiser.step()
        schedule.step()
        with torch.no_grad():
            loss = float(criterion(rows[select] @ weights, labels[select]))
        if loss < best[0]:
            best = (loss, epoch, weights.detach().clone())
    test = case.split.test
    logits = rows[test] @ best[2]
    found = (logits[:, 0] > 0).long() if outputs == 1 else logits.argmax(1)
    return dict(
        selected_loss=best[0],
        best_epoch=best[1],
        test_loss=float(criterion(logits, labels[test])),
        test_accuracy=float((found == labels[test]).double().mean()),
    )


@pytest.mark.parametrize(("loss", "classes"), [("mse", 3), ("mse", 2), ("cross_entropy", 3)])
@pytest.mark.parametrize("library", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
def test_equals_a_plain_loop_for_each_model(loss, classes, library):
    case, sgd = problem(loss, classes), SGD((0.1, 1.0), epochs=7, batch_size=16)
    found = sgd_classifiers(problem(loss, classes, library=library), sgd, study_seed=0, seed=1)
    assert [row["train_size"] for row in found] == SIZES
    for row in found:
        runs = {
            rate: plain_loop(case, sgd, row["train_size"], rate, select=case.split.validation)
            for rate in sgd.learning_rates
        }
        chosen = min(runs, key=lambda rate: runs[rate]["selected_loss"])
        assert row["learning_rate"] == chosen
        assert row["best_epoch"] == runs[chosen]["best_epoch"]
        assert row["epochs"] == 7
        assert row["validation_loss"] == pytest.approx(runs[chosen]["selected_loss"], rel=1e-9)
        assert row["test_loss"] == pytest.approx(runs[chosen]["test_loss"], rel=1e-9)
        assert row["test_accuracy"] == pytest.approx(runs[chosen]["test_accuracy"])


def test_the_job_names_the_key_of_learning_rates_that_diverge(tmp_path):
    """A step of 3e38 times the gradient overflows float32."""
    paths = [str(tmp_path / f"{k}.npz") for k in range(2)]
    for k, path in enumerate(paths):
        write_npz(path, images=np.random.default_rng(k).random((20, 1, 2, 2), np.float32))
    sizes = dict(images_per_class=20, pools=1, train_sizes=[5], validation_size=5, test_size=5)
    settings = dict(losses=["cross_entropy"], learning_rates=[3e38], epochs=2, batch_size=2)
    settings |= dict(patience=None, selection="validation", hidden=None, ridge=0.0)
    with pytest.raises(InputError, match=r"^config: classifier\.learning_rates must hold one for"):
        classifier.main(
            shard_paths=paths,
            fitted_paths=[],
            moment_paths=[],
            scores_path=str(tmp_path / "scores.parquet"),
            classes=[0, 1],
            sizes=sizes,
            settings=settings,
            study_seed=0,
            seed=0,
            labels={},
            device="cpu",
        )


def test_a_size_does_not_depend_on_the_others():
    sgd = SGD((0.3,), epochs=5, batch_size=16)
    together = sgd_classifiers(problem(), sgd, study_seed=0, seed=1)
    alone = sgd_classifiers(problem(sizes=[20]), sgd, study_seed=0, seed=1)
    split = problem().split
    assert set(split.train[20]) <= set(split.train[33])
    # Sizes are nested from the same start of each class's order, so the 20 are the same images.
    assert together[1]["test_loss"] == pytest.approx(alone[0]["test_loss"], rel=1e-12)


def test_selection_by_test_is_the_papers_rule():
    """The best test accuracy over epochs and learning rates, found by one plain loop for each."""
    case, rates = problem(spread=2.0), (0.1, 1.0, 5.0)
    by_test = SGD(rates, epochs=8, batch_size=16, selection="test")
    for row in sgd_classifiers(case, by_test, study_seed=0, seed=1):
        best = max(
            accuracy
            for rate in rates
            for accuracy in plain_accuracies(case, by_test, row["train_size"], rate)
        )
        assert row["test_accuracy"] == pytest.approx(best)


def plain_accuracies(case, sgd, size, rate):
    """Test accuracy after each epoch of a plain loop on one model."""
    rows, labels = torch.tensor(case.rows), torch.tensor(case.one_hot).argmax(1)
    weights = torch.tensor(initial_weights(6, 3, study_seed=0, seed=1))
    generator, criterion = stream(0, "shuffle", 1, size), torch_loss(case.loss, 3)
    for epoch in range(sgd.epochs):
        step = rate * 0.5 * (1 + math.cos(math.pi * epoch / sgd.epochs))
        order = torch.tensor(generator.permutation(case.split.train[size]))
        for part in order.split(sgd.batch_size):
            weights.requires_grad_()
            loss = criterion(rows[part] @ weights, labels[part])
            (gradient,) = torch.autograd.grad(loss, weights)
            weights = weights.detach() - step * gradient
        found = (rows[case.split.test] @ weights).argmax(1)
        yield float((found == labels[case.split.test]).double().mean())


def test_the_test_part_is_not_used_for_selection():
    case = problem()
    before = sgd_classifiers(case, SGD((0.1, 1.0), epochs=4), study_seed=0, seed=1)
    case.rows[case.split.test] = np.random.default_rng(9).standard_normal((90, 6))
    after = sgd_classifiers(case, SGD((0.1, 1.0), epochs=4), study_seed=0, seed=1)
    for a, b in zip(before, after, strict=True):
        for key in ("learning_rate", "best_epoch", "train_loss", "validation_loss"):
            assert a[key] == b[key]
        assert a["test_loss"] != b["test_loss"]


def test_patience_stops_a_size_that_no_longer_improves():
    sgd = SGD((50.0,), epochs=200, batch_size=16, patience=5)
    found = sgd_classifiers(problem(spread=3.0), sgd, study_seed=0, seed=1)
    for row in found:
        assert row["epochs"] == row["best_epoch"] + 5
    assert all(row["epochs"] < 200 for row in found)
