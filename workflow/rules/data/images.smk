# Figures of the images themselves. sample_grid_figure shows images of every class and origin; class_agreement_figure shows which classes
# the nearest real images of the generated images have.


rule sample_grid_figure:
    input:
        shards=study.first_shards.values(),
        source=source_files("sample_grid_figure"),
    output:
        **figure_files("sample_grid", shows="images of every class and origin"),
    log:
        "logs/{study}/sample_grid_figure.log",
    benchmark:
        "benchmarks/{study}/sample_grid_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("sample_grid"),
    params:
        shards=study.first_shards,
        shown=config["figures"]["grid_images"],
    script:
        "../../scripts/data/sample_grid_figure.py"


rule class_agreement_figure:
    input:
        dataset="results/{study}/dataset.npz",
        shards=lambda wildcards: study.sampling.images,
        source=source_files("class_agreement_figure"),
    output:
        **figure_files("class_agreement", shows="classes of the generated images"),
    log:
        "logs/{study}/class_agreement_figure.log",
    benchmark:
        "benchmarks/{study}/class_agreement_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("class_agreement"),
    params:
        classes=study.classes,
    script:
        "../../scripts/data/class_agreement_figure.py"
