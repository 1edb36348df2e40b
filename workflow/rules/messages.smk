# What is said after a run: which jobs failed and why, or where the results are.
import threading
import time

STARTED = time.time()
CLOCKS = 60  # seconds that the clock of a node may be behind


def own_log(job):
    """A job's log where it is of this run; one left by an earlier run says nothing of this one."""
    log = Path(job.log[0])
    return log if log.exists() and log.stat().st_mtime > STARTED - CLOCKS else None


def failed_jobs():
    """The jobs that failed for good; of a group, whose jobs run in turn, the one that ran last."""

    def started(job):
        log = own_log(job)
        return log.stat().st_mtime if log else 0.0

    return [max(getattr(job, "jobs", [job]), key=started) for job in workflow.scheduler.failed]


def reason(log):
    """What a failed job's log says last: a user's mistake, a fault of ours, or nothing."""
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
    """Snakemake ends when the last of its timers of max-jobs-per-timespan has; no job is left that
    they could start."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()


def what_went_wrong():
    """Rule, wildcards, reason and log of every failed job, after all that Snakemake prints."""
    sentences = []
    for job in failed_jobs():
        values = [f"{name}={value}" for name, value in job.wildcards.items() if name != "study"]
        what = f"{job.rule.name} ({', '.join(values)})" if values else job.rule.name
        sentences.append(f"\n{what} failed: {reason(own_log(job))}\nlog: {job.log[0]}\n")
    return "".join(sentences) or (
        "\nInterrupted, or stopped by the error above: the same command goes on where this run "
        "stopped.\n"
    )


def where_results_are():
    """Where to look after a run to the pages of this run; a run to other files says nothing."""
    folder = Path("results") / study.name
    pages = [folder / f"{page}.html" for page in TITLES]
    made = [page for page in pages if page.exists()]
    if "plan" in sys.argv or not made:
        return ""
    lines = [f"Report:  {page} (open it in a browser)\n" for page in made]
    if folder / "report.html" in made:
        lines.append(f"Jobs:    {folder / 'workflow_report.html'} (run times, graph, code)\n")
    return (
        f"\n{''.join(lines)}"
        f"Figures: {folder / 'figures'}/*.pdf and *.png, each with its table .csv\n"
        f"Data:    {folder} (results/README.md tells how to open each kind of file)\n"
    )
