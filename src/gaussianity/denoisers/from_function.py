"""A denoiser from a Python function."""

import torch
from torch import nn

from gaussianity.denoisers.arguments import require_arguments, require_shape
from gaussianity.errors import InputError
from gaussianity.io.user_code import imported


class CallableDenoiser(nn.Module):
    """A function `module:function` called as D(x, sigma, class_labels).

    Its arguments are x float64 (n, C, H, W) in the network form, sigma a float (or float64 (n,)),
    and class_labels one-hot float32 (n, label_dim) or None. It returns the posterior mean of the
    clean images, in the shape and on the device of x.

    Args:    image_shape - (C, H, W); label_dim - number of classes, 0 for none; function - name
             `module:function`, importable from the working directory.
    Raises:  InputError - the function cannot be imported, or returns something else.
    """

    kind = "callable"

    def __init__(self, *, image_shape, label_dim, function):
        super().__init__()
        require_shape(image_shape, label_dim)
        self.image_shape, self.label_dim = tuple(image_shape), label_dim
        self.arguments = dict(image_shape=list(image_shape), label_dim=label_dim, function=function)
        self.function = imported(function)

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma, class_labels) in the shape and dtype of x."""
        require_arguments(self, x, sigma, class_labels)
        denoised = self.function(x.to(torch.float64), sigma, class_labels)
        if not isinstance(denoised, torch.Tensor) or denoised.shape != x.shape:
            found = f"a {type(denoised).__name__}"
            if isinstance(denoised, torch.Tensor):
                found = f"a tensor of shape {tuple(denoised.shape)}"
            raise InputError(
                f"{self.arguments['function']}: expected a torch tensor of shape {tuple(x.shape)}, "
                f"as x has, found {found}"
            )
        return denoised.to(x.dtype)
