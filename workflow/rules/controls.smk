# controls: controls/{control}.parquet, a row per repetition of a synthetic case
#     control, expected (the true verdict), margin, repetition, gap and excess (differences of accuracy), error, low and high of the
#     excess's 90 % interval, p_value of equivalence within the margin
# estimation_gap: estimation_gap.parquet, a row per number of fitted images and repetition
#     fit_size, repetition, and accuracies: data, sample, sample_refit, ledoit_wolf, ledoit_wolf_refit
# controls_figure: figures/controls.pdf, .png and .csv (the numbers drawn)


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
        "../scripts/controls.py"


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
        "../scripts/estimation_gap.py"


rule controls_figure:
    input:
        tables=rules.controls.output,
        gaps="results/{study}/estimation_gap.parquet",
        source=source_files("controls_figure"),
    output:
        pdf="results/{study}/figures/controls.pdf",
        png=report(
            "results/{study}/figures/controls.png",
            caption="../report/controls.rst",
            category="8 Controls",
            labels={"shows": "cases whose truth is known", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/controls.csv",
            caption="../report/controls.rst",
            category="8 Controls",
            labels={"shows": "cases whose truth is known", "as": "table"},
        ),
    log:
        "logs/{study}/controls_figure.log",
    benchmark:
        "benchmarks/{study}/controls_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("controls_figure"),
        runtime=minutes(30),
    script:
        "../scripts/controls_figure.py"
