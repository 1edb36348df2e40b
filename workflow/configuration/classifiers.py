"""The classifiers of every subset and origin, and the predicted accuracy of least squares."""

from typing import ClassVar

from configuration.topic import Topic, product, without
from gaussianity.errors import InputError


class Classifiers(Topic):
    """config["classifier"]."""

    FILES: ClassVar = {
        "scores": "classifier/{subset}/{origin}/{seed}.parquet",
        "prediction": "prediction/{subset}/{source}.parquet",
    }

    def check(self):
        check_sizes(self.study.sources)

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
        return product(subset=self.study.subsets, origin=self.study.classified, seed=self.seeds)

    @property
    def uses_least_squares(self):
        """Is there a classifier whose accuracy can be predicted?"""
        return "least_squares" in self.losses

    @property
    def predictions(self):
        """Labels of the predicted accuracies: subset and source."""
        return product(subset=self.study.subsets, source=self.study.sources)

    @property
    def predicted_scores(self):
        """Labels of the classifier tables that predictions are compared with.

        The control is left out, because its moments are not those of the source.
        """
        return product(subset=self.study.subsets, origin=self.study.origins, seed=self.seeds)


def check_sizes(sources):
    """Training, validation and test images fit into a pool."""
    for name, source in sources.items():
        held = source["validation_size"] + source["test_size"]
        left = source["images_per_class"] // source["pools"] - held
        if max(source["train_sizes"]) > left:
            raise InputError(
                f"config: sources: {name}: train_sizes must be at most {left} "
                f"(images_per_class {source['images_per_class']} over pools "
                f"{source['pools']}, less validation and test {held}), found "
                f"{max(source['train_sizes'])}"
            )
