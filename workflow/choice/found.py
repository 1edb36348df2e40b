"""What is at the asked path."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Found:
    """A source of images, as far as choices depend on it.

    kind - "images" or "denoiser"; section - of the study, `dataset` or `denoiser`; counts - dict of
    class name to its number of images, in the order of the source, None where there is no limit;
    shape - (C, H, W) as the study has it, (F, 1, 1) of features; features - are the rows features?;
    square - mean of |x|^2 over rows, with black 0 and white 1; size - bytes of the denoiser;
    remarks - sentences on what was set in the section, and why.
    """

    kind: str
    section: dict
    counts: dict
    shape: tuple
    square: float
    features: bool = False
    size: int = 0
    remarks: list = field(default_factory=list)

    @property
    def dimension(self):
        """Numbers of an image."""
        channels, height, width = self.shape
        return channels * height * width
