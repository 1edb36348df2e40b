# phase_transition: molrg/phase_transition/{method}-{components}.parquet, a row per trial of a cell
#     method (svd, clustering, orthogonal, sgd), components (K), noise (0 or the noisy maps'), dimension (d), samples (N of each subspace), trial;
#     spectral and frobenius, distances of the learnt subspaces from the true ones
# phase_transition_figure: figures/phase_transition.pdf, .png and .csv (the rate of every cell)


rule phase_transition:
    input:
        source=source_files("phase_transition"),
    output:
        table="results/{study}/molrg/phase_transition/{method}-{components}.parquet",
    log:
        "logs/{study}/phase_transition/{method}-{components}.log",
    benchmark:
        "benchmarks/{study}/phase_transition/{method}-{components}.tsv"
    wildcard_constraints:
        method="svd|clustering|orthogonal|sgd",
        components=r"\d+",
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("phase_transition"),
        runtime=minutes(30),
    params:
        noises=[0.0, config["molrg"]["phase_transition"]["noise"]],
        design=lambda wildcards: study.molrg.phase_transition_design(wildcards.method),
        study_seed=config["seed"],
    script:
        "../scripts/phase_transition.py"


rule phase_transition_figure:
    input:
        tables=lambda wildcards: study.molrg.files(
            "phase_transition", study.molrg.phase_transitions
        ),
        source=source_files("phase_transition_figure"),
    output:
        pdf="results/{study}/figures/phase_transition.pdf",
        png="results/{study}/figures/phase_transition.png",
        csv="results/{study}/figures/phase_transition.csv",
    log:
        "logs/{study}/phase_transition_figure.log",
    benchmark:
        "benchmarks/{study}/phase_transition_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("phase_transition_figure"),
        runtime=minutes(30),
    params:
        threshold=config["molrg"]["phase_transition"]["threshold"],
    script:
        "../scripts/phase_transition_figure.py"
