# linear_split: a fit of D(x) on noisy images of a class, linear in x, at every level of linear.split.sigmas
#   {own}linear/split.parquet, a row per class and noise level: source, image_class, points, reason (why there is no split, else empty), sigma,
#     wiener, other, nonlinear (shares of E|D - mean D|^2, of sum 1), signal (that variance), off_diagonal (energy of the fit beside the
#     covariance's eigenvectors, relative to the Wiener filter's), floor (what noise alone makes of it)
#   shrinkage.parquet, a row per class, noise level and principal direction: rank, factor of the fit, wiener (that of the Wiener filter)
#   filters.npz: pixels (p,), sigmas (s,), classes (K,), fitted and wiener float32 (K, s, p, d), rows of both filters at the central pixels


rule linear_split:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        dataset=lambda wildcards: study.linears[wildcards.own].dataset,
        images=together(lambda wildcards: study.linears[wildcards.own].images),
        source=source_files("linear_split"),
    output:
        **{name: study.linear.pattern(name) for name in ("split", "shrinkage", "filters")},
    log:
        "logs/{study}/{own}linear_split.log",
    benchmark:
        "benchmarks/{study}/{own}linear_split.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("linear_split"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=lambda wildcards: content(denoiser_code(wildcards)),
        images=lambda wildcards: study.linears[wildcards.own].images,
        batch_size=config["sampling"]["batch_size"],
        labels=lambda wildcards: study.linears[wildcards.own].labels,
        settings=config["linear"]["split"],
        most=config["linear"]["moments_images"],
        source=source_in,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/linear/linear_split.py"


rule linear_split_figure:
    input:
        split=study.linear.pattern("split"),
        source=source_files("linear_split_figure"),
    output:
        **figure_files("linear_split", own=True),
    log:
        "logs/{study}/{own}linear_split_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_split_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_split"),
    script:
        "../../scripts/linear/linear_split_figure.py"


rule linear_shrinkage_figure:
    input:
        shrinkage=study.linear.pattern("shrinkage"),
        split=study.linear.pattern("split"),
        source=source_files("linear_shrinkage_figure"),
    output:
        **figure_files("linear_shrinkage", own=True),
    log:
        "logs/{study}/{own}linear_shrinkage_figure.log",
    benchmark:
        "benchmarks/{study}/{own}linear_shrinkage_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("linear_shrinkage"),
    script:
        "../../scripts/linear/linear_shrinkage_figure.py"
