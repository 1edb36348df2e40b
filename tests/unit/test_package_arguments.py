"""What the public functions refuse: each sentence starts with the argument's name."""

import re

import numpy as np
import pytest
import torch

import gaussianity

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.standard_normal((20, 4))
ROWS32 = ROWS.astype(np.float32)
NAN = np.where(np.arange(80).reshape(20, 4) == 5, np.nan, ROWS)
ONE_HOT = np.eye(2)[np.repeat([0, 1], 10)]
SPLIT = gaussianity.split_rows(2, [6], 4)
FALLING = np.arange(100.0, 0, -1)
PICTURES = np.full((80, 2, 2), 0.5)
LABELS = np.repeat([0, 1], 40)
SHAPE = (1, 2, 2)
D = gaussianity.GaussianDenoiser.of_classes([ROWS, ROWS + 1], SHAPE)
X = torch.zeros(2, *SHAPE)
ADM = dict(architecture="adm", model_channels=8, channel_mult=[1], num_blocks=1)


def samples(rows=ROWS, count=3, generator=RANDOM):
    return gaussianity.gaussian_samples(rows, count, generator)


def eigenvalues(batches, count=20):
    return gaussianity.covariance_eigenvalues(batches, count)


def votes(rows=ROWS, labels=(0, 1) * 10, batches=(ROWS,), **settings):
    return gaussianity.class_votes(rows, labels, batches, **dict(classes=2) | settings)


def training(**settings):
    return gaussianity.Training(**dict(steps=1, batch_size=2, learning_rate=0.1) | settings)


def trained(**changed):
    given = dict(images=np.zeros((3, 1, 4, 4)), labels=[0, 1, 0], label_dim=2, sigma_data=0.5)
    given |= dict(network=ADM, training=training(), generator=RANDOM)
    return gaussianity.train(**given | changed)


def unet(image_shape=(1, 4, 4), label_dim=0, network=ADM):
    return gaussianity.UNetDenoiser(image_shape=image_shape, label_dim=label_dim, network=network)


def sgd(sgd=None, **changed):
    given = dict(rows=ROWS32, one_hot=ONE_HOT, split=SPLIT, loss="cross_entropy") | changed
    sgd = gaussianity.SGD((1.0,), epochs=1) if sgd is None else sgd
    return gaussianity.sgd_classifiers(gaussianity.Problem(**given), sgd, study_seed=0, seed=0)


def settings(**changed):
    return gaussianity.SGD(**dict(learning_rates=(1.0,), epochs=1) | changed)


def least_squares(rows=ROWS, one_hot=ONE_HOT, split=SPLIT, **ridge):
    return gaussianity.least_squares_classifiers(rows, one_hot, split, **ridge)


def sample(seeds=(0, 1), labels=None, **settings):
    return gaussianity.sample(D, seeds, labels, **settings)


def batches(**changed):
    given = dict(seeds=[0, 1], class_labels=None, batch_size=2) | changed
    return list(gaussianity.sample_batches(D, **given))


def features(**settings):
    return gaussianity.Features("torch.nn:Flatten", **dict(size=4) | settings)


def verdict(images=PICTURES, labels=LABELS, **settings):
    return gaussianity.verdict(images, labels, **settings)


