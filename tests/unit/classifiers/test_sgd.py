"""The training of many classifiers at once against one plain torch loop per classifier."""

from dataclasses import replace

import classifier
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.classifiers.models import TwoLayer
from gaussianity.classifiers.sgd import SGD, Problem, _batches, evaluate, sgd_classifiers
from gaussianity.classifiers.splits import Split
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from gaussianity.streams import stream

SIZES = [5, 20, 33]
HIDDEN = 7


def problem(loss="mse", classes=3, sizes=SIZES, spread=1.0, library=np.asarray):
    generator = np.random.default_rng(0)
    means = generator.standard_normal((classes, 1, 6))
    rows = means + spread * generator.standard_normal((classes, 80, 6))
    orders = np.stack([80 * k + generator.permutation(80) for k in range(classes)])
    split = Split(
        train={n: orders[:, :n].ravel() for n in sizes},
        validation=orders[:, 33:50].ravel(),
        test=orders[:, 50:].ravel(),
    )
    one_hot = np.repeat(np.eye(classes), 80, axis=0)
    return Problem(library(rows.reshape(-1, 6)), library(one_hot), split, loss, HIDDEN)


def torch_loss(name, classes):
    if name != "mse":
        return F.cross_entropy
    if classes == 2:
        return lambda logits, labels: F.mse_loss(logits[:, 0].sigmoid(), labels.double())
    return lambda logits, labels: F.mse_loss(
        logits.softmax(-1), F.one_hot(labels, classes).double()
    )


def torch_model(case):
    """The classifier of a problem in torch's layers, at the start of the training."""
    d, classes = case.rows.shape[1], case.one_hot.shape[1]
    outputs = 1 if (case.loss, classes) == ("mse", 2) else classes
    parameters = case.model.start(d, outputs, hidden=HIDDEN, study_seed=0, seed=1)
    layers = [nn.Linear(d, len(parameters[0]), bias=False)]
    if len(parameters) > 1:
        layers += [nn.ReLU(), nn.Linear(HIDDEN, outputs)]
    model = nn.Sequential(*layers).double()
    with torch.no_grad():
        for own, start in zip(model.parameters(), parameters, strict=True):
            own.copy_(torch.as_tensor(start).reshape(own.shape))
    return model


def on_test(case, row):
    """Loss and accuracy of a result's classifier on the test images."""
    parameters = [part[:, None, :] for part in row["parameters"]]
    return [float(value[0]) for value in evaluate(case, parameters, case.split.test)]


def predicted(logits):
    return (logits[:, 0] > 0).long() if logits.shape[1] == 1 else logits.argmax(1)


def plain_loop(case, sgd, size, rate, epochs=None):
    """The results of torch.optim.SGD with cosine annealing: a dict for each epoch."""
    epochs = epochs or sgd.epochs
    rows, labels = torch.tensor(case.rows), torch.tensor(case.one_hot).argmax(1)
    model, split = torch_model(case), case.split
    optimiser = torch.optim.SGD(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs)
    criterion = torch_loss(case.loss, case.one_hot.shape[1])
    generator, results = stream(0, "shuffle", 1, size), []
    for epoch in range(1, epochs + 1):
        order = torch.tensor(generator.permutation(split.train[size]))
        for part in order.split(sgd.batch_size):
            optimiser.zero_grad()
            criterion(model(rows[part]), labels[part]).backward()
            optimiser.step()
        schedule.step()
        with torch.no_grad():
            selected, test = model(rows[split.validation]), model(rows[split.test])
        right = predicted(test) == labels[split.test]
        results.append(
            dict(
                best_epoch=epoch,
                validation_loss=float(criterion(selected, labels[split.validation])),
                test_loss=float(criterion(test, labels[split.test])),
                test_accuracy=float(right.double().mean()),
            )
        )
    return results


KINDS = [("mse", 3), ("mse", 2), ("cross_entropy", 3), ("two_layer", 2), ("two_layer", 3)]


