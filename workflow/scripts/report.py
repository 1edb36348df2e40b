"""Snakemake's own report of everything that the study's target `figures` has made."""

import subprocess
import sys
from pathlib import Path

import yaml

from gaussianity.errors import InputError
from gaussianity.figures.style import require_saved
from gaussianity.files import replacing
from gaussianity.seals import AGAIN


def main(*, figures, config, expected, report):
    for png in figures:
        require_saved(png, Path(png).with_suffix(".csv"))
    require_configuration(config, expected)
    command = [sys.executable, "-m", "snakemake", "figures", "--cores", "1", "--nolock"]
    with replacing(report) as temporary:
        # Snakemake tells the kind of a report by its ending, which replacing's name does not keep.
        page = temporary.with_suffix(".html")
        try:
            made = subprocess.run(
                [*command, "--configfile", config, "--report", page], capture_output=True, text=True
            )
            print(made.stdout, made.stderr, sep="\n")
            made.check_returncode()
            page.rename(temporary)
        finally:
            page.unlink(missing_ok=True)


def require_configuration(path, expected):
    """Raise an InputError unless the file holds the study's configuration."""
    try:
        found = yaml.safe_load(Path(path).read_text())
    except (ValueError, yaml.YAMLError) as error:
        raise InputError(
            f"{path}: expected YAML: {' '.join(str(error).split())}; {AGAIN}"
        ) from None
    if found != expected:
        raise InputError(f"{path}: expected this study's configuration, found another; {AGAIN}")


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            figures=[file for file in snakemake.input.results if file.endswith(".png")],
            config=snakemake.params.config,
            expected=snakemake.config,
            report=snakemake.output.report,
        )
