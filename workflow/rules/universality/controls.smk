# controls: controls/{control}.parquet, a row per repetition of a synthetic case
#     control, expected (the true verdict), margin, repetition, gap and excess (differences of accuracy), error, low and high of the
#     excess's 90 % interval, p_value of equivalence within the margin
# estimation_gap: estimation_gap.parquet, a row per number of fitted images and repetition
#     fit_size, repetition, and accuracies: data, sample, sample_refit, ledoit_wolf, ledoit_wolf_refit


rule controls:
    input:
        source=source_files("controls"),
    output:
        gaussian="results/{study}/controls/gaussian.parquet",
        uniform="results/{study}/controls/uniform.parquet",
        two_modes="results/{study}/controls/two_modes.parquet",
    log:
        "logs/{study}/controls.log",
    benchmark:
        "benchmarks/{study}/controls.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("controls"),
        runtime=minutes(30),
    params:
        repetitions=config["controls"]["repetitions"],
        study_seed=config["seed"],
    script:
        "../../scripts/universality/controls.py"


rule estimation_gap:
    input:
        source=source_files("estimation_gap"),
    output:
        table="results/{study}/estimation_gap.parquet",
    log:
        "logs/{study}/estimation_gap.log",
    benchmark:
        "benchmarks/{study}/estimation_gap.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("estimation_gap"),
        runtime=minutes(30),
    params:
        fit_sizes=config["controls"]["fit_sizes"],
        repetitions=min(10, config["controls"]["repetitions"]),
        study_seed=config["seed"],
    script:
        "../../scripts/universality/estimation_gap.py"


rule controls_figure:
    input:
        tables=rules.controls.output,
        gaps="results/{study}/estimation_gap.parquet",
        source=source_files("controls_figure"),
    output:
        **figure_files("controls", shows="cases whose truth is known"),
    log:
        "logs/{study}/controls_figure.log",
    benchmark:
        "benchmarks/{study}/controls_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("controls"),
    script:
        "../../scripts/universality/controls_figure.py"