@pytest.mark.parametrize(("loss", "classes"), KINDS)
@pytest.mark.parametrize("library", [np.asarray, torch.as_tensor], ids=["numpy", "torch"])
def test_equals_a_plain_loop_for_each_classifier(loss, classes, library):
    case, sgd = problem(loss, classes), SGD((0.1, 1.0), epochs=7, batch_size=16)
    found = sgd_classifiers(problem(loss, classes, library=library), sgd, study_seed=0, seed=1)
    assert [row["train_size"] for row in found] == SIZES
    for row in found:
        runs = [
            dict(result, learning_rate=rate)
            for rate in sgd.learning_rates
            for result in plain_loop(case, sgd, row["train_size"], rate)
        ]
        best = min(runs, key=lambda result: result["validation_loss"])
        assert row["epochs"] == 7
        tested = dict(zip(("test_loss", "test_accuracy"), on_test(case, row), strict=True))
        for key, value in best.items():
            assert (row | tested)[key] == pytest.approx(value, rel=1e-9), key


@pytest.mark.parametrize("loss", ["mse", "two_layer"])
def test_a_size_does_not_depend_on_the_others(loss):
    sgd = SGD((0.3,), epochs=5, batch_size=16)
    together = sgd_classifiers(problem(loss), sgd, study_seed=0, seed=1)
    alone = sgd_classifiers(problem(loss, sizes=[20]), sgd, study_seed=0, seed=1)
    split = problem().split
    assert set(split.train[20]) <= set(split.train[33])
    # Sizes are nested from the same start of each class's order, so the 20 are the same images.
    for key in ("train_loss", "validation_loss"):
        assert together[1][key] == pytest.approx(alone[0][key], rel=1e-12)


def test_selection_by_test_is_the_papers_rule():
    """The expected one is the best test accuracy of the plain loops over epochs and rates."""
    case, rates = problem(spread=2.0), (0.1, 1.0, 5.0)
    by_test = SGD(rates, epochs=8, batch_size=16, selection="test")
    for row in sgd_classifiers(case, by_test, study_seed=0, seed=1):
        best = max(
            result["test_accuracy"]
            for rate in rates
            for result in plain_loop(case, by_test, row["train_size"], rate)
        )
        assert on_test(case, row)[1] == pytest.approx(best)


def test_the_test_part_is_not_used_for_selection():
    case = problem()
    before = sgd_classifiers(case, SGD((0.1, 1.0), epochs=4), study_seed=0, seed=1)
    case.rows[case.split.test] = np.random.default_rng(9).standard_normal((90, 6))
    after = sgd_classifiers(case, SGD((0.1, 1.0), epochs=4), study_seed=0, seed=1)
    for a, b in zip(before, after, strict=True):
        for key in ("learning_rate", "best_epoch", "train_loss", "validation_loss"):
            assert a[key] == b[key]


def test_patience_stops_a_size_that_no_longer_improves():
    sgd = SGD((50.0,), epochs=200, batch_size=16, patience=5)
    found = sgd_classifiers(problem(spread=3.0), sgd, study_seed=0, seed=1)
    for row in found:
        assert row["epochs"] == row["best_epoch"] + 5
    assert all(row["epochs"] < 200 for row in found)


SMALL = SGD((0.1, 1.0), epochs=4, batch_size=16, min_steps=30)  # 15, 60 and 99 images, see SIZES


def test_epochs_of_a_size_reach_the_least_number_of_steps():
    """Epochs have 1, 4 and 7 steps, so that four epochs are 4, 16 and 28 steps."""
    found = sgd_classifiers(problem(), SMALL, study_seed=0, seed=1)
    assert [row["epochs"] for row in found] == [30, 8, 5]
    epochs, every = SMALL.schedule(np.array([1, 4, 7]))
    assert (epochs.tolist(), every.tolist()) == ([30, 8, 5], [8, 2, 2])  # at most 4 evaluations
    enough = replace(SMALL, min_steps=28)
    found = sgd_classifiers(problem(), enough, study_seed=0, seed=1)
    assert [row["epochs"] for row in found] == [28, 7, 4]


