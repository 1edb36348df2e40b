"""A page of a study's report: verdict, figures in the papers' order, provenance."""

from datetime import datetime
from pathlib import Path

from gaussianity.drawing.style import require_saved
from gaussianity.io.files import replacing
from gaussianity.io.seals import file_checksum
from gaussianity.report import page as report_page
from gaussianity.report import provenance
from gaussianity.report import tables as report_tables


def main(
    *,
    title,
    groups,
    verdict,
    workflow_report,
    texts,
    shown_class,
    config,
    expected,
    measured,
    report,
):
    results, folder = Path(config).parent, Path(report).parent
    headings = {
        heading: [results / "figures" / f"{name}.png" for name in names]
        for heading, names in groups.items()
    }
    tables = {png: png.with_suffix(".csv") for pngs in headings.values() for png in pngs}
    for png, table in tables.items():
        require_saved(png, table)
    provenance.require_configuration(config, expected)
    known = dict(snakemake=dict(config=expected, params=dict(image_class=shown_class)))
    texts = {Path(path).name: Path(path).read_text() for path in texts}
    page = report_page.render(
        texts["page.html.j2"],
        style=texts["page.css"],
        title=title,
        study=expected["study"],
        classes={subset["name"]: subset["classes"] for subset in expected["subsets"]},
        introduction=report_page.caption(texts[f"{Path(report).stem}.rst"], known),
        verdict=report_tables.read_verdict(*verdict) if verdict else None,
        sections=report_page.sections(headings, texts, known, folder),
        facts=[*facts(expected), ("To run it again", again(config, Path(report).stem))],
        configuration=Path(config).read_text(),
        records=report_page.records(
            provenance.runtimes(*measured),
            provenance.versions(),
            [(table.name, file_checksum(table)) for table in tables.values()],
            provenance.checksums(results if workflow_report else results / Path(report).stem),
        ),
        links=dict(
            configuration=report_page.link(config, folder),
            workflow_report=workflow_report and report_page.link(workflow_report, folder),
        ),
    )
    with replacing(report) as temporary:
        temporary.write_text(page, encoding="utf-8")


def again(config, page):
    """The command that makes a page with the settings of the configuration beside it."""
    command = f"snakemake --cores all --configfile {config}"
    return command if page == "report" else f"{command} -- {page}"


def facts(config):
    """(name, value) of facts on the whole study."""
    seeds = config["classifier"]["seeds"]
    return [
        ("Study", config["study"]),
        ("Page made", datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %z")),
        ("Commit", provenance.commit(Path.cwd()) or "none: the folder is no git checkout"),
        ("Seed", f"{config['seed']}; it determines all random numbers"),
        ("Repetitions", f"{seeds} of each classifier, numbered 0 to {seeds - 1}"),
    ]


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            title=snakemake.params.title,
            groups=snakemake.params.groups,
            verdict=snakemake.input.verdict,
            workflow_report=snakemake.input.workflow_report,
            texts=snakemake.input.texts,
            shown_class=snakemake.params.shown_class,
            config=snakemake.params.config,
            expected=snakemake.config,
            measured=(snakemake.params.benchmarks, snakemake.params.rules),
            report=snakemake.output.report,
        )
