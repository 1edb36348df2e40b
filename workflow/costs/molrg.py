"""Memory of the rules of the page molrg."""

import os

from costs.denoiser import DenoiserCosts
from costs.libraries import TORCH
from gaussianity.networks.adm_layout import adm_parameters


class MolrgCosts:
    """The part of Costs that reads config["molrg"]."""

    def _phase_transition_memory(self):
        """Trials of one N: rows, their parts and bases in float64; noise of 16 steps in float32."""
        given = self.config["molrg"]["phase_transition"]
        trials = len(given["dimensions"]) * given["trials"]
        rows = max(given["components"]) * max(given["samples"])
        frames = max(given["components"]) * max(given["dimensions"])
        width = given["ambient_dimension"]
        held = 8 * (rows + frames) * (4 * width + 4 * rows) + 4 * 16 * rows * width
        return TORCH + trials * held

    def _song_denoiser(self, section, image_shape):
        """One of the U-Nets of config["molrg"]: no more weights than an ADM network's."""
        network = section["network"]
        size = adm_parameters(*image_shape[:2], 0, **network, channels_per_head=1)
        return DenoiserCosts.of_unet(image_shape, network, 4 * size)

    @property
    def _mixture_unet(self):
        given = self.config["molrg"]["mixture_denoisers"]
        return self._song_denoiser(given, given["image_shape"])

    @property
    def _subset_unet(self):
        given = self.config["molrg"]["generalisation"]["images"]
        return self._song_denoiser(given, self.study.image_shape)

    def _mixture_denoiser_memory(self):
        given, unet = self.config["molrg"]["mixture_denoisers"], self._mixture_unet
        most = max(label["samples"] for label in self.study.mixture_labels)
        data = 6 * 8 * given["subspaces"] * most * unet.pixels
        return TORCH + data + unet.training(given["training"]["batch_size"])

    def _image_subset_memory(self):
        given = self.config["molrg"]["generalisation"]["images"]
        data = 6 * 8 * sum(self.study.class_counts.values()) * self.pixels
        return TORCH + data + self._subset_unet.training(given["training"]["batch_size"])

    def _scores_bytes(self, made, training, d):
        """Of molrg.generalisation: rows with copies, distances of 512 to all."""
        return 3 * 8 * (2 * made + training) * d + 3 * 8 * 512 * max(made, training)

    def _mixture_generalisation_memory(self):
        given, unet = self.config["molrg"]["generalisation"], self._mixture_unet
        subspaces = self.config["molrg"]["mixture_denoisers"]["subspaces"]
        most = subspaces * max(label["samples"] for label in self.study.mixture_labels)
        state = unet.sampling(min(given["batch_size"], given["samples"]))
        return TORCH + state + self._scores_bytes(given["samples"], most, unet.pixels)

    def _image_generalisation_memory(self):
        given = self.config["molrg"]["generalisation"]
        images, unet = given["images"], self._subset_unet
        data = 6 * 8 * sum(self.study.class_counts.values()) * self.pixels
        made, most = images["held_out"], max(images["sizes"], default=0)
        state = unet.sampling(min(given["batch_size"], made))
        judged = 0
        if self.study.features is not None:
            judged = self._network_of_features(given["batch_size"])
        path = images["copy_detector"]
        if path is not None:  # as copy_detection: 64 images of 320 x 320 pixels at once
            weights = os.path.getsize(path) if os.path.isfile(path) else 0
            judged += 3 * weights + 4 * 64 * (3 + 64) * 320**2
        return TORCH + data + state + judged + self._scores_bytes(made, most, self.d)

    def _ranks_bytes(self, denoiser, images):
        """Of molrg.numerical_rank: the space with its images under J, and copies of both."""
        given = self.config["molrg"]["numerical_rank"]
        vectors = max(given["block"], given["probes"])
        columns = 6 * given["most"] + 8 * vectors
        return denoiser.jacobian(given["whole_pixels"], images, vectors, columns)

    def _numerical_rank_memory(self):
        images = self.config["molrg"]["numerical_rank"]["class_images"]
        return TORCH + self._ranks_bytes(self._denoiser, images)

    def _mixture_rank_memory(self):
        images = self.config["molrg"]["numerical_rank"]["mixture_images"]
        networks = len(self.study.ranked_denoisers) * self._mixture_unet.weights
        return TORCH + networks + self._ranks_bytes(self._mixture_unet, images)

    def _edits_bytes(self, denoiser):
        """Of molrg.edit_effects: edits of all directions with copies, and the classifier's
        rows, which hold the shards that they come from."""
        given, pixels = self.config["molrg"]["semantic_directions"], self.pixels
        images = given["images"] * self.classes
        together = min(16, images) if pixels <= given["whole_pixels"] else 1
        moves = together * 2 * len(given["strengths"]) * (given["directions"] + 3 * given["random"])
        edits = 8 * (8 * moves + 3 * given["steps"] * together) * pixels
        origin = "data" if "data" in self.study.sources else "diffusion"
        shards = -(-given["classifier_images"] // self.config["shard_size"])
        read = min(shards * self.config["shard_size"], self.study.per_class(origin))
        kept = min(given["classifier_images"], read)
        rows = 8 * ((self.classes + 2) * read + 5 * self.classes * kept) * pixels
        vectors = given["directions"]
        columns = 8 * vectors * given["iterations"]
        derived = denoiser.jacobian(given["whole_pixels"], images, vectors, columns)
        return rows + edits + derived + denoiser.sampling(min(given["batch_size"], moves))

    def _semantic_directions_memory(self):
        return TORCH + self._edits_bytes(self._denoiser)

    def _mixture_directions_memory(self):
        """A GaussianDenoiser of float64: coordinates, means and densities of every class."""
        kept = self.config["molrg"]["semantic_directions"]["classifier_images"]
        rank = min(kept, self.pixels)
        values = 8 * self.classes * (6 * self.pixels + 8 * rank)
        weights = 8 * self.classes * (rank + 2) * self.pixels
        return TORCH + self._edits_bytes(DenoiserCosts(self.pixels, weights, values))

    def _class_subspaces_memory(self):
        """Rows in float64 with copies; clusters, up to half of the rows in one, which all are
        padded to; noise of 16 steps and some products in float32; covariances and eigenvectors."""
        given, d = self.config["molrg"]["class_subspaces"], self.d
        rows = self.classes * max(map(self.study.subspace_images, self.study.sources))
        largest = -(-rows // 2)
        clusters = 3 * self.classes * (largest * d + min(largest, d) ** 2)
        control = 4 * given["random"] * d * given["dimension"]
        return TORCH + 8 * (6 * rows * d + clusters + control + 4 * d**2) + 4 * 40 * rows * d
