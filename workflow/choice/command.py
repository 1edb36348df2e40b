"""The configuration of a study that is asked for by the path of images or of a denoiser."""

import os
from pathlib import Path

import yaml

from choice.asked import KEYS, asked_of, is_text
from choice.denoisers import found_denoiser
from choice.images import found_images
from choice.sentences import reasons
from choice.speed import network_minutes
from choice.study import chosen_study
from choice.writing import study_text, write_study
from configuration.schema import updated, with_defaults
from configuration.study import Study
from configuration.yaml_files import check_keys
from costs.study import Costs
from costs.time import minutes
from gaussianity.errors import InputError, prefixed


def chosen_configuration(given, *, say):
    """The complete configuration of the study that --config asks for, None where it asks for none.

    The study file is written where there is none; else it is used as it is. The other keys of
    --config and --configfile change it for this run.

    Args:    given - keys and values of --config and --configfile; say - prints a line.
    Raises:  InputError - the path cannot be studied, or the study file is of another path.
    """
    asked = asked_of(given)
    if asked is None:
        return None
    changes = {key: value for key, value in given.items() if not (key in KEYS and is_text(value))}
    if asked.file.exists():
        study = _existing(asked)
        say(f"{asked.file}: used as it is (to choose anew, delete it)")
    else:
        study = _new(asked, changes, say)
    return with_defaults(updated(study, changes))


def _existing(asked):
    """The study in the asked file.

    Raises:  InputError - it is of another path, or of other classes.
    """
    check_keys(asked.file)
    try:
        study = yaml.safe_load(asked.file.read_text(encoding="utf-8"))
    except (UnicodeError, yaml.YAMLError) as error:
        raise InputError(f"{asked.file}: expected YAML: {' '.join(str(error).split())}") from None
    if not isinstance(study, dict) or not study.get("subsets"):
        raise InputError(f"{asked.file}: expected a study with subsets, found none")
    section = study.get("dataset" if asked.kind == "images" else "denoiser") or {}
    found = dict(path=section.get("path"))
    expected = dict(path=asked.path)
    if asked.kind == "images":
        found["labels"], expected["labels"] = section.get("labels"), asked.labels
    if asked.classes is not None:
        expected["classes"] = sorted(name.rpartition(":")[0] or name for name in asked.classes)
        found["classes"] = sorted(
            {str(c) for subset in study["subsets"] for c in subset["classes"]}
        )
    for key, value in expected.items():
        if not _same(key, value, found[key]):
            raise InputError(
                f"{asked.file}: expected a study of {key} {_shown(value)}, found one of "
                f"{_shown(found[key])}; delete it, or name another study with NAME=... of make or "
                "study=... of --config"
            )
    return study


def _same(key, one, other):
    """Are two values of a key the same; paths: do they lead to the same place?"""
    if key == "classes" or one is None or other is None:
        return one == other
    return Path(one).expanduser().absolute() == Path(other).expanduser().absolute()


def _shown(value):
    return ", ".join(value) if isinstance(value, list) else "null" if value is None else value


def _new(asked, changes, say):
    """Choose a study, write it and say what was chosen."""
    defaults = with_defaults({})
    if asked.kind == "images":
        keys = updated(defaults["dataset"], changes.get("dataset", {}))
        found = found_images(asked.path, asked.labels, keys)
    else:
        keys = updated(defaults["denoiser"], changes.get("denoiser", {}))
        found = found_denoiser(asked, keys)
    with prefixed(f"{asked.path}: "):
        study = chosen_study(asked.name, found, defaults, asked.classes)
    checked = Study(with_defaults(study))
    said = list(reasons(found, study, checked))
    write_study(asked.file, study_text(study, asked.path, said))
    shape = " x ".join(str(size) for size in found.shape)
    what = f"{asked.path} ({_kind(found)}, {shape})"
    say(f"{asked.file}: written for {what}; edit it to change a choice")
    for line in said:
        say(f"  {line}")
    say(f"  {_time(found, checked)}")
    return study


def _time(found, study):
    """About how long the study takes."""
    costs, cores = Costs(study), os.cpu_count() or 1
    taken, jobs = minutes(study, costs, cores), sum(costs.jobs().values())
    if not study.uses_denoiser:
        return f"time: about {_amount(taken)} on {cores} cores for {jobs} jobs"
    evaluations = f"{costs.network_evaluations():,} evaluations of the network"
    of_network, rate = network_minutes(found, study, costs, cores)
    if of_network is None:
        return (
            f"time: about {_amount(taken)} on {cores} cores for {jobs} jobs, and that of "
            f"{evaluations}"
        )
    return (
        f"time: about {_amount(taken + of_network)} on {cores} cores for {jobs} jobs, "
        f"{_amount(of_network)} of them for {evaluations} ({rate:,.3g} a second were measured); "
        "fewer classes, images_per_class or sampling.steps take less"
    )


def _amount(taken):
    """Minutes as text."""
    return f"{taken / 60:,.1f} hours" if taken > 90 else f"{max(1, round(taken))} min"


def _kind(found):
    return found.section["reader"] if found.kind == "images" else found.section["kind"]
