# classifier: classifier/{subset}/{origin}/{loss}/{seed}.parquet, a row per training size
#     subset, origin, loss, seed, train_size (images per class), learning_rate, epochs, best_epoch, test_images, and train_, validation_ and
#     test_ loss and accuracy; least squares has no learning rate and no epochs


rule classifier:
    input:
        shards=shards_of_subset,
        source=source_files("classifier"),
    output:
        scores="results/{study}/classifier/{subset}/{origin}/{loss}/{seed}.parquet",
    log:
        "logs/{study}/classifier/{subset}/{origin}/{loss}/{seed}.log",
    benchmark:
        "benchmarks/{study}/classifier/{subset}/{origin}/{loss}/{seed}.tsv"
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
        loss=lambda wildcards: wildcards.loss,
        settings=classifier_settings,
        study_seed=config["seed"],
        device="cpu" if config["device"] == "cpu" else "auto",  # its nodes may be without a GPU
    script:
        "../scripts/classifier.py"
