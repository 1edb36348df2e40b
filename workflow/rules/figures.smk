# <name>_figure: figures/<name>.pdf, .png and .csv (the numbers drawn)
#     drawn by src/gaussianity/figures/<name>.py, described by workflow/report/<name>.rst


rule accuracy_figure:
    input:
        scores=lambda wildcards: study.classifiers.files("scores", study.classifiers.scores),
        source=source_files("accuracy_figure"),
    output:
        pdf="results/{study}/figures/accuracy.pdf",
        png=report(
            "results/{study}/figures/accuracy.png",
            caption="../report/accuracy.rst",
            category="2 Classifiers",
            labels={"shows": "test accuracy against training size", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/accuracy.csv",
            caption="../report/accuracy.rst",
            category="2 Classifiers",
            labels={"shows": "test accuracy against training size", "as": "table"},
        ),
    log:
        "logs/{study}/accuracy_figure.log",
    benchmark:
        "benchmarks/{study}/accuracy_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("accuracy_figure"),
        runtime=minutes(30),
    script:
        "../scripts/accuracy_figure.py"


rule verdict_figure:
    input:
        scores=lambda wildcards: study.classifiers.files("scores", study.classifiers.scores),
        source=source_files("verdict_figure"),
    output:
        pdf="results/{study}/figures/verdict.pdf",
        png=report(
            "results/{study}/figures/verdict.png",
            caption="../report/verdict.rst",
            category="1 Verdict",
            labels={"shows": "gap of accuracy less its control", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/verdict.csv",
            caption="../report/verdict.rst",
            category="1 Verdict",
            labels={"shows": "gap of accuracy less its control", "as": "table"},
        ),
        sentences="results/{study}/figures/verdict_sentences.csv",
    log:
        "logs/{study}/verdict_figure.log",
    benchmark:
        "benchmarks/{study}/verdict_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("verdict_figure"),
        runtime=minutes(30),
    params:
        images_per_pixel={
            name: source["images_per_class"] / costs.d for name, source in study.sources.items()
        },
        verdict=config["verdict"],
        selection=config["classifier"]["selection"],
        study_seed=config["seed"],
    script:
        "../scripts/verdict_figure.py"


rule spectra_figure:
    input:
        spectra=lambda wildcards: study.moments.files("spectra", study.moments.spectra),
        source=source_files("spectra_figure"),
    output:
        pdf="results/{study}/figures/spectra.pdf",
        png=report(
            "results/{study}/figures/spectra.png",
            caption="../report/spectra.rst",
            category="3 Spectra",
            labels={"shows": "covariance eigenvalues per class", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/spectra.csv",
            caption="../report/spectra.rst",
            category="3 Spectra",
            labels={"shows": "covariance eigenvalues per class", "as": "table"},
        ),
    log:
        "logs/{study}/spectra_figure.log",
    benchmark:
        "benchmarks/{study}/spectra_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("spectra_figure"),
        runtime=minutes(30),
    script:
        "../scripts/spectra_figure.py"


rule gram_figure:
    input:
        gram=lambda wildcards: study.moments.files("gram", study.moments.grams),
        source=source_files("gram_figure"),
    output:
        pdf="results/{study}/figures/gram.pdf",
        png=report(
            "results/{study}/figures/gram.png",
            caption="../report/gram.rst",
            category="3 Spectra",
            labels={"shows": "Gram eigenvalues per subset", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/gram.csv",
            caption="../report/gram.rst",
            category="3 Spectra",
            labels={"shows": "Gram eigenvalues per subset", "as": "table"},
        ),
    log:
        "logs/{study}/gram_figure.log",
    benchmark:
        "benchmarks/{study}/gram_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("gram_figure"),
        runtime=minutes(30),
    script:
        "../scripts/gram_figure.py"


rule norm_contraction_figure:
    input:
        trajectories=lambda wildcards: study.sampling.files(
            "trajectory", study.sampling.trajectories
        ),
        source=source_files("norm_contraction_figure"),
    output:
        pdf="results/{study}/figures/norm_contraction.pdf",
        png=report(
            "results/{study}/figures/norm_contraction.png",
            caption="../report/norm_contraction.rst",
            category="4 Norms along the sampler",
            labels={"shows": "norm decrease per step", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/norm_contraction.csv",
            caption="../report/norm_contraction.rst",
            category="4 Norms along the sampler",
            labels={"shows": "norm decrease per step", "as": "table"},
        ),
    log:
        "logs/{study}/norm_contraction_figure.log",
    benchmark:
        "benchmarks/{study}/norm_contraction_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("norm_contraction_figure"),
        runtime=minutes(30),
    params:
        classes=study.sampling.trajectory_classes,
        shown=config["figures"]["trajectories_per_class"],
    script:
        "../scripts/norm_contraction_figure.py"


rule contraction_figure:
    input:
        contractions=lambda wildcards: study.sampling.files(
            "contraction", study.sampling.contractions
        ),
        source=source_files("contraction_figure"),
    output:
        pdf="results/{study}/figures/contraction.pdf",
        png=report(
            "results/{study}/figures/contraction.png",
            caption="../report/contraction.rst",
            category="4 Norms along the sampler",
            labels={"shows": "where steps expand", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/contraction.csv",
            caption="../report/contraction.rst",
            category="4 Norms along the sampler",
            labels={"shows": "where steps expand", "as": "table"},
        ),
    log:
        "logs/{study}/contraction_figure.log",
    benchmark:
        "benchmarks/{study}/contraction_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("contraction_figure"),
        runtime=minutes(30),
    script:
        "../scripts/contraction_figure.py"


rule norm_evolution_figure:
    input:
        trajectories=lambda wildcards: study.sampling.files(
            "trajectory", study.sampling.trajectories
        ),
        snapshots=lambda wildcards: study.sampling.snapshots,
        source=source_files("norm_evolution_figure"),
    output:
        pdf="results/{study}/figures/norm_evolution.pdf",
        png=report(
            "results/{study}/figures/norm_evolution.png",
            caption="../report/norm_evolution.rst",
            category="4 Norms along the sampler",
            labels={"shows": "one image and all norms", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/norm_evolution.csv",
            caption="../report/norm_evolution.rst",
            category="4 Norms along the sampler",
            labels={"shows": "one image and all norms", "as": "table"},
        ),
    log:
        "logs/{study}/norm_evolution_figure.log",
    benchmark:
        "benchmarks/{study}/norm_evolution_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("norm_evolution_figure"),
        runtime=minutes(30),
    params:
        image_class=study.sampling.trajectory_classes[0],
    script:
        "../scripts/norm_evolution_figure.py"


rule sample_grid_figure:
    input:
        shards=lambda wildcards: study.first_shards,
        source=source_files("sample_grid_figure"),
    output:
        pdf="results/{study}/figures/sample_grid.pdf",
        png=report(
            "results/{study}/figures/sample_grid.png",
            caption="../report/sample_grid.rst",
            category="7 Images",
            labels={"shows": "images of every class and origin", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/sample_grid.csv",
            caption="../report/sample_grid.rst",
            category="7 Images",
            labels={"shows": "images of every class and origin", "as": "table"},
        ),
    log:
        "logs/{study}/sample_grid_figure.log",
    benchmark:
        "benchmarks/{study}/sample_grid_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("sample_grid_figure"),
        runtime=minutes(30),
    params:
        classes=study.classes,
        origins=study.image_origins,
        shown=config["figures"]["grid_images"],
    script:
        "../scripts/sample_grid_figure.py"


rule class_agreement_figure:
    input:
        dataset="results/{study}/dataset.npz",
        shards=lambda wildcards: study.sampling.images,
        source=source_files("class_agreement_figure"),
    output:
        pdf="results/{study}/figures/class_agreement.pdf",
        png=report(
            "results/{study}/figures/class_agreement.png",
            caption="../report/class_agreement.rst",
            category="7 Images",
            labels={"shows": "classes of the generated images", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/class_agreement.csv",
            caption="../report/class_agreement.rst",
            category="7 Images",
            labels={"shows": "classes of the generated images", "as": "table"},
        ),
    log:
        "logs/{study}/class_agreement_figure.log",
    benchmark:
        "benchmarks/{study}/class_agreement_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("class_agreement_figure"),
        runtime=minutes(30),
    params:
        classes=study.classes,
    script:
        "../scripts/class_agreement_figure.py"


rule concentration_figure:
    input:
        ratios=lambda wildcards: study.universality.files(
            "concentration", study.universality.concentrations
        ),
        survival=lambda wildcards: study.universality.files(
            "survival", study.universality.concentrations
        ),
        source=source_files("concentration_figure"),
    output:
        pdf="results/{study}/figures/concentration.pdf",
        png=report(
            "results/{study}/figures/concentration.png",
            caption="../report/concentration.rst",
            category="5 Concentration",
            labels={"shows": "concentration of 1-Lipschitz functionals", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/concentration.csv",
            caption="../report/concentration.rst",
            category="5 Concentration",
            labels={"shows": "concentration of 1-Lipschitz functionals", "as": "table"},
        ),
    log:
        "logs/{study}/concentration_figure.log",
    benchmark:
        "benchmarks/{study}/concentration_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("concentration_figure"),
        runtime=minutes(30),
    params:
        image_class=study.shown_class,
    script:
        "../scripts/concentration_figure.py"


rule quantisation_figure:
    input:
        images=lambda wildcards: study.universality.float_samples,
        source=source_files("quantisation_figure"),
    output:
        pdf="results/{study}/figures/quantisation.pdf",
        png=report(
            "results/{study}/figures/quantisation.png",
            caption="../report/quantisation.rst",
            category="3 Spectra",
            labels={"shows": "what storage in 8 bits does to eigenvalues", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/quantisation.csv",
            caption="../report/quantisation.rst",
            category="3 Spectra",
            labels={"shows": "what storage in 8 bits does to eigenvalues", "as": "table"},
        ),
    log:
        "logs/{study}/quantisation_figure.log",
    benchmark:
        "benchmarks/{study}/quantisation_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("quantisation_figure"),
        runtime=minutes(30),
    params:
        image_class=study.shown_class,
    script:
        "../scripts/quantisation_figure.py"


rule norms_figure:
    input:
        shards=lambda wildcards: study.moments.images,
        source=source_files("norms_figure"),
    output:
        pdf="results/{study}/figures/norms.pdf",
        png=report(
            "results/{study}/figures/norms.png",
            caption="../report/norms.rst",
            category="5 Concentration",
            labels={"shows": "norms of the images per class", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/norms.csv",
            caption="../report/norms.rst",
            category="5 Concentration",
            labels={"shows": "norms of the images per class", "as": "table"},
        ),
    log:
        "logs/{study}/norms_figure.log",
    benchmark:
        "benchmarks/{study}/norms_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("norms_figure"),
        runtime=minutes(60),
    params:
        classes=study.classes,
        origins=study.origins,
        counts=[len(study.shards(origin)) for origin in study.origins],
    script:
        "../scripts/norms_figure.py"


rule eigenfaces_figure:
    input:
        moments=lambda wildcards: study.moments.of_classes,
        source=source_files("eigenfaces_figure"),
    output:
        pdf="results/{study}/figures/eigenfaces.pdf",
        png=report(
            "results/{study}/figures/eigenfaces.png",
            caption="../report/eigenfaces.rst",
            category="7 Images",
            labels={"shows": "mean image and leading eigenvectors per class", "as": "figure"},
        ),
        csv=report(
            "results/{study}/figures/eigenfaces.csv",
            caption="../report/eigenfaces.rst",
            category="7 Images",
            labels={"shows": "mean image and leading eigenvectors per class", "as": "table"},
        ),
    log:
        "logs/{study}/eigenfaces_figure.log",
    benchmark:
        "benchmarks/{study}/eigenfaces_figure.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=memory("eigenfaces_figure"),
        runtime=minutes(60),
    params:
        classes=study.classes,
        sources=list(study.sources),
        shown=study.moments.eigenface_classes,
        eigenvectors=config["figures"]["eigenvectors"],
        image_shape=study.image_shape,
    script:
        "../scripts/eigenfaces_figure.py"
