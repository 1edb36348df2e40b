# phase_transition: molrg/phase_transition/{method}-{components}.parquet, a row per trial of a cell
#     method (svd, clustering, orthogonal, sgd), components (K), noise (0, or that of the noisy maps), dimension (d), samples (N of
#     each subspace), trial; spectral and frobenius, distances of the learnt subspaces from the true ones
# phase_transition_figure: its .csv has the rate of every cell


rule phase_transition:
    input:
        source=source_files("phase_transition"),
    output:
        table=study.molrg.pattern("phase_transition"),
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
        "../../scripts/molrg/phase_transition.py"


rule phase_transition_figure:
    input:
        tables=lambda wildcards: study.molrg.files(
            "phase_transition", study.molrg.phase_transitions
        ),
        source=source_files("phase_transition_figure"),
    output:
        **figure_files("phase_transition"),
    log:
        "logs/{study}/phase_transition_figure.log",
    benchmark:
        "benchmarks/{study}/phase_transition_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("phase_transition"),
    params:
        threshold=config["molrg"]["phase_transition"]["threshold"],
    script:
        "../../scripts/molrg/phase_transition_figure.py"
