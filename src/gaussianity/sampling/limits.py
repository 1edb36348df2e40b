"""Limits of the sampler and its derivatives, for what must not import torch.

Source: Karras et al. (2022), table 1, for the noise levels sigma_min and sigma_max.
"""

LOWEST, HIGHEST = 0.002, 80.0
WHOLE = 256  # pixels up to which the whole Jacobian of a step is taken
