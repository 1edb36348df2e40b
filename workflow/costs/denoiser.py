"""Memory of a denoiser: its weights, images on their way through it, its derivatives."""

from dataclasses import dataclass

from gaussianity.sampling.limits import WHOLE


@dataclass(frozen=True)
class DenoiserCosts:
    """What a denoiser holds.

    pixels - of an image; weights - bytes; activations - bytes that an image holds at once on its
    way; attention - bytes of the products of queries and keys of an image in all blocks.
    """

    pixels: int
    weights: int
    activations: int
    attention: int = 0

    @classmethod
    def of_unet(cls, image_shape, network, weights):
        """Costs of a U-Net; image_shape - (C, H, W); network - of the configuration."""
        channels, height, width = image_shape
        widths = [network["model_channels"] * factor for factor in network["channel_mult"]]
        areas = [(height >> level) ** 2 for level in range(len(widths))]
        sizes = [w * area for w, area in zip(widths, areas, strict=True)]
        kept = sum((network["num_blocks"] + 1) * size for size in sizes)
        pixels = channels * height * width
        return cls(pixels, weights, 4 * (kept + 12 * max(sizes)), _attention(height, network))

    def sampling(self, batch):
        """Bytes of a batch of images in the sampler, and the weights."""
        return 2 * self.weights + batch * (self.activations + 12 * 8 * self.pixels)

    def training(self, batch):
        """Bytes of a step with a batch, its optimiser and the average, and of the weights."""
        return 8 * self.weights + 3 * batch * self.activations

    def jacobian(self, images, vectors, columns, whole=WHOLE):
        """Bytes of gaussianity.sampling.jacobians: the graphs of a step's two evaluations, the
        values of each vector in all layers of the network, and matrices.

        Args:    vectors - in one product; columns - of the matrices that are held; whole - pixels
                 up to which the whole Jacobian of several of the images is taken instead.
        """
        together = 1
        if self.pixels <= whole:
            together = min(16, images)
            vectors, columns = max(1024, together), 10 * together * self.pixels
        graphs = 2 * together * (12 * self.activations + 2 * self.attention)
        products = vectors * (4 * self.activations + 8 * 8 * self.pixels)
        return 2 * self.weights + graphs + products + 8 * self.pixels * columns


def _attention(height, network):
    total = 0
    for level, factor in enumerate(network["channel_mult"]):
        width = network["model_channels"] * factor
        heads = width // network.get("channels_per_head", width)  # a Song network has one head
        attends = (height >> level) in network["attention_resolutions"]
        blocks = 2 * network["num_blocks"] + 1 if attends else 1  # the middle one
        total += 4 * blocks * heads * (height >> level) ** 4
    return total
