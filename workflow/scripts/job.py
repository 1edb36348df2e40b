"""What every script does around its main function."""

import contextlib
import os
import sys
import traceback
from pathlib import Path

from gaussianity.errors import InputError


@contextlib.contextmanager
def logged(path):
    """Send what the job prints to its log, and its peak memory; end with status 1 after an error.

    A user's mistake becomes one sentence, in the log and on the screen; a fault of ours becomes a
    traceback in the log.
    """
    with (
        open(path, "w", buffering=1) as log,
        contextlib.redirect_stdout(log),
        contextlib.redirect_stderr(log),
    ):
        try:
            yield
            print_peak_memory()
        except InputError as error:
            for stream in (log, sys.__stderr__):
                print(f"error: {error}", file=stream)
            sys.exit(1)
        except Exception:
            traceback.print_exc()
            print(f"error: {path} tells what went wrong", file=sys.__stderr__)
            sys.exit(1)


def print_peak_memory():
    """Print the largest resident memory of this process, if the system is Linux."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.is_file() else []:
        if line.startswith("VmHWM:"):
            print(f"peak memory: {int(line.split()[1]) / 1000:.0f} MB")


def torch_device(name):
    """The device of a config name: auto is an NVIDIA GPU where there is one.

    Imports torch, which takes seconds, only where there may be one.
    """
    if name == "cpu" or (name == "auto" and not os.path.exists("/dev/nvidia0")):
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if name == "cuda":
        raise InputError("config: device is cuda, but torch finds no GPU; set it to auto or cpu")
    return "cpu"


def figure_outputs(snakemake):
    """The three files of a figure as keyword arguments of gaussianity.drawing.style.save.

    The study's sources get their colours, which are the same in all figures.
    """
    from gaussianity.drawing.style import name_sources

    name_sources(source["name"] for source in snakemake.config["sources"])
    output = snakemake.output
    return dict(pdf=output.pdf, png=output.png, csv=output.csv)
