"""Memory of a job: formulas for what grows with the study, one default per library for the rest.

A formula is an upper estimate from the arrays that the largest job of the rule holds at once.
"""

import math
import os

from costs.denoiser import DenoiserCosts
from gaussianity.classifiers.second_moments import IN_MEMORY
from gaussianity.distribution.limits import LARGEST, MOST
from gaussianity.linear.limits import MOST_DIMENSIONS, MOST_OF_MIXTURE
from gaussianity.networks.adm_layout import adm_parameters

# Of a process with the libraries of its stage, and of a job of a small study in it, bytes.
NUMPY, PANDAS, TORCH = 200e6, 500e6, 900e6
WITH_NUMPY = (
    "dataset",
    "whole_dataset",
    "data",
    "moments",
    "gaussian",
    "spectra",
    "gram",
    "concentration",
)
WITH_NUMPY += ("assumptions", "normality_null", "normality")
WITH_PANDAS = ("prediction", "controls", "estimation_gap", "manifold_theory")
WITH_PANDAS += ("configuration", "workflow_report", "report")
FIGURES_WITH_TORCH = ("clone_agreement_figure", "collapse_figure", "real_transition_times_figure")


class Memory:
    """Memory of a Study's jobs.

    Args:    study - a Study; d - length of the rows of all statistics; network - bytes of the
             study's denoiser.
    """

    def __init__(self, study, d, network):
        self.study, self.config, self.d = study, study.config, d
        self.pixels = math.prod(study.image_shape)
        self.classes = len(study.classes)
        self.per_class = max(source["images_per_class"] for source in study.sources.values())
        self.shard = min(self.config["shard_size"], self.per_class)
        self.dataset = max((sum(of.values()) for of in study.counts.values()), default=0)
        given = self.config["denoiser"]["network"]
        self.denoiser = DenoiserCosts.of_unet(study.image_shape, given, network)

    def of(self, rule):
        """Upper estimate of the peak memory of one job of a rule, bytes."""
        groups = (self._of_dataset, self._of_rows, self._of_networks, self._of_jacobians)
        return library(rule) + sum(group().get(rule, lambda: 0)() for group in groups)

    def _rows(self, rows, copies, squares=0):
        """Copies of rows in float64, and matrices of the smaller side."""
        return 8 * (copies * rows * self.d + squares * min(rows, self.d) ** 2)

    def _of_dataset(self):
        """Rules that hold the whole dataset; some in its copies for training and comparison."""
        size = 8 * self.dataset * self.pixels
        return {
            "dataset": lambda: 3 * size,
            "whole_dataset": lambda: 3 * size,
            "data": lambda: 2 * size,
            "class_agreement_figure": lambda: 4 * size,
            "image_subset": lambda: 6 * size,
            "image_generalisation": lambda: 8 * size + self._judges(),
            "denoiser": lambda: 6 * size,
            "unconditional_denoiser": lambda: 6 * size,
        }

    def _of_rows(self):
        """Rules that hold rows of statistics and matrices of them."""
        study, d, config = self.study, self.d, self.config
        all_rows = min(self.per_class, max(d, self.shard))
        subsets = list(study.subsets.values())
        classes = max(len(subset["classes"]) for subset in subsets)
        gram = max(len(each["classes"]) * each["gram_images_per_class"] for each in subsets)
        measured = min(config["assumptions"]["images_per_class"], self.per_class)
        kept = min(config["assumptions"]["gram_images"], d // 2 + 1)
        compared = max(self.shard, config["concentration"]["images"])
        read = self._rows(self.shard, 1) + self._rows(512, 3)
        images, steps = self.classes * self.per_class, len(study.sampling.section["snapshot_steps"])
        # Of concentration: functionals of every image, samples and exponentials of their variance.
        numbers = 1700 + 2 * config["concentration"]["bootstrap"]
        intervals = 8 * numbers * max(compared, self.per_class) + 40 * min(d, 1024) ** 2
        real = study.sources.get("data", {"images_per_class": 0})["images_per_class"]
        clones, cloned = self._rows(2 * real, 5), 2 * config["manifold"]["real_data"]["clones"]
        return {
            "spectra": lambda: self._rows(all_rows, 3, 3),
            "gram": lambda: self._rows(gram, 2, 3) + read,
            "moments": lambda: 8 * d**2 + 4 * read,
            "gaussian": self._gaussian,
            "concentration": lambda: intervals + self._rows(compared, 1) + read,
            "assumptions": lambda: self._rows(measured, 6, 4) + self._rows(kept, 25, 4) + read,
            "normality_null": self._normality_null,
            "normality": lambda: read + self._normality(),
            "classifier": lambda: self._classifier(classes),
            "prediction": lambda: self._prediction(classes),
            "class_subspaces": self._subspaces,
            "real_weights": lambda: clones,
            "mixture_clones": lambda: clones + 80 * d**2,
            "trained_clones": lambda: clones + self.denoiser.sampling(cloned),
            "eigenfaces_figure": lambda: self._rows(d, 0, 3),
            "norm_evolution_figure": lambda: 120 * images * steps,
            "norms_figure": lambda: 144 * images + read,
            "normality_pictures_figure": lambda: 48 * self.d * self.classes * len(study.sources),
            "quantisation_figure": lambda: self._rows(compared, 6, 6),
            "real_transition_times_figure": lambda: self._rows(d, 0, 12),
            "sample_grid_figure": lambda: self._rows(self.shard, 2),
        }

    def _gaussian(self):
        """Normals by rows, or where there are more rows than that costs, a root of the covariance,
        of at most d^2 = 1,024 n numbers (gaussian.uses_rows)."""
        n, tile = self.per_class, min(2048, self.shard)
        root = 8 * 5 * min(self.d**2, 1024 * n) if n > self.d else 0
        return root + 4 * tile * (2 * n + 4 * self.d) + self._rows(512, 2)

    def _normality_null(self):
        """Three parts and a squared distance of each direction and draw, twice, and scores."""
        given, per_class = self.study.normality, self.per_class
        return 8 * given.directions * (8 * given.draws + 3 * per_class) + 8 * 64 * 4 * per_class

    def _normality(self):
        """Null draws of a class, scores and the network's copies of them, the Gaussian data's
        fresh scores, a block of pixels, the rows of which distances are measured, matrices."""
        directions, n, d = self.study.normality.directions, self.per_class, self.d
        scores = 8 * n * directions * 24
        compared = n if d <= LARGEST else min(n, MOST)
        distances = self._rows(compared, 6, 4) + 4 * min(n, MOST) * n
        clipped = 160 * d**2 if d <= LARGEST and self.study.has_pixels else 0
        covariance = 8 * 4 * d**2 if d <= LARGEST else 0
        null = 8 * 8 * directions * self.study.normality.draws
        return null + scores + max(distances, clipped + self._rows(2048, 3)) + covariance

    def _classifier(self, classes):
        """Training and validation rows in float32, the mixing and its result in float64, batches
        with their scores; of least squares copies in float64, of the two-layer network all sizes
        and rates at once."""
        config, losses = self.config["classifier"], self.study.classifiers.losses

        def size(source):
            sizes = self.study.classifiers.designs[source["name"]]
            most, used = max(source["train_sizes"]), sizes["mixed_rows"]
            on_test = config["selection"] == "test"
            chosen = sizes["tested"] if on_test else source["validation_size"]
            rows = classes * (used + chosen + (sizes["tested"] if on_test else 0))
            held = 4 * self.d * (rows + 3 * self.shard + min(8192, classes * most))
            mixing = 8 * used * (3 * sizes["images"] + self.d) + 4 * classes * used * self.d
            networks = len(source["train_sizes"]) * len(losses) * sizes["units"]
            scores = 8 * classes * networks * 2 * sizes["tested"]  # of one class, of all folds
            if sizes["unit"] == "pool":  # a job trains in one of them
                scores //= sizes["units"]
            held += max(mixing, scores + self._rows(2048, 3) + 8 * classes * networks * self.d)
            if "least_squares" in losses:
                held += self._rows(classes * most, 3)
            if "two_layer" in losses:
                networks = len(source["train_sizes"]) * len(config["learning_rates"])
                numbers = 6 * (self.d + classes) + 3 * min(8192, classes * chosen)
                held += 4 * networks * config["hidden"] * numbers
                held += 8 * 512 * (sizes["tested"] + classes * self.d) * sizes["units"]
            return held

        return max(map(size, self.study.sources.values()))

    def _prediction(self, classes):
        """Second moments of all classes, or 512 probes of each where there is no room for them."""
        if self.d <= IN_MEMORY:
            return self._rows(self.d, 0, 2 * classes + 5)
        return self._rows(self.d, 0, 7) + self._rows(512, classes + 3)

    def _subspaces(self):
        """Rows with copies and noise; of every class a cluster of up to half of the rows; random
        subspaces."""
        given = self.config["molrg"]["class_subspaces"]
        rows = self.classes * min(given["images_per_class"], self.per_class)
        clusters = self._rows(rows // 2 + 1, 52 + 3 * self.classes, 3 * self.classes)
        return clusters + self._rows(given["random"] * given["dimension"], 4) + 32 * self.d**2

    def _of_networks(self):
        """Rules that train a network or sample from it."""
        config, molrg = self.config, self.config["molrg"]
        mixtures, generalisation = molrg["mixture_denoisers"], molrg["generalisation"]
        small = self._song(mixtures, mixtures["image_shape"])
        medium = self._song(generalisation["images"], self.study.image_shape)
        most = max(self.shard, config["concentration"]["images"])
        sampled = min(config["sampling"]["batch_size"], most)
        given = config["denoiser"]
        trained = given["training"]["batch_size"] if given["kind"] == "unet" else 0
        images = generalisation["images"]
        measured = min(config["sampling"]["batch_size"], config["linear"]["images"])
        made = min(generalisation["batch_size"], images["held_out"])
        scored = 2 * images["held_out"] + max(images["sizes"], default=0)

        def training():
            return self.denoiser.training(trained) if trained else 3 * self.denoiser.weights

        return {
            "denoiser": training,
            "unconditional_denoiser": training,
            "sampling": lambda: self.denoiser.sampling(sampled),
            "base_samples": lambda: self.denoiser.sampling(sampled) + self._rows(most, 2),
            "features": self._features,
            "linear_measures": lambda: self._references(2) + self.denoiser.sampling(measured),
            "linear_split": lambda: self._references(1) + self._fit(),
            "mixture_denoiser": lambda: small.training(mixtures["training"]["batch_size"]),
            "mixture_generalisation": lambda: small.sampling(generalisation["batch_size"]),
            "image_subset": lambda: medium.training(images["training"]["batch_size"]),
            "image_generalisation": lambda: medium.sampling(made) + self._rows(scored, 3),
        }

    def _references(self, classes):
        """Images that define mean and covariance, with copies and their decomposition; directions
        of all classes where there are few pixels."""
        given = self.config["linear"]
        rows = given["moments_images"]
        if self.study.uses_dataset:
            rows = min(rows, max(self.study.counts[""].values()))
        mixture = self.classes if self.pixels <= MOST_OF_MIXTURE else 0
        numbers = 6 * rows * self.pixels + 3 * min(rows, self.pixels) ** 2
        numbers += 20 * given["images"] * max(self.pixels, rows)
        return 8 * (classes * numbers + 3 * mixture * self.pixels**2)

    def _fit(self):
        """Noisy images of a class with copies, and matrices of their pixels."""
        given = self.config["linear"]["split"]
        rows = given["points"] * self.pixels if self.pixels <= MOST_DIMENSIONS else 0
        images = self.denoiser.sampling(min(self.config["sampling"]["batch_size"], max(1, rows)))
        return images + 8 * (8 * rows * self.pixels + 8 * min(rows, self.pixels) ** 2)

    def _song(self, section, image_shape):
        """One of the U-Nets of config["molrg"]."""
        weights = self.song_bytes(section, image_shape)
        return DenoiserCosts.of_unet(image_shape, section["network"], weights)

    @staticmethod
    def song_bytes(section, image_shape):
        """Weights of a Song U-Net: no more than an ADM network's."""
        network = section["network"]
        return 4 * adm_parameters(*image_shape[:2], 0, **network, channels_per_head=1)

    def _features(self, batch=None):
        """64 numbers at once per pixel that the network is given: the first layers of a ResNet."""
        channels, *sides = self.study.image_shape
        area = max(math.prod(sides), self.study.features.side**2)
        batch = batch or self.config["features"]["batch_size"]
        return 3 * self.study.features.weights_bytes + 4 * batch * (channels + 64) * area

    def _judges(self):
        """The networks that judge generated images: of features, and the detector of copies."""
        given = self.config["molrg"]["generalisation"]
        held = self._features(given["batch_size"]) if self.study.features else 0
        path = given["images"]["copy_detector"]
        if path is not None:  # 64 images of 320 x 320 pixels at once
            weights = os.path.getsize(path) if os.path.isfile(path) else 0
            held += 3 * weights + 4 * 64 * (3 + 64) * 320**2
        return held

    def _of_jacobians(self):
        """Rules that differentiate a denoiser: vectors of one product, columns that are held."""
        contraction, molrg = self.config["contraction"], self.config["molrg"]
        ranks, edits = molrg["numerical_rank"], molrg["semantic_directions"]
        block = max(ranks["block"], ranks["probes"])
        held = 6 * ranks["most"] + 8 * block
        vectors, iterations = contraction["singular_values"], contraction["iterations"]
        mixtures = molrg["mixture_denoisers"]
        small = self._song(mixtures, mixtures["image_shape"])
        exact = self._exact_denoiser(edits["classifier_images"])
        return {
            "contraction": lambda: self.denoiser.jacobian(
                contraction["images"], vectors, 8 * vectors * iterations
            ),
            "numerical_rank": lambda: self.denoiser.jacobian(
                ranks["class_images"], block, held, ranks["whole_pixels"]
            ),
            "mixture_rank": lambda: (
                len(self.study.molrg.ranked_denoisers) * small.weights
                + small.jacobian(ranks["mixture_images"], block, held, ranks["whole_pixels"])
            ),
            "semantic_directions": lambda: self._edits(self.denoiser),
            "mixture_directions": lambda: self._edits(exact),
        }

    def _exact_denoiser(self, images):
        """The denoiser of a normal distribution per class, of at most `images` dimensions."""
        rank = min(images, self.pixels)
        values = 8 * self.classes * (6 * self.pixels + 8 * rank)
        return DenoiserCosts(self.pixels, 8 * self.classes * (rank + 2) * self.pixels, values)

    def _edits(self, denoiser):
        """Images moved along their directions, and the classifier with its rows."""
        given = self.config["molrg"]["semantic_directions"]
        images = self.classes * given["images"]
        together = min(16, images) if self.pixels <= given["whole_pixels"] else 1
        moves = together * 2 * len(given["strengths"]) * (given["directions"] + 3 * given["random"])
        read = -(-given["classifier_images"] // self.shard) * self.shard
        rows = (self.classes + 2) * read + 5 * self.classes * given["classifier_images"]
        edits = 8 * moves + 3 * given["steps"] * together + rows
        columns = 8 * given["directions"] * given["iterations"]
        whole, batch = given["whole_pixels"], min(given["batch_size"], moves)
        derivatives = denoiser.jacobian(images, given["directions"], columns, whole)
        return 8 * edits * self.pixels + derivatives + denoiser.sampling(batch)


def library(rule):
    """Memory of a small job of a rule: its libraries and a reserve."""
    if rule in WITH_NUMPY:
        return NUMPY
    is_light = rule.endswith("_figure") and rule not in FIGURES_WITH_TORCH
    return PANDAS if is_light or rule in WITH_PANDAS else TORCH
