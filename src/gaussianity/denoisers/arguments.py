"""Images, noise levels and class labels of denoisers, checked and in the shape of the images."""

import math

import torch

from gaussianity.arguments import require_array, require_whole
from gaussianity.errors import InputError


def require_shape(image_shape, label_dim):
    """Raise an InputError unless they are (C, H, W) and a number of classes, 0 for none."""
    if not isinstance(image_shape, (tuple, list)) or len(image_shape) != 3:
        raise InputError(f"image_shape: expected three numbers (C, H, W), found {image_shape!r}")
    for size in image_shape:
        require_whole(image_shape=size)
    require_whole(0, label_dim=label_dim)


def require_rows(name, rows, image_shape, *, least=1):
    """The rows (n, d) of images of a shape (C, H, W) as an array; InputError otherwise."""
    return require_array(name, rows, ("n", math.prod(image_shape)), least=least)


def require_device(device):
    """Raise an InputError unless torch knows the device and this machine has it."""
    try:
        kind = torch.device(device).type
    except (RuntimeError, TypeError):
        raise InputError(f"device: expected cpu or cuda, found {device!r}") from None
    if kind == "cuda" and not torch.cuda.is_available():
        raise InputError(f"device: expected cpu, because torch finds no GPU, found {device!r}")


def require_arguments(denoiser, x, sigma, class_labels):
    """Raise an InputError unless D(x, sigma, class_labels) can be computed.

    Args:    denoiser - with image_shape and label_dim; x - (n, C, H, W), float; sigma - above 0, a
             scalar or (n,); class_labels - None, or one-hot (n, label_dim).
    """
    if not isinstance(x, torch.Tensor) or not x.is_floating_point():
        found = x.dtype if isinstance(x, torch.Tensor) else type(x).__name__
        raise InputError(f"x: expected a torch tensor of floats, found {found}")
    if x.ndim != 4 or tuple(x.shape[1:]) != denoiser.image_shape:
        wanted = ", ".join(map(str, denoiser.image_shape))
        raise InputError(f"x: expected images of shape (n, {wanted}), found {tuple(x.shape)}")
    require_levels(sigma, len(x))
    require_labels(class_labels, x, denoiser.label_dim)


def require_levels(sigma, count):
    """Raise an InputError unless sigma is above 0, as a number or a tensor () or (count,).

    The values of a tensor on a GPU are not read, because the CPU would wait for them.
    """
    if isinstance(sigma, (int, float)):
        fits = sigma > 0
    else:
        sigma = _tensor("sigma", sigma)
        if sigma.ndim and tuple(sigma.shape) not in ((count,), (1,)):
            raise InputError(
                f"sigma: expected a number or one for each of {count} images, found the shape "
                f"{tuple(sigma.shape)}"
            )
        fits = sigma.device.type != "cpu" or bool((sigma > 0).all())
    if not fits:
        raise InputError(f"sigma: expected noise levels above 0, found {_least(sigma)}")


def _tensor(name, value):
    try:
        return torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(f"{name}: expected numbers, found {value!r}") from None


def _least(sigma):
    return f"{float(torch.as_tensor(sigma).min()):g}"


def require_labels(class_labels, x, label_dim):
    """Raise an InputError unless class_labels is None or one-hot of shape (n, label_dim)."""
    if class_labels is None:
        return
    if not label_dim:
        raise InputError("class_labels must be None: the denoiser has no classes")
    if not isinstance(class_labels, torch.Tensor):
        raise InputError(
            f"class_labels must be a torch tensor, found a {type(class_labels).__name__}"
        )
    if tuple(class_labels.shape) != (len(x), label_dim):
        raise InputError(
            f"class_labels must be one-hot of shape {(len(x), label_dim)}, "
            f"found {tuple(class_labels.shape)}"
        )


def per_sample(sigma, x):
    """Noise levels, a scalar or (n,), as (n, 1, 1, 1) in the dtype of x."""
    if isinstance(sigma, (int, float)):  # filled on the device: a copy would wait for it
        return torch.full((len(x), 1, 1, 1), sigma, dtype=x.dtype, device=x.device)
    sigma = torch.as_tensor(sigma, dtype=x.dtype, device=x.device)
    return sigma.expand(len(x)).reshape(-1, 1, 1, 1)
