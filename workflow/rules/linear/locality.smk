# The rows that the figure draws are those of linear_split: filters.npz.


rule linear_locality_figure:
    input:
        filters=study.linear.pattern("filters"),
        split=study.linear.pattern("split"),
        source=source_files("linear_locality_figure"),
    output:
        **figure_files("linear_locality", own=True),
    log:
        "logs/{study}/{own}linear_locality_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_locality_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_locality"),
    params:
        image_shape=study.image_shape,
    script:
        "../../scripts/linear/linear_locality_figure.py"
