# spectra: spectra/{origin}/{image_class}.parquet
#     origin, image_class, rank, eigenvalue of the covariance (largest first, squared [0, 1] units), exponent, first_rank,
#     last_rank, r_squared of the power-law fit (the same in every row)
# gram: gram/{subset}/{origin}.parquet
#     subset, origin, rank, eigenvalue of X X^T of the balanced mixture (largest first, squared [0, 1] units)


rule spectra:
    input:
        shards=shards_of_class,
        source=source_files("spectra"),
    output:
        spectra="results/{study}/spectra/{origin}/{image_class}.parquet",
    log:
        "logs/{study}/spectra/{origin}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/spectra/{origin}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("spectra"),
        runtime=minutes(60),
    params:
        per_class=lambda wildcards: study.per_class(wildcards.origin),
        fit_ranks=config["spectra"]["fit_ranks"],
    script:
        "../../scripts/moments/spectra.py"


rule gram:
    input:
        shards=shards_of_subset,
        source=source_files("gram"),
    output:
        gram="results/{study}/gram/{subset}/{origin}.parquet",
    log:
        "logs/{study}/gram/{subset}/{origin}.log",
    benchmark:
        "benchmarks/{study}/gram/{subset}/{origin}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("gram"),
        runtime=minutes(120),
    params:
        shards_per_class=lambda wildcards: len(study.shards(wildcards.origin)),
        images_per_class=lambda wildcards: study.subsets[wildcards.subset]["gram_images_per_class"],
    script:
        "../../scripts/moments/gram.py"
