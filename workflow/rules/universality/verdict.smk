# comparison_figure: figures/comparison.csv, a row per subset and pair of sources, with the sentence (see gaussianity.universality.verdict.comparison),
#     and figures/comparison_sentences.csv, a sentence per subset
# verdict_figure: figures/verdict_sentences.csv beside its three files
#     subset ("all": the headline of the study), sentence, outcome, and the primary cell of the subset


rule verdict_figure:
    input:
        scores=lambda wildcards: study.classifiers.files("scores", study.classifiers.scores),
        source=source_files("verdict_figure"),
    output:
        **figure_files("verdict", shows="excess of accuracy over Gaussian data"),
        sentences="results/{study}/figures/verdict_sentences.csv",
    log:
        "logs/{study}/verdict_figure.log",
    benchmark:
        "benchmarks/{study}/verdict_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("verdict"),
    params:
        designs={
            name: design | dict(images_per_pixel=design["images_per_class"] / costs.d)
            for name, design in study.classifiers.designs.items()
        },
        verdict=config["verdict"],
        selection=config["classifier"]["selection"],
        study_seed=config["seed"],
    script:
        "../../scripts/universality/verdict_figure.py"


rule comparison_figure:
    input:
        scores=lambda wildcards: study.classifiers.files(
            "scores", study.classifiers.compared_scores
        ),
        normality=study.normality.table,
        source=source_files("comparison_figure"),
    output:
        **figure_files("comparison", shows="which source is closer to its Gaussian data"),
        sentences="results/{study}/figures/comparison_sentences.csv",
    log:
        "logs/{study}/comparison_figure.log",
    benchmark:
        "benchmarks/{study}/comparison_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("comparison"),
    params:
        primary_loss=config["verdict"]["primary_loss"],
        level=config["verdict"]["level"],
        margin=config["verdict"]["margin"],
        matched=study.classifiers.matched_sources,
    script:
        "../../scripts/universality/comparison_figure.py"
