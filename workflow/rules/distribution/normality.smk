# normality_null: normality/null/{images}.npz, random scores of as many images per class and of its subsamples, see
#     gaussianity.distribution.null
#   {images}.parquet: how often the test finds distributions that are known: alternative, images, sets, rejected (share)
# normality: normality/{source}/{image_class}.parquet, a row per kind: images, gaussian (the Gaussian data) and clipped (clipped
#     Gaussian data, where there are any); empty where a number does not apply
#     kind, images, repeated (left out, equal to another), constant (pixels), directions, step (of rounding), share (of variance in the
#     directions), p_value, statistic, largest, mean, radius (null standard deviations), marked (directions), most_departing (rank),
#     distance, accuracy (against Gaussian data), beyond (against clipped Gaussian data), each with _low and _high, covariance_error,
#     needed (images for 80 % power), frechet, kernel, sliced (from Gaussian data), each with _gaussian (of Gaussian data from other
#     Gaussian data), distance_images, worst_delta, worst_p
#   .directions.parquet: kind, rank, variance, share, delta, p_value, marked, band (95 % quantile of normal data), share_of_distance
#   .power.parquet, a row per size of subsamples: images, subsamples, rejected (share), low, high
#   .pictures.npz: mean, pattern, filter, pixel_map (d,), scores (n_half,), worst_delta, worst_p, rank (0 if cross-fitted)
# normality_figure: figures/normality_sentences.csv beside its three files
#     source, image_class ("all": of the source), sentence, outcome, p_value; the first row answers on the report's first screen


rule normality_null:
    input:
        source=source_files("normality_null"),
    output:
        null=study.normality.pattern("null"),
        known_power=study.normality.pattern("known_power"),
    log:
        "logs/{study}/normality_null/{images}.log",
    benchmark:
        "benchmarks/{study}/normality_null/{images}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("normality_null"),
        runtime=minutes(60),
    params:
        directions=study.normality.directions,
        draws=study.normality.draws,
        study_seed=config["seed"],
    script:
        "../../scripts/distribution/normality_null.py"


rule normality:
    input:
        shards=lambda wildcards: study.shard_files(wildcards.source, class_of(wildcards)),
        gaussian=lambda wildcards: study.shard_files(
            f"{wildcards.source}-gaussian", class_of(wildcards)
        ),
        null=lambda wildcards: study.normality.of_source("null", wildcards.source),
        source=source_files("normality"),
    output:
        normality=study.normality.pattern("measured"),
        directions=study.normality.pattern("directions"),
        power=study.normality.pattern("power"),
        pictures=study.normality.pattern("pictures"),
    log:
        "logs/{study}/normality/{source}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/normality/{source}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("normality"),
        runtime=minutes(60),
    params:
        image_class=class_of,
        settings=study.normality.settings,
        streams=lambda wildcards: study.normality.streams(wildcards.source, class_of(wildcards)),
    script:
        "../../scripts/distribution/normality.py"


rule normality_figure:
    input:
        measured=study.normality.of_classes("measured").values(),
        known_power=study.normality.of_sizes("known_power"),
        source=source_files("normality_figure"),
    output:
        **figure_files("normality", shows="distance from Gaussian data per class"),
        sentences=study.normality.pattern("sentences"),
    log:
        "logs/{study}/normality_figure.log",
    benchmark:
        "benchmarks/{study}/normality_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("normality"),
    params:
        rule=study.normality.rule,
        left_out=study.normality.left_out,
    script:
        "../../scripts/distribution/normality_figure.py"


rule normality_directions_figure:
    input:
        directions=study.normality.of_classes("directions").values(),
        source=source_files("normality_directions_figure"),
    output:
        **figure_files("normality_directions", shows="distance from normal per direction"),
    log:
        "logs/{study}/normality_directions_figure.log",
    benchmark:
        "benchmarks/{study}/normality_directions_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("normality_directions"),
    script:
        "../../scripts/distribution/normality_directions_figure.py"


rule normality_pictures_figure:
    input:
        pictures=study.normality.of_classes("pictures").values(),
        source=source_files("normality_pictures_figure"),
    output:
        **figure_files("normality_pictures", shows="what of the images is not Gaussian"),
    log:
        "logs/{study}/normality_pictures_figure.log",
    benchmark:
        "benchmarks/{study}/normality_pictures_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("normality_pictures"),
    params:
        pictures=study.normality.of_classes("pictures"),
        shown=study.moments.eigenface_classes,
        image_shape=study.image_shape,
    script:
        "../../scripts/distribution/normality_pictures_figure.py"


rule normality_power_figure:
    input:
        power=study.normality.of_classes("power").values(),
        known_power=study.normality.of_sizes("known_power"),
        source=source_files("normality_power_figure"),
    output:
        **figure_files("normality_power", shows="how many images show it"),
    log:
        "logs/{study}/normality_power_figure.log",
    benchmark:
        "benchmarks/{study}/normality_power_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("normality_power"),
    script:
        "../../scripts/distribution/normality_power_figure.py"
