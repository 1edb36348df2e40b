"""Statistics that show how Gaussian the images of an image generator are.

The names below are the public ones. Each is imported when it is first used, so that a job that
needs only NumPy does not wait for torch.
"""

import importlib

_HOMES = {
    "InputError": "errors",
    "Dataset": "data.datasets",
    "read_dataset": "data.datasets",
    "load_dataset": "data.datasets",
    "UNetDenoiser": "denoisers.unet",
    "GaussianDenoiser": "denoisers.gaussian",
    "CallableDenoiser": "denoisers.from_function",
    "DiffusersDenoiser": "denoisers.from_diffusers",
    "accelerated": "denoisers.acceleration",
    "load_denoiser": "denoisers.files",
    "save_denoiser": "denoisers.files",
    "Training": "denoisers.training",
    "train": "denoisers.training",
    "sample": "sampling.sampler",
    "sample_batches": "sampling.sampler",
    "sigma_schedule": "sampling.sampler",
    "Trajectory": "sampling.sampler",
    "Moments": "moments.moments",
    "covariance_eigenvalues": "moments.spectra",
    "gram_eigenvalues": "moments.spectra",
    "power_law": "moments.spectra",
    "gaussian_samples": "moments.gaussian",
    "split_rows": "classifiers.splits",
    "Problem": "classifiers.sgd",
    "SGD": "classifiers.sgd",
    "sgd_classifiers": "classifiers.sgd",
    "least_squares_classifiers": "classifiers.least_squares",
    "mixture_accuracy": "classifiers.exact_accuracy",
    "predicted_accuracies": "classifiers.predicted_accuracy",
    "class_votes": "data.neighbours",
    "Features": "data.features",
    "verdict": "universality.array_verdict",
    "normality": "distribution.array_normality",
}
__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(f"gaussianity.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'gaussianity' has no attribute {name!r}")


def __dir__():
    return [*__all__, "__version__"]
