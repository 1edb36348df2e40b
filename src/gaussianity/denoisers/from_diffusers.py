"""A denoiser from a diffusers pipeline in pixel space. The package diffusers is optional."""

import torch
from torch import nn

from gaussianity.denoisers.arguments import per_sample, require_arguments, require_shape
from gaussianity.errors import InputError


class DiffusersDenoiser(nn.Module):
    """The UNet2DModel of a diffusers pipeline, whose time steps are translated to noise levels.

    The noise level at the time t is sigma = sqrt(1 / alpha_bar(t) - 1), alpha_bar of the pipeline's
    scheduler. The network's inputs are x / sqrt(1 + sigma^2) and t, interpolated in ln sigma. Its
    output (epsilon, v_prediction or sample, the scheduler's prediction_type) is converted to D.

    Args:    image_shape - (C, H, W) of the network; label_dim - number of classes, 0 for none;
             folder - written by `DiffusionPipeline.save_pretrained`; prefix - written before the
             names of arguments in an error.
    Raises:  InputError - diffusers is not installed, or the folder holds another kind of pipeline.
    Source:  Ho et al. (2020) for epsilon; Salimans and Ho (2022) for v; Karras et al. (2022),
             table 1, column VP.
    """

    kind = "diffusers"

    def __init__(self, *, image_shape, label_dim, folder, prefix=""):
        super().__init__()
        require_shape(image_shape, label_dim)
        self.image_shape, self.label_dim = tuple(image_shape), label_dim
        self.arguments = dict(image_shape=list(image_shape), label_dim=label_dim, folder=folder)
        # Not part of the state dict, because the folder contains the weights.
        network, self.prediction, alpha_bar = _pipeline(folder)
        self.__dict__["network"] = network
        self._check(network.config, folder, prefix)
        self.__dict__["log_sigma"] = (1 / alpha_bar.double() - 1).sqrt().log()  # rises with t
        self.sigma_min = float(self.log_sigma[0].exp())
        self.sigma_max = float(self.log_sigma[-1].exp())

    def _check(self, config, folder, prefix):
        size = config.sample_size
        shape = (config.in_channels, *((size, size) if isinstance(size, int) else size))
        if shape != self.image_shape:
            raise InputError(
                f"{folder}: expected images of shape {self.image_shape}, found a network for "
                f"{shape}; set {prefix}image_shape to that"
            )
        if config.out_channels != config.in_channels:
            raise InputError(
                f"{folder}: expected as many channels out as in, found {config.out_channels} and "
                f"{config.in_channels}: a network that also predicts a variance is not supported"
            )
        classes = config.num_class_embeds or 0
        if classes < self.label_dim:
            raise InputError(
                f"{folder}: expected labels up to {self.label_dim - 1} ({prefix}labels), found a "
                f"network of {classes} classes"
            )

    def _apply(self, function, recurse=True):
        self.__dict__["network"] = self.network._apply(function)
        self.__dict__["log_sigma"] = function(self.log_sigma)
        return self

    def time(self, sigma):
        """Time steps of noise levels (n,), fractions for levels between two steps."""
        wanted = sigma.to(self.log_sigma).log()
        above = torch.searchsorted(self.log_sigma, wanted).clamp(1, len(self.log_sigma) - 1)
        low, high = self.log_sigma[above - 1], self.log_sigma[above]
        return (above - 1 + (wanted - low) / (high - low)).clamp(0, len(self.log_sigma) - 1)

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma, class_labels) in the shape and dtype of x."""
        require_arguments(self, x, sigma, class_labels)
        s = per_sample(sigma, x.to(torch.float64))
        labels = None if class_labels is None else class_labels.argmax(dim=1)
        scaled = (x / (1 + s**2).sqrt()).to(torch.float32)
        output = self.network(scaled, self.time(s.flatten()).float(), class_labels=labels).sample
        if self.prediction == "sample":
            return output.to(x.dtype)
        if self.prediction == "epsilon":
            return (x - s * output).to(x.dtype)
        return (x / (1 + s**2) - s / (1 + s**2).sqrt() * output).to(x.dtype)


def _pipeline(folder):
    """Network, prediction type and alpha_bar of the pipeline in a folder."""
    try:
        from diffusers import DiffusionPipeline
    except ImportError as error:
        raise InputError(
            f"{folder}: a diffusers pipeline needs the package diffusers: {error}; pip install it"
        ) from None
    try:
        pipeline = DiffusionPipeline.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # an incomplete folder raises errors of many kinds
        sentence = " ".join(str(error).split())[:300]
        raise InputError(f"{folder}: expected a saved diffusers pipeline: {sentence}") from None
    network, scheduler = getattr(pipeline, "unet", None), getattr(pipeline, "scheduler", None)
    prediction = getattr(getattr(scheduler, "config", None), "prediction_type", None)
    latent = hasattr(pipeline, "vqvae") or hasattr(pipeline, "vae")
    known = (
        not latent
        and type(network).__name__ == "UNet2DModel"
        and hasattr(scheduler, "alphas_cumprod")
    )
    if not known or prediction not in ("epsilon", "v_prediction", "sample"):
        raise InputError(
            f"{folder}: expected a pipeline of a UNet2DModel in pixel space and a scheduler with "
            f"alphas_cumprod that predicts epsilon, v_prediction or sample, found "
            f"{type(pipeline).__name__} of {type(network).__name__} and {type(scheduler).__name__} "
            f"({prediction})"
        )
    return network.eval().requires_grad_(False), prediction, scheduler.alphas_cumprod
