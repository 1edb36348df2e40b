"""A folder with small made-up figures and a verdict, for the tests of the report's page."""

import matplotlib.pyplot as plt
import pandas as pd
import yaml
from test_plan import configuration

from gaussianity.drawing import style
from gaussianity.io.files import write_npz
from project import ROOT

GROUPS = {"Classifiers": ["accuracy"], "Spectra": ["spectra", "gram"], "Images": ["sample_grid"]}
QUESTION, DISTRIBUTION = "For a linear classifier?", "As a distribution?"
DENOISER = "In the denoiser that made them?"
COMPARISON = "Which source is closer to its Gaussian data?"
SENTENCE = (
    "{}: images of {} are told apart as well as Gaussian data, and a difference above the margin "
    "of 0.02 is excluded: the excess is -0.0093, with the 90 % interval -0.0140 to -0.0043."
)


def cell(subset, train_size, **values):
    """A row of figures/verdict.csv."""
    labels = dict(subset=subset, loss="least_squares", source="diffusion", train_size=train_size)
    said = dict(primary=True, verdict="a difference, within the margin", reason="")
    numbers = dict(excess=-0.0093, low=-0.014, high=-0.0043, error_ratio=1.35, ratio_low=1.12)
    numbers |= dict(ratio_high=1.61, pools=5, unit="pool", level=0.05)
    numbers |= dict(covers="draw of the images, training")
    return labels | said | numbers | values


def said(subset, outcome="within", **values):
    """A row of figures/verdict_sentences.csv."""
    labels = dict(source="diffusion", loss="least_squares", train_size=256, margin=0.02, level=0.05)
    numbers = dict(excess=-0.0093, low=-0.014, high=-0.0043)
    text = SENTENCE.format(subset, f"the subset {subset}")
    return dict(subset=subset, sentence=text, outcome=outcome) | labels | numbers | values


WHOLE = dict(
    subset="all",
    outcome="within",
    sentence="For the primary classifier, the images of 3 of 3 subsets differ from Gaussian data "
    "by less than the margin of 0.02; the largest excess is <-0.0093>.",
)


def report_sections(groups, *questions):
    """The sections of the report, from its figures' headings, of which the first is the verdict.

    Args:    questions - those of the first screen beside the verdict's.
    """
    return [QUESTION, *questions, "What is compared?", *groups, "Words", "Provenance"]


def write_verdict(results, cells, sentences):
    """Write the verdict's table and sentences; their paths."""
    save(results, "verdict", pd.DataFrame(cells))
    return [results / "figures/verdict.csv", save_sentences(results, sentences)]


def save_sentences(results, sentences):
    path = results / "figures/verdict_sentences.csv"
    pd.DataFrame(sentences).to_csv(path, index=False)
    return path


def save(results, name, table):
    figure, axes = plt.subplots(figsize=(10, 4))
    axes.plot([1, 2, 3])
    files = {kind: results / f"figures/{name}.{kind}" for kind in ("pdf", "png", "csv")}
    style.save(figure, table, **files)


def small_report(results):
    """Arguments of the report for a folder with figures, a verdict, a benchmark, a sealed file."""
    config = configuration()
    (results / "config.yaml").write_text(yaml.safe_dump(config))
    (results / "workflow_report.html").write_text("<title>Snakemake</title>")
    table = pd.DataFrame(dict(name=["a<b"] * 60, value=[1 / 3] * 60, count=range(60)))
    for names in GROUPS.values():
        for name in names:
            save(results, name, table)
    cells = [
        cell("pair", 256),
        cell("pair", 8, primary=False, reason="too <few> images: 1.1 for each mixed image"),
        cell("pair", 96, primary=False, source="data", loss="two_layer", unit="fold"),
    ]
    verdict_paths = write_verdict(results, cells, [WHOLE, said("pair")])
    (results / "verdict.rst").write_text("**Excess with its intervals.** What to see.")
    write_npz(results / "moments/data/3.npz", mean=[0.5])
    benchmark = results / "benchmarks/moments/3.tsv"
    benchmark.parent.mkdir(parents=True)
    benchmark.write_text("s\th:m:s\tmax_rss\n3.25\t0:00:03\t151.5\n")
    return dict(
        title="How Gaussian is it?",
        groups={"Verdict": ["verdict"]} | GROUPS,
        verdict_paths=verdict_paths,
        glossary_path=ROOT / "docs/glossary.md",
        workflow_report_path=results / "workflow_report.html",
        text_paths=[*sorted((ROOT / "workflow/report").rglob("*.*")), results / "verdict.rst"],
        shown_class="3",
        config_path=results / "config.yaml",
        expected=config,
        measured=(results / "benchmarks", ["dataset", "moments"]),
        report_path=results / "report.html",
    )
