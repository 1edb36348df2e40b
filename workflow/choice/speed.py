"""How fast a denoiser of a file is on this machine, measured in a few seconds."""

import time

BATCHES = 32, 4  # images on a CPU; the smaller one where the larger takes long
LONG = 2.0  # seconds
# A step of one image in the figure "contraction": its derivatives, in evaluations of the network.
OF_DERIVATIVES = 2000


def network_minutes(found, study, costs, cores):
    """Minutes that the network of a study takes, sampling and derivatives, on a number of cores.

    Returns: minutes, None where the denoiser is not of a file; evaluations of one image per second
             on a core, or on the GPU.
    """
    if found.section["kind"] != "file":
        return None, None
    rate, workers = evaluations_per_second(found.section["path"], cores)
    sampling = study.sampling
    derived = study.config["contraction"]["images"] * len(sampling.contractions)
    derived *= sampling.section["steps"] * OF_DERIVATIVES
    return (costs.network_evaluations() + derived) / rate / workers / 60, rate


def evaluations_per_second(path, cores):
    """Evaluations of one image per second by a core or the GPU, and how many of these there are."""
    import torch

    from gaussianity.denoisers.acceleration import accelerated
    from gaussianity.denoisers.files import load_denoiser

    on_gpu = torch.cuda.is_available()
    denoiser = accelerated(load_denoiser(path), "cuda" if on_gpu else "cpu")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as a sampling job
    try:
        batch = 512 if on_gpu else BATCHES[_seconds(denoiser, 1) * BATCHES[0] > LONG]
        _seconds(denoiser, batch)
        return batch / _seconds(denoiser, batch), 1 if on_gpu else cores
    finally:
        torch.set_num_threads(threads)


def _seconds(denoiser, batch):
    """Seconds of one evaluation of a batch."""
    import torch

    device = next(denoiser.parameters()).device
    x = torch.zeros(batch, *denoiser.image_shape, device=device, dtype=torch.float64)
    labels = None
    if denoiser.label_dim:
        labels = torch.eye(denoiser.label_dim, device=device)[[0] * batch]
    started = time.perf_counter()
    with torch.no_grad():
        denoiser(x, 1.0, labels).sum().item()  # waits for the device
    return time.perf_counter() - started
