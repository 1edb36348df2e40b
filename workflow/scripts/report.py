"""Snakemake's own report of everything that the study's target `figures` has made."""

import subprocess
import sys

from gaussianity.files import replacing


def main(*, config, report):
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


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(config=snakemake.params.config, report=snakemake.output.report)
