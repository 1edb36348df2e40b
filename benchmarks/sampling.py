"""Our sampler against a plain transcription of the reference procedure: images per second.

python benchmarks/sampling.py                      the digits network on this machine's CPU
python benchmarks/sampling.py --network imagenet64 --device cuda --batch 64 128 256
                                                   the 296 M network in float16, its GPU goal

Same machine, network (random weights), seeds and batch, in one run and in turns; prints images/s,
their ratio to the reference's, the memory that the call took, the largest difference from the
reference's images over their largest value, and for a GPU the fraction of its matrix units' peak.
"""

import argparse
import contextlib
import re
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
import yaml
from torch.utils.flop_counter import FlopCounterMode

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

import reference  # noqa: E402

from gaussianity.denoisers.acceleration import accelerated  # noqa: E402
from gaussianity.denoisers.given import random_denoiser  # noqa: E402
from gaussianity.sampling.sampler import sample  # noqa: E402

STUDIES = {
    "digits": ("config.yaml", (1, 8, 8), 10),
    "imagenet64": ("workflow/studies/imagenet64.yaml", (3, 64, 64), 1000),
}
PEAK_TFLOPS = {"H200": 989.0, "H100": 989.0, "A100": 312.0}  # dense float16, NVIDIA's data sheets


def denoiser(name):
    path, shape, classes = STUDIES[name]
    settings = yaml.safe_load((ROOT / path).read_text())["denoiser"]
    generator = np.random.default_rng(0)
    network = settings["network"]
    return random_denoiser(shape, classes, sigma_data=0.5, network=network, generator=generator)


def flops_per_evaluation(d):
    """Floating-point operations of one evaluation of one image, counted by torch."""
    x, labels = torch.zeros(1, *d.image_shape), torch.zeros(1, d.label_dim)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        d(x, 1.0, labels)
    return counter.get_total_flops()


def timed(procedure, device):
    """Seconds of a call, the device's work included."""
    start = time.perf_counter()
    procedure()
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def compare(name, batch, options):
    """One line per way of running ours, in turns with the reference."""
    churn = dict(S_churn=options.churn, S_min=0.05, S_max=50.0, S_noise=1.003)
    settings = dict(churn, steps=options.steps, device=options.device)
    seeds, plain = range(batch), denoiser(name)
    operations = flops_per_evaluation(plain)
    labels = torch.eye(plain.label_dim)[[0] * batch]
    accelerated(plain, options.device, precision=options.precision)
    ways = {"reference": lambda: reference.sample(plain, seeds, labels, **settings)}
    for way in ("eager", "compiled"):
        ours = accelerated(
            denoiser(name),
            options.device,
            precision=options.precision,
            compiled=way == "compiled",
        )
        ways[way] = lambda ours=ours: sample(ours, seeds, labels, **settings)

    images, memory, seconds = {}, {}, {way: [] for way in ways}
    for way, procedure in ways.items():  # the first call warms up, and compiles
        with tracked(options.device, memory, way):
            images[way] = procedure()
    for _ in range(options.repeats):
        for way, procedure in ways.items():
            seconds[way].append(timed(procedure, options.device))
    rates = {way: batch / statistics.median(times) for way, times in seconds.items()}
    scale = images["reference"].abs().max()
    for way, rate in rates.items():
        difference = ((images[way] - images["reference"]).abs().max() / scale).item()
        line = f"{batch:5}  {way:9}  {rate:8.2f}  {rate / rates['reference']:5.2f}"
        line += f"  {memory[way]:7.0f}  {difference:10.1e}"
        peak = next((v for k, v in PEAK_TFLOPS.items() if k in device_name(options.device)), None)
        if peak and options.precision != "float32":
            line += f"  {rate * (2 * options.steps - 1) * operations / (peak * 1e12):7.1%}"
        print(line, flush=True)


@contextlib.contextmanager
def tracked(device, memory, way):
    """Put the peak memory of what runs inside into memory[way], in MB: of the GPU what torch
    allocated, of a CPU the process's growth."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        yield
        memory[way] = torch.cuda.max_memory_allocated() / 2**20
        return
    Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM
    before = resident("VmRSS")
    yield
    memory[way] = resident("VmHWM") - before


def resident(kind):
    """A line of /proc/self/status in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{kind}:\s+(\d+) kB", status)[1]) / 1024


def device_name(device):
    return (
        torch.cuda.get_device_name()
        if device == "cuda"
        else f"CPU, {torch.get_num_threads()} threads"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--network", choices=STUDIES, default="digits")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--precision", help="default: float16 on a GPU, float32 on a CPU")
    parser.add_argument("--batch", type=int, nargs="+")
    parser.add_argument("--steps", type=int, help="noise levels; default 12, on a GPU 18")
    parser.add_argument("--churn", type=float, default=5.0)
    parser.add_argument("--threads", type=int, default=2, help="of a CPU")
    parser.add_argument("--repeats", type=int, help="default 7, on a GPU 3")
    options = parser.parse_args()
    on_gpu = options.device == "cuda"
    options.precision = options.precision or ("float16" if on_gpu else "float32")
    options.batch = options.batch or ([64, 128, 256] if on_gpu else [512])
    options.steps = options.steps or (18 if on_gpu else 12)
    options.repeats = options.repeats or (3 if on_gpu else 7)
    torch.set_num_threads(options.threads)
    print(f"{options.network} network, {device_name(options.device)}, {options.precision}")
    print("batch  way        images/s  ratio  peak MB  difference" + "  of peak" * on_gpu)
    for batch in options.batch:
        compare(options.network, batch, options)


if __name__ == "__main__":
    main()
