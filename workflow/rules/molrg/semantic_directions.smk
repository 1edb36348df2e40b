# semantic_directions: molrg/semantic_directions.parquet, a row per image, direction and strength, of the study's denoiser under the
#     classes' labels
#     denoiser; part (edits, sweep over the noise levels, or inversion of given images); image (its number), seed; sigma (noise level
#     of the edit); kind (singular, principal, random, or random inside or outside the span of the singular vectors), index (of the
#     singular or principal value, or number of the random direction, from 1), strength (over sigma); rms_change (of the pixels, black 0,
#     white 1), probability_moved (half the sum of the absolute changes of the classifier's probabilities), switched (1 where it names
#     another class); accuracy of the classifier on images held out; residual of the singular vector v of value s,
#     |J^T u - s v| / s with u = J v / s (0 if the whole Jacobian is taken, NaN for other directions); round_trip (root mean square
#     difference between a given image and itself after inversion and sampling, NaN for sampled images)
#   molrg/semantic_directions.npz: images (shown, directions + 1, strengths + 1, C, H, W), float32, network form; the last
#     direction is random; the strengths rise and include 0. inverted, the same of given images, with the given image before
#     those of the strengths; missing if none is inverted
# mixture_directions: molrg/mixture_directions.parquet and .npz, the same of the exact denoiser of the classes' normal
#     distributions, fitted to as many images as the classifier, without labels; every image has its own seed


rule semantic_directions:
    input:
        denoiser="results/{study}/denoiser.safetensors",
        description="results/{study}/denoiser.json",
        code=study.denoiser.code,
        shards=study.molrg.edit_files,
        own=study.molrg.own_images,
        source=source_files("semantic_directions"),
    output:
        effects="results/{study}/molrg/semantic_directions.parquet",
        pictures="results/{study}/molrg/semantic_directions.npz",
    log:
        "logs/{study}/semantic_directions.log",
    benchmark:
        "benchmarks/{study}/semantic_directions.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("semantic_directions"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=content([*study.denoiser.code, *study.molrg.own_images]),
        settings=study.molrg.edit_settings,
        classes=study.molrg.edited_classes,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/semantic_directions.py"


rule mixture_directions:
    input:
        shards=study.molrg.edit_files,
        own=study.molrg.own_images,
        source=source_files("mixture_directions"),
    output:
        effects="results/{study}/molrg/mixture_directions.parquet",
        pictures="results/{study}/molrg/mixture_directions.npz",
    log:
        "logs/{study}/mixture_directions.log",
    benchmark:
        "benchmarks/{study}/mixture_directions.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("mixture_directions"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        content=content(study.molrg.own_images),
        settings=study.molrg.edit_settings,
        classes=study.molrg.edited_classes,
        image_shape=study.image_shape,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/mixture_directions.py"


rule semantic_directions_figure:
    input:
        effects=[study.path(f"molrg/{name}.parquet") for name in study.molrg.edits.values()],
        pictures=[study.path(f"molrg/{name}.npz") for name in study.molrg.edits.values()],
        source=source_files("semantic_directions_figure"),
    output:
        **figure_files("semantic_directions"),
    log:
        "logs/{study}/semantic_directions_figure.log",
    benchmark:
        "benchmarks/{study}/semantic_directions_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("semantic_directions"),
    params:
        denoisers=list(study.molrg.edits),
        strengths=config["molrg"]["semantic_directions"]["strengths"],
        has_given=study.molrg.inverts_images,
    script:
        "../../scripts/molrg/semantic_directions_figure.py"
