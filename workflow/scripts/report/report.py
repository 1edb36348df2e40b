"""A page of a study's report: verdict, figures in the papers' order, provenance."""

from datetime import datetime
from pathlib import Path

from markupsafe import Markup

from configuration.checks import classified
from configuration.pages import figure_file
from configuration.source_files import ROOT
from gaussianity.drawing.style import require_saved
from gaussianity.io.files import replacing
from gaussianity.io.seals import file_checksum
from gaussianity.report import page as report_page
from gaussianity.report import provenance
from gaussianity.report.glossary import entries
from gaussianity.report.summary import (
    ONE_CLASS,
    answers,
    read_answer,
    read_comparison,
    read_denoisers,
    read_statements,
    read_summary,
    summary_of_one_class,
)
from gaussianity.report.verdict_table import read_verdict


def main(
    *,
    title,
    groups,
    verdict_paths,
    glossary_path,
    workflow_report_path,
    text_paths,
    shown_class,
    config_path,
    expected,
    measured,
    report_path,
    answered=None,
    statements=None,
    distribution_paths=None,
):
    """Write a page.

    Args:    answered - of the report's first screen, see `gaussianity.report.summary.answers`;
             statements - heading of a section to what stands before its figures, see
             `gaussianity.report.summary.read_statements`; distribution_paths - on the report of a
             study without a verdict, of figures/normality_sentences.csv, which answers first; an
             empty list if nothing was tested.
    """
    results, folder = Path(config_path).parent, Path(report_path).parent
    headings = {
        heading: [results / figure_file(name, "png") for name in names]
        for heading, names in groups.items()
    }
    tables = {png: png.with_suffix(".csv") for pngs in headings.values() for png in pngs}
    for png, table in tables.items():
        require_saved(png, table)
    provenance.require_configuration(config_path, expected)
    known = dict(snakemake=dict(config=expected, params=dict(image_class=shown_class)))
    texts = {Path(path).name: Path(path).read_text() for path in text_paths}
    page = report_page.render(
        texts["page.html.j2"],
        style=texts["page.css"],
        title=title,
        study=expected["study"],
        introduction=report_page.caption(texts[f"{Path(report_path).stem}.rst"], known),
        **first_screen(
            verdict_paths,
            distribution_paths,
            glossary_path,
            texts["summary.html.j2"],
            expected,
            answered or {},
        ),
        sections=[
            section | dict(statements=(statements or {}).get(section["title"], []))
            for section in report_page.sections(headings, texts, known, folder)
        ],
        facts=[*facts(expected), ("To run it again", again(config_path, Path(report_path).stem))],
        configuration=Path(config_path).read_text(),
        records=report_page.records(
            provenance.runtimes(*measured),
            provenance.versions(),
            [(table.name, file_checksum(table)) for table in tables.values()],
            provenance.checksums(
                results if workflow_report_path else results / Path(report_path).stem
            ),
        ),
        links=dict(
            configuration=report_page.link(config_path, folder),
            workflow_report=workflow_report_path and report_page.link(workflow_report_path, folder),
        ),
    )
    with replacing(report_path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def first_screen(verdict_paths, distribution_paths, glossary_path, template, config, answered):
    """Content of the report on its answers: first screen, table of the verdict, words.

    Other pages have none. In a study of one class the distribution is the first answer.
    """
    if verdict_paths:
        table_path, sentences_path = verdict_paths
        verdict, said = read_verdict(table_path), read_summary(sentences_path)
    elif distribution_paths is not None:
        verdict, said = None, summary_of_one_class(distribution_paths)
        left_out = dict(text=ONE_CLASS, link="#comparison")
        answered = answered | dict(distribution=None, classifier=left_out)
    else:
        return dict(summary="", verdict=None, glossary=[])
    classes = {subset["name"]: subset["classes"] for subset in config["subsets"]}
    summary = report_page.render(template, **said, classes=classes, answers=answers(**answered))
    glossary = entries(Path(glossary_path).read_text())
    return dict(summary=Markup(summary), verdict=verdict, glossary=glossary)


def other_answers(distribution_paths, comparison_paths, denoiser_paths, subset):
    """The answers of the report's first screen beside the verdict's, by their question.

    Args:    distribution_paths - of figures/normality_sentences.csv; none if nothing was tested;
             comparison_paths - of figures/comparison.csv; none if there is one source;
             denoiser_paths - of linear/sentences.csv, of each denoiser; subset - of which the
             comparison is shown.
    """
    (found,) = [read_answer(path) for path in distribution_paths] or [""]
    (compared,) = [read_comparison(path, subset) for path in comparison_paths] or [""]
    of_denoisers = read_denoisers(denoiser_paths)
    return dict(
        denoiser=of_denoisers and dict(text=of_denoisers, link="#in-the-denoiser"),
        distribution=found and dict(text=found, link="#as-a-distribution"),
        comparison=compared and dict(text=compared, link="#figure-comparison"),
    )


def again(config, page):
    """The command that makes a page with the settings of the configuration beside it."""
    command = f"snakemake --cores all --configfile {config}"
    return command if page == "report" else f"{command} -- {page}"


def facts(config):
    """(name, value) of facts on the whole study."""
    seeds = config["classifier"]["seeds"]
    repetitions = f"{seeds} of each classifier, numbered 0 to {seeds - 1}"
    return [
        ("Study", config["study"]),
        ("Page made", datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z")),
        ("Commit", provenance.commit(ROOT) or "none: the folder is no git checkout"),
        ("Seed", f"{config['seed']}; it determines all random numbers"),
        *([("Repetitions", repetitions)] if classified(config) else []),
    ]


if __name__ == "__main__":
    from job import logged

    is_report = snakemake.wildcards.page == "report"
    with logged(snakemake.log[0]):
        main(
            title=snakemake.params.title,
            groups=snakemake.params.groups,
            verdict_paths=snakemake.input.verdict,
            glossary_path=snakemake.input.glossary,
            workflow_report_path=snakemake.input.workflow_report,
            text_paths=snakemake.input.texts,
            shown_class=snakemake.params.shown_class,
            config_path=snakemake.params.config,
            expected=snakemake.config,
            measured=(snakemake.params.benchmarks, snakemake.params.rules),
            report_path=snakemake.output.report,
            distribution_paths=snakemake.input.distribution if is_report else None,
            answered=other_answers(
                snakemake.input.distribution,
                snakemake.input.comparison,
                snakemake.input.denoiser,
                snakemake.params.largest_subset,
            ),
            statements={
                heading: [said for path in paths for said in read_statements(path)]
                for heading, paths in (
                    ("As a distribution", snakemake.input.distribution),
                    ("What mean and covariance leave", snakemake.input.denoiser),
                )
            },
        )
