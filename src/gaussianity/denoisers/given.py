"""Denoisers that need no dataset: from a file, a function or a pipeline, or with random weights."""

import torch
from torch import nn

from gaussianity.denoisers.files import load_denoiser
from gaussianity.denoisers.from_diffusers import DiffusersDenoiser
from gaussianity.denoisers.from_function import CallableDenoiser
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError


def given_denoiser(
    kind, *, label_dim=0, path=None, image_shape=None, generator=None, prefix="", **random
):
    """A denoiser by its kind.

    Args:    kind - file, callable, diffusers or random; label_dim - number of labels, not used for
             a file; path - see the kinds' modules; image_shape - (C, H, W); for a file None or the
             expected shape; generator - NumPy generator of random weights; prefix - written before
             the names of arguments in an error; random - the other arguments of
             `random_denoiser`.
    Raises:  InputError - the denoiser cannot be loaded, or has another image shape.
    """
    if kind == "callable":
        return CallableDenoiser(image_shape=image_shape, label_dim=label_dim, function=path)
    if kind == "diffusers":
        return DiffusersDenoiser(
            image_shape=image_shape, label_dim=label_dim, folder=path, prefix=prefix
        )
    if kind == "random":
        return random_denoiser(image_shape, label_dim, generator=generator, prefix=prefix, **random)
    denoiser = load_denoiser(path)
    if image_shape is not None and denoiser.image_shape != tuple(image_shape):
        raise InputError(
            f"{path}: expected images of shape {tuple(image_shape)} ({prefix}image_shape), "
            f"found {denoiser.image_shape}"
        )
    return denoiser


def class_names_of(denoiser, labels, path, prefix=""):
    """The denoiser's class names, with some replaced by given names; () where it has no names.

    Args:    denoiser - see given_denoiser; labels - dict of a given class name to its label,
             None in an unconditional denoiser; path -
             of the denoiser, for errors; prefix - see given_denoiser.
    Raises:  InputError - the denoiser has no such label, or has labels and is given none.
    """
    names = list(getattr(denoiser, "class_names", ()))
    for name, label in labels.items():
        if label is None:
            if denoiser.label_dim:
                raise InputError(
                    f"{path}: expected an unconditional denoiser, since {prefix}labels gives the "
                    f"class {name} no label, found one of {denoiser.label_dim} classes"
                )
            continue
        if label >= denoiser.label_dim:
            found = f"{denoiser.label_dim} classes" if denoiser.label_dim else "no classes"
            raise InputError(
                f"{path}: expected a denoiser with the label {label} of the class {name} "
                f"({prefix}labels), found one of {found}"
            )
        names[label] = str(name)
    return names


def random_denoiser(image_shape, label_dim, *, sigma_data, network, generator, prefix=""):
    """A U-Net of random weights, without the zero weights of an untrained U-Net.

    Args:    image_shape - (C, H, W); label_dim - classes; sigma_data - see preconditioning.EDM;
             network - arguments of ADMUNet; generator - NumPy generator; prefix - written before
             the names of arguments in an error.
    Raises:  InputError - sizes that do not fit together.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(generator.integers(2**31)))
        try:
            denoiser = UNetDenoiser(
                image_shape=image_shape,
                label_dim=label_dim,
                network=dict(network, architecture="adm"),
                preconditioning=dict(kind="edm", sigma_data=sigma_data),
            )
        except ValueError as error:
            raise InputError(f"{prefix}network: {error}") from None
        for layer in denoiser.modules():
            if isinstance(layer, nn.Conv2d) and not layer.weight.any():
                layer.reset_parameters()
    return denoiser.eval().requires_grad_(False)
