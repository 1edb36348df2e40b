# sampling: sampling/{image_class}/{shard}.npz
#     images (at most shard_size, C, H, W), uint8, or float32 with black 0 and white 1; seeds (n,)
#   {shard}.parquet: image_class, seed, step, sigma, x_norm of the state,
#     denoised_norm and direction_norm of D and d at the state with churn (network units)
#   {shard}.snapshots.npz: x and denoised float32 (images, steps, C, H, W), black -1 and white 1;
#     step (steps,), sigma (steps,)


rule sampling:
    input:
        denoiser="results/{study}/denoiser.safetensors",
        description="results/{study}/denoiser.json",
        code=study.denoiser.code,
        source=source_files("sampling"),
    output:
        images="results/{study}/sampling/{image_class}/{shard}.npz",
        trajectory="results/{study}/sampling/{image_class}/{shard}.parquet",
        snapshots="results/{study}/sampling/{image_class}/{shard}.snapshots.npz",
    log:
        "logs/{study}/sampling/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/sampling/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("sampling"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        sampling=study.sampling.settings,
        class_index=lambda wildcards: study.image_seed_class(wildcards.image_class),
        label=lambda wildcards: study.labels[wildcards.image_class],
        bounds=lambda wildcards: study.shard_bounds("diffusion", wildcards.shard),
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../scripts/sampling.py"
