# spectra: spectra/{origin}/{image_class}.parquet
#     origin, image_class, rank, eigenvalue of the covariance (largest first, squared [0, 1] units), exponent, first_rank,
#     last_rank, r_squared of the power-law fit (the same in every row)
# gram: gram/{subset}/{origin}.parquet
#     subset, origin, rank, eigenvalue of X X^T of the balanced mixture (largest first, squared [0, 1] units)


rule spectra:
    input:
        shards=shards_of_class,
        source=source_files("spectra"),
    output:
        spectra=study.moments.pattern("spectra"),
    log:
        "logs/{study}/spectra/{origin}/{image_class}.log",
    benchmark:
        "benchmarks/{study}/spectra/{origin}/{image_class}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("spectra"),
        runtime=minutes(60),
    params:
        image_class=class_of,
        per_class=lambda wildcards: study.per_class(wildcards.origin),
        fit_ranks=config["spectra"]["fit_ranks"],
    script:
        "../../scripts/moments/spectra.py"


rule gram:
    input:
        shards=together(shards_by_class),
        source=source_files("gram"),
    output:
        gram=study.moments.pattern("gram"),
    log:
        "logs/{study}/gram/{subset}/{origin}.log",
    benchmark:
        "benchmarks/{study}/gram/{subset}/{origin}.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("gram"),
        runtime=minutes(120),
    params:
        shards=shards_by_class,
        images_per_class=lambda wildcards: study.subsets[wildcards.subset]["gram_images_per_class"],
    script:
        "../../scripts/moments/gram.py"


rule spectra_figure:
    input:
        spectra=lambda wildcards: study.moments.files("spectra", study.moments.spectra),
        source=source_files("spectra_figure"),
    output:
        **figure_files("spectra", shows="covariance eigenvalues per class"),
    log:
        "logs/{study}/spectra_figure.log",
    benchmark:
        "benchmarks/{study}/spectra_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("spectra"),
    script:
        "../../scripts/moments/spectra_figure.py"


rule gram_figure:
    input:
        gram=lambda wildcards: study.moments.files("gram", study.moments.grams),
        source=source_files("gram_figure"),
    output:
        **figure_files("gram", shows="Gram eigenvalues per subset"),
    log:
        "logs/{study}/gram_figure.log",
    benchmark:
        "benchmarks/{study}/gram_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("gram"),
    script:
        "../../scripts/moments/gram_figure.py"


rule quantisation_figure:
    input:
        images=lambda wildcards: study.universality.float_samples,
        source=source_files("quantisation_figure"),
    output:
        **figure_files("quantisation", shows="what storage in 8 bits does to eigenvalues"),
    log:
        "logs/{study}/quantisation_figure.log",
    benchmark:
        "benchmarks/{study}/quantisation_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("quantisation"),
    params:
        image_class=study.shown_class,
    script:
        "../../scripts/moments/quantisation_figure.py"
