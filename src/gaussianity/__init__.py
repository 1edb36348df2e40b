"""How Gaussian are the images of an image source?

Arrays in, answer out. help(gaussianity.verdict) explains one function.

  Questions
    verdict(images, labels)       Are linear classifiers as accurate on Gaussian data as on images?
    normality(images)             Are the images of one class normal? Where are they not?

  Images
    read_dataset(reader, path)    a Dataset from files
    load_dataset(path)            a Dataset from the file that a study wrote
    Dataset                       images, labels and class names
    Features                      a network that computes features of images
    class_votes                   the class of generated images, by the nearest real images

  Gaussian data and spectra
    gaussian_samples              samples with the mean and covariance of some rows
    covariance_eigenvalues        of rows in batches, largest first
    gram_eigenvalues              of the inner products of rows, largest first
    power_law                     exponent of a spectrum
    Moments                       mean and scatter of rows

  Denoisers
    load_denoiser(path)           a saved denoiser, or a checkpoint of EDM
    save_denoiser                 to a file
    train, Training               train an EDM denoiser, and its settings
    UNetDenoiser                  a U-Net with a preconditioning
    GaussianDenoiser              the exact denoiser of Gaussian classes
    CallableDenoiser              a Python function
    DiffusersDenoiser             a pipeline of diffusers
    accelerated                   prepare a denoiser for a device and a precision

  Sampling
    sample(denoiser, seeds)       an image per seed
    sample_batches                the same in batches
    sigma_schedule                the noise levels
    Trajectory                    norms and images along the sampler

  Classifiers
    split_rows                    rows for training, validation and test
    sgd_classifiers               train on a Problem with the settings SGD
    Problem, SGD                  data and loss, and settings
    least_squares_classifiers     in closed form
    mixture_accuracy              exact accuracy on Gaussian classes
    predicted_accuracies          of least squares, from the moments of the classes

An argument that does not fit raises an InputError, a ValueError of one sentence that names the
argument. docs/python.md has examples.
"""

import importlib

# Each name is imported when it is first used: a job that needs only NumPy does not wait for torch.
# There is no __all__. With it, help(gaussianity) would show the methods of every class.
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
__version__ = "0.1.0"


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(f"gaussianity.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'gaussianity' has no attribute {name!r}")


def __dir__():
    return [*sorted(_HOMES), "__version__"]
