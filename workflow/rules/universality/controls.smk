# controls: controls/{control}.parquet, a row per repetition of a synthetic case
#     control, repetition, truth (the true excess, empty where it is not known) and truth_error, margin, excess (difference of
#     accuracy), error, low and high of its 90 % interval, outcome (the verdict)
# estimation_gap: estimation_gap.parquet, a row per law of the images, number of images and repetition
#     law (normal, t_5), fit_size (images of a class), images_per_pixel, repetition, and accuracies on Gaussian data: data (the true
#     one), and its estimates sample and ledoit_wolf (from a fit) and mixing


rule controls:
    input:
        source=source_files("controls"),
    output:
        gaussian="results/{study}/controls/gaussian.parquet",
        one_pool="results/{study}/controls/one_pool.parquet",
        uniform="results/{study}/controls/uniform.parquet",
        two_modes="results/{study}/controls/two_modes.parquet",
        modes_at_margin="results/{study}/controls/modes_at_margin.parquet",
        tails_at_margin="results/{study}/controls/tails_at_margin.parquet",
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
