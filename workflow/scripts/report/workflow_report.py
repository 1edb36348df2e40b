"""Snakemake's own report of the files of the study's target `figures`."""

import subprocess
import sys
from pathlib import Path

from gaussianity.drawing.style import require_saved
from gaussianity.io.files import replacing
from gaussianity.report.provenance import require_configuration


def main(*, figure_paths, config_path, expected, snakefile_path, workflow_report_path):
    for png in figure_paths:
        require_saved(png, Path(png).with_suffix(".csv"))
    require_configuration(config_path, expected)
    command = [sys.executable, "-m", "snakemake", "figures", "--cores", "1", "--nolock"]
    command += ["--snakefile", snakefile_path]  # also where this workflow is a module of another
    with replacing(workflow_report_path) as temporary:
        # Snakemake chooses the kind of a report by the suffix, which a name of `replacing` lacks.
        page = temporary.with_suffix(".html")
        try:
            made = subprocess.run(
                [*command, "--configfile", config_path, "--report", page],
                capture_output=True,
                text=True,
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
            figure_paths=[file for file in snakemake.input.results if file.endswith(".png")],
            config_path=snakemake.params.config,
            expected=snakemake.config,
            snakefile_path=snakemake.params.snakefile,
            workflow_report_path=snakemake.output.workflow_report,
        )
