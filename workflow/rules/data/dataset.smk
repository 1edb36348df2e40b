# dataset: {own}dataset.npz, {own} empty for the study's own dataset, sources/NAME/ for that of the source NAME
#     images (n, C, H, W), uint8 or float32 with black 0 and white 1; labels int64 (n,), positions
#     in class_names; class_names (K,) text. Without a denoiser only the images of the study's classes
# whole_dataset: whole_dataset.npz, the same with all classes, where dataset.npz has only some
# data: {own}data/{image_class}/{shard}.npz
#     images (at most shard_size, C, H, W): the first images_per_class of the class, in file order


rule dataset:
    input:
        files=lambda wildcards: study.dataset_inputs[wildcards.own],
        source=source_files("dataset"),
    output:
        dataset="results/{study}/{own}dataset.npz",
    log:
        "logs/{study}/{own}dataset.log",
    benchmark:
        "benchmarks/{study}/{own}dataset.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("dataset"),
        runtime=minutes(30),
    params:
        content=lambda wildcards: content(study.dataset_inputs[wildcards.own]),
        dataset=lambda wildcards: study.datasets[wildcards.own],
        classes=lambda wildcards: study.read_classes(wildcards.own),
        varied=study.classes,
        # Where the files are too many to be inputs, a change of one reruns the rule by this.
        unlisted=lambda wildcards: study.given_datasets[wildcards.own].reader.unlisted(),
    script:
        "../../scripts/data/dataset.py"


use rule dataset as whole_dataset with:
    input:
        files=study.dataset_inputs.get("", []),
        source=source_files("dataset"),
    output:
        dataset="results/{study}/whole_dataset.npz",
    log:
        "logs/{study}/whole_dataset.log",
    benchmark:
        "benchmarks/{study}/whole_dataset.tsv"
    params:
        content=lambda wildcards: content(study.dataset_inputs[""]),
        dataset=config["dataset"],
        classes=None,
        varied=[],
        unlisted=lambda wildcards: study.given_datasets[""].reader.unlisted(),


rule data:
    input:
        dataset=lambda wildcards: study.path(f"{study.dataset_part(wildcards.own).home}dataset.npz"),
        source=source_files("data"),
    output:
        images="results/{study}/{own}data/{image_class}/{shard}.npz",
    log:
        "logs/{study}/{own}data/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/{own}data/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("data"),
        runtime=minutes(10),
    params:
        image_class=class_of,
        bounds=lambda wildcards: study.shard_bounds(
            study.dataset_part(wildcards.own).name, wildcards.shard
        ),
    script:
        "../../scripts/data/data.py"
