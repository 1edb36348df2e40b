# prediction: prediction/{subset}/{source}.parquet, a row per training size
#     subset, source, train_size (images per class), predicted_accuracy of least squares, directions (in which the images vary),
#     rows_per_direction (training images of all classes over directions: 1 at the interpolation threshold)


rule prediction:
    input:
        moments=moments_of_subset,
        source=source_files("prediction"),
    output:
        prediction=study.classifiers.pattern("prediction"),
    log:
        "logs/{study}/prediction/{subset}/{source}.log",
    benchmark:
        "benchmarks/{study}/prediction/{subset}/{source}.tsv"
    conda:
        ENVIRONMENT
    threads: 8 if costs.d > 1024 else 1
    resources:
        mem_mb=memory("prediction"),
        runtime=minutes(120),
    params:
        train_sizes=lambda wildcards: study.sources[wildcards.source]["train_sizes"],
        ridge=config["classifier"]["ridge"],
    script:
        "../../scripts/classifiers/prediction.py"


rule predicted_accuracy_figure:
    input:
        scores=lambda wildcards: study.classifiers.files(
            "scores", study.classifiers.predicted_scores
        ),
        predictions=lambda wildcards: study.classifiers.files(
            "prediction", study.classifiers.predictions
        ),
        source=source_files("predicted_accuracy_figure"),
    output:
        **figure_files("predicted_accuracy", shows="least squares, predicted and measured"),
    log:
        "logs/{study}/predicted_accuracy_figure.log",
    benchmark:
        "benchmarks/{study}/predicted_accuracy_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("predicted_accuracy"),
    script:
        "../../scripts/classifiers/predicted_accuracy_figure.py"
