# denoiser: {own}denoiser.safetensors with denoiser.json beside it (gaussianity.load_denoiser reads both), {own} empty for the study's own
#     denoiser, sources/NAME/ for that of the source NAME
#     and denoiser_training.parquet: step, loss, grad_norm (no rows if nothing is trained)


rule denoiser:
    input:
        given=lambda wildcards: study.denoisers[wildcards.own].inputs,
        source=source_files("denoiser"),
    output:
        denoiser=study.denoiser.pattern("denoiser"),
        description=study.denoiser.pattern("description"),
        training=study.denoiser.pattern("training"),
    log:
        "logs/{study}/{own}denoiser.log",
    benchmark:
        "benchmarks/{study}/{own}denoiser.tsv"
    priority: 1  # most jobs of a study need its result
    conda:
        ENVIRONMENT
    threads: config["denoiser"]["training"]["threads"]
    resources:
        mem_mb=memory("denoiser"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=lambda wildcards: content(study.denoisers[wildcards.own].given_files),
        denoiser=lambda wildcards: study.denoisers[wildcards.own].settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/denoisers/denoiser.py"
