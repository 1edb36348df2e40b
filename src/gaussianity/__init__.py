"""How Gaussian is what an image generator generates?

The names below are the package's front door; each is imported when it is first used, so that a job
that needs only NumPy does not wait for torch.
"""

import importlib

_HOMES = {
    "InputError": "errors",
    "Dataset": "datasets",
    "read_dataset": "datasets",
    "load_dataset": "datasets",
    "UNetDenoiser": "denoisers",
    "GaussianDenoiser": "denoisers",
    "CallableDenoiser": "callable_denoiser",
    "DiffusersDenoiser": "diffusers_denoiser",
    "accelerated": "acceleration",
    "load_denoiser": "denoiser_files",
    "save_denoiser": "denoiser_files",
    "Training": "training",
    "train": "training",
    "sample": "sampling",
    "sample_batches": "sampling",
    "sigma_schedule": "sampling",
    "Trajectory": "sampling",
    "Moments": "moments",
    "covariance_eigenvalues": "spectra",
    "gram_eigenvalues": "spectra",
    "power_law": "spectra",
    "gaussian_samples": "gaussian",
    "split_classes": "splits",
    "Problem": "classifiers",
    "SGD": "classifiers",
    "sgd_classifiers": "classifiers",
    "least_squares_classifiers": "least_squares",
    "mixture_accuracy": "score_laws",
    "predicted_accuracies": "deterministic_equivalent",
    "class_votes": "agreement",
    "Features": "features",
}
__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(f"gaussianity.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'gaussianity' has no attribute {name!r}")


def __dir__():
    return [*__all__, "__version__"]
