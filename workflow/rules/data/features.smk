# features: features/{source}/{image_class}/{shard}.npz, where features.module is set
#     images float32 (at most shard_size, features.size, 1, 1): the features of a source's images. All later stages read them in place
#     of the images.


rule features:
    input:
        images=lambda wildcards: study.image_files(wildcards.source, class_of(wildcards))[
            int(wildcards.shard)
        ],
        code=study.feature_files,
        source=source_files("features"),
    output:
        features="results/{study}/features/{source}/{image_class}/{shard}.npz",
    log:
        "logs/{study}/features/{source}/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/features/{source}/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("features"),
        runtime=minutes(120),
        gpu=GPUS,
    params:
        content=content(study.feature_files),
        network=study.feature_settings,
        batch_size=config["features"]["batch_size"],
        device=config["device"],
    script:
        "../../scripts/data/features.py"
