"""What a study computes for its page manifold, diffusion on manifold data."""

import re
from typing import ClassVar

from configuration.given_denoiser import own_code
from configuration.topic import Topic, only, product, without
from gaussianity.errors import InputError
from gaussianity.manifold.theory.activations import ACTIVATIONS, ISOMETRIC

TRANSITIONS = ("speciation", "collapse", "cloning")


class Manifold(Topic):
    """config["manifold"]."""

    FILES: ClassVar = {
        "theory": "manifold/theory/{activation}.parquet",
        "speciation": "manifold/speciation/{case}.parquet",
        "collapse": "manifold/collapse/{case}.parquet",
        "cloning": "manifold/cloning/{case}.parquet",
        "cloning_curve": "manifold/cloning/{case}.curve.parquet",
    }

    def __init__(self, study):
        super().__init__(study)
        self.section = self.config["manifold"]
        self.activation_code = {}

    def check(self):
        check_theory(self.section["theory"], self.theory_activations)
        for transition in TRANSITIONS:
            check_cases(transition, self.section[transition]["cases"])
        check_cloning(self.section["cloning"])
        known = self.study.classes if "data" in self.study.sources else None
        check_real_data(self.section["real_data"], known)

    def find_files(self):
        """Set `activation_code`: the files of the activations that are given as module:function.

        The rules declare these files as inputs.
        """
        used = {"theory.activations": self.section["theory"]["activations"]}
        for transition in TRANSITIONS:
            cases = self.section[transition]["cases"]
            used[f"{transition}.cases"] = [case["activation"] for case in cases]
        self.activation_code = {
            name: own_code(name, f"manifold.{key}")
            for key, names in used.items()
            for name in names
            if ":" in name
        }

    def transition_cases(self, transition):
        """Cases of a transition of data on a manifold by their names."""
        return {case["case"]: case for case in self.section[transition]["cases"]}

    @property
    def transition_case_names(self):
        """Names of the cases of all transitions."""
        return sorted({name for t in TRANSITIONS for name in self.transition_cases(t)})

    @property
    def theory_activations(self):
        """Activations of the theory's curves by a word that also names files."""
        names = self.section["theory"]["activations"]
        return {re.sub(r"\W", "_", name): name for name in names}

    @property
    def theories(self):
        """Labels of the tables of theory: activation."""
        return product(activation=self.theory_activations)

    def theory_code(self, activation):
        """The file of an activation by the word that names its files; none of a known one."""
        return self.activation_code.get(self.theory_activations[activation], [])

    @property
    def theory_settings(self):
        """Settings of one activation's curves."""
        return without(self.section["theory"], "activations")

    def transition_design(self, transition):
        """Numbers of training sets, points and times."""
        given = self.section[transition]
        return {key: given[key] for key in ("seeds", "points", "times") if key in given}

    def tables(self, transition, name=None):
        """The files of all cases of a transition; name - in FILES, None for the transition."""
        return self.files(name or transition, product(case=self.transition_cases(transition)))

    def case_code(self, transition, name=None):
        """The user's files of the activation of a case, or of all cases.

        A built-in activation has no file.
        """
        cases = self.transition_cases(transition)
        names = {case["activation"] for case in ([cases[name]] if name else cases.values())}
        return sorted({file for each in names for file in self.activation_code.get(each, [])})

    @property
    def transition_classes(self):
        """The two classes whose transition times are measured.

        The list is empty if the study has no images of a dataset, compares features, or has one
        class.
        """
        known = "data" in self.study.sources and self.study.is_classified
        if not known or not self.study.has_pixels:
            return []
        named = self.section["real_data"]["classes"]
        return [str(c) for c in named or next(iter(self.study.subsets.values()))["classes"][:2]]

    @property
    def cloned_denoisers(self):
        """Denoisers with which noisy images of the two classes are cloned.

        These are the Gaussian mixture's and, if the study trains a denoiser, one trained on the
        two classes.
        """
        trains = self.study.denoiser.is_made and self.study.denoiser.kind == "unet"
        return ["trained", "mixture"] if trains else ["mixture"]

    def transition_images(self, origin):
        """Images of each of the two classes whose transition times are measured."""
        return [self.study.image_files(origin, c) for c in self.transition_classes]

    @property
    def transition_moments(self):
        """Moments of `transition_classes`."""
        return self.study.moments.of("data", self.transition_classes)

    @property
    def weight_settings(self):
        """Settings of the measurements of real data without trajectories."""
        keys = ("lowest_time", "highest_time", "times", "noisy_images")
        return only(self.section["real_data"], *keys)

    @property
    def clone_settings(self):
        """Settings of the cloned trajectories of real data."""
        keys = ("lowest_time", "highest_time", "clone_times", "clones", "steps")
        return only(self.section["real_data"], *keys)


