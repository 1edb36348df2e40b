# moments: moments/{origin}/{image_class}.npz
#     count (), mean (d,), covariance (d, d), float64, in [0, 1] units and their square; shrinkage (), Ledoit and Wolf's, 0 where
#     gaussian.covariance is sample
# gaussian: gaussian/{source}/{image_class}/{shard}.npz
#     images float32 (at most shard_size, C, H, W) of N(mean, covariance) of the source, the covariance shrunk by shrinkage, unclipped


rule moments:
    input:
        shards=shards_of_class,
        source=source_files("moments"),
    output:
        moments="results/{study}/moments/{origin}/{image_class}.npz",
    log:
        "logs/{study}/moments/{origin}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/moments/{origin}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("moments"),
        runtime=minutes(60),
    params:
        covariance=config["gaussian"]["covariance"],
    script:
        "../scripts/moments.py"


rule gaussian:
    input:
        moments="results/{study}/moments/{source}/{image_class}.npz",
        shards=shards_of_source_class,
        source=source_files("gaussian"),
    output:
        images="results/{study}/gaussian/{source}/{image_class}/{shard}.npz",
    log:
        "logs/{study}/gaussian/{source}/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/gaussian/{source}/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("gaussian"),
        runtime=minutes(60),
    params:
        source_index=lambda wildcards: study.source_index(wildcards.source),
        class_index=lambda wildcards: study.class_index(wildcards.image_class),
        bounds=lambda wildcards: study.shard_bounds(wildcards.source, wildcards.shard),
        study_seed=config["seed"],
    script:
        "../scripts/gaussian.py"
