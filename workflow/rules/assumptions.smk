# assumptions: assumptions/{subset}/{origin}.parquet, rows per quantity and size
#     subset, origin; size, size_value, reference: the quantity at that size (d of a lower resolution, n images or rank of the eigenvalue) and
#     that of independent coordinates; the same in all rows of a quantity: assumption, quantity, trend_in, value (at the largest size), trend
#     (exponent of the size) with low and high, theory (the reference's), holds_to and fails_from (limits of the trend), verdict


rule assumptions:
    input:
        shards=first_shards_of_subset,
        source=source_files("assumptions"),
    output:
        assumptions="results/{study}/assumptions/{subset}/{origin}.parquet",
    log:
        "logs/{study}/assumptions/{subset}/{origin}.log",
    benchmark:
        "benchmarks/{study}/assumptions/{subset}/{origin}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("assumptions"),
        runtime=minutes(120),
    params:
        classes=lambda wildcards: study.subsets[wildcards.subset]["classes"],
        images=lambda wildcards: (
            study.universality.assumption_images(wildcards.origin),
            study.image_shape,
        ),
        settings=study.universality.assumption_settings,
        rule=study.universality.assumption_rule,
        streams=lambda wildcards: study.universality.assumption_streams(
            wildcards.origin, wildcards.subset
        ),
    script:
        "../scripts/assumptions.py"


rule assumptions_figure:
    input:
        measured=lambda wildcards: study.universality.files("assumptions", study.moments.grams),
        source=source_files("assumptions_figure"),
    output:
        pdf="results/{study}/figures/assumptions.pdf",
        png=report(
            "results/{study}/figures/assumptions.png",
            caption="../report/assumptions.rst",
            category="6 Assumptions of the theorem",
            labels={"shows": "the theorem's assumptions", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/assumptions.csv",
            caption="../report/assumptions.rst",
            category="6 Assumptions of the theorem",
            labels={"shows": "the theorem's assumptions", "as": "table"},
        ),
    log:
        "logs/{study}/assumptions_figure.log",
    benchmark:
        "benchmarks/{study}/assumptions_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("assumptions_figure"),
        runtime=minutes(60),
    params:
        shown=study.largest_subset,
    script:
        "../scripts/assumptions_figure.py"
