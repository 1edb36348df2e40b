# dataset: dataset.npz
#     images (n, C, H, W), uint8 or float32 with black 0 and white 1; labels int64 (n,), positions
#     in class_names; class_names (K,) text
# data: data/{image_class}/{shard}.npz
#     images (at most shard_size, C, H, W): the first images_per_class of the class, in file order


rule dataset:
    input:
        files=study.dataset_files,
        source=source_files("dataset"),
    output:
        dataset="results/{study}/dataset.npz",
    log:
        "logs/{study}/dataset.log",
    benchmark:
        "benchmarks/{study}/dataset.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("dataset"),
        runtime=minutes(30),
    params:
        content=content(study.dataset_files),
        dataset=config["dataset"],
    script:
        "../../scripts/data/dataset.py"


rule data:
    input:
        dataset="results/{study}/dataset.npz",
        source=source_files("data"),
    output:
        images="results/{study}/data/{image_class}/{shard}.npz",
    log:
        "logs/{study}/data/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/data/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("data"),
        runtime=minutes(10),
    params:
        bounds=lambda wildcards: study.shard_bounds("data", wildcards.shard),
    script:
        "../../scripts/data/data.py"
