# base_samples: base_samples/{base}/{image_class}.npz
#     images float32 (concentration.images, C, H, W), black 0 and white 1, unclipped; seeds (n,), those of `sampling`
# concentration: concentration/{population}/{image_class}.parquet, a row per functional; population is an origin or base-{base}
#     population, image_class, images, lambda_max (squared [0, 1] units), functional, ratio, low, high
#   {image_class}.survival.parquet: population, image_class, t, and the share of images with
#     |f - E f| > t sqrt(lambda_max) for each functional f, a column each


rule base_samples:
    input:
        denoiser="results/{study}/denoiser.safetensors",
        description="results/{study}/denoiser.json",
        code=study.denoiser.code,
        source=source_files("base_samples"),
    output:
        images="results/{study}/base_samples/{base}/{image_class}.npz",
    log:
        "logs/{study}/base_samples/{base}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/base_samples/{base}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("base_samples"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        sampling=study.sampling.base_settings,
        class_index=lambda wildcards: study.image_seed_class(wildcards.image_class),
        label=lambda wildcards: study.labels[wildcards.image_class],
        images_per_base=config["concentration"]["images"],
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../scripts/base_samples.py"


rule concentration:
    input:
        images=images_of_population,
        source=source_files("concentration"),
    output:
        ratios="results/{study}/concentration/{population}/{image_class}.parquet",
        survival="results/{study}/concentration/{population}/{image_class}.survival.parquet",
    log:
        "logs/{study}/concentration/{population}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/concentration/{population}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("concentration"),
        runtime=minutes(60),
    params:
        indices=lambda wildcards: (
            study.universality.population_index(wildcards.population),
            study.class_index(wildcards.image_class),
        ),
        settings=study.universality.concentration_settings,
        study_seed=config["seed"],
    script:
        "../scripts/concentration.py"
