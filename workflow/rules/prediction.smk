# prediction: prediction/{subset}/{source}.parquet, a row per training size
#     subset, source, train_size (images per class), predicted_accuracy of least squares, directions (in which the images vary),
#     rows_per_direction (training images of all classes over directions: 1 at the interpolation threshold)
# predicted_accuracy_figure: figures/predicted_accuracy.pdf, .png and .csv (the numbers drawn)


rule prediction:
    input:
        moments=moments_of_subset,
        source=source_files("prediction"),
    output:
        prediction="results/{study}/prediction/{subset}/{source}.parquet",
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
        "../scripts/prediction.py"


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
        pdf="results/{study}/figures/predicted_accuracy.pdf",
        png=report(
            "results/{study}/figures/predicted_accuracy.png",
            caption="../report/predicted_accuracy.rst",
            category="2 Classifiers",
            labels={"shows": "least squares, predicted and measured", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/predicted_accuracy.csv",
            caption="../report/predicted_accuracy.rst",
            category="2 Classifiers",
            labels={"shows": "least squares, predicted and measured", "as": "table"},
        ),
    log:
        "logs/{study}/predicted_accuracy_figure.log",
    benchmark:
        "benchmarks/{study}/predicted_accuracy_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("predicted_accuracy_figure"),
        runtime=minutes(30),
    script:
        "../scripts/predicted_accuracy_figure.py"
