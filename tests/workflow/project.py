"""A copy of the project in which workflows run, apart from the checkout's own results."""

import copy
import functools
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
# What the Snakefile reads, whatever the study.
DEFAULTS = (
    "config.yaml",
    *(f"workflow/defaults/{page}.yaml" for page in ("molrg", "manifold", "linear")),
)
SMOKE = ("--configfile", "workflow/studies/smoke.yaml")
PARTS = ["Snakefile", "config.yaml", "workflow", "src", "envs", "pyproject.toml"]
PARTS += ["docs/glossary.md"]
# Snakemake takes seconds to import; runs are forked from a process that has done nothing else.
RUNS = multiprocessing.get_context("forkserver")
RUNS.set_forkserver_preload(["snakemake.cli"])


@functools.cache
def _defaults():
    parts = [yaml.safe_load((ROOT / path).read_text()) for path in DEFAULTS]
    return {key: value for part in parts for key, value in part.items()}


def default_configuration():
    """Every key of the default study."""
    return copy.deepcopy(_defaults())


def changed_configuration(**changes):
    """The default configuration with changes by key, `__` between the names of a path."""
    config = default_configuration()
    for key, value in changes.items():
        *path, last = key.split("__")
        part = config
        for name in path:
            part = part[int(name)] if isinstance(part, list) else part[name]
        part[last] = value
    return config


def run_snakemake(arguments, folder, output):
    """What `python -m snakemake` does in a folder, all that it prints in a file."""
    from snakemake.cli import main  # only here, where it is imported already

    with open(output, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder / "src")
    sys.path[:0] = [str(folder), os.environ["PYTHONPATH"]]
    sys.argv = ["snakemake", *arguments]
    main(arguments)


class Project:
    """A checkout in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        for part in PARTS:
            put = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            (folder / part).parent.mkdir(exist_ok=True)
            put(ROOT / part, folder / part)

    def copied(self, folder):
        """A copy of it as it is now, with all results, in a new folder."""
        other = Project.__new__(Project)
        other.folder = shutil.copytree(self.folder, folder)
        return other

    def command(self, *arguments):
        return [sys.executable, "-m", "snakemake", "--cores", "2", *map(str, arguments)]

    def snakemake(self, *arguments):
        """Run snakemake to its end: CompletedProcess with stdout and stderr in one text."""
        command = self.command(*arguments)
        with tempfile.NamedTemporaryFile() as output:
            run = RUNS.Process(target=run_snakemake, args=(command[3:], self.folder, output.name))
            run.start()
            run.join()
            stdout = Path(output.name).read_text()
        return subprocess.CompletedProcess(command, run.exitcode, stdout)

    def start(self, *arguments, **options):
        """Run snakemake in the background, its output in output.txt.

        Args:    options - further ones of subprocess.Popen.
        """
        with open(self.folder / "output.txt", "w") as output:
            return subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env=dict(os.environ, PYTHONPATH=str(self.folder / "src")),
                stdout=output,
                stderr=subprocess.STDOUT,
                **options,
            )

    def printed(self):
        """What a run in the background has printed."""
        return (self.folder / "output.txt").read_text()

    def succeed(self, *arguments):
        """The output of a run that must succeed."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout
