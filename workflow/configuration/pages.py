"""The pages of a study's report: headings, in the papers' order, and the figures below each."""

# What a page asks; its introduction is workflow/report/<page>.rst.
TITLES = {
    "report": "How Gaussian are these images, real and generated?",
    "molrg": "What does a diffusion model learn, and from how many samples?",
    "manifold": "When does a diffusion model choose a class, and when does it memorise?",
    "linear": "How much of each image do mean and covariance already decide?",
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
    (part,) = study.parts.values()
    return TITLES_OF_ONE_SOURCE["diffusion" if part.is_sampled else "data"]


def headings(study, page):
    """The names of the figures below each heading, of those that the study can draw."""
    groups = PAGES[page](study)
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
    diffusion, pixels = bool(study.sampled), study.has_pixels
    tested, classified = bool(study.normality.sources), study.is_classified
    return {
        "Verdict": {"verdict": classified, "comparison": bool(study.universality.comparison)},
        "As a distribution": {
            "normality": tested,
            "normality_directions": tested,
            "normality_pictures": tested and pixels,
            "normality_power": tested,
        },
        "Classifiers": {
            "accuracy": classified,
            "predicted_accuracy": study.classifiers.uses_least_squares,
        },
        "Spectra": {"spectra": True, "gram": True, "quantisation": pixels},
        "In the denoiser": {"linear_twins": study.linear.is_shown},
        "Norms along the sampler": _of_sampler(study, study.sampling),
        "Concentration": {"norms": True, "concentration": True},
        "Assumptions of the theorem": {"assumptions": pixels and classified},
        "Images": {
            "sample_grid": study.has_images,
            "eigenfaces": pixels,
            "class_agreement": diffusion and study.uses_dataset and classified,
        },
        **{
            f"Sampler of {part.name}": {
                f"{part.name}/{name}": drawn
                for name, drawn in _of_sampler(study, study.samplings[part.folder]).items()
            }
            for part in study.sampled
            if study.samplings[part.folder] is not study.sampling
        },
        "Controls": {"controls": classified},
    }


def _of_sampler(study, sampling):
    """Figures of the steps of one sampler. Another source than the first has them in a folder of
    its own, and its name before theirs."""
    return {
        "norm_contraction": sampling.part is not None,
        "norm_evolution": sampling.part is not None,
        "contraction": bool(sampling.contractions),
    }


def figure_file(name, suffix):
    """The file of a figure in the study's folder, by its name on a page: NAME, or SOURCE/NAME."""
    *source, figure = name.split("/")
    folder = f"sources/{source[0]}/figures" if source else "figures"
    return f"{folder}/{figure}.{suffix}"


def _molrg(study):
    return {
        "Phase transition": {"phase_transition": True},
        "From how many samples": {"generalisation": True},
        "Dimensions that a denoiser keeps": {
            "numerical_rank": True,
            "semantic_directions": bool(study.molrg.edits),
        },
        "Subspaces of the classes": {"class_subspaces": bool(study.molrg.subspace_sources)},
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


def _linear(study):
    """Figures of every denoiser; another than the first has its name in the heading."""
    first = study.linear
    groups = {}
    for each in study.linears.values():
        own, after = ("", "") if each is first else (f"{each.part.name}/", f" of {each.part.name}")
        for heading, names in LINEAR.items():
            groups[f"{heading}{after}"] = {f"{own}{name}": each.is_shown for name in names}
    return groups


LINEAR = {
    "What mean and covariance leave": ["linear_nats"],
    "Linear or not": ["linear_split", "linear_shrinkage"],
    "Each image beside its Gaussian twin": ["linear_twins", "linear_directions"],
}
PAGES = {"report": _report, "molrg": _molrg, "manifold": _manifold, "linear": _linear}
