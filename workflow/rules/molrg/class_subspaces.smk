# class_subspaces: molrg/class_subspaces/{source}.parquet, a row per class, way of learning, reference and comparison
#     source, learned (clusters: K-subspaces of all images without labels, matched to the classes; denoiser: the low-rank denoiser
#     of each class; principal: principal components of the same images; random: the mean over uniform subspaces, of class all),
#     image_class, reference (leading eigenvectors of the class's covariance or of its second_moment about the mean of all images; for
#     the denoiser also the subspaces of principal), against (own or the mean over the others' references), affinity (mean squared
#     cosine of the principal angles), angle_1, ... in degrees, rising
#   molrg/class_subspaces/{source}.clusters.parquet: source, image_class, cluster_of (the class that a cluster is matched to), images


rule class_subspaces:
    input:
        images=lambda wildcards: study.molrg.subspace_files(wildcards.source),
        moments=lambda wildcards: study.moments.of(wildcards.source, study.classes),
        source=source_files("class_subspaces"),
    output:
        subspaces=study.molrg.pattern("class_subspaces"),
        clusters=study.molrg.pattern("class_clusters"),
    log:
        "logs/{study}/class_subspaces/{source}.log",
    benchmark:
        "benchmarks/{study}/class_subspaces/{source}.tsv"
    conda:
        ENVIRONMENT
    threads: 1
    resources:
        mem_mb=memory("class_subspaces"),
        runtime=minutes(60),
    params:
        classes=study.classes,
        settings=lambda wildcards: study.molrg.class_subspace_settings(wildcards.source),
        stream_indices=lambda wildcards: study.molrg.class_subspace_streams(wildcards.source),
        study_seed=config["seed"],
    script:
        "../../scripts/molrg/class_subspaces.py"


rule class_subspaces_figure:
    input:
        subspaces=study.molrg.files("class_subspaces", study.molrg.subspace_sources),
        clusters=study.molrg.files("class_clusters", study.molrg.subspace_sources),
        source=source_files("class_subspaces_figure"),
    output:
        **figure_files("class_subspaces"),
    log:
        "logs/{study}/class_subspaces_figure.log",
    benchmark:
        "benchmarks/{study}/class_subspaces_figure.tsv"
    group:
        "figures"
    conda:
        ENVIRONMENT
    resources:
        **figure_resources("class_subspaces"),
    script:
        "../../scripts/molrg/class_subspaces_figure.py"
