"""Tests of the images of each class for normality, on the standardised principal scores."""

import math
from typing import ClassVar

from configuration.topic import Topic, only, product
from gaussianity.distribution.limits import FEWEST


class Normality(Topic):
    """config["normality"]. The level is that of the verdict."""

    FILES: ClassVar = {
        "null": "normality/null/{images}.npz",
        "known_power": "normality/null/{images}.parquet",
        "measured": "normality/{source}/{image_class}.parquet",
        "directions": "normality/{source}/{image_class}.directions.parquet",
        "power": "normality/{source}/{image_class}.power.parquet",
        "pictures": "normality/{source}/{image_class}.pictures.npz",
        "sentences": "figures/normality_sentences.csv",
    }

    @property
    def sources(self):
        """The sources that have enough images of a class to be tested."""
        return [s for s in self.study.sources if self.study.per_class(s) >= FEWEST]

    @property
    def left_out(self):
        """The other sources, with their images per class."""
        others = [s for s in self.study.sources if s not in self.sources]
        return {source: self.study.per_class(source) for source in others}

    @property
    def classes(self):
        """Labels of the tests: source and class."""
        return product(source=self.sources, image_class=self.study.classes)

    @property
    def sizes(self):
        """Labels of the random scores: images per class, once for all sources that have as many."""
        return product(images=sorted({self.study.per_class(source) for source in self.sources}))

    def of_classes(self, name):
        """The files of a name in FILES of each (source, class)."""
        labels = self.classes
        files = self.files(name, labels)
        return {tuple(label.values()): file for label, file in zip(labels, files, strict=True)}

    def of_source(self, name, source):
        """The file of a name in FILES for the images per class of a source."""
        return self.files(name, product(images=[self.study.per_class(source)]))[0]

    def of_sizes(self, name):
        """The files of a name in FILES for each number of images per class."""
        return self.files(name, self.sizes)

    @property
    def answer(self):
        """The table of sentences, whose first row answers on the report's first screen."""
        return self.files("sentences", [{}]) if self.sources else []

    @property
    def table(self):
        """The table of the figure `normality`; none if no source is tested."""
        return [self.study.path("figures/normality.csv")] if self.sources else []

    @property
    def directions(self):
        """Directions that are tested: no more than a row of the statistics has numbers."""
        return min(self.config["normality"]["directions"], self.study.dimension)

    @property
    def draws(self):
        """Sets of random scores: enough that one class can be found not Gaussian among all."""
        classes, level = len(self.study.classes), self.config["verdict"]["level"]
        return max(self.config["normality"]["draws"], math.ceil(classes / level))

    @property
    def settings(self):
        """Settings of a class: directions, level, and whether clipping can show, as in pixels."""
        level = self.config["verdict"]["level"]
        return dict(most=self.directions, level=level, clip=self.study.has_pixels)

    @property
    def rule(self):
        """Settings that decide on the outcome of a class."""
        margins = only(self.config["normality"], "distance_margin", "accuracy_margin")
        return dict(level=self.config["verdict"]["level"], **margins)

    def streams(self, source, image_class):
        """Study seed and the numbers of source and class that name the random streams."""
        study = self.study
        return self.config["seed"], study.origin_index(source), study.class_index(image_class)
