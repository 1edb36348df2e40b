# classifier: classifier/{subset}/{origin}/{seed}.parquet, a row per loss and training size
#     subset, origin, loss, seed, pool, train_size (images per class), learning_rate, epochs, best_epoch, test_images, and train_,
#     validation_ and test_ loss and accuracy; exact_accuracy of Gaussian data under the law that they were drawn from, empty for a source;
#     least squares has no learning rate and no epochs


rule classifier:
    input:
        shards=shards_of_subset,
        fitted=fitted_shards_of_subset,
        moments=shrunk_moments_of_subset,
        source=source_files("classifier"),
    output:
        scores="results/{study}/classifier/{subset}/{origin}/{seed}.parquet",
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
        seed=lambda wildcards: int(wildcards.seed),
        classes=lambda wildcards: [
            study.class_index(c) for c in study.subsets[wildcards.subset]["classes"]
        ],
        sizes=lambda wildcards: study.sources[study.source_of(wildcards.origin)],
        settings=study.classifiers.settings,
        study_seed=config["seed"],
        device="cpu" if config["device"] == "cpu" else "auto",  # its nodes may be without a GPU
    script:
        "../scripts/classifier.py"