@pytest.mark.parametrize("loss", ["mse", "two_layer"])
def test_a_small_size_equals_a_plain_loop_of_its_own_epochs(loss):
    """The schedule ends at zero after the size's epochs; every 8th and the last are candidates."""
    case = problem(loss)
    first, second, _ = sgd_classifiers(case, SMALL, study_seed=0, seed=1)
    for row, epochs, read in ((first, 30, [8, 16, 24, 30]), (second, 8, [2, 4, 6, 8])):
        runs = [
            dict(result, learning_rate=rate)
            for rate in SMALL.learning_rates
            for result in plain_loop(case, SMALL, row["train_size"], rate, epochs)
            if result["best_epoch"] in read
        ]
        best = min(runs, key=lambda result: result["validation_loss"])
        for key in ("best_epoch", "learning_rate", "validation_loss"):
            assert row[key] == pytest.approx(best[key], rel=1e-9), key


@pytest.mark.parametrize("loss", ["mse", "two_layer"])
def test_sizes_with_enough_steps_do_not_change(loss):
    """The bytes are compared, because the sizes share their matrix products."""
    without = sgd_classifiers(problem(loss), replace(SMALL, min_steps=1), study_seed=0, seed=1)
    found = sgd_classifiers(problem(loss), replace(SMALL, min_steps=28), study_seed=0, seed=1)
    assert found[0]["train_loss"] != without[0]["train_loss"]
    for part, expected in zip(
        found[2].pop("parameters"), without[2].pop("parameters"), strict=True
    ):
        np.testing.assert_array_equal(part, expected)
    assert found[2] == without[2]


def test_more_steps_approach_the_minimum_of_a_small_size():
    """The minimum of the cross-entropy on overlapping classes is found by Newton's method."""
    case = problem("cross_entropy", classes=2, sizes=[20], spread=3.0)
    case = replace(case, split=replace(case.split, validation=case.split.train[20]))
    least = least_cross_entropy(case.rows[case.split.train[20]], case.one_hot[case.split.train[20]])
    few, many = (
        sgd_classifiers(case, SGD((0.1,), epochs=5, min_steps=steps), study_seed=0, seed=1)[0]
        for steps in (1, 3000)
    )
    assert few["train_loss"] > least + 0.05
    assert many["train_loss"] == pytest.approx(least, abs=1e-4)


def least_cross_entropy(rows, one_hot):
    """Least mean logistic loss of two classes without a bias."""
    sign, weights = one_hot[:, 0] - one_hot[:, 1], np.zeros(rows.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(sign * (rows @ weights)))
        hessian = (rows.T * (p * (1 - p))) @ rows
        weights += np.linalg.solve(hessian, rows.T @ (sign * p))
    return np.mean(np.log1p(np.exp(-sign * (rows @ weights))))


def test_patience_counts_evaluations_of_a_small_size():
    sgd = SGD((50.0,), epochs=20, batch_size=16, patience=2, min_steps=2000)
    found = sgd_classifiers(problem(spread=3.0, sizes=[5, 20]), sgd, study_seed=0, seed=1)
    for row, every in zip(found, (100, 25), strict=True):  # of 2000 and 500 epochs
        assert row["epochs"] < 20 * every
        assert row["epochs"] == row["best_epoch"] + 2 * every


def test_the_rate_at_the_edge_is_the_smallest_or_the_largest_of_several():
    def at_edge(*rates):
        (row,) = sgd_classifiers(problem(sizes=[33]), SGD(rates, epochs=3), study_seed=0, seed=1)
        assert isinstance(row["rate_at_edge"], bool)
        return row["learning_rate"], row["rate_at_edge"]

    assert at_edge(0.5) == (0.5, False)
    assert at_edge(1e-3, 0.5, 1e-2) == (0.5, True)  # the largest, in the middle of the list
    assert at_edge(0.5, 1e3) == (0.5, True)
    assert at_edge(0.5, 1e-3, 1e3) == (0.5, False)


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
    accuracies = []
    for loss in ("two_layer", "cross_entropy"):
        case = exclusive_or(loss)
        (row,) = sgd_classifiers(case, sgd, study_seed=0, seed=0)
        accuracies.append(on_test(case, row)[1])
    assert accuracies[0] > 0.97
    assert accuracies[1] < 0.8  # at most three of the four clouds


