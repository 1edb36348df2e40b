# What is printed before a run: warnings of its samplers. After it: the headline and where the results are, or which jobs failed and why.
import threading
import time

from gaussianity.report.headline import headline

STARTED = time.time()
CLOCKS = 60  # seconds that the clock of a node may be behind


def what_to_know_first():
    """Warnings before the first job of a run that samples; nothing before a plan."""
    if "plan" in sys.argv:
        return ""
    return "".join(f"{sentence}\n" for sentence in sampler_costs.warnings(study))


def own_log(job):
    """The log of a job if this run wrote it, else None."""
    log = Path(job.log[0])
    return log if log.exists() and log.stat().st_mtime > STARTED - CLOCKS else None


def failed_jobs():
    """The jobs that failed in their last attempt.

    The jobs of a group run one after another, so the one that started last is the one that failed.
    """

    def started(job):
        log = own_log(job)
        return log.stat().st_mtime if log else 0.0

    return [max(getattr(job, "jobs", [job]), key=started) for job in workflow.scheduler.failed]


def reason(log):
    """The reason that the log of a failed job gives: a user's mistake, a bug, or none."""
    lines = log.read_text().splitlines() if log else []
    mistakes = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    if mistakes:
        return mistakes[-1]
    if any(line.startswith("Traceback") for line in lines):
        return f"a fault of the program, {lines[-1]}"
    return (
        "it was ended before it could say why, as by a limit of memory or time or by hand; "
        "the message of the error above says more"
    )


def end_timers():
    """End the timers of max-jobs-per-timespan, for which Snakemake would wait.

    No job is left that they could start.
    """
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()


def what_went_wrong():
    """Rule, wildcards, reason and log of every failed job, printed last."""
    sentences = []
    for job in failed_jobs():
        values = [
            f"{name}={value}" for name, value in job.wildcards.items() if name != "study" and value
        ]
        what = f"{job.rule.name} ({', '.join(values)})" if values else job.rule.name
        sentences.append(f"\n{what} failed: {reason(own_log(job))}\nlog: {job.log[0]}\n")
    return "".join(sentences) or (
        "\nInterrupted, or stopped by the error above: the same command goes on where this run "
        "stopped.\n"
    )


def where_results_are():
    """The headline and where the results are, after a run that made a page; else nothing."""
    folder = Path("results") / study.name
    pages = [folder / f"{page}.html" for page in TITLES]
    made = [page for page in pages if page.exists()]
    if "plan" in sys.argv or not made:
        return ""
    said = ""
    lines = [f"Report:  {page} (open it in a browser)\n" for page in made]
    if folder / "report.html" in made:
        said = headline(
            next(iter(study.universality.verdict[1:]), None),
            shutil.get_terminal_size().columns,
            distribution_path=next(iter(study.normality.answer), None),
            comparison_path=next(iter(study.universality.comparison), None),
            subset=study.largest_subset,
        )
        lines.append(f"Jobs:    {folder / 'workflow_report.html'} (run times, graph, code)\n")
    return (
        f"\n{said}\n{''.join(lines)}"
        f"Figures: {folder / 'figures'}/*.pdf and *.png, each with its table .csv\n"
        f"Data:    {folder} (results/README.md tells how to open each kind of file)\n"
    )
