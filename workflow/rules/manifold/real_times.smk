# Transition times of the images of two classes, study.manifold.transition_classes: all images of the source data, in the network form (black -1,
# white 1). t = log(1 + sigma^2) / 2.
# unconditional_denoiser: manifold/unconditional_denoiser.safetensors and .json, as those of denoiser, trained on these images alone,
#     without labels; unconditional_denoiser_training.parquet: step, loss, grad_norm
# real_weights: manifold/real_weights/{origin}.parquet, a row per time and noisy image, origin data or data-gaussian
#     law, images (n), time, image, same_class and same_image (probability that two clones end in the same one), entropy of the weights
# trained_clones, mixture_clones: manifold/{trained,mixture}_clones.parquet, a row per time and trajectory that is cloned at it
#     law, class_accuracy, time, image, same_class, same_image, copies, same_copy, participation, entropy
#   mixture_posterior.parquet: law, time, image, same_class, of the exact posterior


rule unconditional_denoiser:
    input:
        first=lambda wildcards: study.manifold.transition_images("data")[0],
        second=lambda wildcards: study.manifold.transition_images("data")[1],
        source=source_files("unconditional_denoiser"),
    output:
        denoiser="results/{study}/manifold/unconditional_denoiser.safetensors",
        description="results/{study}/manifold/unconditional_denoiser.json",
        training="results/{study}/manifold/unconditional_denoiser_training.parquet",
    log:
        "logs/{study}/unconditional_denoiser.log",
    benchmark:
        "benchmarks/{study}/unconditional_denoiser.tsv"
    conda:
        ENVIRONMENT
    threads: config["denoiser"]["training"]["threads"]
    resources:
        mem_mb=memory("unconditional_denoiser"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        denoiser=study.denoiser.settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/manifold/unconditional_denoiser.py"


rule real_weights:
    input:
        first=lambda wildcards: study.manifold.transition_images(wildcards.origin)[0],
        second=lambda wildcards: study.manifold.transition_images(wildcards.origin)[1],
        source=source_files("real_weights"),
    output:
        weights="results/{study}/manifold/real_weights/{origin}.parquet",
    log:
        "logs/{study}/real_weights/{origin}.log",
    benchmark:
        "benchmarks/{study}/real_weights/{origin}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("real_weights"),
        runtime=minutes(60),
    params:
        settings=study.manifold.weight_settings,
        stream_index=lambda wildcards: study.origin_index(wildcards.origin),
        study_seed=config["seed"],
    script:
        "../../scripts/manifold/real_weights.py"


rule trained_clones:
    input:
        denoiser="results/{study}/manifold/unconditional_denoiser.safetensors",
        description="results/{study}/manifold/unconditional_denoiser.json",
        first=lambda wildcards: study.manifold.transition_images("data")[0],
        second=lambda wildcards: study.manifold.transition_images("data")[1],
        source=source_files("trained_clones"),
    output:
        clones="results/{study}/manifold/trained_clones.parquet",
    log:
        "logs/{study}/trained_clones.log",
    benchmark:
        "benchmarks/{study}/trained_clones.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("trained_clones"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        settings=study.manifold.clone_settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/manifold/trained_clones.py"


rule mixture_clones:
    input:
        moments=lambda wildcards: study.manifold.transition_moments,
        first=lambda wildcards: study.manifold.transition_images("data-gaussian")[0],
        second=lambda wildcards: study.manifold.transition_images("data-gaussian")[1],
        source=source_files("mixture_clones"),
    output:
        clones="results/{study}/manifold/mixture_clones.parquet",
        posterior="results/{study}/manifold/mixture_posterior.parquet",
    log:
        "logs/{study}/mixture_clones.log",
    benchmark:
        "benchmarks/{study}/mixture_clones.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("mixture_clones"),
        runtime=minutes(240),
    params:
        settings=study.manifold.weight_settings | study.manifold.clone_settings,
        study_seed=config["seed"],
    script:
        "../../scripts/manifold/mixture_clones.py"


rule real_transition_times_figure:
    input:
        weights=[
            study.path(f"manifold/real_weights/{o}.parquet") for o in ("data", "data-gaussian")
        ],
        clones=[study.path(f"manifold/{d}_clones.parquet") for d in study.manifold.cloned_denoisers],
        posterior="results/{study}/manifold/mixture_posterior.parquet",
        moments=lambda wildcards: study.manifold.transition_moments,
        source=source_files("real_transition_times_figure"),
    output:
        **figure_files("real_transition_times"),
    log:
        "logs/{study}/real_transition_times_figure.log",
    benchmark:
        "benchmarks/{study}/real_transition_times_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("real_transition_times"),
    params:
        laws=["data", "data-gaussian"],
        denoisers=study.manifold.cloned_denoisers,
        replicates=config["manifold"]["real_data"]["replicates"],
        study_seed=config["seed"],
    script:
        "../../scripts/manifold/real_transition_times_figure.py"
