# gaussian_start: only with sampling.start: gaussian; {own}start/
#     gaussian.safetensors, gaussian.json: the GaussianDenoiser of the classes of the dataset
#     levels.parquet: step, sigma, nats, kl, bound, is_start of every noise level of the sampler
# sampling: {own}sampling/{image_class}/{shard}.npz
#     images (at most shard_size, C, H, W), uint8, or float32 with black 0 and white 1; seeds (n,)
#   {shard}.parquet: image_class, seed, step, sigma, x_norm of the state,
#     denoised_norm and direction_norm of D and d at the state with churn (network units)
#   {shard}.snapshots.npz: x and denoised float32 (images, steps, C, H, W), black -1 and white 1;
#     step (steps,), sigma (steps,)
# base_samples: {own}base_samples/{base}/{image_class}.npz
#     images float32 (concentration.images, C, H, W), black 0 and white 1, unclipped; seeds (n,), those of `sampling`


rule gaussian_start:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        dataset=lambda wildcards: sampling_of(wildcards).dataset,
        source=source_files("gaussian_start"),
    output:
        gaussian=study.sampling.pattern("gaussian"),
        description=study.sampling.pattern("description"),
        levels=study.sampling.pattern("levels"),
    log:
        "logs/{study}/{own}gaussian_start.log",
    benchmark:
        "benchmarks/{study}/{own}gaussian_start.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("gaussian_start"),
        runtime=minutes(60),
        gpu=GPUS,
    params:
        content=lambda wildcards: content(denoiser_code(wildcards)),
        sampling=lambda wildcards: sampling_of(wildcards).start_settings,
        classes=lambda wildcards: sampling_of(wildcards).denoiser.class_labels,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/sampling/gaussian_start.py"


rule sampling:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        start=start_files,
        source=source_files("sampling"),
    output:
        images="results/{study}/{own}sampling/{image_class}/{shard}.npz",
        trajectory=study.sampling.pattern("trajectory"),
        snapshots="results/{study}/{own}sampling/{image_class}/{shard}.snapshots.npz",
    log:
        "logs/{study}/{own}sampling/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/{own}sampling/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("sampling"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        image_class=class_of,
        content=lambda wildcards: content(denoiser_code(wildcards)),
        sampling=lambda wildcards: sampling_of(wildcards).settings,
        class_index=lambda wildcards: study.image_seed_class(class_of(wildcards)),
        label=denoiser_label,
        bounds=lambda wildcards: study.shard_bounds(source_in(wildcards), wildcards.shard),
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/sampling/sampling.py"


rule norm_contraction_figure:
    input:
        trajectories=trajectories_of_source,
        source=source_files("norm_contraction_figure"),
    output:
        **figure_files("norm_contraction", own=True, shows="norm decrease per step"),
    log:
        "logs/{study}/{own}norm_contraction_figure.log",
    benchmark:
        "benchmarks/{study}/{own}norm_contraction_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("norm_contraction"),
    params:
        classes=study.sampling.trajectory_classes,
        shown=config["figures"]["trajectories_per_class"],
    script:
        "../../scripts/sampling/norm_contraction_figure.py"


rule norm_evolution_figure:
    input:
        trajectories=trajectories_of_source,
        snapshots=lambda wildcards: sampling_of(wildcards).snapshots,
        source=source_files("norm_evolution_figure"),
    output:
        **figure_files("norm_evolution", own=True, shows="one image and all norms"),
    log:
        "logs/{study}/{own}norm_evolution_figure.log",
    benchmark:
        "benchmarks/{study}/{own}norm_evolution_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("norm_evolution"),
    params:
        image_class=study.sampling.trajectory_classes[0],
    script:
        "../../scripts/sampling/norm_evolution_figure.py"


rule sampler_variance_figure:
    input:
        dataset=lambda wildcards: sampling_of(wildcards).dataset,
        shards=lambda wildcards: sampling_of(wildcards).first_images,
        start=start_files,
        source=source_files("sampler_variance_figure"),
    output:
        **figure_files("sampler_variance", own=True, shows="variance that the sampler alone makes"),
    log:
        "logs/{study}/{own}sampler_variance_figure.log",
    benchmark:
        "benchmarks/{study}/{own}sampler_variance_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("sampler_variance", limit=60),
    params:
        classes=study.classes,
        sampling=lambda wildcards: sampling_of(wildcards).schedule,
    script:
        "../../scripts/sampling/sampler_variance_figure.py"


rule base_samples:
    input:
        denoiser=sampled_denoiser("denoiser"),
        description=sampled_denoiser("description"),
        code=denoiser_code,
        start=start_files,
        source=source_files("base_samples"),
    output:
        images="results/{study}/{own}base_samples/{base}/{image_class}.npz",
    log:
        "logs/{study}/{own}base_samples/{base}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/{own}base_samples/{base}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("base_samples"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        image_class=class_of,
        content=lambda wildcards: content(denoiser_code(wildcards)),
        sampling=lambda wildcards: sampling_of(wildcards).base_settings,
        class_index=lambda wildcards: study.image_seed_class(class_of(wildcards)),
        label=denoiser_label,
        images_per_base=config["concentration"]["images"],
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/sampling/base_samples.py"
