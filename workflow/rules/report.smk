# configuration: config.yaml, every key of the study as it was merged
# workflow_report: workflow_report.html, Snakemake's own report: run times, graph of jobs, code, results
# report: {page}.html, one page to read: report (verdict first), molrg, manifold; figures with captions and tables, provenance
#     headings in workflow/configuration/pages.py, laid out by workflow/report/page.html.j2 and page.css, opened by workflow/report/{page}.rst


localrules:
    configuration,
    workflow_report,
    report,


rule configuration:
    output:
        config=report(
            "results/{study}/config.yaml",
            caption="../report/config.rst",
            category="9 Configuration",
            labels={"shows": "all settings of the study", "as": "text, to download"},
        ),
    log:
        "logs/{study}/configuration.log",
    conda:
        ENVIRONMENT
    params:
        config=config,
    script:
        "../scripts/configuration.py"


rule workflow_report:
    input:
        results=study.results,
        captions=sorted(str(path) for path in Path("workflow/report").glob("*.rst")),
        source=source_files("workflow_report"),
    output:
        workflow_report="results/{study}/workflow_report.html",
    log:
        "logs/{study}/workflow_report.log",
    conda:
        ENVIRONMENT
    params:
        config="results/{study}/config.yaml",
    script:
        "../scripts/workflow_report.py"


rule report:
    input:
        results=lambda wildcards: study.shown_on(wildcards.page),
        verdict=only_in_report(study.universality.verdict),
        workflow_report=only_in_report(study.path("workflow_report.html")),
        texts=sorted(str(path) for path in Path("workflow/report").glob("*.*")),
        source=source_files("report"),
    output:
        report="results/{study}/{page}.html",
    log:
        "logs/{study}/{page}.log",
    conda:
        ENVIRONMENT
    params:
        title=lambda wildcards: TITLES[wildcards.page],
        groups=lambda wildcards: headings(study, wildcards.page),
        shown_class=study.shown_class,
        config="results/{study}/config.yaml",
        benchmarks="benchmarks/{study}",
        rules=rules_of_page,
    script:
        "../scripts/report.py"
