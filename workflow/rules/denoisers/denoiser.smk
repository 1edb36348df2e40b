# denoiser: denoiser.safetensors with denoiser.json beside it (gaussianity.load_denoiser reads both)
#     and denoiser_training.parquet: step, loss (no rows if nothing is trained)


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
    priority: 1  # most jobs of a study need its result
    conda:
        ENVIRONMENT
    threads: config["denoiser"]["training"]["threads"]
    resources:
        mem_mb=memory("denoiser"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=content(study.denoiser.given_files),
        denoiser=study.denoiser.settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/denoisers/denoiser.py"
