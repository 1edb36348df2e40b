# concentration: concentration/{population}/{image_class}.parquet, a row per functional; population is an origin or base-{base}
#     population, image_class, images, lambda_max (squared [0, 1] units), functional, ratio, low, high
#   {image_class}.survival.parquet: population, image_class, t, and the share of images with
#     |f - E f| > t sqrt(lambda_max) for each functional f, a column each


rule concentration:
    input:
        images=images_of_population,
        source=source_files("concentration"),
    output:
        ratios=study.universality.pattern("concentration"),
        survival=study.universality.pattern("survival"),
    log:
        "logs/{study}/concentration/{population}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/concentration/{population}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("concentration"),
        runtime=minutes(60),
    params:
        image_class=class_of,
        indices=lambda wildcards: (
            study.universality.population_index(wildcards.population),
            study.class_index(class_of(wildcards)),
        ),
        settings=study.universality.concentration_settings,
        study_seed=config["seed"],
    script:
        "../../scripts/universality/concentration.py"


rule concentration_figure:
    input:
        ratios=lambda wildcards: study.universality.files(
            "concentration", study.universality.concentrations
        ),
        survival=lambda wildcards: study.universality.files(
            "survival", study.universality.concentrations
        ),
        source=source_files("concentration_figure"),
    output:
        **figure_files("concentration", shows="concentration of 1-Lipschitz functionals"),
    log:
        "logs/{study}/concentration_figure.log",
    benchmark:
        "benchmarks/{study}/concentration_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("concentration"),
    params:
        image_class=study.shown_class,
    script:
        "../../scripts/universality/concentration_figure.py"
