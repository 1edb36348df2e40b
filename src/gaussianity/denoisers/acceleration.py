"""How a network is evaluated: number format, memory layout, compilation. Not what it computes."""

import torch

PRECISIONS = ("auto", "float32", "float16", "bfloat16")


def accelerated(denoiser, device, *, precision="auto", compiled=False):
    """The denoiser on its device, in evaluation form.

    Args:    denoiser - a module D; device - cpu or cuda; precision - of the network's convolutions,
             norms and attention, the state of the sampler stays float64: auto is float16 on a GPU
             for a network trained for it, float32 otherwise; compiled - fuse the network's
             operations with torch.compile, which needs a C++ compiler on a CPU and takes about a
             minute, so that it pays for many images.
    Returns: the same module. Only a UNetDenoiser has a network to change; others are moved only.
    Raises:  ValueError - unknown precision.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(PRECISIONS)}, found {precision!r}")
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
        # Channels last is what matrix units want; uncompiled norms would turn it back every time.
        denoiser.network.to(memory_format=torch.channels_last)
        if not on_gpu:  # constants, which convolutions may keep in a layout of their own; an
            import torch._inductor.config as inductor  # option of compile() would come too late

            inductor.freezing = True
        denoiser.network.compile()
    return denoiser
