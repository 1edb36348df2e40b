# image_subset: molrg/image_subsets/{images}/, a U-Net trained on {images} images of the dataset, without their classes
#     {steps}.safetensors with {steps}.json beside it, after each number of steps in training.lengths; training.parquet: step, loss, grad_norm
#     The images are drawn by order = stream(seed, "image_subset").permutation of the dataset. No U-Net is trained on the first held_out.
# mixture_generalisation: molrg/mixture_generalisation.parquet, a row per mixture, of its U-Net trained to the end
#     dimension, samples (training samples per subspace), steps; gl, distance_ratio, novel_share (defined in
#     gaussianity.molrg.generalisation): the first two with _error (standard error), the share with _low and _high (95 % interval);
#     gl_copies (gl of a model that copies); outside_share (of the samples' squared length, outside the nearest subspace); gl_inside (of
#     their parts inside it) with _error
# image_generalisation: molrg/image_generalisation.parquet, a row per size
#     images, steps, the same scores, of features if the study has features, else of pixels; unlike_share and its interval by
#     the copy detector, NaN without one


rule image_subset:
    input:
        dataset=study.whole_dataset,
        source=source_files("image_subset"),
    output:
        denoisers=expand(
            study.molrg.pattern("image_subset"),
            steps=config["molrg"]["generalisation"]["images"]["training"]["lengths"],
            allow_missing=True,
        ),
        descriptions=expand(
            study.molrg.pattern("image_subset_description"),
            steps=config["molrg"]["generalisation"]["images"]["training"]["lengths"],
            allow_missing=True,
        ),
        training="results/{study}/molrg/image_subsets/{images}/training.parquet",
    log:
        "logs/{study}/image_subset/{images}.log",
    benchmark:
        "benchmarks/{study}/image_subset/{images}.tsv"
    wildcard_constraints:
        images=r"\d+",
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("image_subset"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        lengths=config["molrg"]["generalisation"]["images"]["training"]["lengths"],
        settings=study.molrg.image_subset_settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/image_subset.py"


rule mixture_generalisation:
    input:
        denoisers=study.molrg.files("mixture_denoiser", study.molrg.last_mixture_denoisers),
        descriptions=study.molrg.files("mixture_description", study.molrg.last_mixture_denoisers),
        mixtures=study.molrg.files("mixture", study.molrg.last_mixture_denoisers),
        source=source_files("mixture_generalisation"),
    output:
        table="results/{study}/molrg/mixture_generalisation.parquet",
    log:
        "logs/{study}/mixture_generalisation.log",
    benchmark:
        "benchmarks/{study}/mixture_generalisation.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("mixture_generalisation"),
        runtime=minutes(120),
        gpu=GPUS,
    params:
        labels=study.molrg.last_mixture_denoisers,
        settings=study.molrg.mixture_sampling_settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/mixture_generalisation.py"


rule image_generalisation:
    input:
        dataset=study.whole_dataset,
        denoisers=study.molrg.files("image_subset", study.molrg.image_subsets),
        descriptions=study.molrg.files("image_subset_description", study.molrg.image_subsets),
        code=study.molrg.copy_detector_files,
        source=source_files("image_generalisation"),
    output:
        table="results/{study}/molrg/image_generalisation.parquet",
    log:
        "logs/{study}/image_generalisation.log",
    benchmark:
        "benchmarks/{study}/image_generalisation.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("image_generalisation"),
        runtime=minutes(120),
        gpu=GPUS,
    params:
        content=content(study.molrg.copy_detector_files),
        labels=study.molrg.image_subsets,
        spaces=dict(
            network=study.feature_settings,
            copy_detector=config["molrg"]["generalisation"]["images"]["copy_detector"],
        ),
        settings=study.molrg.image_generalisation_settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/image_generalisation.py"


rule generalisation_figure:
    input:
        mixture="results/{study}/molrg/mixture_generalisation.parquet",
        images=study.molrg.image_generalisation,
        source=source_files("generalisation_figure"),
    output:
        **figure_files("generalisation"),
    log:
        "logs/{study}/generalisation_figure.log",
    benchmark:
        "benchmarks/{study}/generalisation_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("generalisation"),
    params:
        space="features" if study.features else "pixels",
    script:
        "../../scripts/molrg/generalisation_figure.py"
