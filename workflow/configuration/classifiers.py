"""The classifiers of every subset and origin, and the predicted accuracy of least squares."""

import itertools
from typing import ClassVar

from configuration.checks import classified
from configuration.topic import Topic, product, without
from gaussianity.classifiers.splits import design
from gaussianity.errors import InputError

# What a source of a study without classifiers need not say.
UNCLASSIFIED = dict(pools=1, train_sizes=[], validation_size=0)


def completed(config, source):
    """The section of a source with the keys that it may leave out.

    Raises:  InputError - the study has classifiers, and the section lacks one of their keys.
    """
    missing = [key for key in UNCLASSIFIED if key not in source]
    if missing and classified(config):
        raise InputError(
            f"config: sources: {source['name']} lacks the key {', '.join(missing)}, which only a "
            "study of one class can leave out"
        )
    return UNCLASSIFIED | source


class Classifiers(Topic):
    """config["classifier"]. A study of one class has no classifiers."""

    FILES: ClassVar = {
        "scores": "classifier/{subset}/{origin}/{seed}.parquet",
        "prediction": "prediction/{subset}/{source}.parquet",
    }

    def check(self):
        if not self.subsets:
            return
        check_sizes(self.study.sources, self.designs, self.study.subsets)
        check_seeds(self.config["classifier"]["seeds"], self.study.sources)

    @property
    def subsets(self):
        """The subsets whose classes are told apart."""
        return self.study.subsets if self.study.is_classified else {}

    @property
    def losses(self):
        return self.config["classifier"]["losses"]

    @property
    def seeds(self):
        """Numbers of the repetitions."""
        return list(range(self.config["classifier"]["seeds"]))

    @property
    def settings(self):
        """Settings of a repetition, without the number of repetitions."""
        return without(self.config["classifier"], "seeds")

    @property
    def scores(self):
        """Labels of the classifier tables: subset, origin, seed."""
        return product(subset=self.subsets, origin=self.study.classified, seed=self.seeds)

    @property
    def compared_scores(self):
        """Labels of the classifier tables from which sources are compared with one another."""
        origins = [source + kind for source in self.study.sources for kind in ("", "-mixed")]
        return product(subset=self.subsets, origin=origins, seed=self.seeds)

    @property
    def matched_sources(self):
        """Pairs of sources whose pools or folds hold images of the same seeds."""
        sizes = ("images_per_class", "pools")
        return [
            (first.name, second.name)
            for first, second in itertools.combinations(self.study.sampled, 2)
            if all(first.entry[key] == second.entry[key] for key in sizes)
        ]

    @property
    def designs(self):
        """Source to the sizes of its comparison, see `verdict.table`."""
        sources = self.study.sources.items() if self.subsets else ()
        return {name: design(source, self.study.dimension) for name, source in sources}

    @property
    def uses_least_squares(self):
        """Is there a classifier whose accuracy can be predicted?"""
        return bool(self.subsets) and "least_squares" in self.losses

    @property
    def predictions(self):
        """Labels of the predicted accuracies: subset and source."""
        return product(subset=self.subsets, source=self.study.sources)

    @property
    def predicted_scores(self):
        """Labels of the classifier tables that predictions are compared with.

        Mixed images are left out, because their moments are not those of the whole source.
        """
        return product(subset=self.subsets, origin=self.study.origins, seed=self.seeds)


def check_sizes(sources, designs, subsets):
    """Training and validation images fit into a pool, and a fold has images of a test.

    Args:    sources, subsets - of the configuration by name; designs - see `Classifiers.designs`.
    """
    classes = max(len(subset["classes"]) for subset in subsets.values())
    for name, source in sources.items():
        sizes, parts = designs[name], f"{source['pools']} pools"
        if sizes["unit"] == "fold":
            parts = f"one pool, of which {sizes['units']} folds are tested in turn"
        least = classes + 2  # of the unbiased estimate of an accuracy
        smallest = source["images_per_class"] // sizes["units"]
        if smallest < least:
            raise InputError(
                f"config: sources: {name}: images_per_class must be at least "
                f"{least * sizes['units']} ({parts}; a test of {classes} classes needs {least} "
                f"images of each), found {source['images_per_class']}"
            )
        left = sizes["images"] - source["validation_size"]
        if max(source["train_sizes"]) > left:
            raise InputError(
                f"config: sources: {name}: the largest of train_sizes and validation_size "
                f"{source['validation_size']} must together be at most {sizes['images']} "
                f"(images_per_class {source['images_per_class']} in {parts}), found "
                f"{max(source['train_sizes'])} and {source['validation_size']}"
            )


def check_seeds(seeds, sources):
    """Classifiers are trained in every pool."""
    for name, source in sources.items():
        if seeds < source["pools"]:
            raise InputError(
                f"config: classifier.seeds must be at least {source['pools']}, as many as "
                f"{name} has pools, found {seeds}"
            )
