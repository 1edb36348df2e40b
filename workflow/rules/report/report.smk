# configuration: config.yaml, every key of the study, with the defaults
# workflow_report: workflow_report.html, Snakemake's own report: run times, graph of jobs, code, results
# report: {page}.html, a page to read, for each of report (verdict first), molrg, manifold and linear: figures with captions and tables, provenance
#     The headings are in workflow/configuration/pages.py, the layout in workflow/report/page.html.j2 and page.css, the introduction in
#     workflow/report/{page}.rst.


rule configuration:
    output:
        config=report(
            "results/{study}/config.yaml",
            caption="../../report/config.rst",
            category=CATEGORIES["configuration"],
            labels={"shows": "all settings of the study", "as": "text, to download"},
        ),
    log:
        "logs/{study}/configuration.log",
    localrule: True
    conda:
        ENVIRONMENT
    params:
        config=config,
    script:
        "../../scripts/report/configuration.py"


rule workflow_report:
    input:
        results=study.results,
        captions=relative_paths(ROOT.glob("workflow/report/**/*.rst")),
        source=source_files("workflow_report"),
    output:
        workflow_report="results/{study}/workflow_report.html",
    log:
        "logs/{study}/workflow_report.log",
    localrule: True
    conda:
        ENVIRONMENT
    params:
        config="results/{study}/config.yaml",
        snakefile=relative_paths(["Snakefile"])[0],
    script:
        "../../scripts/report/workflow_report.py"


rule report:
    input:
        results=lambda wildcards: study.shown_on(wildcards.page),
        verdict=only_in(["report"], study.universality.verdict),
        distribution=only_in(["report"], study.normality.answer),
        comparison=only_in(["report"], study.universality.comparison),
        denoiser=only_in(["report", "linear"], study.denoiser_answers),
        workflow_report=only_in(["report"], study.path("workflow_report.html")),
        texts=relative_paths(ROOT.glob("workflow/report/**/*.*")),
        glossary=relative_paths(["docs/glossary.md"])[0],
        source=source_files("report"),
    output:
        report="results/{study}/{page}.html",
    log:
        "logs/{study}/{page}.log",
    localrule: True
    conda:
        ENVIRONMENT
    params:
        title=lambda wildcards: title(study, wildcards.page),
        groups=lambda wildcards: headings(study, wildcards.page),
        shown_class=study.shown_class,
        largest_subset=study.largest_subset,
        config="results/{study}/config.yaml",
        benchmarks="benchmarks/{study}",
        rules=rules_of_page,
    script:
        "../../scripts/report/report.py"
