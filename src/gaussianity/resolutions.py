"""Images at lower resolutions: how their dimension d grows."""

import numpy as np
from scipy.fft import dctn


def resolutions(images, shares):
    """The lowest cosine frequencies of each channel, an orthogonal projection of the images.

    Independent pixels of equal variance stay independent and of that variance; a smooth image stays
    what it is, in fewer numbers.

    Args:    images - (n, C, H, W); shares - of height and width that are kept, rising to 1.
    Returns: list of float64 rows (n, C h w), each size once; the last ones are all frequencies.
    """
    spectrum = dctn(np.asarray(images, dtype=np.float64), axes=(2, 3), norm="ortho")
    height, width = spectrum.shape[2:]
    sides = [(max(1, round(height * s)), max(1, round(width * s))) for s in shares]
    return [
        np.ascontiguousarray(spectrum[:, :, :h, :w]).reshape(len(images), -1)
        for h, w in dict.fromkeys(sides)
    ]
