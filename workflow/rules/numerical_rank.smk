# numerical_rank: molrg/numerical_rank/{image_class}.parquet, of the study's denoiser along the deterministic sampler, a row per
#     initial noise, step and definition
#     image_class, seed, step, sigma, snr (1 / sigma), definition (energy 0.99: the least number of singular values with more than
#     0.99 of the sum of their squares; energy 0.9801: more than 0.99 squared of it), rank, low and high (between which the true rank
#     lies but for two standard errors of that sum; rank where the whole Jacobian is taken; high is the dimension, and rank the number
#     of values found, where these do not reach the share), total_error (that error, relative; 0 where exact), dimension (C*H*W)
# mixture_rank: molrg/mixture_rank.parquet, the same of a mixture's denoisers
#     training_steps of the U-Net, 0 for the exact denoiser; subspaces, subspace_dimension of each
# numerical_rank_figure: figures/numerical_rank.pdf, .png and .csv (the numbers drawn)


rule numerical_rank:
    input:
        denoiser="results/{study}/denoiser.safetensors",
        description="results/{study}/denoiser.json",
        code=study.denoiser.code,
        source=source_files("numerical_rank"),
    output:
        ranks="results/{study}/molrg/numerical_rank/{image_class}.parquet",
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
        settings=study.molrg.rank_settings,
        images=config["molrg"]["numerical_rank"]["class_images"],
        class_index=lambda wildcards: study.image_seed_class(wildcards.image_class),
        stream_index=lambda wildcards: study.class_index(wildcards.image_class),
        label=lambda wildcards: study.labels[wildcards.image_class],
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../scripts/numerical_rank.py"


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
        "../scripts/mixture_rank.py"


rule numerical_rank_figure:
    input:
        mixture="results/{study}/molrg/mixture_rank.parquet",
        classes=study.molrg.files("numerical_rank", study.molrg.numerical_ranks),
        source=source_files("numerical_rank_figure"),
    output:
        pdf="results/{study}/figures/numerical_rank.pdf",
        png="results/{study}/figures/numerical_rank.png",
        csv="results/{study}/figures/numerical_rank.csv",
    log:
        "logs/{study}/numerical_rank_figure.log",
    benchmark:
        "benchmarks/{study}/numerical_rank_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("numerical_rank_figure"),
        runtime=minutes(30),
    script:
        "../scripts/numerical_rank_figure.py"
