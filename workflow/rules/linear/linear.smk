# linear_measures: what mean and covariance decide of the denoiser of a source and of its images. Rows are in the network form (black -1, white 1).
#     The images that define mean and covariance are the dataset's, or generated images where the study has no dataset (column moments).
#   {own}linear/levels.parquet, a row per class, law, noise level and image: source, image_class, law (forward: image and noise; wrong_label: the
#     same with another label; trajectory: the sampler's states), sigma, image, of_isotropic, of_gaussian, of_mixture, of_empirical (squared
#     distance of the denoiser from the reference; empty without it), about_mean (|D - mean D|^2), between (squared distance of the class's mean of
#     D from that of all), score (|D - x|^2), loss and gaussian_loss (squared distance from the clean image; empty on trajectories), moments
#   twins.parquet, a row per class, image and comparison: compared_with (twin, mixed_seeds, empirical_score, wrong_class), seed, rest, spread,
#     twin_spread, product, between
#   directions.parquet, a row per class and principal direction: rank, variance, correlation, explained
#   pictures.npz: images and twins float32 (classes, n, d), cosines (classes, n), classes
#   sentences.csv: source, image_class ("all"), sentence; the first row answers on the report's first screen


rule linear_measures:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        dataset=lambda wildcards: study.linears[wildcards.own].dataset,
        images=together(lambda wildcards: study.linears[wildcards.own].images),
        source=source_files("linear_measures"),
    output:
        **{
            name: study.linear.pattern(name)
            for name in ("levels", "twins", "directions", "pictures", "sentences")
        },
    log:
        "logs/{study}/{own}linear_measures.log",
    benchmark:
        "benchmarks/{study}/{own}linear_measures.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("linear_measures"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=lambda wildcards: content(denoiser_code(wildcards)),
        images=lambda wildcards: study.linears[wildcards.own].images,
        sampling=lambda wildcards: sampling_of(wildcards).trajectory_settings,
        stored_as=lambda wildcards: sampling_of(wildcards).section["stored_as"],
        batch_size=config["sampling"]["batch_size"],
        labels=lambda wildcards: study.linears[wildcards.own].labels,
        settings=lambda wildcards: study.linears[wildcards.own].settings,
        source=source_in,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/linear/linear_measures.py"


rule linear_nats_figure:
    input:
        levels=study.linear.pattern("levels"),
        source=source_files("linear_nats_figure"),
    output:
        **figure_files("linear_nats", own=True),
    log:
        "logs/{study}/{own}linear_nats_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_nats_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_nats"),
    script:
        "../../scripts/linear/linear_nats_figure.py"


rule linear_twins_figure:
    input:
        twins=study.linear.pattern("twins"),
        pictures=study.linear.pattern("pictures"),
        source=source_files("linear_twins_figure"),
    output:
        **figure_files("linear_twins", own=True, shows="images beside their Gaussian twins"),
    log:
        "logs/{study}/{own}linear_twins_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_twins_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_twins"),
    params:
        shown=study.sampling.trajectory_classes,
        image_shape=study.image_shape,
    script:
        "../../scripts/linear/linear_twins_figure.py"


rule linear_directions_figure:
    input:
        directions=study.linear.pattern("directions"),
        twins=study.linear.pattern("twins"),
        source=source_files("linear_directions_figure"),
    output:
        **figure_files("linear_directions", own=True),
    log:
        "logs/{study}/{own}linear_directions_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_directions_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_directions"),
    script:
        "../../scripts/linear/linear_directions_figure.py"