CALLS = [
    (lambda: samples(ROWS[0]), "rows: expected an array of shape (n, d)"),
    (lambda: samples(ROWS.reshape(20, 1, 2, 2)), "rows: expected an array of shape (n, d)"),
    (lambda: samples(ROWS[:1]), "rows: expected at least 2 rows, found 1"),
    (lambda: samples(NAN), "rows: expected finite numbers"),
    (lambda: samples(count=0), "count: expected an integer of at least 1, found 0"),
    (lambda: samples(generator=0), "generator: expected a NumPy generator"),
    (lambda: eigenvalues(ROWS), "batches: expected a list of arrays (n_i, d), found one array"),
    (lambda: eigenvalues([ROWS[0]]), "batches: expected an array of shape (n_i, d)"),
    (lambda: eigenvalues(3), "batches: expected a list"),
    (lambda: eigenvalues([NAN]), "batches: expected finite numbers"),
    (lambda: eigenvalues([ROWS, ROWS[:, :3]]), "batches: expected an array of shape (n_i, 4)"),
    (lambda: eigenvalues([ROWS], 1), "count: expected an integer of at least 2, found 1"),
    (lambda: eigenvalues([]), "expected 20 rows, found 0"),
    (lambda: gaussianity.gram_eigenvalues(ROWS[0]), "rows: expected an array of shape (N, d)"),
    (lambda: gaussianity.gram_eigenvalues(NAN), "rows: expected finite numbers"),
    (lambda: gaussianity.power_law(FALLING, (5, 50)), "ranks: expected two fractions"),
    (lambda: gaussianity.power_law(FALLING, (0.5, 0.1)), "ranks: expected two fractions"),
    (lambda: gaussianity.power_law(FALLING, 0.5), "ranks: expected an array of shape (2,)"),
    (lambda: gaussianity.power_law(FALLING[::-1], (0.1, 0.5)), "eigenvalues: expected numbers"),
    (lambda: gaussianity.power_law(-np.arange(9.0), (0.1, 0.5)), "eigenvalues: expected numbers"),
    (lambda: gaussianity.power_law([], (0.1, 0.5)), "eigenvalues: expected at least 1 rows"),
    (lambda: gaussianity.Moments(3, np.zeros(3), np.eye(2)), "mean, scatter: expected arrays"),
    (lambda: gaussianity.Moments(-1, np.zeros(2), np.eye(2)), "count: expected an integer"),
    (lambda: votes(labels=(0, 2) * 10), "labels: expected numbers from 0 to 1, found 0 to 2"),
    (lambda: votes(labels=(0, 1)), "labels: expected 20 integers"),
    (lambda: votes(rows=NAN), "rows: expected finite numbers"),
    (lambda: votes(batches=[ROWS[:, :3]]), "batches: expected an array of shape (m_i, 4)"),
    (lambda: votes(neighbours=0), "neighbours: expected an integer of at least 1"),
    (lambda: votes(neighbours=21), "neighbours: expected at most 20 rows, found 21"),
    (lambda: votes(classes=0), "classes: expected an integer of at least 1"),
    (lambda: training(steps=0), "steps: expected an integer of at least 1, found 0"),
    (lambda: training(batch_size=2.0), "batch_size: expected an integer"),
    (lambda: training(learning_rate="1e-4"), "learning_rate: expected a number above 0"),
    (lambda: training(learning_rate=0), "learning_rate: expected a number above 0"),
    (lambda: training(warmup_steps=-1), "warmup_steps: expected an integer of at least 0"),
    (lambda: training(sigma_std=-1), "sigma_std: expected a number from 0"),
    (lambda: training(sigma_mean=np.inf), "sigma_mean: expected a number"),
    (lambda: training(average_decay=2), "average_decay: expected a number from 0 to 1, found 2"),
    (lambda: training(average_ramp=0), "average_ramp: expected a number"),
    (lambda: training(betas=[0.9, 1]), "betas: expected two numbers from 0 to below 1, found"),
    (lambda: training(betas=0.9), "betas: expected two numbers from 0 to below 1, found 0.9"),
    (lambda: trained(images=np.zeros((3, 16))), "images: expected an array of shape (n, C, H, W)"),
    (lambda: trained(images=np.zeros((3, 1, 4, 4), np.uint8)), "images: expected floats"),
    (lambda: trained(labels=[0, 1]), "labels: expected 3 integers"),
    (lambda: trained(labels=[0, 1, 2]), "labels: expected numbers from 0 to 1, found 0 to 2"),
    (lambda: trained(label_dim=-1), "label_dim: expected an integer of at least 0"),
    (lambda: trained(sigma_data=0), "sigma_data: expected a number above 0"),
    (lambda: trained(training=3), "training: expected a Training, found a int"),
    (lambda: trained(generator=0), "generator: expected a NumPy generator"),
    (lambda: trained(network=dict(ADM, depth=1)), "adm: expected some of"),
    (lambda: unet((4, 4)), "image_shape: expected three numbers (C, H, W), found (4, 4)"),
    (lambda: unet((1, 0, 0)), "image_shape: expected an integer of at least 1"),
    (lambda: unet(label_dim=-1), "label_dim: expected an integer of at least 0"),
    (lambda: unet(network="adm"), "network: expected a dict of arguments, found 'adm'"),
    (lambda: D.of_classes([ROWS], (1, 3, 3)), "classes: expected an array of shape (n, 9)"),
    (lambda: D.of_classes([ROWS[:1]], SHAPE), "classes: expected at least 2 rows"),
    (lambda: D.of_classes([], SHAPE), "classes: expected the rows of at least one class"),
    (lambda: D.of_moments(ROWS[:1], np.eye(3)[None], SHAPE), "covariances: expected an array of"),
    (lambda: D.of_moments(ROWS[:1], -np.eye(4)[None], SHAPE), "covariances: expected positive"),
    (lambda: type(D)(image_shape=SHAPE, label_dim=1, rank=5), "rank: expected at most 4 pixels"),
    (lambda: D(torch.zeros(1, 1, 3, 3), 1.0), "x: expected images of shape (n, 1, 2, 2), found"),
    (lambda: D(torch.zeros(2, 2), 1.0), "x: expected images of shape (n, 1, 2, 2), found (2, 2)"),
    (lambda: D(X.numpy(), 1.0), "x: expected a torch tensor of floats, found ndarray"),
    (lambda: D(X, 0.0), "sigma: expected noise levels above 0, found 0"),
    (lambda: D(X, float("nan")), "sigma: expected noise levels above 0, found nan"),
    (lambda: D(X, torch.tensor([1.0, -2.0])), "sigma: expected noise levels above 0, found -2"),
    (lambda: D(X, torch.ones(3)), "sigma: expected a number or one for each of 2 images"),
    (lambda: D(X, "a"), "sigma: expected numbers, found 'a'"),
    (lambda: D(X, 1.0, torch.eye(2)[[0]]), "class_labels must be one-hot of shape (2, 2), found"),
    (lambda: D(X, 1.0, [0, 1]), "class_labels must be a torch tensor, found a list"),
    (lambda: unet()(torch.zeros(1, 1, 8, 8), 1.0), "x: expected images of shape (n, 1, 4, 4)"),
    (lambda: unet()(torch.zeros(1, 1, 4, 4), 1.0, torch.ones(1, 1)), "class_labels must be None"),
    (lambda: sample(steps=0), "steps: expected an integer of at least 1, found 0"),
    (lambda: sample([]), "seeds: expected a list of integers of at least 0, found []"),
    (lambda: sample([0.5]), "seeds: expected a list of integers"),
    (lambda: sample(3), "seeds: expected a list of integers of at least 0, found 3"),
    (lambda: sample(labels=torch.eye(2)[[0]]), "class_labels must be one-hot of shape (2, 2), a"),
    (lambda: sample(labels=torch.ones(2, 2)), "class_labels must be one-hot: one 1 in each row"),
    (lambda: sample(labels=-torch.eye(2)), "class_labels must be one-hot: one 1"),
    (lambda: sample(sigma_min=0), "sigma_min: expected a number above 0"),
    (lambda: sample(sigma_min=3, sigma_max=1), "sigma_min: expected at most sigma_max, found 3"),
    (lambda: sample(S_churn=-1), "S_churn: expected a number from 0"),
    (lambda: sample(base="student_t", dof=0), "dof: expected a number above 0"),
    (lambda: sample(device="tpu"), "device: expected cpu or cuda, found 'tpu'"),
    (lambda: sample(trajectory=3), "trajectory: expected a Trajectory, found a int"),
    (
        lambda: sample(steps=2, trajectory=gaussianity.Trajectory([3], 1)),
        "snapshot_steps: expected steps from 0 to 2, found 3",
    ),
    (lambda: gaussianity.sample(lambda x, s, c: x, [0]), "denoiser: expected one with image_shape"),
    (lambda: batches(batch_size=0), "batch_size: expected an integer of at least 1"),
    (lambda: batches(class_labels=torch.eye(2)[[0] * 3]), "class_labels must be one-hot of shape"),
    (lambda: gaussianity.sigma_schedule(0), "steps: expected an integer of at least 1"),
    (lambda: gaussianity.sigma_schedule(3, rho=0), "rho: expected a number above 0"),
    (lambda: gaussianity.Trajectory([-1], 1), "snapshot_steps: expected a list of integers of at"),
    (lambda: gaussianity.Trajectory(3, 1), "snapshot_steps: expected a list of integers"),
    (lambda: gaussianity.Trajectory([1], -1), "snapshot_images: expected an integer of at least"),
    (lambda: gaussianity.Trajectory().snapshots(), "snapshots: none was kept"),
    (lambda: gaussianity.Trajectory().columns([0]), "columns: nothing was recorded"),
    (lambda: gaussianity.accelerated(3, "cpu"), "denoiser: expected a torch module, found a int"),
    (lambda: gaussianity.load_denoiser(3), "path: expected the path of a file, found 3"),
    (lambda: gaussianity.save_denoiser(D, "d.pt"), "d.pt: expected a path ending in .safetensors"),
    (lambda: gaussianity.save_denoiser(3, "d.safetensors"), "denoiser: expected one of the kinds"),
    (
        lambda: gaussianity.CallableDenoiser(image_shape=SHAPE, label_dim=0, function=len),
        "expected the name module:function as text",
    ),
    (lambda: gaussianity.split_rows(2, 5, 1), "train_sizes: expected a list of integers"),
    (lambda: gaussianity.split_rows(2, [2.5], 1), "train_sizes: expected a list of integers"),
    (lambda: gaussianity.split_rows(0, [1], 1), "classes: expected an integer of at least 1"),
    (lambda: gaussianity.split_rows(2, [1], -1), "validation_size: expected an integer of at"),
    (lambda: settings(learning_rates=()), "learning_rates: expected a list of numbers above 0"),
    (lambda: settings(learning_rates=1.0), "learning_rates: expected a list of numbers above 0"),
    (lambda: settings(learning_rates=(-1.0,)), "learning_rates: expected a number above 0"),
    (lambda: settings(epochs=0), "epochs: expected an integer of at least 1, found 0"),
    (lambda: settings(patience=0), "patience: expected an integer of at least 1, found 0"),
    (lambda: settings(selection="all"), "selection: expected validation or test, found 'all'"),
    (lambda: sgd(rows=ROWS32[0]), "rows: expected an array of two axes, found the shape (4,)"),
    (lambda: sgd(rows=ROWS32[:, :0]), "rows: expected an array of two axes"),
    (lambda: sgd(rows=np.ones((20, 4), np.uint8)), "rows: expected floats"),
    (lambda: sgd(one_hot=ONE_HOT[:19]), "one_hot: expected 20 rows, as rows has, found 19"),
    (lambda: sgd(split=3), "split: expected a Split of split_rows, found a int"),
    (
        lambda: sgd(split=gaussianity.split_rows(2, [6], 5)),
        "rows: expected at least 22, which the split uses, found 20",
    ),
    (
        lambda: sgd(split=gaussianity.split_rows(2, [6], 0)),
        "split: expected validation images, which choose the epoch, found 0",
    ),
    (lambda: sgd(loss="two_layer"), "hidden: expected an integer of at least 1, found None"),
    (lambda: sgd(3), "sgd: expected SGD, found int"),
    (lambda: least_squares(ROWS[0]), "rows: expected an array of shape (n, d)"),
    (lambda: least_squares(NAN), "rows: expected finite numbers"),
    (lambda: least_squares(one_hot=LABELS[:20]), "one_hot: expected an array of shape (n, cla"),
    (lambda: least_squares(ROWS[:13], ONE_HOT[:13]), "rows: expected at least 20, which the sp"),
    (lambda: least_squares(ridge=-1), "ridge: expected a number from 0"),
    (
        lambda: gaussianity.mixture_accuracy([[-1.0], [1.0]], -np.ones((2, 1, 1))),
        "score_covariances must have variances of at least 0",
    ),
    (
        lambda: gaussianity.mixture_accuracy(np.eye(2), np.array([[[1.0, 0.5], [-0.5, 1]]] * 2)),
        "score_covariances must be symmetric",
    ),
    (lambda: gaussianity.predicted_accuracies(3, [1]), "moments: expected SecondMoments, found a"),
    (lambda: features(size=0), "size: expected an integer of at least 1, found 0"),
    (lambda: features().of_images(np.ones((2, 1, 2, 2), int), 2), "images: images must be uint8"),
    (
        lambda: features().of_images(np.ones((2, 1, 2, 2), np.uint8), 0),
        "batch_size: expected an integer of at least 1, found 0",
    ),
    (lambda: gaussianity.Features(3, size=1), "expected the name module:function as text"),
    (lambda: verdict(seeds=2.5), "seeds: expected an integer of at least 1, found 2.5"),
    (lambda: verdict(pools="2"), "pools: expected a number at least 1, found 2"),
    (lambda: verdict(seed=-1), "seed: expected an integer of at least 0, found -1"),
    (lambda: verdict(losses=3), "losses: expected a list"),
    (lambda: verdict(train_sizes=[2.5]), "train_sizes: expected a list of integers"),
    (lambda: verdict(np.zeros((80, 0))), "images: expected pixels, found an array of shape"),
    (lambda: verdict([[1.0], [1.0, 2.0]], [0, 1]), "images: expected an array: "),
    (lambda: verdict(labels=[None] * 80), "labels: expected numbers or strings, found objects"),
    (lambda: gaussianity.normality(PICTURES, draws=20.5), "draws: expected an integer of at"),
    (lambda: gaussianity.normality(PICTURES, directions="a"), "directions: expected a number at"),
    (lambda: gaussianity.normality(PICTURES, seed=-1), "seed: expected an integer of at least 0"),
]


@pytest.mark.parametrize(("call", "said"), CALLS, ids=[said for _, said in CALLS])
def test_an_argument_that_does_not_fit(call, said):
    with pytest.raises(ValueError, match="^" + re.escape(said)) as raised:
        call()
    assert "\n" not in str(raised.value)
