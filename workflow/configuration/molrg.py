"""What a study computes for its page molrg, mixtures of low-rank Gaussians."""

from configuration.labels import product

# As study.FILES.
FILES = {
    "phase_transition": "molrg/phase_transition/{method}-{components}.parquet",
    "mixture_denoiser": "molrg/denoisers/{dimension}/{samples}/{steps}.safetensors",
    "mixture_description": "molrg/denoisers/{dimension}/{samples}/{steps}.json",
    "mixture": "molrg/denoisers/{dimension}/{samples}/mixture.npz",
    "numerical_rank": "molrg/numerical_rank/{image_class}.parquet",
    "class_subspaces": "molrg/class_subspaces/{source}.parquet",
    "class_clusters": "molrg/class_subspaces/{source}.clusters.parquet",
    "image_subset": "molrg/image_subsets/{images}/{steps}.safetensors",
    "image_subset_description": "molrg/image_subsets/{images}/{steps}.json",
}


class Molrg:
    """The part of Study that reads config["molrg"]."""

    @property
    def phase_transitions(self):
        """Labels of the tables of learnt subspaces: method and components."""
        return [
            dict(method=method, components=components)
            for components in self.config["molrg"]["phase_transition"]["components"]
            for method in (("svd",) if components == 1 else ("clustering", "orthogonal")) + ("sgd",)
        ]

    @property
    def mixture_labels(self):
        """Labels of the mixtures that U-Nets are trained on: dimension and samples per subspace."""
        given = self.config["molrg"]["mixture_denoisers"]
        pairs = product(dimension=given["dimensions"], ratio=given["samples_per_dimension"])
        return [dict(dimension=d["dimension"], samples=d["dimension"] * d["ratio"]) for d in pairs]

    @property
    def mixture_denoisers(self):
        """Labels of these U-Nets: dimension, samples per subspace and steps of training."""
        lengths = self.config["molrg"]["mixture_denoisers"]["training"]["lengths"]
        return [mixture | dict(steps=steps) for mixture in self.mixture_labels for steps in lengths]

    @property
    def last_mixture_denoisers(self):
        """Those of them that were trained to the end."""
        last = max(self.config["molrg"]["mixture_denoisers"]["training"]["lengths"])
        return [mixture | dict(steps=last) for mixture in self.mixture_labels]

    @property
    def image_subsets(self):
        """Labels of the U-Nets trained on parts of the dataset: images and steps, of the sizes that
        leave as many other images as the score asks for."""
        given = self.config["molrg"]["generalisation"]["images"]
        spare = sum(self.class_counts.values()) - given["held_out"]
        sizes = [n for n in given["sizes"] if n <= spare] if self.uses_dataset else []
        return product(images=sorted(sizes), steps=[max(given["training"]["lengths"])])

    @property
    def image_generalisation(self):
        """The table of their scores, where there are such."""
        return [self.path("molrg/image_generalisation.parquet")] if self.image_subsets else []

    @property
    def copy_detector_files(self):
        """Files that the score of copies reads, beside the study's features' own."""
        path = self.config["molrg"]["generalisation"]["images"]["copy_detector"]
        return [*self.feature_files, *filter(None, [path])]

    @property
    def ranked_mixture(self):
        """Label of the mixture with whose U-Nets the numerical rank is measured: most dimensions,
        most samples."""
        return max(self.mixture_labels, key=lambda label: tuple(label.values()))

    @property
    def ranked_denoisers(self):
        """Labels of its U-Nets, one per length of training."""
        mixture = self.ranked_mixture
        return [label for label in self.mixture_denoisers if label.items() >= mixture.items()]

    @property
    def numerical_ranks(self):
        """Labels of the tables of the study's denoiser: class."""
        measured = self.config["molrg"]["numerical_rank"]["class_images"] > 0
        classes = self.trajectory_classes if self.uses_denoiser and measured else []
        return product(image_class=classes)

    @property
    def edits(self):
        """Denoisers whose images are edited, and the results that say what that changes."""
        if not self.config["molrg"]["semantic_directions"]["images"]:
            return {}
        own = {"study": "semantic_directions"} if self.uses_denoiser else {}
        return own | {"mixture": "mixture_directions"}

    @property
    def edit_files(self):
        """Shards of real images, or where there are none generated ones, from which the classifier
        of edited images is fitted, class by class."""
        origin = "data" if "data" in self.sources else "diffusion"
        images = self.config["molrg"]["semantic_directions"]["classifier_images"]
        needed = -(-images // self.config["shard_size"])
        return [file for c in self.classes for file in self.image_files(origin, c)[:needed]]

    @property
    def subspace_sources(self):
        """Labels of the tables of learnt subspaces: source."""
        return product(source=self.sources)

    def subspace_images(self, source):
        """Images per class that subspaces are learnt from."""
        return min(
            self.config["molrg"]["class_subspaces"]["images_per_class"], self.per_class(source)
        )

    def subspace_files(self, source):
        """The shard files that hold them, class by class."""
        needed = -(-self.subspace_images(source) // self.config["shard_size"])
        return [file for c in self.classes for file in self.shard_files(source, c)[:needed]]
