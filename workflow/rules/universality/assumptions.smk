# assumptions: assumptions/{subset}/{origin}.parquet, rows per quantity and size
#     subset, origin; size, size_value, reference: the quantity at that size (d of a lower resolution, n images or rank of the
#     eigenvalue) and that of independent coordinates; the same in all rows of a quantity: assumption, quantity, trend_in, value (at the
#     largest size), trend (exponent of the size) with low and high, theory (trend of the reference), holds_to and
#     fails_from (limits of the trend), verdict


rule assumptions:
    input:
        shards=together(first_shards_by_class),
        source=source_files("assumptions"),
    output:
        assumptions=study.universality.pattern("assumptions"),
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
        shards=first_shards_by_class,
        images_per_class=lambda wildcards: study.universality.assumption_images(wildcards.origin),
        image_shape=study.image_shape,
        settings=study.universality.assumption_settings,
        rule=study.universality.assumption_rule,
        streams=lambda wildcards: study.universality.assumption_streams(
            wildcards.origin, wildcards.subset
        ),
    script:
        "../../scripts/universality/assumptions.py"


rule assumptions_figure:
    input:
        measured=lambda wildcards: study.universality.files("assumptions", study.moments.grams),
        source=source_files("assumptions_figure"),
    output:
        **figure_files("assumptions", shows="the theorem's assumptions"),
    log:
        "logs/{study}/assumptions_figure.log",
    benchmark:
        "benchmarks/{study}/assumptions_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("assumptions", limit=60),
    params:
        shown=study.largest_subset,
    script:
        "../../scripts/universality/assumptions_figure.py"
