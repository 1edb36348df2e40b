# mixture_denoiser: molrg/denoisers/{dimension}/{samples}/, a U-Net trained on {samples} images of each of
#     molrg.mixture_denoisers.subspaces subspaces of {dimension} dimensions
#     {steps}.safetensors with {steps}.json beside it (gaussianity.load_denoiser reads both; unconditional), after each number of
#     steps in training.lengths of one training
#     mixture.npz: bases (subspaces, n, dimension), float64, orthonormal columns, one orthogonal to the other; images (subspaces *
#     samples, C, H, W), float32 of variance 1 along every direction of their subspace and mean 0; labels int64, the subspace of each
#     training.parquet: step, loss, grad_norm


rule mixture_denoiser:
    input:
        source=source_files("mixture_denoiser"),
    output:
        denoisers=expand(
            study.molrg.pattern("mixture_denoiser"),
            steps=config["molrg"]["mixture_denoisers"]["training"]["lengths"],
            allow_missing=True,
        ),
        descriptions=expand(
            study.molrg.pattern("mixture_description"),
            steps=config["molrg"]["mixture_denoisers"]["training"]["lengths"],
            allow_missing=True,
        ),
        mixture=study.molrg.pattern("mixture"),
        training="results/{study}/molrg/denoisers/{dimension}/{samples}/training.parquet",
    log:
        "logs/{study}/mixture_denoiser/{dimension}/{samples}.log",
    benchmark:
        "benchmarks/{study}/mixture_denoiser/{dimension}/{samples}.tsv"
    wildcard_constraints:
        dimension=r"\d+",
        samples=r"\d+",
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("mixture_denoiser"),
        runtime=minutes(240),
        gpu=GPUS,
    params:
        lengths=config["molrg"]["mixture_denoisers"]["training"]["lengths"],
        settings=study.molrg.mixture_denoiser_settings,
        study_seed=config["seed"],
        device=config["device"],
    script:
        "../../scripts/molrg/mixture_denoiser.py"
