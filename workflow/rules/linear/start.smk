# linear_start: images of the same seeds with and without a start of the sampler in closed form
#   {own}linear/start_images.parquet, a row per class, comparison and image: source, image_class, compared (late start; twice the steps), step
#     (first one of the network), saved (share of network evaluations), image, moved (squared distance from the whole sampler's image), spread
#     and own_spread (squared distances of that image and of this one from their class means), same_vote (1 if the nearest images vote alike)
#   start_levels.parquet, a row per class and noise level of the sampler: step, sigma, nats, network_loss, gaussian_loss


rule linear_start:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        dataset=lambda wildcards: study.linears[wildcards.own].dataset,
        images=together(lambda wildcards: study.linears[wildcards.own].images),
        source=source_files("linear_start"),
    output:
        **{name: study.linear.pattern(name) for name in ("start_images", "start_levels")},
    log:
        "logs/{study}/{own}linear_start.log",
    benchmark:
        "benchmarks/{study}/{own}linear_start.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("linear_start"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=lambda wildcards: content(denoiser_code(wildcards)),
        images=lambda wildcards: study.linears[wildcards.own].images,
        sampling=lambda wildcards: sampling_of(wildcards).trajectory_settings,
        batch_size=config["sampling"]["batch_size"],
        labels=lambda wildcards: study.linears[wildcards.own].labels,
        settings=config["linear"]["start"],
        most=config["linear"]["moments_images"],
        source=source_in,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/linear/linear_start.py"


rule linear_start_figure:
    input:
        images=study.linear.pattern("start_images"),
        levels=study.linear.pattern("start_levels"),
        source=source_files("linear_start_figure"),
    output:
        **figure_files("linear_start", own=True),
    log:
        "logs/{study}/{own}linear_start_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_start_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_start"),
    script:
        "../../scripts/linear/linear_start_figure.py"
