"""The same results by NumPy, torch and scikit-learn alone: what our stages are measured against.

Written as these libraries' manuals would, one call where there is one; nothing of ours is used.
"""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.mixture import GaussianMixture
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def covariance(rows):
    return rows.mean(axis=0), np.cov(rows, rowvar=False)


def gaussian_batches(mean, matrix, batch, count, generator):
    """`count` batches of samples as published: every call factors the covariance again."""
    return [generator.multivariate_normal(mean, matrix, batch) for _ in range(count)]


def gaussian_at_once(rows, count, generator, method="svd"):
    """All samples by one call and so one factorisation."""
    return generator.multivariate_normal(*covariance(rows), count, method=method)


def gaussian_mixture(rows, count):
    """scikit-learn's normal distribution that is fitted and sampled: a mixture of one component.
    Its EmpiricalCovariance is fitted in the same way and draws no samples."""
    mixture = GaussianMixture(1, init_params="random_from_data", random_state=0).fit(rows)
    return mixture.sample(count)[0]


def torch_loops(parts, sgd):
    """One linear classifier after the other, as published: a DataLoader, SGD, cosine annealing.

    Args:    parts - dict of "train" (a dict by size), "validation", "test": pairs of rows (n, d)
             float32 and labels (n,); sgd - our settings.
    Returns: test accuracy of each size's best learning rate by validation loss, a list.
    """
    pairs = {name: tensors(*parts[name]) for name in ("validation", "test")}
    return [torch_size(TensorDataset(*tensors(*t)), pairs, sgd) for t in parts["train"].values()]


def tensors(rows, labels):
    return torch.as_tensor(rows), torch.as_tensor(labels)


def torch_size(data, pairs, sgd):
    """Test accuracy of the weights whose validation loss was least, over rates and epochs."""
    best_loss, best_weights = np.inf, None
    for seed, rate in enumerate(sgd.learning_rates):
        torch.manual_seed(seed)
        outputs = int(data.tensors[1].max()) + 1
        model = torch.nn.Linear(data.tensors[0].shape[1], outputs, bias=False)
        optimiser = torch.optim.SGD(model.parameters(), lr=rate)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, sgd.epochs)
        loader = DataLoader(data, batch_size=sgd.batch_size, shuffle=True)
        for _ in range(sgd.epochs):
            for rows, labels in loader:
                optimiser.zero_grad()
                F.cross_entropy(model(rows), labels).backward()
                optimiser.step()
            schedule.step()
            rows, labels = pairs["validation"]
            with torch.no_grad():
                loss = F.cross_entropy(model(rows), labels).item()
            if loss < best_loss:
                best_loss, best_weights = loss, model.weight.detach().clone()
    rows, labels = pairs["test"]
    return ((rows @ best_weights.T).argmax(1) == labels).double().mean().item()


def sklearn_sgd(parts, sgd):
    """SGDClassifier at each size and rate, the same epochs; its steps are of one image, so that a
    batch's rate is divided by the images of the batch."""

    def made(rate):
        return SGDClassifier(
            loss="log_loss",
            alpha=1e-12,
            fit_intercept=False,
            learning_rate="constant",
            eta0=rate / sgd.batch_size,
            max_iter=sgd.epochs,
            tol=None,
            random_state=0,
        )

    return [best_of(parts, size, map(made, sgd.learning_rates)) for size in parts["train"]]


def sklearn_logistic(parts, strengths=(0.01, 0.1, 1.0)):
    """LogisticRegression at each size and as many strengths C as there are learning rates."""

    def made(strength):
        return LogisticRegression(C=strength, fit_intercept=False, max_iter=1000)

    return [best_of(parts, size, map(made, strengths)) for size in parts["train"]]


def best_of(parts, size, models):
    """Test accuracy of the model that is best on the validation part."""
    fitted = [model.fit(*parts["train"][size]) for model in models]
    return max(fitted, key=lambda model: model.score(*parts["validation"])).score(*parts["test"])


def least_squares(parts):
    """np.linalg.lstsq at each size: test accuracies."""
    accuracies = []
    rows, labels = parts["test"]
    for train, known in parts["train"].values():
        weights = np.linalg.lstsq(train.astype(np.float64), np.eye(known.max() + 1)[known])[0]
        accuracies.append(((rows @ weights).argmax(1) == labels).mean())
    return accuracies


def covariance_eigenvalues(rows):
    return np.linalg.eigvalsh(np.cov(rows, rowvar=False))[::-1]
