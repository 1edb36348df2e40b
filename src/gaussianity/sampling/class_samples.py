"""Samples of one class by a saved denoiser."""

import torch

from gaussianity.denoisers.acceleration import accelerated
from gaussianity.denoisers.files import load_denoiser
from gaussianity.errors import InputError
from gaussianity.io.files import require_finite
from gaussianity.sampling.sampler import sample_batches


def class_denoiser(denoiser_path, *, image_class, label, device, **computed):
    """The saved denoiser, ready to compute; it is checked that it has the class's label.

    Args:    denoiser_path - of its .safetensors; image_class - name of the class; label - the
             denoiser's number for the class, None for an unconditional denoiser; device, computed -
             see `accelerated`.
    Raises:  InputError - a file is damaged, or the denoiser has no such label.
    """
    model = accelerated(load_denoiser(denoiser_path, named=True), device, **computed)
    if label is None and model.label_dim:
        raise InputError(
            f"{denoiser_path}: expected an unconditional denoiser, since the class {image_class} "
            f"has no label, found {model.label_dim} labels"
        )
    if label is not None and label >= model.label_dim:
        found = f"{model.label_dim} labels" if model.label_dim else "an unconditional one"
        raise InputError(
            f"{denoiser_path}: expected a denoiser with the label {label} of the class "
            f"{image_class}, found {found}"
        )
    return model


def classes_denoiser(denoiser_path, labels, device, **computed):
    """The saved denoiser, ready to compute; it is checked that it has the labels of all classes.

    Args:    labels - dict of class to its label; the others - see `class_denoiser`.
    """
    last = max(labels, key=lambda name: -1 if labels[name] is None else labels[name])
    return class_denoiser(
        denoiser_path, image_class=last, label=labels[last], device=device, **computed
    )


def class_labels(model, label, count):
    """One-hot labels (count, label_dim) of images of one class; None without a label."""
    has_label = label is not None and model.label_dim
    return torch.eye(model.label_dim)[[label] * count] if has_label else None


def class_batches(
    denoiser_path, seeds, *, image_class, label, device, precision, compiled, **settings
):
    """Batches of images of one class, one image per seed.

    Args:    seeds - n integers; settings - see sampler.sample_batches; the others - see
             `class_denoiser`.
    Yields:  seeds, images in the network form and Trajectory (or None) of each batch.
    Raises:  InputError - a file is damaged, the denoiser has no such label, or an image is not
             finite.
    """
    model = class_denoiser(
        denoiser_path,
        image_class=image_class,
        label=label,
        device=device,
        precision=precision,
        compiled=compiled,
    )
    labels = class_labels(model, label, len(seeds))
    for part, x, trajectory in sample_batches(model, seeds, labels, device=device, **settings):
        require_finite(denoiser_path, "samples", x.numpy())
        yield part, x, trajectory
