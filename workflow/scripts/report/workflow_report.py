"""Snakemake's own report of the files of the study's target `figures`."""

import subprocess
import sys
from pathlib import Path

from gaussianity.drawing.style import require_saved
from gaussianity.io.files import replacing
from gaussianity.report.provenance import require_configuration


def main(*, figures, config, expected, workflow_report):
    for png in figures:
        require_saved(png, Path(png).with_suffix(".csv"))
    require_configuration(config, expected)
    command = [sys.executable, "-m", "snakemake", "figures", "--cores", "1", "--nolock"]
    with replacing(workflow_report) as temporary:
        # Snakemake takes the kind of a report from the suffix, which the temporary name lacks.
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


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            figures=[file for file in snakemake.input.results if file.endswith(".png")],
            config=snakemake.params.config,
            expected=snakemake.config,
            workflow_report=snakemake.output.workflow_report,
        )
