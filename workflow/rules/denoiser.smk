# denoiser: denoiser.safetensors with denoiser.json beside it (gaussianity.load_denoiser reads both)
#     and denoiser_training.parquet: step, loss (empty where nothing is trained)


rule denoiser:
    input:
        given=study.denoiser.inputs,
        source=source_files("denoiser"),
    output:
        denoiser="results/{study}/denoiser.safetensors",
        description="results/{study}/denoiser.json",
        training="results/{study}/denoiser_training.parquet",
    log:
        "logs/{study}/denoiser.log",
    benchmark:
        "benchmarks/{study}/denoiser.tsv"
    priority: 1  # most of a study waits for it
    conda:
        ENVIRONMENT
    threads: config["denoiser"]["training"]["threads"]
    resources:
        mem_mb=memory("denoiser"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        denoiser=study.denoiser.settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../scripts/denoiser.py"
