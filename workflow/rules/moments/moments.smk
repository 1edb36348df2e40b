# moments: moments/{source}/{image_class}.npz
#     count (), mean (d,), covariance (d, d), float64, in [0, 1] units and their square; shrinkage () of Ledoit and Wolf, 0 if
#     gaussian.covariance is sample
# gaussian: gaussian/{fitted}/{image_class}/{shard}.npz
#     images float32 (at most shard_size, C, H, W) of N(mean, covariance) of the origin {fitted}, the covariance shrunk by shrinkage,
#     unclipped. {fitted} is a source.


rule moments:
    input:
        shards=shards_of_class,
        source=source_files("moments"),
    output:
        moments="results/{study}/moments/{origin}/{image_class}.npz",
    log:
        "logs/{study}/moments/{origin}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/moments/{origin}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("moments"),
        runtime=minutes(30),
    params:
        covariance=config["gaussian"]["covariance"],
    script:
        "../../scripts/moments/moments.py"


rule gaussian:
    input:
        moments="results/{study}/moments/{fitted}/{image_class}.npz",
        shards=shards_of_fitted_class,
        source=source_files("gaussian"),
    output:
        images="results/{study}/gaussian/{fitted}/{image_class}/{shard}.npz",
    log:
        "logs/{study}/gaussian/{fitted}/{image_class}/{shard}.log",
    benchmark:
        "benchmarks/{study}/gaussian/{fitted}/{image_class}/{shard}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("gaussian"),
        runtime=minutes(30),
    params:
        fitted_index=lambda wildcards: study.origin_index(wildcards.fitted),
        class_index=lambda wildcards: study.class_index(class_of(wildcards)),
        bounds=lambda wildcards: study.shard_bounds(wildcards.fitted, wildcards.shard),
        study_seed=config["seed"],
    script:
        "../../scripts/moments/gaussian.py"


rule norms_figure:
    input:
        shards=together(lambda wildcards: study.moments.images),
        source=source_files("norms_figure"),
    output:
        **figure_files("norms", shows="norms of the images per class"),
    log:
        "logs/{study}/norms_figure.log",
    benchmark:
        "benchmarks/{study}/norms_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("norms", limit=60),
    params:
        shards=study.moments.images,
    script:
        "../../scripts/moments/norms_figure.py"


rule eigenfaces_figure:
    input:
        moments=study.moments.of_classes.values(),
        source=source_files("eigenfaces_figure"),
    output:
        **figure_files("eigenfaces", shows="mean image and leading eigenvectors per class"),
    log:
        "logs/{study}/eigenfaces_figure.log",
    benchmark:
        "benchmarks/{study}/eigenfaces_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("eigenfaces", limit=60),
    params:
        moments=study.moments.of_classes,
        shown=study.moments.eigenface_classes,
        eigenvectors=config["figures"]["eigenvectors"],
        image_shape=study.image_shape,
    script:
        "../../scripts/moments/eigenfaces_figure.py"
