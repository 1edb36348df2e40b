"""Snakemake's own report of everything that the study's target `figures` has made."""

import subprocess
import sys
from pathlib import Path

from gaussianity.drawing.style import require_saved
from gaussianity.io.files import replacing
from gaussianity.report.provenance import require_configuration


def main(*, figures, config, expected, snakefile, workflow_report):
    for png in figures:
        require_saved(png, Path(png).with_suffix(".csv"))
    require_configuration(config, expected)
    command = [sys.executable, "-m", "snakemake", "figures", "--cores", "1", "--nolock"]
    command += ["--snakefile", snakefile]  # of this workflow, also where it is a module of another
    with replacing(workflow_report) as temporary:
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


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            figures=[file for file in snakemake.input.results if file.endswith(".png")],
            config=snakemake.params.config,
            expected=snakemake.config,
            snakefile=snakemake.params.snakefile,
            workflow_report=snakemake.output.workflow_report,
        )
