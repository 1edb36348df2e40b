# Figures of the images themselves: of every class and origin, and of the classes that their nearest real images have.


rule sample_grid_figure:
    input:
        shards=lambda wildcards: study.first_shards,
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
        classes=study.classes,
        origins=study.image_origins,
        shown=config["figures"]["grid_images"],
    script:
        "../../scripts/data/sample_grid_figure.py"


rule class_agreement_figure:
    input:
        dataset="results/{study}/dataset.npz",
        shards=lambda wildcards: study.generated_files,
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