def test_evaluation_in_pieces_is_that_of_all_rows():
    """There are more rows than one piece has; the accuracy is computed by hand."""
    case = problem()
    many = 9000
    rows = np.random.default_rng(4).standard_normal((many, 6))
    labels = np.arange(many) % 3
    case = Problem(rows, np.eye(3)[labels], case.split, "two_layer", HIDDEN)
    first, second, bias = TwoLayer.start(6, 3, hidden=HIDDEN, study_seed=0, seed=1)
    scores = np.maximum(rows @ first.T, 0) @ second.T + bias[:, 0]
    _, accuracy = evaluate(case, [part[:, None, :] for part in (first, second, bias)])
    assert accuracy == pytest.approx([(scores.argmax(1) == labels).mean()])


def test_a_learning_rate_that_diverges_is_not_chosen():
    found = sgd_classifiers(problem("two_layer"), SGD((1e200, 0.1), epochs=3), study_seed=0, seed=1)
    assert [row["learning_rate"] for row in found] == [0.1] * len(SIZES)


def test_all_learning_rates_diverge():
    with pytest.raises(InputError, match="two_layer converges at 5 images per class, found"):
        sgd_classifiers(problem("two_layer"), SGD((1e200, 1e190), epochs=3), study_seed=0, seed=1)


def test_the_job_names_the_key_of_learning_rates_that_diverge(tmp_path):
    """A step of 3e38 times the gradient overflows float32."""
    paths = [str(tmp_path / f"{k}.npz") for k in range(2)]
    for k, path in enumerate(paths):
        write_npz(path, images=np.random.default_rng(k).random((20, 1, 2, 2), np.float32))
    sizes = dict(images_per_class=20, pools=1, train_sizes=[5], validation_size=5)
    settings = dict(losses=["cross_entropy"], learning_rates=[3e38], epochs=2, batch_size=2)
    settings |= dict(patience=None, selection="validation", hidden=None, ridge=0.0, min_steps=1)
    with pytest.raises(InputError, match=r"^config: classifier\.learning_rates must hold one for"):
        classifier.main(
            shard_paths={k: [path] for k, path in enumerate(paths)},
            fitted_paths={},
            moments_paths=[],
            scores_path=str(tmp_path / "scores.parquet"),
            classes=[0, 1],
            sizes=sizes,
            settings=settings,
            mixes=False,
            study_seed=0,
            seed=0,
            labels={},
            device="cpu",
        )


def test_evaluation_of_more_rows_than_a_block():
    """The rows are the one-hot targets, which the identity classifies right, but for one."""
    one_hot = np.eye(3)[np.arange(20000) % 3]
    rows = one_hot.copy()
    rows[8191] = rows[8192]
    given = Problem(rows, one_hot, None, "mse")
    _, accuracy = evaluate(given, (np.eye(3)[:, None],))
    np.testing.assert_allclose(accuracy, [1 - 1 / 20000], rtol=1e-12)
    _, of_some = evaluate(given, (np.eye(3)[:, None],), np.arange(8190, 8194))
    np.testing.assert_allclose(of_some, [0.75], rtol=1e-12)


def test_row_weights_of_a_batch_add_up_to_one():
    """17 and 3 rows in batches of 16: a batch of a single row has its whole weight."""
    steps, order, weights = _batches([17, 3], 16)
    assert steps.tolist() == [2, 1]
    assert order.shape == weights.shape == (2, 2, 16)
    np.testing.assert_allclose(weights.sum(axis=2), [[1, 1], [1, 0]])
    np.testing.assert_allclose(weights[0, 0], 1 / 16)
    assert weights[0, 1, 0] == 1
    np.testing.assert_allclose(weights[1, 0, :4], [1 / 3, 1 / 3, 1 / 3, 0])