def check_theory(given, names):
    """The activations exist, their names give files of their own, and ranges rise.

    Args:    given - config["manifold"]["theory"]; names - the words that name files.
    """
    known = (*ACTIVATIONS, ISOMETRIC)
    for name in given["activations"]:
        if ":" not in name and name not in known:
            raise InputError(
                "config: manifold.theory.activations must be module:function or among "
                f"{', '.join(known)}, found {name}"
            )
    if len(names) < len(given["activations"]):
        raise InputError(
            "config: manifold.theory.activations must differ in more than punctuation, found "
            f"{', '.join(given['activations'])}"
        )
    for key in ("beta", "alpha", "separation"):
        low, high = given[key]
        if low >= high:
            raise InputError(
                f"config: manifold.theory.{key} must name the smaller value first, found {low} "
                f"and {high}"
            )
    if ISOMETRIC in given["activations"]:
        check_isometric_theory(given)


def check_isometric_theory(given):
    """F^T F = I is possible at some beta of the curves, and at the fixed ones: beta <= 1."""
    fixed = {f"{name}.beta": given[name]["beta"] for name in ("speciation", "collapse")}
    for key, beta in {"beta.0": given["beta"][0], **fixed}.items():
        if beta > 1:
            raise InputError(
                f"config: manifold.theory.{key} must be at most 1 where activations name "
                f"{ISOMETRIC}, found {beta}"
            )


def check_cases(transition, cases):
    """Cases have names of their own, and each of them is possible."""
    names = [case["case"] for case in cases]
    if len(set(names)) != len(names):
        raise InputError(
            f"config: manifold.{transition}.cases must have names that differ, found "
            f"{', '.join(names)}"
        )
    for case in cases:
        check_case(transition, case)


def check_cloning(given):
    """The reverse process passes its forks."""
    if given["end"] >= given["start"]:
        raise InputError(
            f"config: manifold.cloning.end must be below start = {given['start']}, found "
            f"{given['end']}"
        )
    for fork in given["forks"]:
        if not given["end"] < fork < given["start"]:
            raise InputError(
                f"config: manifold.cloning.forks must be between end = {given['end']} and start = "
                f"{given['start']}, found {fork}"
            )


def check_case(transition, case):
    """The activation exists, isometric weights are possible, and classes differ."""
    where = f"config: manifold.{transition}.cases: {case['case']}"
    if ":" not in case["activation"] and case["activation"] not in ACTIVATIONS:
        raise InputError(
            f"{where}: activation must be module:function or among {', '.join(ACTIVATIONS)}, "
            f"found {case['activation']}"
        )
    if case["isometric"] and case["p"] > case["d"]:
        raise InputError(
            f"{where}: p must be at most d = {case['d']} where isometric, found {case['p']}"
        )
    if transition == "speciation" and not case["separation"]:
        raise InputError(f"{where}: separation must be above 0, found {case['separation']}")


def check_real_data(given, known):
    """Times rise, and the classes are known; known - None where there are no images of the data."""
    unknown = [str(c) for c in given["classes"] or [] if known and str(c) not in known]
    if unknown:
        raise InputError(
            "config: manifold.real_data.classes must be among the subsets' classes "
            f"{', '.join(known)}, found {', '.join(unknown)}"
        )
    if given["lowest_time"] >= given["highest_time"]:
        raise InputError(
            "config: manifold.real_data.lowest_time must be below highest_time = "
            f"{given['highest_time']}, found {given['lowest_time']}"
        )
