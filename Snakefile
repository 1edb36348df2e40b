# How Gaussian are these images, real and generated? See README.md and docs/architecture.md.
from snakemake.utils import min_version

min_version("9.20")  # versions from 9.16.3 read a runtime from the command line as seconds
# The defaults are beside this file, whatever the working directory is.
defaults = workflow.current_basedir.get_path_or_uri(secret_free=True)


configfile: f"{defaults}/config.yaml"
configfile: f"{defaults}/workflow/defaults/molrg.yaml"
configfile: f"{defaults}/workflow/defaults/manifold.yaml"
configfile: f"{defaults}/workflow/defaults/linear.yaml"


report: "workflow/report/study.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/messages.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/data/dataset.smk"
include: "workflow/rules/data/images.smk"
include: "workflow/rules/denoisers/denoiser.smk"
include: "workflow/rules/sampling/sampling.smk"
include: "workflow/rules/sampling/contraction.smk"
include: "workflow/rules/data/features.smk"
include: "workflow/rules/moments/moments.smk"
include: "workflow/rules/moments/spectra.smk"
include: "workflow/rules/distribution/normality.smk"
include: "workflow/rules/universality/concentration.smk"
include: "workflow/rules/universality/assumptions.smk"
include: "workflow/rules/classifiers/classifier.smk"
include: "workflow/rules/universality/verdict.smk"
include: "workflow/rules/classifiers/prediction.smk"
include: "workflow/rules/universality/controls.smk"
include: "workflow/rules/molrg/phase_transition.smk"
include: "workflow/rules/molrg/mixture_denoiser.smk"
include: "workflow/rules/molrg/generalisation.smk"
include: "workflow/rules/molrg/numerical_rank.smk"
include: "workflow/rules/molrg/semantic_directions.smk"
include: "workflow/rules/molrg/class_subspaces.smk"
include: "workflow/rules/manifold/manifold_theory.smk"
include: "workflow/rules/manifold/transitions.smk"
include: "workflow/rules/manifold/real_times.smk"
include: "workflow/rules/linear/linear.smk"
include: "workflow/rules/linear/split.smk"
include: "workflow/rules/report/report.smk"
include: "workflow/rules/report/plan.smk"


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


rule linear:
    input:
        study.path("linear.html"),


onsuccess:
    end_timers()
    print(where_results_are())


onerror:
    end_timers()
    print(what_went_wrong())
