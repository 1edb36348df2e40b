"""Number format, memory layout and compilation of a network that is evaluated."""

import torch

from gaussianity.denoisers.arguments import require_device
from gaussianity.errors import InputError

PRECISIONS = ("auto", "float32", "float16", "bfloat16")


def accelerated(denoiser, device, *, precision="auto", compiled=False):
    """Move a denoiser to its device and prepare its network for evaluation.

    Args:    denoiser - a module D; device - cpu or cuda; precision - of the network's convolutions,
             norms and attention; auto is float16 on a GPU for a network trained for it, float32
             otherwise; compiled - fuse the network's operations with torch.compile, which needs a
             C++ compiler on a CPU and takes about a minute.
    Returns: the same module. Denoisers other than a UNetDenoiser are moved only.
    Raises:  InputError - no denoiser, or an unknown precision or device.
    """
    if precision not in PRECISIONS:
        raise InputError(f"precision must be one of {', '.join(PRECISIONS)}, found {precision!r}")
    require_device(device)
    if not isinstance(denoiser, torch.nn.Module):
        raise InputError(f"denoiser: expected a torch module, found a {type(denoiser).__name__}")
    denoiser.to(device)
    if not hasattr(denoiser, "compute_in"):
        return denoiser
    on_gpu = torch.device(device).type == "cuda"
    if precision == "auto":
        precision = "float16" if on_gpu and denoiser.half_precision else "float32"
    if precision != "float32":
        denoiser.compute_in(getattr(torch, precision))
    elif on_gpu:
        torch.backends.cudnn.allow_tf32 = False  # else convolutions keep 10 bits of 23
    if compiled:
        # Matrix units need channels last; norms that are not compiled would undo it each time.
        denoiser.network.to(memory_format=torch.channels_last)
        if not on_gpu:
            # Convolutions may store constant weights in a layout of their own. An option of
            # compile() would come too late.
            import torch._inductor.config as inductor

            inductor.freezing = True
        denoiser.network.compile()
    return denoiser
