"""Provenance of results: configuration, versions, commit, run times, checksums."""

import csv
import math
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import yaml

import gaussianity
from gaussianity.errors import InputError
from gaussianity.io.seals import AGAIN, recorded_checksum

PACKAGES = ("numpy", "scipy", "scikit-learn", "torch", "pandas", "pyarrow")
PACKAGES += ("safetensors", "matplotlib", "seaborn", "pillow", "snakemake", "jinja2", "docutils")
SEALED = (".npz", ".parquet", ".safetensors", ".json")


def require_configuration(path, expected):
    """Raise an InputError unless a YAML file contains the expected configuration."""
    try:
        found = yaml.safe_load(Path(path).read_text())
    except FileNotFoundError:
        raise InputError(f"{path}: expected the study's configuration, found no file") from None
    except (ValueError, yaml.YAMLError) as error:
        raise InputError(
            f"{path}: expected YAML: {' '.join(str(error).split())}; {AGAIN}"
        ) from None
    if found != expected:
        raise InputError(f"{path}: expected this study's configuration, found another; {AGAIN}")


def versions(packages=PACKAGES):
    """(name, version) of Python, of this package and of the installed ones among `packages`."""
    python = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    found = [("Python", python), ("gaussianity", gaussianity.__version__)]
    for name in packages:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return found


def commit(folder):
    """The git commit that is checked out in a folder, and whether tracked files differ from it.

    The text is empty where the folder is not the top of a checkout, or git is not installed.
    """
    top = _git(folder, "rev-parse", "--show-toplevel")
    if not top or Path(top).resolve() != Path(folder).resolve():
        return ""
    head = _git(folder, "rev-parse", "HEAD")
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{head}, with local changes" if head and changed else head


def _git(folder, *arguments):
    """Output of git; empty where it fails."""
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def runtimes(folder, rules):
    """Run times and memory of jobs, from Snakemake's benchmark tables.

    Args:    folder - of the tables <rule>.tsv and <rule>/**/*.tsv, and of the same below
             sources/<source>/; rules - names, in the order of the result.
    Returns: list of dicts: rule, jobs, seconds (of all), longest (seconds), memory (MB, the
             largest; NaN where Snakemake did not measure it). Rules without tables are left out.
    """
    found = []
    for rule in rules:
        places = [Path(folder), *Path(folder).glob("sources/*")]
        files = [file for place in places for file in place.glob(f"{rule}.tsv")]
        files += [file for place in places for file in Path(place, rule).glob("**/*.tsv")]
        jobs = [job for path in files for job in _benchmark(path)]
        if jobs:
            seconds, memory = zip(*jobs, strict=True)
            seen = [value for value in memory if math.isfinite(value)]
            found.append(
                dict(
                    rule=rule,
                    jobs=len(jobs),
                    seconds=math.fsum(seconds),
                    longest=max(seconds),
                    memory=max(seen, default=math.nan),
                )
            )
    return found


def _benchmark(path):
    """Seconds and largest resident memory, MB, of the jobs in a benchmark table."""
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    jobs = [(_number(row.get("s")), _number(row.get("max_rss"))) for row in rows]
    return [(seconds, memory) for seconds, memory in jobs if math.isfinite(seconds)]


def _number(text):
    """A number; NaN for the text that Snakemake writes for very short jobs."""
    try:
        return float(text)
    except (TypeError, ValueError):
        return math.nan


def checksums(folder):
    """(path below the folder, recorded checksum) of all files with a seal."""
    paths = sorted(path for path in Path(folder).rglob("*") if path.suffix in SEALED)
    found = [(path.relative_to(folder).as_posix(), recorded_checksum(path)) for path in paths]
    return [(name, checksum) for name, checksum in found if checksum]
