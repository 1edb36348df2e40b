"""What a study computes for its page manifold, diffusion on manifold data."""

import re

from configuration.given_denoiser import own_code
from configuration.labels import product

TRANSITIONS = ("speciation", "collapse", "cloning")

# As study.FILES.
FILES = {
    "theory": "manifold/theory/{activation}.parquet",
}


class Manifold:
    """The part of Study that reads config["manifold"]."""

    def transition_cases(self, transition):
        """Cases of a transition of data on a manifold by their names."""
        return {case["case"]: case for case in self.config["manifold"][transition]["cases"]}

    @property
    def transition_case_names(self):
        """Names of all of them."""
        return sorted({name for t in TRANSITIONS for name in self.transition_cases(t)})

    @property
    def theory_activations(self):
        """Activations of the theory's curves by a word that also names files."""
        names = self.config["manifold"]["theory"]["activations"]
        return {re.sub(r"\W", "_", name): name for name in names}

    @property
    def theories(self):
        """Labels of the tables of theory: activation."""
        return product(activation=self.theory_activations)

    def code_of_activations(self):
        """Files of the activations module:function, curves' and cases', so that a change counts.

        Raises:  InputError - there is no such module.
        """
        used = {"theory.activations": self.config["manifold"]["theory"]["activations"]}
        for transition in TRANSITIONS:
            cases = self.config["manifold"][transition]["cases"]
            used[f"{transition}.cases"] = [case["activation"] for case in cases]
        return {
            name: own_code(name, f"manifold.{key}")
            for key, names in used.items()
            for name in names
            if ":" in name
        }

    def case_code(self, transition, name=None):
        """The file of the activation of a case, or those of all cases; none of a known one."""
        cases = self.transition_cases(transition)
        names = {case["activation"] for case in ([cases[name]] if name else cases.values())}
        return sorted({file for each in names for file in self.activation_code.get(each, [])})

    @property
    def transition_classes(self):
        """The two classes whose transition times are measured: none without a dataset's images, or
        where features stand in their place."""
        if "data" not in self.sources or self.features is not None:
            return []
        named = self.config["manifold"]["real_data"]["classes"]
        return [str(c) for c in named or next(iter(self.subsets.values()))["classes"][:2]]

    @property
    def cloned_denoisers(self):
        """Denoisers with which their noisy images are cloned: one trained on the two classes, where
        the study trains its own, and the Gaussian mixture's."""
        trains = self.trains_on_data and self.config["denoiser"]["kind"] == "unet"
        return ["trained", "mixture"] if trains else ["mixture"]
