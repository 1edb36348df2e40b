"""The pages of a study's report: headings, in the papers' order, and the figures below each."""

# What a page asks; its introduction is workflow/report/<page>.rst.
TITLES = {
    "report": "How Gaussian are these images, real and generated?",
    "molrg": "What does a diffusion model learn, and from how many samples?",
    "manifold": "When does a diffusion model choose a class, and when does it memorise?",
}
# What the report asks where a study has only one source.
TITLES_OF_ONE_SOURCE = {
    "diffusion": "How Gaussian are the images that this diffusion model generates?",
    "data": "How Gaussian are these images?",
}


def title(study, page):
    """What a page of a study asks. The report names the sources that were studied."""
    if page != "report" or len(study.sources) > 1:
        return TITLES[page]
    (source,) = study.sources
    return TITLES_OF_ONE_SOURCE[source]


def headings(study, page):
    """The names of the figures below each heading, of those that the study can draw."""
    groups = {"report": _report, "molrg": _molrg, "manifold": _manifold}[page](study)
    shown = {h: [name for name, is_drawn in of.items() if is_drawn] for h, of in groups.items()}
    return {heading: names for heading, names in shown.items() if names}


def categories(study):
    """Figure to its heading in Snakemake's own report, numbered, since that sorts headings."""
    groups = _report(study) | {"Configuration": ["configuration"]}
    return {
        name: f"{number:02} {heading}"
        for number, (heading, names) in enumerate(groups.items(), 1)
        for name in names
    }


def _report(study):
    diffusion, pixels = study.uses_denoiser, study.features is None
    tested = bool(study.normality.sources)
    return {
        "Verdict": {"verdict": True},
        "As a distribution": {
            "normality": tested,
            "normality_directions": tested,
            "normality_pictures": tested and pixels,
            "normality_power": tested,
        },
        "Classifiers": {
            "accuracy": True,
            "predicted_accuracy": study.classifiers.uses_least_squares,
        },
        "Spectra": {"spectra": True, "gram": True, "quantisation": pixels},
        "Norms along the sampler": {
            "norm_contraction": diffusion,
            "norm_evolution": diffusion,
            "contraction": bool(study.sampling.contractions),
        },
        "Concentration": {"norms": True, "concentration": True},
        "Assumptions of the theorem": {"assumptions": pixels},
        "Images": {
            "sample_grid": True,
            "eigenfaces": pixels,
            "class_agreement": diffusion and study.uses_dataset,
        },
        "Controls": {"controls": True},
    }


def _molrg(study):
    return {
        "Phase transition": {"phase_transition": True},
        "From how many samples": {"generalisation": True},
        "Dimensions that a denoiser keeps": {
            "numerical_rank": True,
            "semantic_directions": bool(study.molrg.edits),
        },
        "Subspaces of the classes": {"class_subspaces": True},
    }


def _manifold(study):
    return {
        "Theory and measurement": {"transition_times": True},
        "Speciation": {"clone_agreement": True},
        "Collapse": {"collapse": True},
        "On this study's images": {
            "real_transition_times": bool(study.manifold.transition_classes)
        },
    }
