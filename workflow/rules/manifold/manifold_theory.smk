# manifold_theory: manifold/theory/{activation}.parquet, a row per point of a curve and criterion
#     activation, varied (beta, alpha, separation), transition (speciation, collapse), criterion (potential, spectral, deflection; n,
#     half the samples), d, alpha, beta, separation, kappa, time, empty where there is none


rule manifold_theory:
    input:
        code=lambda wildcards: study.manifold.theory_code(wildcards.activation),
        source=source_files("manifold_theory"),
    output:
        theory=study.manifold.pattern("theory"),
    log:
        "logs/{study}/manifold_theory/{activation}.log",
    benchmark:
        "benchmarks/{study}/manifold_theory/{activation}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("manifold_theory"),
        runtime=minutes(60),
    params:
        content=lambda wildcards: content(study.manifold.theory_code(wildcards.activation)),
        activation=lambda wildcards: study.manifold.theory_activations[wildcards.activation],
        settings=study.manifold.theory_settings,
    script:
        "../../scripts/manifold/manifold_theory.py"


rule transition_times_figure:
    input:
        theories=lambda wildcards: study.manifold.files("theory", study.manifold.theories),
        measured="results/{study}/manifold/measured_times.parquet",
        source=source_files("transition_times_figure"),
    output:
        **figure_files("transition_times"),
    log:
        "logs/{study}/transition_times_figure.log",
    benchmark:
        "benchmarks/{study}/transition_times_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("transition_times"),
    script:
        "../../scripts/manifold/transition_times_figure.py"
