# classifier: classifier/{subset}/{origin}/{seed}.parquet, a row per loss, training size and tested pool or fold. {origin} is a source,
#     {source}-gaussian (samples of the fitted Gaussian), or {source}-mixed (Gaussian data by mixing, made in the job)
#     subset, origin, loss, seed, pool (trained in; of a single pool the fold), tested (pool or fold), train_size (images per class),
#     learning_rate, rate_at_edge (1 where the smallest or largest of several was chosen), epochs, best_epoch, test_images (of all classes),
#     train_, validation_ and test_ loss and accuracy (the test: all images of the tested pool or fold); gaussian_accuracy (on
#     the Gaussian data of the tested images; empty for {source}-gaussian); exact_accuracy (of {source}-gaussian, under the
#     distribution that it was drawn from; else empty). Least squares has no learning rate and no epochs.


rule classifier:
    input:
        shards=together(shards_by_class),
        fitted=together(fitted_shards_by_class),
        moments=shrunk_moments_of_subset,
        source=source_files("classifier"),
    output:
        scores=study.classifiers.pattern("scores"),
    log:
        "logs/{study}/classifier/{subset}/{origin}/{seed}.log",
    benchmark:
        "benchmarks/{study}/classifier/{subset}/{origin}/{seed}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("classifier"),
        runtime=minutes(120),
    params:
        shards=shards_by_class,
        fitted=fitted_shards_by_class,
        mixes=lambda wildcards: wildcards.origin.endswith("-mixed"),
        seed=lambda wildcards: int(wildcards.seed),
        classes=lambda wildcards: [
            study.class_index(c) for c in study.subsets[wildcards.subset]["classes"]
        ],
        sizes=lambda wildcards: study.sources[study.source_of(wildcards.origin)],
        settings=study.classifiers.settings,
        study_seed=config["seed"],
        device="cpu" if config["device"] == "cpu" else "auto",  # its nodes may have no GPU
    script:
        "../../scripts/classifiers/classifier.py"


rule accuracy_figure:
    input:
        scores=lambda wildcards: study.classifiers.files("scores", study.classifiers.scores),
        source=source_files("accuracy_figure"),
    output:
        **figure_files("accuracy", shows="test accuracy against training size"),
    log:
        "logs/{study}/accuracy_figure.log",
    benchmark:
        "benchmarks/{study}/accuracy_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("accuracy"),
    script:
        "../../scripts/classifiers/accuracy_figure.py"
