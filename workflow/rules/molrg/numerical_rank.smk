# numerical_rank: molrg/numerical_rank/{image_class}.parquet, of the study's denoiser along the deterministic sampler, a row per
#     initial noise, step and definition
#     image_class, seed, step, sigma, snr (1 / sigma), definition (energy 0.9801: the least number of singular values with more
#     than 0.99 squared of the sum of their squares; energy 0.99: more than 0.99 of it), rank, low and high (bounds of
#     the true rank at two standard errors of that sum; equal to rank if the whole Jacobian is taken. If the values found do not reach the
#     share, rank is their number and high is the dimension), total_error (relative error of that sum, 0 if exact), dimension (C*H*W)
# mixture_rank: molrg/mixture_rank.parquet, the same of a mixture's denoisers
#     training_steps of the U-Net, 0 for the exact denoiser; subspaces, subspace_dimension of each


rule numerical_rank:
    input:
        denoiser="results/{study}/denoiser.safetensors",
        description="results/{study}/denoiser.json",
        code=study.denoiser.code,
        source=source_files("numerical_rank"),
    output:
        ranks=study.molrg.pattern("numerical_rank"),
    log:
        "logs/{study}/numerical_rank/{image_class}.log",
    benchmark:
        "benchmarks/{study}/numerical_rank/{image_class}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("numerical_rank"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        image_class=class_of,
        content=content(study.denoiser.code),
        settings=study.molrg.rank_settings,
        images=config["molrg"]["numerical_rank"]["class_images"],
        class_index=lambda wildcards: study.image_seed_class(class_of(wildcards)),
        stream_index=lambda wildcards: study.class_index(class_of(wildcards)),
        label=lambda wildcards: study.labels[class_of(wildcards)],
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/numerical_rank.py"


rule mixture_rank:
    input:
        denoisers=study.molrg.files("mixture_denoiser", study.molrg.ranked_denoisers),
        descriptions=study.molrg.files("mixture_description", study.molrg.ranked_denoisers),
        mixture=study.molrg.files("mixture", [study.molrg.ranked_mixture])[0],
        source=source_files("mixture_rank"),
    output:
        ranks="results/{study}/molrg/mixture_rank.parquet",
    log:
        "logs/{study}/mixture_rank.log",
    benchmark:
        "benchmarks/{study}/mixture_rank.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("mixture_rank"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        settings=study.molrg.rank_settings,
        images=config["molrg"]["numerical_rank"]["mixture_images"],
        lengths=[label["steps"] for label in study.molrg.ranked_denoisers],
        dimension=study.molrg.ranked_mixture["dimension"],
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/mixture_rank.py"


rule numerical_rank_figure:
    input:
        mixture="results/{study}/molrg/mixture_rank.parquet",
        classes=study.molrg.files("numerical_rank", study.molrg.numerical_ranks),
        source=source_files("numerical_rank_figure"),
    output:
        **figure_files("numerical_rank"),
    log:
        "logs/{study}/numerical_rank_figure.log",
    benchmark:
        "benchmarks/{study}/numerical_rank_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("numerical_rank"),
    script:
        "../../scripts/molrg/numerical_rank_figure.py"
