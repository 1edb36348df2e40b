# Speciation and collapse of data on a manifold x = phi(F z): a table per case of config manifold. Each row has the columns of the case:
# case, activation, d, p, n, separation (|mu| / sqrt(p)), kappa, isometric. Times are those of X_t = e^-t X_0 + sqrt(1 - e^-2t) g.
# speciation: manifold/speciation/{case}.parquet, a row per training set (seed) and time
#     means over noised points: true (weight of the true point), participation (sum w^2), entropy (nats), same_class (probability that
#     two clones end in one class), each with its <name>_error over the points; agreement (theory of same_class); spectral, potential
#     (times log(Lambda) / 2 and log(2 Lambda) / 2, empty if the classes coincide)
# collapse: manifold/collapse/{case}.parquet, as speciation with theory, theory_half (t_C of n and of n / 2 points) for the last three
# cloning: manifold/cloning/{case}.parquet, a row per fork: time, same_class, same_point (shares of pairs that end in one class, at one
#     training point), <name>_error, posterior_class, posterior_point (probabilities of this, given the states at the fork)
#   manifold/cloning/{case}.curve.parquet, the columns of speciation without seed, for the same training set
# measured_times: manifold/measured_times.parquet, a row per case, transition and criterion
#     level of the statistic, time and error (mean and standard error over training sets), seeds, theory, theory_half


rule speciation:
    input:
        code=code_of_case("speciation"),
        source=source_files("speciation"),
    output:
        table="results/{study}/manifold/speciation/{case}.parquet",
    log:
        "logs/{study}/speciation/{case}.log",
    benchmark:
        "benchmarks/{study}/speciation/{case}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("speciation"),
        runtime=minutes(60),
    params:
        content=lambda wildcards: content(study.manifold.case_code("speciation", wildcards.case)),
        case=case_of("speciation"),
        design=study.manifold.transition_design("speciation"),
        study_seed=config["seed"],
    script:
        "../../scripts/manifold/speciation.py"


rule collapse:
    input:
        code=code_of_case("collapse"),
        source=source_files("collapse"),
    output:
        table="results/{study}/manifold/collapse/{case}.parquet",
    log:
        "logs/{study}/collapse/{case}.log",
    benchmark:
        "benchmarks/{study}/collapse/{case}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("collapse"),
        runtime=minutes(60),
    params:
        content=lambda wildcards: content(study.manifold.case_code("collapse", wildcards.case)),
        case=case_of("collapse"),
        design=study.manifold.transition_design("collapse"),
        study_seed=config["seed"],
    script:
        "../../scripts/manifold/collapse.py"


rule cloning:
    input:
        code=code_of_case("cloning"),
        source=source_files("cloning"),
    output:
        clones="results/{study}/manifold/cloning/{case}.parquet",
        curve="results/{study}/manifold/cloning/{case}.curve.parquet",
    log:
        "logs/{study}/cloning/{case}.log",
    benchmark:
        "benchmarks/{study}/cloning/{case}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("cloning"),
        runtime=minutes(60),
    params:
        content=lambda wildcards: content(study.manifold.case_code("cloning", wildcards.case)),
        case=case_of("cloning"),
        design=study.manifold.transition_design("cloning"),
        pairs=config["manifold"]["cloning"]["pairs"],
        steps=config["manifold"]["cloning"]["steps"],
        span=[config["manifold"]["cloning"][key] for key in ("start", "end")],
        forks=config["manifold"]["cloning"]["forks"],
        study_seed=config["seed"],
    script:
        "../../scripts/manifold/cloning.py"


rule measured_times:
    input:
        speciations=study.manifold.tables("speciation"),
        collapses=study.manifold.tables("collapse"),
        source=source_files("measured_times"),
    output:
        table="results/{study}/manifold/measured_times.parquet",
    log:
        "logs/{study}/measured_times.log",
    benchmark:
        "benchmarks/{study}/measured_times.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("measured_times"),
        runtime=minutes(30),
    script:
        "../../scripts/manifold/measured_times.py"


rule clone_agreement_figure:
    input:
        speciations=study.manifold.tables("speciation"),
        clones=study.manifold.tables("cloning"),
        curves=study.manifold.tables("cloning", "cloning_curve"),
        code=sorted({*study.manifold.case_code("speciation"), *study.manifold.case_code("cloning")}),  # drawn as lines
        source=source_files("clone_agreement_figure"),
    output:
        **figure_files("clone_agreement"),
    log:
        "logs/{study}/clone_agreement_figure.log",
    benchmark:
        "benchmarks/{study}/clone_agreement_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("clone_agreement"),
    script:
        "../../scripts/manifold/clone_agreement_figure.py"


rule collapse_figure:
    input:
        collapses=study.manifold.tables("collapse"),
        source=source_files("collapse_figure"),
    output:
        **figure_files("collapse"),
    log:
        "logs/{study}/collapse_figure.log",
    benchmark:
        "benchmarks/{study}/collapse_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("collapse"),
    script:
        "../../scripts/manifold/collapse_figure.py"
