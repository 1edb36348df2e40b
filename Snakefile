# How Gaussian is what an image generator generates? See README.md and docs/architecture.md.
from snakemake.utils import min_version

min_version("9.14")


configfile: "config.yaml"
configfile: "workflow/defaults/molrg.yaml"
configfile: "workflow/defaults/manifold.yaml"


report: "workflow/report/study.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/messages.smk"
include: "workflow/rules/dataset.smk"
include: "workflow/rules/denoiser.smk"
include: "workflow/rules/sampling.smk"
include: "workflow/rules/contraction.smk"
include: "workflow/rules/features.smk"
include: "workflow/rules/moments.smk"
include: "workflow/rules/spectra.smk"
include: "workflow/rules/concentration.smk"
include: "workflow/rules/assumptions.smk"
include: "workflow/rules/classifier.smk"
include: "workflow/rules/prediction.smk"
include: "workflow/rules/controls.smk"
include: "workflow/rules/phase_transition.smk"
include: "workflow/rules/mixture_denoiser.smk"
include: "workflow/rules/generalisation.smk"
include: "workflow/rules/numerical_rank.smk"
include: "workflow/rules/semantic_directions.smk"
include: "workflow/rules/class_subspaces.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/manifold_theory.smk"
include: "workflow/rules/transitions.smk"
include: "workflow/rules/real_times.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/plan.smk"


rule all:
    default_target: True
    input:
        study.path("report.html"),


rule figures:
    input:
        study.results,


rule molrg:
    input:
        study.path("molrg.html"),


rule manifold:
    input:
        study.path("manifold.html"),


onsuccess:
    end_timers()
    print(where_results_are())


onerror:
    end_timers()
    print(what_went_wrong())
