# verdict_figure: figures/verdict_sentences.csv beside its three files
#     subset, sentence: the verdict on each subset in words


rule verdict_figure:
    input:
        scores=lambda wildcards: study.classifiers.files("scores", study.classifiers.scores),
        source=source_files("verdict_figure"),
    output:
        **figure_files("verdict", shows="gap of accuracy less its control"),
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
        images_per_pixel={
            name: source["images_per_class"] / costs.d for name, source in study.sources.items()
        },
        verdict=config["verdict"],
        selection=config["classifier"]["selection"],
        study_seed=config["seed"],
    script:
        "../../scripts/universality/verdict_figure.py"
