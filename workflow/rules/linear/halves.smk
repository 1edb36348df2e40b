# half_denoiser: {own}linear/halves/{half}.safetensors and .json, as those of denoiser, trained on a half of each class of the dataset
#     first and second: the two halves; again: the first half with other random numbers. {half}_training.parquet: step, loss, grad_norm
# linear_halves: images of the same seeds by these networks, by the Gaussian twins and by the copiers of the halves (without networks: by twins and
#     copiers), by the deterministic sampler, in the network form
#   {own}linear/halves/products.parquet, a row per class, pair of denoisers and seed: image_class, first, second (network_first, twin_second,
#     copier_first, mixed, ...), image, product (inner product about the means of the class), identified (is the second's nearest image of the same seed?)
#   distances.parquet, a row per class and generated or held-out image: of, image, to_training (distance to the nearest image of the first
#     half), to_other (to the second denoiser's image; empty for held-out images), similarity (of these two, by the copy detector; empty without)
#   spectra.parquet, a row per class and eigenvalue: rows (all, first, second), images (of a half), variance
#   pictures.npz: images of the first seed of each class (classes, C, H, W), float32, an array per denoiser


rule half_denoiser:
    input:
        dataset=study.whole_dataset,
        source=source_files("half_denoiser"),
    output:
        denoiser=study.linear.halves.pattern("half_denoiser"),
        description=study.linear.halves.pattern("half_description"),
        training=study.linear.halves.pattern("half_training"),
    log:
        "logs/{study}/{own}half_denoiser/{half}.log",
    benchmark:
        "benchmarks/{study}/{own}half_denoiser/{half}.tsv"
    wildcard_constraints:
        half="first|second|again",
    conda:
        ENVIRONMENT
    threads: config["denoiser"]["training"]["threads"]
    resources:
        mem_mb=memory("half_denoiser"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        denoiser=lambda wildcards: study.linears[wildcards.own].halves.denoiser_settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/linear/half_denoiser.py"


rule linear_halves:
    input:
        dataset=study.whole_dataset,
        denoisers=lambda wildcards: study.linears[wildcards.own].halves.networks("half_denoiser"),
        descriptions=lambda wildcards: study.linears[wildcards.own].halves.networks(
            "half_description"
        ),
        detector=study.linear.halves.detector,
        source=source_files("linear_halves"),
    output:
        **{
            name: study.linear.halves.pattern(name)
            for name in ("products", "distances", "spectra", "pictures")
        },
    log:
        "logs/{study}/{own}linear_halves.log",
    benchmark:
        "benchmarks/{study}/{own}linear_halves.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("linear_halves"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        trainings=lambda wildcards: study.linears[wildcards.own].halves.trainings,
        content=content(study.linear.halves.detector),
        labels=lambda wildcards: study.linears[wildcards.own].labels,
        settings=lambda wildcards: study.linears[wildcards.own].halves.settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/linear/linear_halves.py"


rule linear_halves_figure:
    input:
        **{
            name: study.linear.halves.pattern(name)
            for name in ("products", "distances", "spectra", "pictures")
        },
        source=source_files("linear_halves_figure"),
    output:
        **figure_files("linear_halves", own=True),
    log:
        "logs/{study}/{own}linear_halves_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_halves_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_halves"),
    params:
        sigmas=config["linear"]["sigmas"],
    script:
        "../../scripts/linear/linear_halves_figure.py"
