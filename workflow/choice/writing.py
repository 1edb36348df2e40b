"""The study file that a user gets: complete, commented, and in the order of config.yaml."""

import textwrap

import yaml

from gaussianity.io.files import replacing

COMMENTS = {
    "study": "Name of the study. Its results are in results/<study>/.",
    "seed": "Every random number follows from it.",
    "dataset": (
        "The images. resize: side in pixels to which images are scaled, or null. range: values of "
        "black and white of float images, or null."
    ),
    "sources": (
        "Numbers of images of each class. More pools give a narrower interval. A verdict needs "
        "1.25 images of a pool for each training and validation image."
    ),
    "subsets": "Classes that a classifier tells apart. The report has a verdict on each subset.",
    "denoiser": "The denoiser. labels: class name to label, or null where classes are labels.",
    "sampling": "The sampler. More steps are more accurate and take longer.",
    "features": (
        "A network whose features are compared instead of pixels (docs/features.md); null for none."
    ),
    "classifier": (
        "If the report says that the chosen learning rate is at the edge, add smaller or "
        "larger ones."
    ),
    "verdict": "margin: the difference of accuracies that counts as none.",
    "normality": "Is each class normal? The margins say what counts as Gaussian.",
    "figures": "What the figures show.",
}
HEAD = (
    "A study that was chosen for {path}. It is yours: edit it and repeat the command, which uses "
    "it as it is. To choose anew, delete it. docs/choice.md gives the rules, docs/configuration.md "
    "and workflow/schemas/config.schema.yaml describe every key. Keys of the pages molrg "
    "and manifold are in workflow/defaults/."
)
WIDTH = 100


def study_text(study, path, reasons):
    """The text of a study file.

    Args:    study - dict of its sections; path - the asked one; reasons - sentences on the choices.
    """
    parts = [_comment(HEAD.format(path=path)), *(_comment(f"- {reason}") for reason in reasons)]
    for key, value in study.items():
        if key in COMMENTS or isinstance(value, (dict, list)):
            parts.append("")
        if key in COMMENTS:
            parts.append(_comment(COMMENTS[key]))
        parts.append(_section(key, value))
    return "\n".join(parts) + "\n"


class Dumper(yaml.SafeDumper):
    """Lists of scalars stand on one line."""

    def increase_indent(self, flow=False, indentless=False):
        """Lists of mappings are indented, as in config.yaml."""
        return super().increase_indent(flow, False)


def _section(key, value):
    return yaml.dump(
        {key: value},
        Dumper=Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None if _has_lists(value) else False,
        width=WIDTH,
    ).rstrip("\n")


def _has_lists(value):
    """Does it hold a list of scalars, which is shown on one line?"""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, list) or any(isinstance(part, (list, dict)) for part in values)


def _comment(text):
    return "\n".join(f"# {line}" for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False))


def write_study(file, text):
    """Write a study file; nothing is left of it after an error."""
    with replacing(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
