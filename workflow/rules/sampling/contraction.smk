# contraction: {own}contraction/{image_class}.parquet, a row per image and step, for the first contraction.images images of sampling
#     image_class, seed, step, sigma, sigma_hat (after churn), sigma_next, norm_ratio |x_(i+1)| / |x_i|, lipschitz (spectral norm
#     of the step's Jacobian at x_i, its noise frozen), singular_1, ... of the denoiser's Jacobian at x_hat, falling;
#     lipschitz_residual, singular_residual of the first: relative distance within which a true singular value lies, 0 if
#     exact; closed_form of lipschitz, only for the exact Gaussian denoiser


rule contraction:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        source=source_files("contraction"),
    output:
        contraction=study.sampling.pattern("contraction"),
    log:
        "logs/{study}/{own}contraction/{image_class}.log",
    benchmark:
        "benchmarks/{study}/{own}contraction/{image_class}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("contraction"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        image_class=class_of,
        content=lambda wildcards: content(denoiser_code(wildcards)),
        sampling=lambda wildcards: sampling_of(wildcards).trajectory_settings,
        settings=config["contraction"],
        class_index=lambda wildcards: study.image_seed_class(class_of(wildcards)),
        stream_index=lambda wildcards: study.class_index(class_of(wildcards)),
        label=denoiser_label,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/sampling/contraction.py"


rule contraction_figure:
    input:
        contractions=contractions_of_source,
        source=source_files("contraction_figure"),
    output:
        **figure_files("contraction", own=True, shows="where steps expand"),
    log:
        "logs/{study}/{own}contraction_figure.log",
    benchmark:
        "benchmarks/{study}/{own}contraction_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("contraction"),
    script:
        "../../scripts/sampling/contraction_figure.py"
