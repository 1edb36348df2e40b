# configuration: config.yaml, every key of the study as it was merged
# report: report.html, Snakemake's own report of the figures, tables, configuration and runtimes


localrules:
    configuration,
    report,


rule configuration:
    output:
        config=report(
            "results/{study}/config.yaml",
            caption="../report/config.rst",
            category="6 Configuration",
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


rule report:
    input:
        results=study.results,
        captions=sorted(str(path) for path in Path("workflow/report").glob("*.rst")),
        source=source_files("report"),
    output:
        report="results/{study}/report.html",
    log:
        "logs/{study}/report.log",
    conda:
        ENVIRONMENT
    params:
        config="results/{study}/config.yaml",
    script:
        "../scripts/report.py"
