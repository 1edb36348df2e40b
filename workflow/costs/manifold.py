"""Memory of the rules of the page manifold."""

from costs.libraries import PANDAS, TORCH


class ManifoldCosts:
    """The part of Costs that reads config["manifold"]."""

    def _manifold_theory_memory(self):
        """The kernel of manifold.theory.scalar_channel, 2^21 elements some more, and copies."""
        return PANDAS + 4 * 8 * 2**22

    def _cases_memory(self, transition):
        """Training sets in float32 of which blocks of 4,096 are drawn in float64, blocks of 256
        weights by 1,024 rows, and noise."""
        given, blocks = self.config["manifold"][transition], 8 * 4 * 256 * 1024

        def size(case):
            drawn = 4 * 8 * min(case["n"], 4096) * (case["d"] + case["p"])
            return 2 * 4 * case["n"] * case["d"] + drawn + 12 * given["points"] * case["d"]

        return TORCH + max(map(size, given["cases"])) + blocks * (1 + given["times"] // 8)

    def _speciation_memory(self):
        return self._cases_memory("speciation")

    def _collapse_memory(self):
        return self._cases_memory("collapse")

    def _cloning_memory(self):
        given = self.config["manifold"]["cloning"]
        dimension = max(case["d"] for case in given["cases"])
        return self._cases_memory("cloning") + 16 * 8 * given["pairs"] * dimension

    def _measured_times_memory(self):
        return TORCH

    def _transition_bytes(self):
        """Two classes' images in float64, with copies on their way."""
        return 4 * 8 * 2 * self.study.sources["data"]["images_per_class"] * self.pixels

    def _real_weights_memory(self):
        """512 points against 1,024 images at a time, as gaussianity.denoisers.empirical_score."""
        given = self.config["manifold"]["real_data"]
        results = given["times"] * given["noisy_images"] * 8 * 8
        noise = 3 * 8 * given["noisy_images"] * self.pixels
        return TORCH + self._transition_bytes() + noise + results + 8 * 8 * 512 * 1024

    def _clones_memory(self):
        """Both clones of every trajectory at once, and their distances to the images."""
        given, images = self.config["manifold"]["real_data"], self.study.sources["data"]
        state = 2 * given["clones"] * 8 * (8 * self.pixels + 4 * images["images_per_class"])
        return TORCH + self._transition_bytes() + state + 8 * 8 * 512 * 1024

    def _trained_clones_memory(self):
        images = 2 * self.config["manifold"]["real_data"]["clones"]
        return (
            self._clones_memory() + 2 * self._network_bytes() + images * self._denoiser.activations
        )

    def _mixture_clones_memory(self):
        given = self.config["manifold"]["real_data"]
        noisy = 12 * 8 * given["noisy_images"] * self.pixels
        return self._clones_memory() + noisy + 10 * 8 * self.pixels**2
